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

// mild are severities that wake nobody.
var mild = []string{"warning", "warn", "ticket", "info", "informational", "notice", "none", "low", "minor", "medium", "moderate", "average", "slack", "email", "p3", "p4", "p5", "sev3", "sev4", "sev5", "sev-3", "sev-4"}

// Pattern matches the words by which severities and priorities are called
// everywhere, in lower case.
const Pattern = `sev(?:erity)?[- ]?\d|s[0-5]|p(?:riority)?[- ]?[0-5]|critical|crit|major|minor|high|medium|moderate|low|warning|warn|info(?:rmational)?|page|ticket|emergency|urgent|blocker|error|notice|disaster|fatal|none|average`

// Wakes reports whether an alert of that severity wakes somebody; known is false
// where only the team can tell. An alert without a severity wakes nobody.
func Wakes(name string) (yes, known bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	return Pages(name), name == "" || Pages(name) || slices.Contains(mild, name)
}
