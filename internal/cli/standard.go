package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"seaworthy.dev/seaworthy/internal/cases"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/overlay"
	"seaworthy.dev/seaworthy/internal/registry"
	"seaworthy.dev/seaworthy/internal/verdict"
)

func standardCommand(s Streams) *cobra.Command {
	c := &cobra.Command{
		Use: "standard", Short: "Show, compare and test the standard with an organisation's overlays",
		Long: `An overlay changes rungs, severities, numbers and ages of the built-in expectations,
turns rows off with a reason, and adds expectations of its own. Overlays stand in a
folder that the judged teams do not own, and are used with --policy.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(standardListCommand(s), standardDiffCommand(s), standardTestCommand(s))
	return c
}

func standardListCommand(s Streams) *cobra.Command {
	var policy string
	c := &cobra.Command{
		Use: "list", Short: "List every expectation with its severity and what each tier asks for",
		Example: "  seaworthy standard list --policy ../policy",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			all, _, err := standard(policy)
			if err != nil {
				return err
			}
			fmt.Fprintf(s.Out, "%-34s %-8s %-11s %-11s %-11s\n", "expectation", "severity", "tier 1", "tier 2", "tier 3")
			for _, e := range all {
				fmt.Fprintf(s.Out, "%-34s %-8s %-11s %-11s %s", e.ID, e.Severity, e.Asks[0], e.Asks[1], e.Asks[2])
				if e.Off != "" {
					fmt.Fprint(s.Out, "   off")
				}
				fmt.Fprintln(s.Out)
			}
			return nil
		},
	}
	policyFlag(c, &policy)
	return c
}

func standardDiffCommand(s Streams) *cobra.Command {
	var policy string
	c := &cobra.Command{
		Use: "diff --policy DIR", Short: "Show what differs from the built-in standard",
		Example: "  seaworthy standard diff --policy ../policy",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if policy == "" {
				return usage("standard diff needs --policy DIR, the folder with the overlays")
			}
			all, _, err := standard(policy)
			if err != nil {
				return err
			}
			writeDiff(s.Out, overlay.Diff(registry.All(), all))
			return nil
		},
	}
	policyFlag(c, &policy)
	return c
}

func writeDiff(w io.Writer, differences []overlay.Difference) {
	if len(differences) == 0 {
		fmt.Fprintln(w, "nothing differs from the built-in standard")
		return
	}
	last := ""
	for _, d := range differences {
		if d.Expectation != last {
			fmt.Fprintln(w, d.Expectation)
			last = d.Expectation
		}
		switch {
		case d.From == "":
			fmt.Fprintf(w, "  %s: %s\n", d.What, d.To)
		default:
			fmt.Fprintf(w, "  %s: %s -> %s\n", d.What, d.From, d.To)
		}
	}
}

func standardTestCommand(s Streams) *cobra.Command {
	var policy string
	var update bool
	c := &cobra.Command{
		Use: "test --policy DIR", Short: "Run the cases that stand beside an organisation's own expectations",
		Long: `Runs the cases DIR/SECTION/NAME/*.txtar of every expectation. A case holds the files
of a small repository and, as want.findings, what is to be found in them; its first
line says why it exists. Every own expectation needs cases that show a pass and a fail:
a rule that was never seen to fail protects nobody.`,
		Example: "  seaworthy standard test --policy ../policy\n  seaworthy standard test --policy ../policy --update",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if policy == "" {
				return usage("standard test needs --policy DIR, the folder with the overlays")
			}
			all, _, err := standard(policy)
			if err != nil {
				return err
			}
			return testStandard(c.Context(), s.Out, policy, all, update)
		},
	}
	policyFlag(c, &policy)
	c.Flags().BoolVar(&update, "update", false, "write what is found into the cases; read it before you keep it")
	return c
}

// testStandard runs the cases of every expectation that has some, and demands
// them of the organisation's own.
func testStandard(ctx context.Context, w io.Writer, policy string, all []*expect.Expectation, update bool) error {
	ran, failed := 0, 0
	fail := func(format string, args ...any) {
		failed++
		fmt.Fprintf(w, "FAIL  "+format+"\n", args...)
	}
	for i, e := range all {
		files, err := filepath.Glob(filepath.Join(policy, filepath.FromSlash(e.ID), "*.txtar"))
		if err != nil {
			return err
		}
		passes, fails := false, false
		for _, file := range files {
			ran++
			v, same, difference, err := runCase(ctx, file, e, update)
			if err != nil {
				fail("%v", err)
				continue
			}
			for _, f := range v.Findings {
				passes, fails = passes || f.Outcome == verdict.Pass, fails || f.Outcome == verdict.Fail
			}
			if same {
				fmt.Fprintf(w, "ok    %s: %s\n", file, v.State)
				continue
			}
			if update {
				fmt.Fprintf(w, "wrote %s: %s\n", file, v.State)
				continue
			}
			fail("%s: what is found differs from want.findings (- wanted, + found; --update rewrites it)\n%s", file, difference)
		}
		if own := i >= len(registry.All()); own && (!passes || !fails) {
			fail("%s: its cases show %s; add %s", e.ID, shown(passes, fails), filepath.Join(policy, filepath.FromSlash(e.ID), "NAME.txtar"))
		}
	}
	fmt.Fprintf(w, "%s, %d failed\n", verdict.Count(ran, "case"), failed)
	if failed > 0 {
		return exit{code: Refuses}
	}
	return nil
}

func shown(passes, fails bool) string {
	switch {
	case passes:
		return "a pass and no fail"
	case fails:
		return "a fail and no pass"
	}
	return "neither a pass nor a fail"
}

// runCase judges a case in a folder of its own.
func runCase(ctx context.Context, file string, e *expect.Expectation, update bool) (v verdict.Verdict, same bool, difference string, err error) {
	c, err := cases.Load(file)
	if err != nil {
		return v, false, "", err
	}
	folder, err := os.MkdirTemp("", "seaworthy-case-")
	if err != nil {
		return v, false, "", fmt.Errorf("make a folder for %s: %w", file, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	v, got, err := c.Run(ctx, folder, e)
	if err != nil {
		return v, false, "", fmt.Errorf("%s: %w", file, err)
	}
	if got == c.Want() {
		return v, true, "", nil
	}
	if update {
		return v, false, "", c.Update(got)
	}
	return v, false, cases.Diff(c.Want(), got), nil
}
