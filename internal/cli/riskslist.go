package cli

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/risk"
)

func risksListCommand(s Streams) *cobra.Command {
	f := checkFlags{failOn: "never"}
	var all bool
	c := &cobra.Command{
		Use: "list [PATH]", Short: "Show the register, what is overdue first",
		Long: `Shows the entries of the registers below PATH (default: here) with where they stand:
overdue, expired, open, proposed, accepted until a day. For a proposal it prints what
its approver adds to approvals.yaml in the folder for --policy.`,
		Args: onePath("risks list"),
		RunE: func(c *cobra.Command, args []string) error {
			f.given = c.Flags().Changed
			return risksList(c.Context(), s, f, append(args, ".")[0], all)
		},
	}
	f.judging(c)
	c.Flags().BoolVar(&all, "all", false, "closed entries too")
	return c
}

// standing is where an entry stands; the lowest rank needs attention first.
type standing struct {
	rank int
	says string
}

func standingOf(r *fact.Risk, owned expect.Owned, asOf time.Time) standing {
	flaw := &expect.Flaw{}
	if r.Decision == "accept" {
		flaw = expect.FlawOf(r, owned, asOf)
	}
	switch {
	case !r.Open():
		return standing{9, "closed"}
	case !r.Due.IsZero() && expect.Past(r.Due, asOf):
		return standing{0, "overdue since " + expect.Day(r.Due)}
	case flaw == nil:
		return standing{6, "accepted until " + expect.Day(r.Expires)}
	case flaw.Rule == "expired":
		return standing{1, "expired on " + expect.Day(r.Expires)}
	case flaw.Rule == "proposal":
		return standing{4, "proposed"}
	case flaw.Rule != "":
		return standing{2, "accepts nothing: " + flaw.Rule}
	case r.Due.IsZero():
		return standing{3, "no due date"}
	}
	return standing{5, cmp.Or(map[string]string{"mitigate": "being mended"}[r.Decision], "open") + ", due " + expect.Day(r.Due)}
}

func risksList(ctx context.Context, s Streams, f checkFlags, root string, all bool) error {
	spendMemory(s)
	o, err := f.whole()
	if err != nil {
		return err
	}
	services, err := assess.Registers(ctx, root, o)
	if err != nil {
		return misused(err)
	}
	out := bufio.NewWriter(s.Out)
	defer out.Flush()
	var proposals []string
	shown, broken := 0, false
	for _, service := range services {
		for _, r := range service.Declared.Registers {
			broken = broken || r.Unread != ""
			if r.Unread != "" {
				fmt.Fprintln(out, harmless(r.Unread))
			}
		}
		list := slices.DeleteFunc(slices.Clone(service.Risks), func(r *fact.Risk) bool { return !all && !r.Open() })
		if len(list) == 0 {
			continue
		}
		if shown += len(list); len(services) > 1 {
			fmt.Fprintln(out, harmless(service.Name))
		}
		stands := func(r *fact.Risk) standing { return standingOf(r, service.Owned(), o.AsOf) }
		slices.SortStableFunc(list, func(a, b *fact.Risk) int {
			return cmp.Or(cmp.Compare(stands(a).rank, stands(b).rank), a.Due.Compare(b.Due))
		})
		for _, r := range list {
			fmt.Fprintln(out, harmless(fmt.Sprintf("%-7s %-27s %-8s %-20s %s", r.ID, stands(r).says, r.Severity, cmp.Or(r.Owner, "no owner"), cmp.Or(r.Title, r.Expectation))))
			if r.Expectation != "" {
				fmt.Fprintln(out, harmless("        "+strings.TrimSpace(r.Expectation+"#"+cmp.Or(r.Rule, "*")+"  "+r.About)))
			}
			if stands(r).says == "proposed" {
				proposals = append(proposals, fmt.Sprintf("  - risk: %s\n    service: %s\n    fingerprint: %s\n    approver: %s\n    date: %s\n",
					r.ID, risk.Scalar(service.Name), r.Fingerprint, risk.Scalar(r.Approver), expect.Day(o.AsOf.UTC())))
			}
		}
	}
	switch {
	case shown == 0 && !broken:
		fmt.Fprintln(out, "No open entry. `seaworthy risks sync` writes one for each open gap.")
	case len(proposals) > 0:
		fmt.Fprintf(out, "\nWho approves a proposal runs `seaworthy risks approve ID --policy DIR --by NAME`, or adds it to `approvals:` in approvals.yaml of that folder:\n%s", strings.Join(proposals, ""))
	}
	return nil
}

// harmless makes characters visible that steer a terminal or turn the direction
// of writing: the register is anybody's text.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
