package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"seaworthy.dev/seaworthy/internal/fact"
)

// TestSARIFKeepsTheSchema validates whole, empty and waived reports against
// the schema that OASIS publishes.
func TestSARIFKeepsTheSchema(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	schema, err := compiler.Compile("testdata/sarif-2.1.0.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	waived := small()
	waive(waived)
	compared := small()
	changesSince(t, small(), compared)
	nowhere := small()
	nowhere.Services[0].Verdicts[0].Findings[0].Ref = fact.Ref{}
	unlisted := small()
	unlisted.Expectations = nil
	for name, r := range map[string]*Report{"whole": small(), "empty": {}, "waived": waived, "compared": compared, "without a place": nowhere, "unknown expectation": unlisted} {
		if name == "waived" {
			demand(t, render(t, SARIF, r, Options{}), `"status": "accepted"`, `"justification": "R-12, accepted until 2026-12-24 by jane: until the move"`)
		}
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(render(t, SARIF, r, Options{})))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSARIFSaysWhatCodeScanningReads checks what GitHub shows of a report.
func TestSARIFSaysWhatCodeScanningReads(t *testing.T) {
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Name, Version, InformationURI string
					Rules                         []struct {
						ID, Name, HelpURI string
						Short             struct{ Text string }           `json:"shortDescription"`
						Full              struct{ Text string }           `json:"fullDescription"`
						Help              struct{ Text, Markdown string } `json:"help"`
						Properties        map[string]any
					}
				}
			}
			Invocations []struct {
				Notifications []struct {
					Level     string
					Message   struct{ Text string }
					Locations []json.RawMessage
				} `json:"toolExecutionNotifications"`
			}
			Results []struct {
				RuleID              string
				RuleIndex           int
				Kind, Level         string
				Message             struct{ Text string }
				Locations           []json.RawMessage
				PartialFingerprints map[string]string
				Properties          map[string]any
			}
		}
	}
	r := small()
	if err := json.Unmarshal([]byte(render(t, SARIF, r, Options{})), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if d := run.Tool.Driver; d.Name != "seaworthy" || d.Version != "1.2.3" || d.InformationURI != "https://seaworthy.dev" {
		t.Errorf("driver is %q %q %q", d.Name, d.Version, d.InformationURI)
	}
	if len(run.Results) != 3 {
		t.Fatalf("%d results; want the two failures and the open question, and not what passes", len(run.Results))
	}
	want := []struct{ rule, kind, level, places string }{
		{"scaling/disruption-budgets#blocks-eviction", "fail", "error", `{"physicalLocation":{"artifactLocation":{"uri":"deploy/web.yaml","uriBaseId":"%SRCROOT%"},"region":{"startLine":31,"startColumn":7}},"logicalLocations":[{"fullyQualifiedName":"policy/v1/PodDisruptionBudget shop/web, spec","kind":"resource"}]}`},
		{"scaling/disruption-budgets#budget", "open", "none", `{"physicalLocation":{"artifactLocation":{"uri":"deploy/api%20&%20co.yaml","uriBaseId":"%SRCROOT%"}},"logicalLocations":[{"fullyQualifiedName":"apps/v1/Deployment shop/api","kind":"resource"}]}`},
		{"secrets/scope#token", "fail", "warning", `{"physicalLocation":{"artifactLocation":{"uri":"file:///abs/web.yaml"},"region":{"startLine":4}},"logicalLocations":[{"fullyQualifiedName":"apps/v1/Deployment shop/web","kind":"resource"}]}`},
	}
	for i, w := range want {
		got := run.Results[i]
		if got.RuleID != w.rule || got.Kind != w.kind || got.Level != w.level || run.Tool.Driver.Rules[got.RuleIndex].ID != w.rule {
			t.Errorf("result %d is %s (index %d) %s %s; want %+v", i, got.RuleID, got.RuleIndex, got.Kind, got.Level, w)
		}
		if places := squeeze(t, got.Locations[0]); places != w.places {
			t.Errorf("result %d stands at\n%s\nwant\n%s", i, places, w.places)
		}
	}
	v := &r.Services[0].Verdicts[0]
	if got, want := run.Results[0].PartialFingerprints["seaworthy/v1"], v.Findings[0].Fingerprint(v.Expectation); got != want {
		t.Errorf("fingerprint is %q; want %q", got, want)
	}
	if got := run.Results[0].Properties["bundle"]; got != "deploy" {
		t.Errorf("bundle is %v", got)
	}
	rule := run.Tool.Driver.Rules[0]
	if rule.Name != "blocks-eviction" || rule.Short.Text != "The budget lets no instance be evicted." || rule.Full.Text != "Maintenance never takes too many instances." || rule.HelpURI != "https://seaworthy.dev/standard/scaling/disruption-budgets#blocks-eviction" {
		t.Errorf("rule is %+v", rule)
	}
	demand(t, rule.Help.Text, "A drain evicts every pod at once.", "1. Say how many may go.")
	demand(t, rule.Help.Markdown, "## Why it matters", "## How to close it")
	if p := rule.Properties; p["problem.severity"] != "error" || p["security-severity"] != nil {
		t.Errorf("a rule that is not about security has %v", p)
	}
	token := run.Tool.Driver.Rules[2].Properties
	if tags, _ := json.Marshal(token["tags"]); string(tags) != `["secrets","major","security"]` || token["security-severity"] != "5.0" || token["problem.severity"] != "warning" {
		t.Errorf("a rule about secrets has %v", token)
	}
	notes := run.Invocations[0].Notifications
	if len(notes) != 2 || notes[0].Message.Text != "is not valid YAML" || notes[0].Level != "warning" {
		t.Fatalf("notifications are %+v", notes)
	}
	if got := squeeze(t, notes[1].Locations[0]); strings.Contains(got, "region") {
		t.Errorf("a place without a line has a region: %s", got)
	}
}

// TestSARIFPlaces holds the forms that a file's name can have.
func TestSARIFPlaces(t *testing.T) {
	for file, want := range map[string]string{
		"deploy/web.yaml":  `{"uri":"deploy/web.yaml","uriBaseId":"%SRCROOT%"}`,
		"./deploy/w.yaml":  `{"uri":"deploy/w.yaml","uriBaseId":"%SRCROOT%"}`,
		"a b/ü#1?.yaml":    `{"uri":"a%20b/%C3%BC%231%3F.yaml","uriBaseId":"%SRCROOT%"}`,
		"a:b.yaml":         `{"uri":"./a:b.yaml","uriBaseId":"%SRCROOT%"}`,
		"../up/web.yaml":   `{"uri":"../up/web.yaml"}`,
		"/tmp/x.yaml":      `{"uri":"file:///tmp/x.yaml"}`,
		`C:\repo\web.yaml`: `{"uri":"file:///C:/repo/web.yaml"}`,
	} {
		var out strings.Builder
		enc := json.NewEncoder(&out)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(physical(fact.Location{File: file}).Artifact); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(out.String()); got != want {
			t.Errorf("%s: got %s, want %s", file, got, want)
		}
	}
}

func squeeze(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var out strings.Builder
	quoted := false
	for i, c := range raw {
		if c == '"' && raw[i-1] != '\\' {
			quoted = !quoted
		}
		if quoted || c != ' ' && c != '\n' {
			out.WriteByte(c)
		}
	}
	return out.String()
}
