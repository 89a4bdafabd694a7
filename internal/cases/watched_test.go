package cases

import (
	"slices"
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// TestWatchedExamples: the ready shop's figures, dashboards and stores are shown to be
// watched, and what the hurried one lacks of them is said.
func TestWatchedExamples(t *testing.T) {
	t.Parallel()
	rows := []string{"observability/metrics", "observability/dashboards", "observability/datastores"}
	for _, s := range examples(t, "ready") {
		for _, v := range s.Verdicts {
			if slices.Contains(rows, v.Expectation) && (v.State == verdict.Gap || v.Reached < fact.Configured) {
				t.Errorf("%s: %s is %s: %s", s.Name, v.Expectation, v.State, v.Reason)
			}
		}
	}
	wanted := map[string]bool{"does-not-parse": false, "no-changes": false, "no-health": false, "no-where": false, "no-slow": false, "no-pool": false, "asks-nothing": false}
	for _, v := range examples(t, "unready")[0].Verdicts {
		if !slices.Contains(rows, v.Expectation) {
			continue
		}
		if v.State != verdict.Gap {
			t.Errorf("unready: %s is %s: %s", v.Expectation, v.State, v.Reason)
		}
		for _, f := range v.Findings {
			if _, named := wanted[f.Rule]; named {
				wanted[f.Rule] = true
			}
		}
	}
	for rule, found := range wanted {
		if !found {
			t.Errorf("unready: nothing shows %s", rule)
		}
	}
}
