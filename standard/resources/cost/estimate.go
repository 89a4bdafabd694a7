package cost

import (
	"fmt"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/cost"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// estimate passes what is here with a figure, and leaves open what has none: a
// missing request is not zero. It reports whether anything here is paid for.
func estimate(out *verdict.Findings, in expect.Input) bool {
	e := cost.Of("", "", []*fact.Set{in.Here}, cost.Default())
	if len(e.Lines) == 0 {
		if len(in.Here.Cloud) > 0 {
			out.Unclear(in.Here.Cloud[0].Ref.Within("estimate"), "no-estimate", "nothing here has a figure: what kinds of things are here is in no book of prices")
		}
		return false
	}
	var first *cost.Line
	said := map[string]bool{}
	var apart []cost.Line
	for i, l := range e.Lines {
		switch key := l.Subject + l.Unknown; {
		case l.Unknown == "":
			if first == nil {
				first = &e.Lines[i]
			}
		case l.Mend == "":
			apart = append(apart, l)
		case !said[key]:
			said[key] = true
			out.Unclear(l.Ref.Within(l.Kind), rule(l), "%s has no figure: %s", l.Name, l.Unknown)
		}
	}
	switch sum := e.Sum(); {
	case first != nil:
		out.Pass(first.Ref.Within("estimate"), "estimated", "what is asked for here is estimated at %s a month (%s)", span(sum, e.Book.Currency), e.Book.Name)
		for _, l := range apart {
			out.Note(l.Ref.Within("estimate"), "not-counted", "%s is not in the estimate: %s", l.Name, l.Unknown)
		}
	case len(said) == 0:
		out.Unclear(apart[0].Ref.Within("estimate"), "no-estimate", "nothing here has a figure: %s: %s", apart[0].Name, apart[0].Unknown)
	}
	return true
}

// rule names what a figure lacks.
func rule(l cost.Line) string {
	switch {
	case strings.HasPrefix(l.Mend, "set "):
		return "no-request"
	case strings.Contains(l.Mend, "--book"):
		return "no-price"
	}
	return "size-unknown"
}

// dear fails a declared budget that the lower end of the estimate exceeds.
func dear(out *verdict.Findings, in expect.Input, c *fact.Cost) {
	e := cost.Of("", "", in.All, cost.Default())
	if r := e.Sum(); c.Currency == e.Book.Currency && c.Monthly > 0 && r.Low > c.Monthly {
		out.Fail(c.Ref.Within("estimate"), "over-budget", "the budget is %s %s a month, and what is asked for is estimated at %s", amount(c.Monthly), c.Currency, span(r, c.Currency))
	}
}

// span renders money in whole units: an estimate is no closer.
func span(r cost.Range, currency string) string {
	low, high := strconv.FormatFloat(r.Low, 'f', 0, 64), strconv.FormatFloat(r.High, 'f', 0, 64)
	switch {
	case r.Unbounded:
		return fmt.Sprintf("%s %s or more", currency, low)
	case low == high:
		return currency + " " + low
	}
	return fmt.Sprintf("%s %s to %s", currency, low, high)
}
