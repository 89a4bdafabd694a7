package cli

import (
	"bufio"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"seaworthy.dev/seaworthy/internal/report"
)

// usualSteps is how many steps a plan shows where nobody asks for more: what fits
// a screen or two.
const usualSteps = 10

func planCommand(s Streams) *cobra.Command {
	f := checkFlags{failOn: "never"}
	var output string
	limit := usualSteps
	names := slices.Sorted(maps.Keys(report.PlanFormats()))
	c := &cobra.Command{
		Use:   "plan [PATH...]",
		Short: "Order what there is to do by what it brings and what it takes",
		Long: `Judges as check does and says what to do first. What keeps a service from being ready
comes before all else; then what weighs more, then what takes less. Each step says what
the score would be with it and all before it: it is judged anew, with what the step
closes supposed to be closed. "Up to" stands where that rests on an answer that nobody
has given yet.

How long a step takes is a class (minutes, hours, days) by the kind of work; the
standard states the kind for each expectation and rule. It is no estimate for your team.`,
		Example: `  seaworthy plan
  seaworthy plan --service checkout --limit 0
  seaworthy plan --only health,scaling -o markdown`,
		RunE: func(c *cobra.Command, paths []string) error {
			f.given = c.Flags().Changed
			format, found := report.PlanFormats()[output]
			if !found {
				return usage("there is no plan format %q; use one of %s", output, strings.Join(names, ", "))
			}
			if limit < 0 {
				return usage("--limit is %d; 0 means all steps", limit)
			}
			if output == "json" && !f.given("limit") {
				limit = 0 // programs cut for themselves
			}
			return planned(c.Context(), s, f, paths, format, limit)
		},
	}
	fl := c.Flags()
	fl.StringVarP(&output, "output", "o", "text", "plan as "+strings.Join(names, ", "))
	fl.IntVar(&limit, "limit", usualSteps, "how many steps to show for each service; 0 for all, as json does")
	fl.StringSliceVar(&f.only, "only", nil, "plan only for these ids, sections or globs")
	fl.StringSliceVar(&f.skip, "skip", nil, "leave out these ids, sections or globs")
	fl.BoolVar(&f.ascii, "ascii", false, "use no signs beyond ASCII")
	f.judging(c)
	_ = c.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	return c
}

// planned judges and writes the plan.
func planned(ctx context.Context, s Streams, f checkFlags, paths []string, format report.PlanFormat, limit int) error {
	r, _, err := judge(ctx, s, f, paths)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(s.Out)
	o := report.Options{LinkBase: linkBase(s), Width: s.pageWidth(), Color: s.color(), ASCII: f.ascii || s.ascii()}
	if err := format(out, r, o, limit); err != nil {
		return err
	}
	return out.Flush()
}
