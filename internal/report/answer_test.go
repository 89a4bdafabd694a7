package report

import (
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/verdict"
)

// TestIdleInEveryFormat holds what is said of a repository that deploys nothing: a
// library is not called unready for what it has no place for, and nothing of it
// counts as met.
func TestIdleInEveryFormat(t *testing.T) {
	r := small()
	s := r.Services[0]
	s.Idle = true
	for i := range s.Verdicts {
		if s.Verdicts[i].State == verdict.Gap {
			s.Verdicts[i].State = verdict.Unknown
		}
	}
	for name, format := range Formats() {
		got := render(t, format, r, Options{Width: 100})
		if !strings.Contains(strings.ToLower(got), "nothing deployed") || strings.Contains(got, "NOT READY") {
			t.Errorf("%s does not say that nothing is deployed:\n%s", name, got)
		}
		if name == "json" && !strings.Contains(got, `"ready": false`) {
			t.Errorf("json calls it ready")
		}
	}
	s.Verdicts[0].State = verdict.Gap
	if got := render(t, Text, r, Options{Width: 100}); !strings.Contains(got, "NOT READY") {
		t.Errorf("a gap that blocks goes under:\n%s", got)
	}
}
