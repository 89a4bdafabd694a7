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

// mild are severities that wake nobody, besides those of lesser.
var mild = []string{"", "ticket", "info", "informational", "notice", "none", "low", "minor", "medium", "moderate", "slack", "email", "p3", "p4", "p5", "sev3", "sev4", "sev5", "sev-3", "sev-4"}

// Unknown reports whether a severity is of nobody's list, so that only the team
// knows whether it wakes somebody.
func Unknown(name string) bool {
	name = strings.ToLower(strings.TrimSpace(name))
	return !Pages(name) && !slices.Contains(mild, name) && !slices.Contains([]string{"warning", "warn"}, name)
}
