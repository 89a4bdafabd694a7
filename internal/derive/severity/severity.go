// Package severity says which severities wake somebody.
package severity

import (
	"slices"
	"strings"
)

// critical are the severities that wake somebody, as the documentation of
// Prometheus, OpenShift, PagerDuty and Opsgenie spells them.
var critical = []string{"critical", "crit", "page", "pager", "emergency", "disaster", "fatal", "p0", "p1", "sev0", "sev1", "sev-0", "sev-1"}

// lesser are those below, worst first.
var lesser = []string{"error", "high", "major", "warning", "warn"}

// Pages reports whether an alert of that severity wakes somebody.
func Pages(name string) bool {
	return slices.Contains(critical, strings.ToLower(strings.TrimSpace(name)))
}

// Worst returns the worst of some severities, in the list's own spelling; empty
// where none of them is known.
func Worst(some []string) string {
	for _, known := range slices.Concat(critical, lesser) {
		if slices.ContainsFunc(some, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), known) }) {
			return known
		}
	}
	return ""
}
