package cases

import (
	"path/filepath"
	"testing"
	"time"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/registry"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// examples judges a folder of the examples; nothing in it may be unreadable.
func examples(t *testing.T, name string) []*assess.Service {
	t.Helper()
	services, err := assess.Path(t.Context(), filepath.Join("..", "..", "examples", name), assess.Options{
		Tier: 3, Expectations: registry.All(), AsOf: asOf, Settings: expect.Settings{KubeVersion: fact.Version{Major: 1, Minor: 37}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range services {
		for _, p := range s.Problems {
			t.Errorf("%s: %s:%d: %s", name, p.File, p.Line, p.Message)
		}
	}
	return services
}

// TestReadyExample: the ready service has no gap, in whatever form it is
// written.
func TestReadyExample(t *testing.T) {
	t.Parallel()
	for _, s := range examples(t, "ready") {
		for _, v := range s.Verdicts {
			for _, f := range v.Findings {
				if f.Outcome == verdict.Fail {
					t.Errorf("%s: %s#%s: %s", s.Name, v.Expectation, f.Rule, f.Message)
				}
			}
		}
	}
}

// TestReadyStack: the stack has no gap but in what a swarm cannot do.
func TestReadyStack(t *testing.T) {
	t.Parallel()
	beyond := map[string]string{
		"deploy/progressive-rollout": "a swarm shifts no traffic by shares",
		"deploy/automated-rollback":  "a swarm sees neither errors nor latency",
		"scaling/load-signals":       "a swarm adds no instances by itself",
		"launch/rollback-thresholds": "a swarm compares nothing with a number",
	}
	for _, v := range examples(t, "ready/compose")[0].Verdicts {
		for _, f := range v.Findings {
			if f.Outcome == verdict.Fail && beyond[v.Expectation] == "" {
				t.Errorf("%s#%s: %s", v.Expectation, f.Rule, f.Message)
			}
		}
		if v.State != verdict.Gap && beyond[v.Expectation] != "" {
			t.Errorf("%s is %s, though %s", v.Expectation, v.State, beyond[v.Expectation])
		}
	}
}

// TestUnreadyExample: every expectation that the hurried service's files can
// break is broken there, and none is met.
func TestUnreadyExample(t *testing.T) {
	t.Parallel()
	for folder, atLeast := range map[string]int{"unready": 30, "unready/deploy": 25, "unready/ecs": 20, "unready/compose": 14} {
		gaps := 0
		for _, v := range examples(t, folder)[0].Verdicts {
			switch v.State {
			case verdict.Gap:
				gaps++
			case verdict.Met:
				if folder == "unready" {
					t.Errorf("%s: %s is met: %s", folder, v.Expectation, v.Reason)
				}
			}
		}
		if gaps < atLeast {
			t.Errorf("%s: only %d gaps", folder, gaps)
		}
	}
}

// TestObjectivesOfExamples: the ready service's promise, objectives, burn-rate rules
// and severities hold together; the unready one's contradict each other.
func TestObjectivesOfExamples(t *testing.T) {
	t.Parallel()
	rows := map[string]bool{"slo/sla": true, "slo/objective": true, "slo/error-budget": true, "slo/severity": true}
	for name, want := range map[string]verdict.State{"ready": verdict.Met, "unready": verdict.Gap} {
		for _, s := range examples(t, name) {
			for _, v := range s.Verdicts {
				if (s.Name == "shop" || s.Name == "unready") && rows[v.Expectation] && v.State != want {
					t.Errorf("%s: %s is %s: %s", s.Name, v.Expectation, v.State, v.Reason)
				}
			}
		}
	}
}

// TestResultsOfExamples: what the ready shop's own tests told reaches what a
// repository can show, and the unready one's are red. They are judged as of the day
// after they were made; whoever changes the shop's programs makes them anew
// (examples/ready/make-results).
func TestResultsOfExamples(t *testing.T) {
	t.Parallel()
	want := map[string]map[string]verdict.State{
		"ready":   {"performance/test-coverage": verdict.Met, "performance/load-test": verdict.Short},
		"unready": {"performance/test-coverage": verdict.Gap},
	}
	for folder, rows := range want {
		services, err := assess.Path(t.Context(), filepath.Join("..", "..", "examples", folder), assess.Options{
			Tier: 3, Expectations: registry.All(), AsOf: time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC), Settings: expect.Settings{KubeVersion: fact.Version{Major: 1, Minor: 37}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range services {
			for _, v := range s.Verdicts {
				if state, found := rows[v.Expectation]; found && v.State != state {
					t.Errorf("%s: %s is %s: %s", s.Name, v.Expectation, v.State, v.Reason)
				}
			}
		}
	}
}
