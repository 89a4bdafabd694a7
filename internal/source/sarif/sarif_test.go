package sarif

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

func read(file, text string, written time.Time) ([]*fact.Scan, *fact.Problem) {
	return Read(decode.Document{File: file, Line: 1, Data: []byte(text)}, written)
}

// TestCovers tells what was looked at by the tool, by what it says of the run,
// and by the file's name, and says nothing where none of them does.
func TestCovers(t *testing.T) {
	for _, tt := range []struct{ file, run, want string }{
		{"x.sarif", `"tool": {"driver": {"name": "CodeQL"}}`, "code"},
		{"image.sarif", `"tool": {"driver": {"name": "Checkov"}}`, "infrastructure"},
		{"x.sarif", `"tool": {"driver": {"name": "Trivy"}}`, ""},
		{"x.sarif", `"tool": {"driver": {"name": "Trivy"}}, "properties": {"imageName": "web:1"}`, "images"},
		{"x.sarif", `"tool": {"driver": {"name": "Trivy", "rules": [{"id": "a", "name": "OsPackageVulnerability"}, {"id": "b", "name": "LanguageSpecificPackageVulnerability"}]}}`, "dependencies images"},
		{"scans/web-image.sarif.json", `"tool": {"driver": {"name": "Grype"}}`, "images"},
		{"x.sarif", `"tool": {"driver": {"name": "Grype"}}, "automationDetails": {"id": "sca/2026"}`, "dependencies"},
		{"imagery.sarif", `"tool": {"driver": {"name": "acme"}}`, ""},
	} {
		scans, problem := read(tt.file, fmt.Sprintf(`{"version": "2.1.0", "runs": [{%s}]}`, tt.run), time.Time{})
		if problem != nil || len(scans) != 1 {
			t.Fatalf("%s: %v %v", tt.run, scans, problem)
		}
		if got := strings.Join(scans[0].Covers, " "); got != tt.want {
			t.Errorf("%s %s: got %q, want %q", tt.file, tt.run, got, tt.want)
		}
	}
}

// TestTime takes the latest end of a run, and the file's time only where the log
// says none.
func TestTime(t *testing.T) {
	written := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for invocations, want := range map[string]string{
		``:                                       "2026-07-01",
		`{"endTimeUtc": "soon"}`:                 "2026-07-01",
		`{"endTimeUtc": "2026-06-01T00:00:00Z"}`: "2026-06-01",
		`{"startTimeUtc": "2026-06-02T00:00:00.123Z"}`:                                   "2026-06-02",
		`{"endTimeUtc": "2026-06-03T00:00:00Z"}, {"endTimeUtc": "2026-06-01T00:00:00Z"}`: "2026-06-03",
	} {
		scans, problem := read("x.sarif", `{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "a"}}, "invocations": [`+invocations+`]}]}`, written)
		if problem != nil || len(scans) != 1 {
			t.Fatalf("%s: %v %v", invocations, scans, problem)
		}
		if got := scans[0].Ended.Format(time.DateOnly); got != want || scans[0].ByFile != (want == "2026-07-01") {
			t.Errorf("%s: got %s, by its file %v", invocations, got, scans[0].ByFile)
		}
	}
}

// TestRefused: what is no log says so, and odd values are no reason to give up.
func TestRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                                 "is no SARIF log of version 2",
		`[]`:                                 "is no SARIF log of version 2",
		`{"version": "1.0.0", "runs": []}`:   "is no SARIF log of version 2",
		`{"version": "2.1.0"}`:               "is no SARIF log of version 2",
		`{"version": "2.1.0", "runs": [{}]}`: "has a run without the name of its tool",
		`{"version": "2.1.0", "runs": [`:     "is not valid JSON",
		`{"version": "2.1.0", "runs": []}`:   "",
		`{"version": "2.1.0", "runs": null}`: "",
		`{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "a", "rules": [{"id": "r", "properties": {"security-severity": "NaN", "tags": [1, null]}}]}},
		  "results": [{"ruleIndex": -4}, {"ruleIndex": 7}, {"ruleId": "r"}, {"properties": {"security-severity": [9.9]}}, null, 3], "invocations": [null]}]}`: "",
	} {
		scans, problem := read("x.sarif", text, time.Time{})
		switch {
		case want == "" && problem != nil:
			t.Errorf("%s: %v", text, problem)
		case want != "" && (problem == nil || !strings.Contains(problem.Message, want)):
			t.Errorf("%s: got %v, want %q", text, problem, want)
		}
		for _, s := range scans {
			if len(s.Critical) > 0 {
				t.Errorf("%s: critical is %+v", text, s.Critical[0])
			}
		}
	}
}

// TestCritical takes the score of the result before that of its rule, as text or
// number, wherever the rule stands.
func TestCritical(t *testing.T) {
	scans, problem := read("x.sarif", `{"version": "2.1.0", "runs": [{
	  "tool": {"driver": {"name": "a", "rules": [{"id": "high", "properties": {"security-severity": "9.0"}}]},
	           "extensions": [{"name": "pack", "rules": [{"id": "far", "properties": {"security-severity": "10"}}, {"id": "tag", "properties": {"tags": ["CRITICAL"]}}]}]},
	  "results": [{"ruleId": "high"}, {"ruleId": "far"}, {"ruleIndex": 0}, {"rule": {"id": "tag"}}, {"ruleId": "own", "properties": {"security-severity": 9.5}},
	              {"ruleId": "high", "properties": {"security-severity": "5.0"}}, {"ruleId": "high", "kind": "notApplicable"}, {"ruleId": "none"}]}]}`, time.Time{})
	if problem != nil {
		t.Fatal(problem)
	}
	var got []string
	for _, r := range scans[0].Critical {
		got = append(got, fmt.Sprintf("%s %.1f", r.Rule, r.Score))
	}
	if want := "high 9.0, far 10.0, high 9.0, tag 0.0, own 9.5"; strings.Join(got, ", ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
	}
}
