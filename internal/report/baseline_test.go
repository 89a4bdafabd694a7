package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/verdict"
)

// baselineOf writes a report and reads it as a baseline.
func baselineOf(t *testing.T, r *Report) *Baseline {
	t.Helper()
	var out bytes.Buffer
	if err := JSON(&out, r, Options{}); err != nil {
		t.Fatal(err)
	}
	b, err := ReadBaseline(&out, "main.json")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func changesSince(t *testing.T, then, now *Report) *Changes {
	t.Helper()
	if err := baselineOf(t, then).Compare(now); err != nil {
		t.Fatal(err)
	}
	return now.Changes[now.Services[0]]
}

// TestBaseline: what moved is known, what was added is new, what was mended is
// gone.
func TestBaseline(t *testing.T) {
	if got := changesSince(t, small(), small()).says(); got != "0 new, 0 gone, 2 known" {
		t.Errorf("nothing changed, and it says %s", got)
	}
	now := small()
	v := now.Services[0].Verdicts
	v[0].Findings[0].Ref.Line, v[0].Findings[0].Message = 99, "reads otherwise"
	added := *v[0].Findings[0]
	added.Ref.Subject = "policy/v1/PodDisruptionBudget shop/api"
	v[0].Findings = append(v[0].Findings, &added)
	v[1].State, v[1].Findings = verdict.Met, nil
	c := changesSince(t, small(), now)
	if got := c.says(); got != "1 new, 1 gone, 1 known" || c.New[0].Finding != &added || c.Gone[0].Rule != "secrets/scope#token" {
		t.Errorf("it says %s: %+v", got, c)
	}
	demand(t, render(t, Text, now, Options{Width: 100}), "since main.json: 1 new, 1 gone, 1 known", "✕ new: reads otherwise", "deploy/web.yaml:99:7 scaling/disruption-budgets#blocks-eviction blocker", "● gone: a token is mounted")
	demand(t, render(t, Markdown, now, Options{}), "**Since main.json: 1 new, 1 gone, 1 known**", "| ✕ [scaling/disruption-budgets#blocks-eviction](", "<details><summary>1 gone</summary>\n\n- a token is mounted `secrets/scope#token`")
	demand(t, render(t, JSON, now, Options{}), `"baseline": "main.json"`, `"known": 1`, `"unknown": []`, `"hidden": []`, `"fewer": []`)
	demand(t, render(t, SARIF, now, Options{}), `"baselineState": "new"`, `"baselineState": "unchanged"`)
	if got := render(t, GitHub, now, Options{}); strings.Count(got, "::error ") != 1 || !strings.Contains(got, "; since main.json: 1 new, 1 gone, 1 known\n") {
		t.Errorf("annotations: %s", got)
	}
}

// TestBaselineCountsAlike: the same fingerprint three times where it stood twice
// is one new failure.
func TestBaselineCountsAlike(t *testing.T) {
	then, now := small(), small()
	double := func(r *Report, n int) {
		v := &r.Services[0].Verdicts[0]
		for range n - 1 {
			copied := *v.Findings[0]
			v.Findings = append(v.Findings, &copied)
		}
	}
	double(then, 2)
	double(now, 3)
	if got := changesSince(t, then, now).says(); got != "1 new, 0 gone, 3 known" {
		t.Errorf("it says %s", got)
	}
	if got := changesSince(t, now, then).says(); got != "0 new, 1 gone, 3 known" {
		t.Errorf("it says %s", got)
	}
}

// TestBaselineHidesNothing: what can no longer be looked at is not gone, and an
// expectation that could be told then is newly unknown.
func TestBaselineHidesNothing(t *testing.T) {
	now := small()
	now.Services[0].Objects = 1
	v := &now.Services[0].Verdicts[1]
	v.State, v.Findings, v.Reason = verdict.Unknown, nil, "could not tell: web.yaml could not be read"
	c := changesSince(t, small(), now)
	if got := c.says(); got != "0 new, 1 newly unknown, 0 gone, 1 that could not be looked at again, 1 known" || c.lost() == "" {
		t.Errorf("it says %s; %s", got, c.lost())
	}
	demand(t, render(t, Text, now, Options{Width: 100}), "fewer things were read than in the baseline: 1 object (3 then)", "? new: could not tell: web.yaml could not be read", "? unseen: a token is mounted")
	demand(t, render(t, Markdown, now, Options{}), "fewer things were read", "could not be looked at again</summary>")
}

// TestBaselineTellsWhatTurnedOpen: a failure whose subject was looked at again and
// could not be judged is neither gone nor unseen, and the report says why. Where the
// subject is right now, it is gone, whatever else of the row is open.
func TestBaselineTellsWhatTurnedOpen(t *testing.T) {
	now := small()
	v := &now.Services[0].Verdicts[1]
	failed := v.Findings[0]
	open := *failed
	open.Outcome, open.Rule, open.Message = verdict.Unclear, "token-unknown", "whether a token is mounted is not known before applying"
	v.State, v.Findings, v.Reason = verdict.Unknown, []*verdict.Finding{&open}, open.Message
	if got := changesSince(t, small(), now).says(); got != "0 new, 1 newly unknown, 0 gone, 1 that failed and could not be told now, 1 known" {
		t.Errorf("it says %s", got)
	}
	demand(t, render(t, Text, now, Options{Width: 200, Verbose: true}), "? changed: a token is mounted", "now it could not be told: whether")
	demand(t, render(t, Markdown, now, Options{}), "failed and could not be told now</summary>", "now it could not be told: whether a token")

	mended, other := *failed, open
	mended.Outcome, other.Ref.Subject = verdict.Pass, "another"
	v.Findings = []*verdict.Finding{&mended, &other}
	if got := changesSince(t, small(), now).says(); got != "0 new, 1 newly unknown, 1 gone, 1 known" {
		t.Errorf("mended, and it says %s", got)
	}
}

// TestBaselineAndWaivers: accepting closes a failure, and an acceptance that ends
// makes it new.
func TestBaselineAndWaivers(t *testing.T) {
	accepted := small()
	waive(accepted)
	if got := changesSince(t, accepted, small()).says(); got != "1 new, 0 gone, 1 known" {
		t.Errorf("the waiver ended, and it says %s", got)
	}
	if got := changesSince(t, small(), accepted).says(); got != "0 new, 0 gone, 1 known" {
		t.Errorf("it was accepted, and it says %s", got)
	}
}

// TestBaselineIsRefused where the two cannot be compared, with what to do.
func TestBaselineIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Report)
		want   string
	}{
		"another standard": {func(r *Report) { r.Standard = "2025.1" }, "was judged by the standard 2025.1, and this version has 2026.1; write it anew with `seaworthy check -o json=main.json`"},
		"another service":  {func(r *Report) { r.Services[0].Name = "cart" }, "is about cart, and judged here is checkout"},
	} {
		then := small()
		c.change(then)
		if err := baselineOf(t, then).Compare(small()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for text, want := range map[string]string{
		"": "is not a JSON report", "<xml>": "is not a JSON report", `{"schema": 1}`: "cannot be read as a JSON report",
		`{"runs": []}`: `has the schema "", and this version reads`, `{"schema":"seaworthy.dev/report/v2"}`: "report/v2",
	} {
		if _, err := ReadBaseline(strings.NewReader(text), "x.json"); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "seaworthy check -o json=x.json") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestBaselineOfMore: a service that was added is new as a whole; fields that a
// later version adds are no mistake.
func TestBaselineOfMore(t *testing.T) {
	now := small()
	other := *now.Services[0]
	other.Name = "cart"
	now.Services = append(now.Services, &other)
	changesSince(t, small(), now)
	if c := now.Changes[&other]; !c.Added || len(c.New) != 2 || len(c.Fewer) > 0 {
		t.Errorf("%+v", c)
	}
	var out bytes.Buffer
	if err := JSON(&out, small(), Options{}); err != nil {
		t.Fatal(err)
	}
	var later map[string]any
	if err := json.Unmarshal(out.Bytes(), &later); err != nil {
		t.Fatal(err)
	}
	later["later"] = map[string]any{"a": 1}
	text, err := json.Marshal(later)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadBaseline(bytes.NewReader(text), "x"); err != nil {
		t.Error(err)
	}
}
