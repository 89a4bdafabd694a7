package expect

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Suppose returns the verdict that would hold with these findings instead of the
// verdict's own, by the same laws. Where all is true, what could not be read is
// supposed to have been read.
func (e *Expectation) Suppose(v verdict.Verdict, findings []*verdict.Finding, all bool) verdict.Verdict {
	v.Findings, v.State, v.Reached, v.Settle, v.At = findings, verdict.Unknown, fact.NoRung, e.Settle, fact.Location{}
	var holes []fact.Hole
	if all {
		v.Unread = ""
	} else if v.Unread != "" {
		holes = []fact.Hole{{Why: v.Unread}}
	}
	e.concludeAll(&v, holes)
	return v
}
