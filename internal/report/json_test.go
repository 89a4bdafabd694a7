package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// TestJSONContract holds the exact names and types of the fields, which
// programs rely on. Fields are only ever added.
func TestJSONContract(t *testing.T) {
	var got map[string]any
	if err := json.Unmarshal([]byte(render(t, JSON, small(), Options{})), &got); err != nil {
		t.Fatal(err)
	}
	service := got["services"].([]any)[0].(map[string]any)
	row := service["verdicts"].([]any)[0].(map[string]any)
	finding := row["findings"].([]any)[0].(map[string]any)
	for name, tt := range map[string]struct {
		value any
		want  string
	}{
		"report":           {got, "problems []interface {}, schema string, services []interface {}, standard string"},
		"service":          {service, "answer string, assumptions []interface {}, blockers float64, name string, owner string, read map[string]interface {}, ready bool, score float64, tier float64, verdicts []interface {}"},
		"read":             {service["read"], "files float64, objects float64, problems float64, renderings float64, workloads float64"},
		"verdict":          {row, "asked string, expectation string, findings []interface {}, reached string, reason string, settle string, severity string, state string"},
		"finding":          {finding, "bundle string, claim string, evidence map[string]interface {}, fingerprint string, location map[string]interface {}, message string, outcome string, rule string, rung string, subject string, variant string"},
		"location":         {finding["location"], "column float64, file string, line float64"},
		"location unknown": {row["findings"].([]any)[1].(map[string]any)["location"], "file string"},
		"evidence":         {finding["evidence"], "at string, source string"},
		"problem":          {got["problems"].([]any)[0], "column float64, file string, line float64, message string"},
		"problem unknown":  {got["problems"].([]any)[1], "file string, message string"},
	} {
		var fields []string
		for k, v := range tt.value.(map[string]any) {
			fields = append(fields, fmt.Sprintf("%s %T", k, v))
		}
		slices.Sort(fields)
		if s := strings.Join(fields, ", "); s != tt.want {
			t.Errorf("%s has\n%s\nwant\n%s", name, s, tt.want)
		}
	}
	if got["schema"] != "seaworthy.dev/report/v1" || finding["rule"] != "scaling/disruption-budgets#blocks-eviction" || service["blockers"] != 1.0 || service["ready"] != false {
		t.Errorf("schema %v, rule %v, blockers %v, ready %v", got["schema"], finding["rule"], service["blockers"], service["ready"])
	}
}

// TestJSONWords holds the words for states and outcomes.
func TestJSONWords(t *testing.T) {
	r := small()
	v := &r.Services[0].Verdicts[0]
	for state, word := range map[verdict.State]string{verdict.Met: "met", verdict.Short: "short", verdict.Gap: "gap", verdict.Unknown: "unknown", verdict.Waived: "waived", verdict.NotApplicable: "n/a"} {
		v.State = state
		demand(t, render(t, JSON, r, Options{}), fmt.Sprintf("\"state\": %q", word))
	}
	for outcome, word := range map[verdict.Outcome]string{verdict.Pass: "pass", verdict.Fail: "fail", verdict.Skip: "skip", verdict.Note: "note", verdict.Unclear: "skip"} {
		v.Findings = v.Findings[:1]
		v.Findings[0].Outcome = outcome
		demand(t, render(t, JSON, r, Options{}), fmt.Sprintf("\"outcome\": %q", word))
	}
}

// TestJSONListsAreNeverNull lets programs loop without asking first.
func TestJSONListsAreNeverNull(t *testing.T) {
	for _, r := range []*Report{{}, {Services: []*assess.Service{{}}}, {Services: []*assess.Service{{Verdicts: make([]verdict.Verdict, 1)}}}} {
		got := render(t, JSON, r, Options{})
		if strings.Contains(got, "null") {
			t.Errorf("there is a null in %s", got)
		}
		demand(t, got, `"problems": []`)
	}
}
