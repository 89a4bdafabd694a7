package overlay

import (
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

var validID = regexp.MustCompile(`^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$`)

// The rules of an own expectation's findings.
const (
	holds   = "holds"    // pass and fail
	leftOut = "left-out" // skip
	unclear = "unclear"  // the expression could not be evaluated
)

// own reads one of the organisation's expectations, or returns nil and leaves
// problems.
func (r *reader) own(i int, in Own, before []*expect.Expectation) *expect.Expectation {
	path := func(key string) []any { return []any{"spec", "own", i, key} }
	mistakes := len(r.problems)
	if !validID.MatchString(in.ID) {
		r.fail(path("id"), "%q is no id; write section/name in lower case, such as acme/team-label", in.ID)
	}
	for _, e := range slices.Concat(r.standard, before) {
		if e.ID == in.ID {
			r.fail(path("id"), "there is an expectation %s already; choose another id", in.ID)
		}
	}
	for _, required := range []struct{ key, text string }{{"title", in.Title}, {"why", in.Why}, {"over", in.Over}, {"holds", in.Holds}, {"message", in.Message}, {"close", in.Close}} {
		if strings.TrimSpace(required.text) == "" {
			r.fail(path(required.key), "the expectation %s has no %s", in.ID, required.key)
		}
	}
	severity, err := verdict.ParseSeverity(in.Severity)
	if err != nil {
		r.fail(path("severity"), "%v", err)
	}
	e := &expect.Expectation{
		ID: in.ID, Title: in.Title, Claim: in.Claim, Why: strings.TrimSpace(in.Why), Severity: severity,
		Rungs:  []expect.RungText{{Rung: fact.Configured, Text: "The files say so: " + strings.TrimSpace(in.Holds)}},
		Asks:   [3]fact.Rung{fact.Configured, fact.Configured, fact.Configured},
		Needs:  needs(in.Over),
		Close:  in.Close,
		Settle: "Add the files that hold " + in.Over + " to what is judged.",
		Rules: []expect.Rule{
			{Name: holds, Says: orElse(in.Claim, in.Title), Close: in.Close},
			{Name: leftOut, Says: "The expectation does not apply here, by its `where`."},
			{Name: unclear, Says: "The expectation could not be put to what was found."},
		},
	}
	e.Claim = orElse(in.Claim, in.Title)
	for _, ref := range in.References {
		e.References = append(e.References, expect.Reference{Title: ref.Title, URL: ref.URL})
	}
	r.asks(e, in.Asks, path("asks"))
	if in.Over == "" {
		return nil
	}
	it, found := listed(in.Over)
	if !found {
		r.fail(path("over"), "there are no facts called %q%s; there are %s", in.Over, nearest(in.Over, lists()), list(lists()))
		return nil
	}
	c := compiler{reader: r, it: it, path: path}
	check := question{over: in.Over, where: c.truth("where", in.Where), holds: c.truth("holds", in.Holds), message: c.text("message", in.Message), passes: c.text("passes", in.Passes)}
	if len(r.problems) > mistakes {
		return nil
	}
	e.Check = check.judge
	return e
}

func orElse(text, other string) string {
	if strings.TrimSpace(text) == "" {
		return other
	}
	return strings.TrimSpace(text)
}

// needs returns the kinds of facts on which a list rests. Where a list shares no
// name with a kind, every object is asked for, so that nothing unread is missed.
func needs(list string) []fact.Kind {
	if slices.Contains(fact.Kinds(), fact.Kind(list)) {
		return []fact.Kind{fact.Kind(list)}
	}
	return []fact.Kind{fact.Objects}
}

// at returns the place of a mistake within an expression: a text that stands on
// one line of its own has its columns, any other starts where its value does.
func (r *reader) at(path []any, line, column int) fact.Location {
	node := decode.Dig(r.root, path...)
	at := r.doc.At(node)
	switch {
	case decode.IsLiteral(node): // its text starts a line below its sign
		at.Line, at.Column = at.Line+line, 0
	case line == 1 && decode.IsPlain(node):
		at.Column += column
	}
	return at
}
