package expect

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Gap is a row that is open, with the failures that nobody accepts: one for each
// rule and subject.
type Gap struct {
	Verdict  *verdict.Verdict
	Findings []*verdict.Finding
}

// Gaps lists the blockers and majors among the verdicts that are gaps: what a
// risk register must hold.
func Gaps(verdicts []verdict.Verdict) (out []Gap) {
	type key struct{ rule, subject string }
	for i := range verdicts {
		v := &verdicts[i]
		if v.State != verdict.Gap || v.Severity < verdict.Major {
			continue
		}
		g := Gap{Verdict: v}
		seen := map[key]bool{}
		for _, f := range v.Findings {
			k := key{f.Rule, f.Ref.Subject}
			if f.Outcome == verdict.Fail && f.Waiver == nil && !seen[k] {
				g.Findings, seen[k] = append(g.Findings, f), true
			}
		}
		out = append(out, g)
	}
	return out
}

// Untracked returns those of the gap's failures that no open entry is about.
func (g Gap) Untracked(risks []*fact.Risk) (lost []*verdict.Finding) {
	for _, f := range g.Findings {
		held := false
		for _, r := range risks {
			held = held || r.Open() && r.Covers(g.Verdict.Expectation, f.Rule, f.Ref)
		}
		if !held {
			lost = append(lost, f)
		}
	}
	return lost
}

// Gone reports whether what an entry is about was looked for, as a whole, and is
// not there any more: false where the row was not judged, where it could not be
// told, and for entries that are about no row.
func Gone(r *fact.Risk, verdicts []verdict.Verdict) bool {
	for i := range verdicts {
		v := &verdicts[i]
		if v.Expectation != r.Expectation || r.Expectation == "" {
			continue
		}
		for _, f := range v.Findings {
			if (f.Outcome == verdict.Fail || f.Outcome == verdict.Unclear) && r.Covers(v.Expectation, f.Rule, f.Ref) {
				return false
			}
		}
		return v.State != verdict.Unknown && v.Unread == ""
	}
	return false
}
