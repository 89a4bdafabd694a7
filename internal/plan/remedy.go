package plan

import (
	"cmp"
	"fmt"
	"slices"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Remedy is one way of putting something right, with the findings that it
// closes. The same remedy may close findings of several rows.
type Remedy struct {
	// Says is what to do, in one line; Rule the first rule that it is for, as
	// "section/name#rule", empty where no rule found anything.
	Says, Rule string
	Effort     expect.Effort
	Takes      expect.Takes
	Findings   []*verdict.Finding
	// Places are where the findings stand, each once, in their order.
	Places []fact.Location

	// asks is true where the remedy answers a question, so that what follows from
	// it is not known; starts where it makes what is not there.
	asks, starts bool
}

// many is the number of places above which what takes minutes at one takes hours:
// a dozen reviews of a few lines each fill a morning.
const many = 12

// mend is the remedy for what could not be read.
const mend = "mend what `seaworthy check --problems` lists"

// remedies groups by remedy what every verdict asks for; needs lists the keys for
// each verdict.
func remedies(s Service) (all map[string]*Remedy, needs [][]string) {
	all = map[string]*Remedy{}
	needs = make([][]string, len(s.Verdicts))
	for i := range s.Verdicts {
		v := &s.Verdicts[i]
		e := s.Expectations[v.Expectation]
		if e == nil || !v.Open() {
			continue
		}
		need := func(r Remedy, f *verdict.Finding) {
			at, found := all[r.Says]
			if !found {
				at = &r
				all[r.Says] = at
			}
			at.Effort = heavier(at.Effort, r.Effort)
			at.asks = at.asks || r.asks
			if f != nil {
				at.Findings = append(at.Findings, f)
			}
			if !slices.Contains(needs[i], r.Says) {
				needs[i] = append(needs[i], r.Says)
			}
		}
		for _, f := range v.Findings {
			if open(f) {
				need(remedyOf(e, f), f)
			}
		}
		if v.Unread != "" {
			need(Remedy{Says: mend, Effort: expect.Edit, asks: true}, nil)
		}
		if v.Unread == "" && len(lacking(e, v)) > 0 {
			need(Remedy{Says: cmp.Or(e.Settle, explain(e)), Effort: cmp.Or(e.Starting, expect.Write), starts: true}, nil)
		}
	}
	for _, r := range all {
		r.weigh()
	}
	return all, needs
}

// lacking returns the claims of which nothing at all was found; the claim without
// a name for a row that is one claim.
func lacking(e *expect.Expectation, v *verdict.Verdict) (out []expect.Claim) {
	claims := e.Requires
	if len(claims) == 0 {
		claims = []expect.Claim{{}}
	}
	for _, c := range claims {
		if !slices.ContainsFunc(v.Findings, func(f *verdict.Finding) bool { return f.Claim == c.Name && f.Outcome != verdict.Note }) {
			out = append(out, c)
		}
	}
	return out
}

// open reports whether a finding keeps its row from being met.
func open(f *verdict.Finding) bool {
	return f.Outcome == verdict.Fail && f.Waiver == nil || f.Outcome == verdict.Unclear
}

// remedyOf returns what closes a finding.
func remedyOf(e *expect.Expectation, f *verdict.Finding) Remedy {
	rule, found := e.Rule(f.Rule)
	says := rule.Close
	out := Remedy{Rule: e.ID + "#" + f.Rule, asks: f.Outcome == verdict.Unclear}
	switch {
	case out.asks && len(f.RestsOn) > 0: // it fails as far as could be read
		return Remedy{Says: mend, Effort: expect.Edit, asks: true}
	case out.asks:
		out.Effort = cmp.Or(rule.Effort, expect.Answer)
	default:
		out.Effort = cmp.Or(rule.Effort, e.Closing, expect.Write)
	}
	if !found || says == "" || says == expect.NothingToDo {
		says = explain(e)
		if out.asks {
			says = cmp.Or(e.Settle, says)
		}
	}
	out.Says = says
	return out
}

// explain leads to the page that says all about a row.
func explain(e *expect.Expectation) string {
	return fmt.Sprintf("`seaworthy explain %s` says how to close it", e.ID)
}

// heavier returns the effort that takes longer.
func heavier(a, b expect.Effort) expect.Effort {
	if b.Takes() > a.Takes() || a.Takes() == b.Takes() && b > a {
		return b
	}
	return a
}

// weigh finds the places of the remedy, and how long it takes with so many.
func (r *Remedy) weigh() {
	seen := map[fact.Location]bool{}
	for _, f := range r.Findings {
		if at := f.Ref.Location; at.File != "" && !seen[at] {
			seen[at] = true
			r.Places = append(r.Places, at)
		}
	}
	r.Takes = r.Effort.Takes()
	if r.Takes == expect.Minutes && len(r.Places) > many {
		r.Takes = expect.Hours
	}
}
