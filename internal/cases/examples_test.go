package cases

import (
	"path/filepath"
	"testing"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/registry"
	"seaworthy.dev/seaworthy/internal/verdict"
)

func example(t *testing.T, name string) *assess.Service {
	t.Helper()
	services, err := assess.Path(t.Context(), filepath.Join("..", "..", "examples", name), assess.Options{
		Tier: 3, Expectations: registry.All(), AsOf: asOf, Settings: expect.Settings{KubeVersion: fact.Version{Major: 1, Minor: 37}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := services[0]
	for _, p := range s.Problems {
		t.Errorf("%s: %s:%d: %s", name, p.File, p.Line, p.Message)
	}
	return s
}

// TestReadyExample: the ready service has no gap.
func TestReadyExample(t *testing.T) {
	t.Parallel()
	for _, v := range example(t, "ready").Verdicts {
		for _, f := range v.Findings {
			if f.Outcome == verdict.Fail {
				t.Errorf("%s#%s: %s", v.Expectation, f.Rule, f.Message)
			}
		}
	}
}

// TestUnreadyExample: every expectation that the hurried service's manifests
// can break is broken there, and none is met.
func TestUnreadyExample(t *testing.T) {
	t.Parallel()
	gaps := 0
	for _, v := range example(t, "unready").Verdicts {
		switch v.State {
		case verdict.Gap:
			gaps++
		case verdict.Met:
			t.Errorf("%s is met: %s", v.Expectation, v.Reason)
		}
	}
	if gaps < 25 {
		t.Errorf("only %d gaps", gaps)
	}
}
