package expect

import (
	"testing"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// TestNone: a declared none makes a row n/a where nothing contradicts it and all
// could be read; what was found makes it a gap; a flaw makes it count for nothing.
func TestNone(t *testing.T) {
	asOf := time.Date(2026, 7, 4, 0, 0, 0, 0, time.UTC)
	day := time.Date(2026, 5, 20, 0, 0, 0, 0, time.UTC)
	none := func(change func(*fact.None)) *fact.None {
		n := &fact.None{What: "s/x", Reason: "no need", By: "ada", Date: day}
		if change != nil {
			change(n)
		}
		return n
	}
	for _, tt := range []struct {
		name  string
		none  *fact.None
		tier  int
		finds func(*verdict.Findings)
		hole  bool
		found map[string][]Discovery
		want  verdict.State
	}{
		{"nothing found", none(nil), 3, nil, false, nil, verdict.NotApplicable},
		{"something passes", none(nil), 3, func(f *verdict.Findings) { f.Pass(fact.Ref{Subject: "a"}, "r", "a is there") }, false, nil, verdict.Gap},
		{"something fails", none(nil), 3, func(f *verdict.Findings) { f.Fail(fact.Ref{Subject: "a"}, "r", "a is wrong") }, false, nil, verdict.Gap},
		{"something is open", none(nil), 3, func(f *verdict.Findings) { f.Unclear(fact.Ref{Subject: "a"}, "r", "a may be") }, false, nil, verdict.Unknown},
		{"something was not read", none(nil), 3, nil, true, nil, verdict.Unknown},
		{"no reason", none(func(n *fact.None) { n.Reason = "" }), 3, nil, false, nil, verdict.Unknown},
		{"no person", none(func(n *fact.None) { n.By = "" }), 3, nil, false, nil, verdict.Unknown},
		{"no date", none(func(n *fact.None) { n.Date = time.Time{} }), 3, nil, false, nil, verdict.Unknown},
		{"still to come", none(func(n *fact.None) { n.Date = asOf.AddDate(0, 1, 0) }), 3, nil, false, nil, verdict.Unknown},
		{"expired", none(func(n *fact.None) { n.Expires = asOf.AddDate(0, 0, -1) }), 3, nil, false, nil, verdict.Unknown},
		{"expires today", none(func(n *fact.None) { n.Expires = asOf }), 3, nil, false, nil, verdict.NotApplicable},
		{"a link that leads nowhere", none(func(n *fact.None) { n.Link = "gone.md" }), 3, nil, false, nil, verdict.Unknown},
		{"one person at tier 2", none(nil), 2, nil, false, nil, verdict.Unknown},
		{"two people and a link at tier 1", none(func(n *fact.None) { n.Second, n.Link, n.Resolves = "grace", "a.md", true }), 1, nil, false, nil, verdict.NotApplicable},
		{"a kind", none(func(n *fact.None) { n.What = fact.NoneStores }), 3, nil, false, nil, verdict.NotApplicable},
		{"a kind of which something was found", none(func(n *fact.None) { n.What = fact.NoneStores }), 3, nil, false, map[string][]Discovery{fact.NoneStores: {{Says: "the store db"}}}, verdict.Gap},
		{"another row", none(func(n *fact.None) { n.What = "s/y" }), 3, nil, false, nil, verdict.Unknown},
	} {
		for _, checked := range []bool{true, false} {
			e := &Expectation{ID: "s/x", Asks: [3]fact.Rung{fact.Configured, fact.Configured, fact.Configured}, Needs: []fact.Kind{fact.Workloads}, NoneOf: []string{fact.NoneStores}}
			if checked {
				e.Check = func(Input) (out verdict.Findings) {
					if tt.finds != nil {
						tt.finds(&out)
					}
					return out
				}
			} else if tt.finds != nil || tt.hole {
				continue // what nothing reads finds nothing
			}
			set := &fact.Set{Rung: fact.Configured}
			if tt.hole {
				set.Coverage.Holes = []fact.Hole{{Why: "a file could not be read"}}
			}
			v := e.Judge(tt.tier, []*fact.Set{set}, Input{Declared: &fact.Declarations{Nones: []*fact.None{tt.none}}, Discovered: tt.found, AsOf: asOf})
			if v.State != tt.want {
				t.Errorf("%s (checked %v): %s, want %s: %s", tt.name, checked, v.State, tt.want, v.Reason)
			}
		}
	}
}
