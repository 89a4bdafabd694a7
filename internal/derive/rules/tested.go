package rules

import "seaworthy.dev/seaworthy/internal/fact"

// Testable reports whether unit tests can be written for an alert rule.
func Testable(a *fact.Alert) bool {
	return a.Language == "" || a.Language == PromQL || a.Language == MetricsQL
}

// Tested tells whether a unit test demands that the rule fires, and whether one
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
