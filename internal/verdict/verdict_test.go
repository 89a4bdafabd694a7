package verdict

import (
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
)

// TestScore weighs blockers 5, majors 3 and minors 1, leaves out what does not
// apply, and counts nothing but met as met.
func TestScore(t *testing.T) {
	v := func(state State, severity Severity) Verdict { return Verdict{State: state, Severity: severity} }
	for name, tt := range map[string]struct {
		verdicts []Verdict
		want     int
	}{
		"nothing":          {nil, 0},
		"nothing applies":  {[]Verdict{v(NotApplicable, Blocker)}, 0},
		"all":              {[]Verdict{v(Met, Blocker), v(Met, Minor), v(NotApplicable, Major)}, 100},
		"weights":          {[]Verdict{v(Met, Blocker), v(Gap, Major), v(Met, Minor), v(Gap, Minor)}, 60},
		"unknown is unmet": {[]Verdict{v(Met, Major), v(Unknown, Major)}, 50},
		"short is unmet":   {[]Verdict{v(Met, Major), v(Short, Major)}, 50},
		"waived is unmet":  {[]Verdict{v(Met, Major), v(Waived, Major)}, 50},
		"never 100 early":  {append(make300(), v(Unknown, Minor)), 99},
	} {
		if got := Score(tt.verdicts); got != tt.want {
			t.Errorf("%s: got %d, want %d", name, got, tt.want)
		}
	}
}

func make300() []Verdict {
	out := make([]Verdict, 300)
	for i := range out {
		out[i] = Verdict{State: Met, Severity: Blocker}
	}
	return out
}

// TestReady: only blockers decide; unknown stands in the way as a gap does, and
// at tier 1 a missing proof too.
func TestReady(t *testing.T) {
	for state, want := range map[State][3]bool{ // at tiers 1, 2 and 3
		Met: {true, true, true}, Waived: {true, true, true}, NotApplicable: {true, true, true},
		Short: {false, true, true}, Gap: {}, Unknown: {},
	} {
		for tier := 1; tier <= 3; tier++ {
			if got := Ready(tier, []Verdict{{State: Met, Severity: Blocker}, {State: state, Severity: Blocker}}); got != want[tier-1] {
				t.Errorf("a blocker that is %s at tier %d: ready=%v", state, tier, got)
			}
			for _, severity := range []Severity{Minor, Major} {
				if !Ready(tier, []Verdict{{State: state, Severity: severity}}) {
					t.Errorf("a %s that is %s stands in the way at tier %d", severity, state, tier)
				}
			}
		}
	}
	if Ready(3, nil) {
		t.Error("a service of which nothing is known is ready")
	}
}

// TestFingerprint: the same finding keeps its fingerprint when it moves or is
// worded anew, and no two findings share one.
func TestFingerprint(t *testing.T) {
	base := Finding{Rule: "r", Message: "m", Ref: fact.Ref{Subject: "s", Part: "p", Location: fact.Location{File: "f", Line: 1}}, Bundle: "b", Variant: "v"}
	moved := base
	moved.Message, moved.Ref.Location, moved.Outcome, moved.Rung = "other words", fact.Location{File: "g", Line: 9}, Fail, fact.Observed
	if base.Fingerprint("e") != moved.Fingerprint("e") {
		t.Error("the fingerprint changes with place or wording")
	}
	seen := map[string]string{base.Fingerprint("e"): "base", base.Fingerprint("e2"): "expectation"}
	for name, change := range map[string]func(*Finding){
		"rule": func(f *Finding) { f.Rule = "x" }, "subject": func(f *Finding) { f.Ref.Subject = "x" }, "part": func(f *Finding) { f.Ref.Part = "x" },
		"bundle": func(f *Finding) { f.Bundle = "x" }, "variant": func(f *Finding) { f.Variant = "x" },
		"shifted": func(f *Finding) { f.Ref.Subject, f.Ref.Part = "sp", "" },
	} {
		f := base
		change(&f)
		if other, taken := seen[f.Fingerprint("e")]; taken {
			t.Errorf("%s and %s share a fingerprint", name, other)
		}
		seen[f.Fingerprint("e")] = name
	}
}

// TestFindingsKeepPercentSigns: a message without arguments is no format.
func TestFindingsKeepPercentSigns(t *testing.T) {
	var f Findings
	f.Fail(fact.Ref{}, "r", "keeps 50% of them")
	f.Pass(fact.Ref{}, "r", "keeps %d%% of them", 50)
	for _, got := range f.List {
		if got.Message != "keeps 50% of them" {
			t.Errorf("got %q", got.Message)
		}
	}
}

// TestSeverities reads the names that it writes, and no others.
func TestSeverities(t *testing.T) {
	for _, s := range []Severity{Minor, Major, Blocker} {
		if got, err := ParseSeverity(s.String()); err != nil || got != s {
			t.Errorf("%s is read as %s, %v", s, got, err)
		}
	}
	if _, err := ParseSeverity("fatal"); err == nil {
		t.Error("fatal is taken")
	}
}
