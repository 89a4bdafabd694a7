package verdict

import (
	"fmt"

	"seaworthy.dev/seaworthy/internal/fact"
)

// State is the answer to one expectation of one service.
type State int

// The states. Unknown is the zero value: silence never counts as met.
const (
	Unknown State = iota
	Met
	// Short: right, but on a lower rung than asked.
	Short
	Gap
	Waived
	NotApplicable
)

var stateNames = [...]string{"unknown", "met", "short", "gap", "waived", "n/a"}

// String returns the state's name in reports.
func (s State) String() string { return stateNames[s] }

// Severity is how much an unmet expectation weighs.
type Severity int

// The severities, lightest first.
const (
	Minor Severity = iota
	Major
	Blocker
)

var severityNames = [...]string{"minor", "major", "blocker"}

// String returns the severity's name.
func (s Severity) String() string { return severityNames[s] }

// Weight returns how much an expectation of this severity counts in the score.
func (s Severity) Weight() int { return [...]int{1, 3, 5}[s] }

// ParseSeverity returns the severity of that name.
func ParseSeverity(name string) (Severity, error) {
	for i, n := range severityNames {
		if n == name {
			return Severity(i), nil
		}
	}
	return Minor, fmt.Errorf("%q is no severity; use blocker, major or minor", name)
}

// Verdict is what holds for one expectation of one service.
type Verdict struct {
	Expectation string
	State       State
	Severity    Severity
	// Asked is the rung that the service's tier asks for, Reached the highest
	// rung on which every subject passes; NoRung if there is none.
	Asked, Reached fact.Rung
	// Reason says in one line why the state is what it is.
	Reason string
	// Settle says what would settle an unknown, or raise a short one.
	Settle string
	// At is where the reason stands, if it stands in one place.
	At       fact.Location
	Findings []*Finding
	// Unread says why some of what the verdict rests on could not be read; empty
	// where all was.
	Unread string
}

// Open reports whether the verdict stands in the way of readiness at its
// severity: a gap, or an unknown.
func (v *Verdict) Open() bool { return v.State == Gap || v.State == Unknown }

// Score returns the weighted share of applicable expectations that are met,
// from 0 to 100, rounded down so that 100 means all. Unknown ones count as not
// met; a service to which nothing applies scores 0.
func Score(verdicts []Verdict) int {
	met, all := 0, 0
	for i := range verdicts {
		v := &verdicts[i]
		if v.State == NotApplicable {
			continue
		}
		all += v.Severity.Weight()
		if v.State == Met {
			met += v.Severity.Weight()
		}
	}
	if all == 0 {
		return 0
	}
	return met * 100 / all
}

// Ready reports whether a service of this tier would survive the night: no
// blocker is a gap or unknown and, at tier 1, none is short.
func Ready(tier int, verdicts []Verdict) bool {
	for i := range verdicts {
		v := &verdicts[i]
		if v.Severity == Blocker && (v.Open() || tier == 1 && v.State == Short) {
			return false
		}
	}
	return len(verdicts) > 0
}
