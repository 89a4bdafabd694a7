package overlay

import (
	"slices"
	"strings"
	"testing"
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// standard is a small one to change.
func standard() []*expect.Expectation {
	return []*expect.Expectation{{
		ID: "scaling/load-signals", Title: "Load signals", Severity: verdict.Major,
		Rungs:      []expect.RungText{{Rung: fact.Configured}, {Rung: fact.Observed}, {Rung: fact.Proven}},
		Asks:       [3]fact.Rung{fact.Proven, fact.Observed, fact.Configured},
		MaxAge:     map[fact.Rung]time.Duration{fact.Proven: 90 * 24 * time.Hour},
		Thresholds: []expect.Threshold{{Name: "fewest", Number: 2, Unit: "instances"}, {Value: "fixed"}},
		Check: func(in expect.Input) (out verdict.Findings) {
			out.Pass(fact.Ref{Subject: "web"}, "scales", "at least %d", in.Limit("fewest"))
			return out
		},
	}, {ID: "health/readiness", Rungs: []expect.RungText{{Rung: fact.Configured}}}}
}

func read(t *testing.T, text string) (*Overlay, []fact.Problem) {
	t.Helper()
	docs := decode.Split("overlay.yaml", []byte(text))
	root, problem := docs[0].Parse()
	if problem != nil {
		t.Fatal(problem.Message)
	}
	return Read(&docs[0], root, standard())
}

const head = "apiVersion: seaworthy.dev/v1\nkind: Overlay\nmetadata: {name: acme}\nspec:\n"

// TestApply changes what an overlay names, leaves the rest and the built-in
// standard alone, and lets checks see the numbers.
func TestApply(t *testing.T) {
	o, problems := read(t, head+`  expectations:
    scaling/load-signals:
      severity: blocker
      asks: {tier2: proven}
      maxAge: {proven: 30d, observed: 12h}
      grace: 14d
      thresholds: {fewest: 3}
    health/readiness:
      off: {reason: the platform probes, by: kim@acme.example}
`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	builtin := standard()
	changed, problems := Apply(builtin, []*Overlay{o})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	e := changed[0]
	if e.Severity != verdict.Blocker || e.Asks != [3]fact.Rung{fact.Proven, fact.Proven, fact.Configured} || e.Grace != 14*24*time.Hour || e.MaxAge[fact.Proven] != 30*24*time.Hour {
		t.Errorf("got %+v", e)
	}
	if v := e.Judge(3, []*fact.Set{{Rung: fact.Configured}}, expect.Input{}); v.Reason != "at least 3" || v.Severity != verdict.Blocker {
		t.Errorf("judged as %s %q", v.Severity, v.Reason)
	}
	if v := changed[1].Judge(3, nil, expect.Input{}); v.State != verdict.NotApplicable || !strings.Contains(v.Reason, "the platform probes (kim@acme.example)") {
		t.Errorf("a row that is off is %s: %s", v.State, v.Reason)
	}
	if builtin[0].Severity != verdict.Major || builtin[0].Thresholds[0].Number != 2 || builtin[1].Off != "" {
		t.Error("the built-in standard was changed")
	}
	var got []string
	for _, d := range Diff(builtin, changed) {
		got = append(got, d.Expectation+" "+d.What+": "+d.From+" -> "+d.To)
	}
	want := []string{
		"scaling/load-signals severity: major -> blocker", "scaling/load-signals asked at tier 2: observed -> proven",
		"scaling/load-signals observed evidence counts for:  -> 12h", "scaling/load-signals proven evidence counts for: 90d -> 30d",
		"scaling/load-signals grace:  -> 14d", "scaling/load-signals threshold fewest: 2 instances -> 3 instances",
		"health/readiness judged: yes -> no: turned off by the overlay acme: the platform probes (kim@acme.example)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the difference is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestContradiction: two overlays may not set the same thing.
func TestContradiction(t *testing.T) {
	a, _ := read(t, head+"  expectations: {scaling/load-signals: {severity: blocker}}\n")
	b, _ := read(t, strings.Replace(head, "acme", "team", 1)+"  expectations: {scaling/load-signals: {severity: minor}}\n")
	if _, problems := Apply(standard(), []*Overlay{a, b}); len(problems) != 1 || !strings.Contains(problems[0].Message, "acme and team both set severity") {
		t.Errorf("got %v", problems)
	}
}

// TestMistakes: whatever is wrong is named with its place and what was meant.
func TestMistakes(t *testing.T) {
	for _, tt := range []struct{ text, place, says string }{
		{"  expectations: {scaling/load-signal: {severity: major}}\n", "5:18", "did you mean scaling/load-signals?"},
		{"  expectations:\n    scaling/load-signals:\n      severty: major\n", "7:7", "severity"},
		{"  expectations:\n    scaling/load-signals:\n      severity: fatal\n", "7:17", "use blocker, major or minor"},
		{"  expectations:\n    scaling/load-signals:\n      asks: {tier1: declared}\n", "7:21", "has no rung \"declared\"; it has configured, observed and proven"},
		{"  expectations:\n    scaling/load-signals:\n      asks: {tier4: proven}\n", "7:21", "tier1, tier2 and tier3"},
		{"  expectations:\n    scaling/load-signals:\n      maxAge: {proven: long}\n", "7:24", "such as 90d or 24h"},
		{"  expectations:\n    scaling/load-signals:\n      thresholds: {fewst: 3}\n", "7:27", "did you mean fewest?"},
		{"  expectations:\n    scaling/load-signals:\n      off: {reason: none}\n", "7:12", "the person who decided it"},
		{"  own: [{id: Acme, title: t, why: w, severity: minor, over: workloads, holds: 'true', message: '\"m\"', close: c}]\n", "5:14", "is no id"},
		{"  own: [{id: scaling/load-signals, title: t, why: w, severity: minor, over: workloads, holds: 'true', message: '\"m\"', close: c}]\n", "5:14", "there is an expectation"},
		{"  own: [{id: acme/x, title: t, why: w, severity: minor, over: workload, holds: 'true', message: '\"m\"', close: c}]\n", "5:63", "did you mean workloads?"},
		{"  own:\n  - {id: acme/x, title: t, why: w, severity: minor, over: workloads, message: '\"m\"', close: c,\n     holds: it.replcas > 1}\n", "7:15", "did you mean replicas?"},
		{"  own: [{id: acme/x, title: t, why: w, severity: minor, over: workloads, holds: it.replicas, message: '\"m\"', close: c}]\n", "5:81", "yields int and must yield bool"},
		{"  own: [{id: acme/x, title: t, why: w, severity: minor, over: workloads, holds: 'true', message: it, close: c}]\n", "5:98", "a fixed text stands in quotes"},
		{"  own: [{id: acme/x, title: t, why: w, severity: minor, over: workloads, holds: 'iit.name == \"\"', message: '\"m\"', close: c}]\n", "5:81", "did you mean it?"},
		{"  own: [{id: acme/x, title: t, why: w, severity: minor, over: workloads, message: '\"m\"', close: c}]\n", "5:9", "has no holds"},
	} {
		o, problems := read(t, head+tt.text)
		if o != nil || len(problems) == 0 {
			t.Errorf("%s is taken", tt.text)
			continue
		}
		p := problems[0]
		if got := fact.Count(p.Line).String() + ":" + fact.Count(p.Column).String(); got != tt.place || !strings.Contains(p.Message, tt.says) {
			t.Errorf("%sgot %s %s; want %s ... %s", tt.text, got, p.Message, tt.place, tt.says)
		}
	}
}

// TestOwn puts an own expectation to facts: what it does not mean is skipped,
// and what cannot be evaluated is unclear.
func TestOwn(t *testing.T) {
	o, problems := read(t, head+`  own:
  - id: acme/team-label
    title: Team label
    why: The pager needs it.
    severity: major
    over: workloads
    where: it.kind == "Deployment"
    holds: |
      "team" in it.labels &&
      it.containers[0].image.repository.startsWith("acme/")
    message: it.name + " carries no label team"
    passes: it.name + " belongs to " + it.labels["team"]
    close: add the label team
`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	own, problems := Apply(standard(), []*Overlay{o})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	image := []fact.Container{{Image: fact.Image{Repository: "acme/web"}}}
	workload := func(kind, name string, labels map[string]string, c []fact.Container) *fact.Workload {
		return &fact.Workload{Ref: fact.Ref{Subject: kind + " " + name}, Kind: kind, Name: name, Labels: labels, Containers: c}
	}
	set := &fact.Set{Rung: fact.Configured, Workloads: []*fact.Workload{
		workload("Deployment", "a", map[string]string{"team": "x"}, image), workload("Deployment", "b", nil, image),
		workload("Job", "c", nil, image), workload("Deployment", "d", map[string]string{"team": "x"}, nil),
	}}
	e := own[len(own)-1]
	var got []string
	for _, f := range e.Check(expect.Input{Here: set, All: []*fact.Set{set}}).List {
		got = append(got, f.Rule+" "+f.Message)
	}
	want := []string{"holds a belongs to x", "holds b carries no label team", "left-out Job c is not meant", "unclear Deployment d cannot be judged: index out of bounds: 0"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if v := e.Judge(3, []*fact.Set{set}, expect.Input{}); v.State != verdict.Gap || v.Reason != "b carries no label team" || v.Settle != "add the label team" {
		t.Errorf("judged as %s: %s; %s", v.State, v.Reason, v.Settle)
	}
}

// TestCost: an expression that takes for ever is stopped, and the row is open.
func TestCost(t *testing.T) {
	o, problems := read(t, head+`  own:
  - {id: acme/slow, title: t, why: w, severity: minor, over: workloads, message: '"m"', close: c,
     holds: 'here.workloads.all(a, here.workloads.all(b, here.workloads.all(c, a.name != b.name || b.name == c.name || true)))'}
`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	set := &fact.Set{}
	for range 300 {
		set.Workloads = append(set.Workloads, &fact.Workload{Ref: fact.Ref{Subject: "w"}})
	}
	found := o.own[0].Check(expect.Input{Here: set}).List
	if f := found[0]; f.Outcome != verdict.Unclear || !strings.Contains(f.Message, "cost") {
		t.Errorf("got %s: %s", f.Outcome, f.Message)
	}
	if f := found[299]; f.Outcome != verdict.Unclear || !strings.Contains(f.Message, "costs too much on 300 workloads") {
		t.Errorf("got %s: %s", f.Outcome, f.Message)
	}
}

// TestRaw: expressions reach into whole objects, and an object without that
// part is judged false or unclear, never right.
func TestRaw(t *testing.T) {
	o, problems := read(t, head+`  own:
  - {id: acme/history, title: t, why: w, severity: minor, over: objects, where: it.kind == "Deployment",
     holds: has(it.raw.spec.revisionHistoryLimit) && it.raw.spec.revisionHistoryLimit >= 3, message: '"short history of " + it.name', close: c}
`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	object := func(kind, name string, raw map[string]any) *fact.Object {
		return &fact.Object{Ref: fact.Ref{Subject: name}, Kind: kind, Name: name, Raw: raw}
	}
	set := &fact.Set{Objects: []*fact.Object{
		object("Deployment", "a", map[string]any{"spec": map[string]any{"revisionHistoryLimit": int64(5)}}),
		object("Deployment", "b", map[string]any{"spec": map[string]any{"revisionHistoryLimit": int64(1)}}),
		object("Deployment", "c", map[string]any{"spec": map[string]any{}}),
		object("Deployment", "d", map[string]any{}), object("Service", "e", nil),
	}}
	var got []string
	for _, f := range o.own[0].Check(expect.Input{Here: set}).List {
		got = append(got, f.Ref.Subject+" "+f.Outcome.String()+" "+f.Rule)
	}
	want := []string{"a pass holds", "b fail holds", "c fail holds", "d skip unclear", "e skip left-out"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
