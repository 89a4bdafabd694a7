package expect

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Rules that every expectation has: what people declare that there is none of.
const (
	ruleNone         = "none"
	ruleContradicted = "contradicted"
	ruleFlawedNone   = "flawed-none"
)

// commonRules returns the rules that every expectation has.
func commonRules() []Rule {
	return []Rule{
		{Name: ruleNone, Says: "A named person declares that there is none of it, and nothing that was found says otherwise.", Close: NothingToDo},
		{Name: ruleContradicted, Says: "It is declared that there is none of it, but something was found.", Close: "take the entry out of `none` in seaworthy.yaml, or remove what was found", Leads: true},
		{Name: ruleFlawedNone, Says: "It is declared that there is none of it, in a way that does not count.", Close: "write `what`, `reason`, `who` and `date`; at tiers 1 and 2 `second` and `link` as well"},
	}
}

// NoneFlaw returns why a declared none does not count as of a time for a service
// of a tier; empty where it counts.
func NoneFlaw(n *fact.None, tier int, asOf time.Time) string {
	switch {
	case n.Reason == "":
		return "gives no reason"
	case n.By == "":
		return "names nobody who says so"
	case n.Date.IsZero():
		return "has no date"
	case n.Date.After(asOf):
		return "is dated " + Day(n.Date) + ", which is still to come"
	case !n.Expires.IsZero() && Past(n.Expires, asOf):
		return "expired on " + Day(n.Expires)
	case n.Link != "" && !n.Resolves:
		return "links to " + n.Link + ", which is not there"
	case tier < 3 && n.Second == "":
		return "names no second person, whom tiers 1 and 2 ask for"
	case tier < 3 && n.Second == n.By:
		return "is confirmed by " + n.By + " alone"
	case tier < 3 && n.Link == "":
		return "links to nothing that shows it, as tiers 1 and 2 ask"
	}
	return ""
}

// nones returns the declarations by which the row would not apply: one for the
// row itself, or one for each kind of thing that it is about.
func (e *Expectation) nones(d *fact.Declarations) []*fact.None {
	if n := d.NoneOf(e.ID); n != nil {
		return []*fact.None{n}
	}
	var out []*fact.None
	for _, kind := range e.NoneOf {
		n := d.NoneOf(kind)
		if n == nil {
			return nil
		}
		out = append(out, n)
	}
	return out
}

// disclaim adds to the findings what people declare that there is none of. It is
// believed where nothing that was found contradicts it, contradicted where
// something was, and left aside where a part of it is missing.
func (e *Expectation) disclaim(v *verdict.Verdict, in Input) {
	list := e.nones(in.Declared)
	for _, n := range list {
		if flaw := NoneFlaw(n, in.Tier, in.AsOf); flaw != "" {
			e.add(v, verdict.Note, ruleFlawedNone, n.Ref, "the declared none of %s does not count: it %s", n.What, flaw)
			return
		}
	}
	if len(list) == 0 {
		return
	}
	if found, at := e.found(v, list, in); found != "" {
		e.add(v, verdict.Fail, ruleContradicted, list[0].Ref, "%s declares that there is none of %s, but this was found: %s%s", list[0].By, what(list), found, place(at))
		return
	}
	open := slices.ContainsFunc(v.Findings, func(f *verdict.Finding) bool { return f.Outcome == verdict.Unclear && f.Rung != fact.Declared })
	if open {
		return // something was found about which could not be told
	}
	for _, n := range list {
		e.add(v, verdict.Skip, ruleNone, n.Ref, "none of %s, says %s (%s): %s", n.What, n.By, Day(n.Date), n.Reason)
	}
}

// found returns the first thing that contradicts that there is none.
func (e *Expectation) found(v *verdict.Verdict, list []*fact.None, in Input) (says string, at fact.Location) {
	for _, n := range list {
		if d := in.Discovered[n.What]; len(d) > 0 {
			return d[0].Says + more(len(d)-1), d[0].Location
		}
	}
	for _, f := range v.Findings {
		if f.Outcome == verdict.Fail || f.Outcome == verdict.Pass {
			return f.Message, f.Ref.Location
		}
	}
	return "", fact.Location{}
}

func what(list []*fact.None) string {
	var names []string
	for _, n := range list {
		names = append(names, n.What)
	}
	return strings.Join(names, " and ")
}

// add adds a finding about a declaration, to each of the row's claims.
func (e *Expectation) add(v *verdict.Verdict, o verdict.Outcome, rule string, ref fact.Ref, format string, args ...any) {
	claims := []string{""}
	if len(e.Requires) > 0 {
		claims = nil
		for _, c := range e.Requires {
			claims = append(claims, c.Name)
		}
	}
	for _, c := range claims {
		v.Findings = append(v.Findings, &verdict.Finding{
			Outcome: o, Rule: rule, Claim: c, Message: fmt.Sprintf(format, args...), Ref: ref, Rung: fact.Declared, Bundle: ref.File, Source: "manifest",
		})
	}
}

// Discovery is something that was found and that people should declare.
type Discovery struct {
	fact.Ref
	// Says names it, with its place among the rest: "the postgresql orders-db".
	Says string
}
