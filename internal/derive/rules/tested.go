package rules

import "seaworthy.dev/seaworthy/internal/fact"

// Tested tells whether a unit test demands that a rule fires, and whether one
// demands that it does not; what a failing test demands does not count.
func Tested(sets []*fact.Set, a *fact.Alert) (fires, silent bool) {
	condition := Squeeze(a.Expression)
	for _, s := range sets {
		for _, t := range s.RuleTests {
			if t.Passed.IsNot() {
				continue
			}
			for _, one := range t.Asserts {
				if one.Alert == a.Name && one.Expression == condition {
					fires, silent = fires || one.Fires, silent || one.Silent
				}
			}
		}
	}
	return fires, silent
}
