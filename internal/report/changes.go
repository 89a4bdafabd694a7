package report

import (
	"seaworthy.dev/seaworthy/internal/verdict"
)

// maxListed bounds what is listed of the changes; -v lists all.
const maxListed = 20

// changes writes what is new since the baseline, first of all.
func (t *text) changes(c *Changes) {
	t.line("")
	for i, l := range wrap("since "+t.clean(t.r.Baseline)+": "+c.says(), t.width-2) {
		if i > 0 {
			l = "  " + l
		}
		t.line("%s", l)
	}
	if lost := c.lost(); lost != "" {
		t.entry(verdict.Unknown, "", lost, "")
	}
	listed := 0
	more := func(n int) bool {
		listed++
		return t.o.Verbose || listed <= maxListed || n == 0
	}
	for i, n := range c.New {
		if !more(i) {
			t.line("    and %d more that are new (-v)", len(c.New)-i)
			break
		}
		t.entry(verdict.Gap, "new", n.Finding.Message, position(n.Finding.Ref.Location)+"  "+n.Verdict.Expectation+"#"+n.Finding.Rule+"  "+n.Verdict.Severity.String())
	}
	for i, v := range c.Unknown {
		if !more(i) {
			t.line("    and %d more that are newly unknown (-v)", len(c.Unknown)-i)
			break
		}
		t.entry(verdict.Unknown, "new", v.Reason, position(v.At)+"  "+v.Expectation+"  "+v.Severity.String())
	}
	for i, g := range c.Gone {
		if !more(i) {
			t.line("    and %d more that are gone (-v)", len(c.Gone)-i)
			break
		}
		t.entry(verdict.Met, "gone", g.Message, g.File+"  "+g.Rule)
	}
	for i, g := range c.Hidden {
		if !more(i) {
			t.line("    and %d more that could not be looked at again (-v)", len(c.Hidden)-i)
			break
		}
		t.entry(verdict.Unknown, "unseen", g.Message, g.File+"  "+g.Rule)
	}
	for i, g := range c.Untold {
		if !more(i) {
			t.line("    and %d more that failed and could not be told now (-v)", len(c.Untold)-i)
			break
		}
		t.entry(verdict.Unknown, "changed", g.Message+"; now it could not be told: "+g.Now, g.File+"  "+g.Rule)
	}
}

// entry writes one change: what it is, and where in a fainter line.
func (t *text) entry(state verdict.State, word, says, where string) {
	if word != "" {
		says = word + ": " + says
	}
	for i, l := range wrap(t.clean(says), t.width-4) {
		mark := " "
		if i == 0 {
			mark = t.sign(state)
		}
		t.line("  %s %s", mark, l)
	}
	if where != "" {
		for _, l := range wrap(t.clean(where), t.width-6) {
			t.line("      %s", t.paint("2", l))
		}
	}
}
