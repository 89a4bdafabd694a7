package cli

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/overlay"
	"seaworthy.dev/seaworthy/internal/registry"
)

func explainCommand(s Streams) *cobra.Command {
	var policy string
	c := &cobra.Command{
		Use: "explain [ID]", Short: "Print the whole standard, or all about one expectation",
		Long: `Without an id, lists the 68 expectations. With one, prints what is promised, why it
matters, what counts as evidence, and how to close a gap. An unambiguous part of an
id suffices: "budgets" for scaling/disruption-budgets.`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var ids []string
			for _, e := range registry.All() {
				ids = append(ids, e.ID+"\t"+e.Title)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("explain takes one id; got %d", len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			out := bufio.NewWriter(s.Out)
			defer out.Flush()
			width := min(max(s.pageWidth(), 60), 100)
			all, sections, err := standard(policy)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				explainAll(out, width, all, sections)
				return nil
			}
			e, err := find(all, args[0])
			if err != nil {
				return err
			}
			explainOne(out, e, width)
			return nil
		},
	}
	policyFlag(c, &policy)
	return c
}

// find returns the expectation of that id, or the only one whose id contains
// the text. A rule's name after "#" is allowed, as reports print it.
func find(all []*expect.Expectation, text string) (*expect.Expectation, error) {
	text, _, _ = strings.Cut(strings.ToLower(strings.Trim(text, "/ ")), "#")
	var some []*expect.Expectation
	for _, e := range all {
		if e.ID == text {
			return e, nil
		}
		if strings.Contains(e.ID, text) {
			some = append(some, e)
		}
	}
	// The whole name of an expectation wins over parts of others' names.
	var named []*expect.Expectation
	for _, e := range some {
		if path.Base(e.ID) == text {
			named = append(named, e)
		}
	}
	if len(named) == 1 {
		return named[0], nil
	}
	switch len(some) {
	case 1:
		return some[0], nil
	case 0:
		return nil, usage("there is no expectation %q%s; `seaworthy explain` lists them", text, nearest(all, text))
	}
	ids := make([]string, len(some))
	for i, e := range some {
		ids[i] = e.ID
	}
	return nil, usage("%q is part of several ids; name one of %s", text, strings.Join(ids, ", "))
}

func explainAll(w io.Writer, width int, all []*expect.Expectation, sections []expect.Section) {
	fmt.Fprintf(w, "%d expectations in %d sections. Rungs: D declared, C configured, O observed, P proven.\n", len(all), len(sections))
	for _, section := range sections {
		fmt.Fprintf(w, "\n%s: %s\n", section.ID, section.Title)
		for _, e := range all {
			if e.Section() != section.ID {
				continue
			}
			var rungs string
			for _, r := range e.Rungs {
				rungs += r.Rung.Letter()
			}
			head := fmt.Sprintf("  %-34s %-8s %-5s", e.ID, e.Severity, rungs)
			if width < 90 {
				fmt.Fprintln(w, strings.TrimRight(head+e.Title, " "))
				continue
			}
			for i, l := range fold(e.Claim, width-utf8.RuneCountInString(head)) {
				if i > 0 {
					head = strings.Repeat(" ", utf8.RuneCountInString(head))
				}
				fmt.Fprintln(w, head+l)
			}
		}
	}
}

func explainOne(w io.Writer, e *expect.Expectation, width int) {
	p := func(indent, text string) {
		for _, l := range fold(text, width-len(indent)) {
			fmt.Fprintln(w, strings.TrimRight(indent+l, " "))
		}
	}
	fmt.Fprintf(w, "%s  (%s, %s)\n\n", e.Title, e.ID, e.Severity)
	p("", e.Claim)
	fmt.Fprintln(w, "\nWhy it matters")
	paragraphs(p, e.Why)
	fmt.Fprintln(w, "\nWhat counts as evidence")
	for _, r := range e.Rungs {
		p("  ", r.Rung.String()+": "+r.Text)
	}
	fmt.Fprintf(w, "  asked: tier 1 %s, tier 2 %s, tier 3 %s\n", e.Asks[0], e.Asks[1], e.Asks[2])
	if e.Off != "" {
		p("  ", e.Off)
	}
	if e.Grace > 0 {
		p("  ", "evidence that is too old or void counts for "+overlay.Span(e.Grace)+" more, shown as stale")
	}
	for _, c := range e.Requires {
		p("  ", "must be met on its own: "+c.Name+": "+c.Text)
	}
	if len(e.ProvedBy) > 0 {
		p("  ", "proved by the drill "+strings.Join(e.ProvedBy, ", "))
	}
	if len(e.VoidedBy) > 0 {
		p("  ", "a proof is void when one of these changes: "+strings.Join(e.VoidedBy, ", "))
	}
	fmt.Fprintln(w, "\nHow to close it")
	paragraphs(p, e.Close)
	fmt.Fprintln(w, "\nWhere it could not be told")
	p("  ", e.Settle)
	if len(e.Thresholds) > 0 {
		fmt.Fprintln(w, "\nThresholds")
		for _, t := range e.Thresholds {
			if t.Name != "" {
				p("  ", fmt.Sprintf("%s, now %d %s (overlays call it %s): %s", t.Value, t.Number, t.Unit, t.Name, t.Reason))
			} else {
				p("  ", t.Value+": "+t.Reason)
			}
			fmt.Fprintln(w, "    "+t.Source)
		}
	}
	if len(e.Rules) > 0 {
		fmt.Fprintln(w, "\nRules")
		for _, r := range e.Rules {
			p("  ", "#"+r.Name+": "+r.Says)
		}
	}
	fmt.Fprintln(w, "\nReferences")
	for _, r := range e.References {
		p("  ", r.Title)
		fmt.Fprintln(w, "    "+r.URL)
	}
}

// paragraphs folds prose and leaves code, lists and tables as they are.
func paragraphs(p func(indent, text string), text string) {
	code := false
	for _, block := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(block), "```") {
			code = !code
			continue
		}
		indent := "  "
		if code {
			indent = "      "
		}
		trimmed := strings.TrimLeft(block, " ")
		indent += strings.Repeat(" ", len(block)-len(trimmed))
		if code {
			p(indent, "\x00"+trimmed)
			continue
		}
		p(indent, trimmed)
	}
}

// fold breaks a text into lines; one that starts with a zero byte is code and
// stays whole.
func fold(text string, width int) []string {
	if code, found := strings.CutPrefix(text, "\x00"); found {
		return []string{code}
	}
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
