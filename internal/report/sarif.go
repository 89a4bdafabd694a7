package report

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// site is where the standard can be read.
const site = "https://seaworthy.dev"

// sourceRoot stands for the folder in which the program ran; code scanning
// services put the checkout in its place.
const sourceRoot = "%SRCROOT%"

// The types hold the few of SARIF's many properties that say something here;
// absent ones keep their defaults.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool struct {
			Driver sarifDriver `json:"driver"`
		} `json:"tool"`
		Bases       map[string]sarifBase `json:"originalUriBaseIds"`
		ColumnKind  string               `json:"columnKind"`
		Invocations []sarifInvocation    `json:"invocations"`
		Results     []sarifResult        `json:"results"`
		Properties  sarifRunProperties   `json:"properties"`
	}
	sarifBase struct {
		Description sarifText `json:"description"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifRule struct {
		ID         string    `json:"id"`
		Name       string    `json:"name"`
		Short      sarifText `json:"shortDescription"`
		Full       sarifText `json:"fullDescription"`
		HelpURI    string    `json:"helpUri"`
		Help       sarifText `json:"help"`
		Properties struct {
			Tags []string `json:"tags"`
			// Problem and Security are GitHub's own; it sorts alerts by them.
			Problem  string `json:"problem.severity"`
			Security string `json:"security-severity,omitempty"`
		} `json:"properties"`
		Configuration struct {
			Level string `json:"level"`
		} `json:"defaultConfiguration"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Kind         string             `json:"kind"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Baseline     string             `json:"baselineState,omitempty"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
		Properties   struct {
			Service string `json:"service"`
			Bundle  string `json:"bundle"`
			Variant string `json:"variant,omitempty"`
			Rung    string `json:"rung,omitempty"`
		} `json:"properties"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact struct {
			URI  string `json:"uri"`
			Base string `json:"uriBaseId,omitempty"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	}
	sarifRegion struct {
		Line   int `json:"startLine"`
		Column int `json:"startColumn,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
	}
	sarifRunProperties struct {
		Standard string         `json:"standard"`
		Services []sarifService `json:"services"`
	}
	sarifService struct {
		Name  string `json:"name"`
		Tier  int    `json:"tier"`
		Owner string `json:"owner"`
		Ready bool   `json:"ready"`
		Score int    `json:"score"`
		// Answer is ready, not ready, partly judged or nothing deployed.
		Answer string `json:"answer"`
	}
)

// SARIF writes the report for code scanning: a result for each finding that
// fails, and for each that could not be told (kind "open"). What passes is no
// result, and what could not be read is a notification.
func SARIF(w io.Writer, r *Report, _ Options) error {
	run := sarifRun{
		Bases:       map[string]sarifBase{sourceRoot: {sarifText{Text: "The folder in which seaworthy ran."}}},
		ColumnKind:  "unicodeCodePoints",
		Invocations: []sarifInvocation{{Successful: true, Notifications: []sarifNotification{}}},
		Results:     []sarifResult{},
		Properties:  sarifRunProperties{r.Standard, []sarifService{}},
	}
	driver := sarifDriver{Name: "seaworthy", Version: r.Tool, InformationURI: site, Rules: []sarifRule{}}
	index := map[string]int{}
	for _, s := range r.Services {
		run.Properties.Services = append(run.Properties.Services, sarifService{s.Name, s.Tier, s.Owner, verdict.Ready(s.Tier, s.Verdicts), verdict.Score(s.Verdicts), first(r.answer(s))})
		for _, p := range s.Problems {
			run.Invocations[0].Notifications = append(run.Invocations[0].Notifications, sarifNotification{
				Level: "warning", Message: sarifText{Text: p.Message}, Locations: []sarifLocation{{Physical: physical(p.Location)}},
			})
		}
		for i := range s.Verdicts {
			v := &s.Verdicts[i]
			for j := range v.Findings {
				f := v.Findings[j]
				if f.Outcome != verdict.Fail && f.Outcome != verdict.Unclear {
					continue
				}
				id := v.Expectation + "#" + f.Rule
				at, known := index[id]
				if !known {
					at = len(driver.Rules)
					index[id] = at
					driver.Rules = append(driver.Rules, sarifRuleOf(r.Expectations[v.Expectation], v, f))
				}
				result := sarifResultOf(s, v, f, id, at)
				if r.Changes[s] != nil && f.Outcome == verdict.Fail {
					result.Baseline = "unchanged"
					if r.isNew(s, f) && f.Waiver == nil {
						result.Baseline = "new"
					}
				}
				run.Results = append(run.Results, result)
			}
		}
	}
	run.Tool.Driver = driver
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}

// sarifLevels are the levels of the severities, GitHub's words for them, and
// its figures for rules on security: 2 is low, 5 medium, 8 high.
var sarifLevels = map[verdict.Severity]struct{ level, problem, security string }{
	verdict.Minor:   {"note", "recommendation", "2.0"},
	verdict.Major:   {"warning", "warning", "5.0"},
	verdict.Blocker: {"error", "error", "8.0"},
}

func sarifRuleOf(e *expect.Expectation, v *verdict.Verdict, f *verdict.Finding) sarifRule {
	section, _, _ := strings.Cut(v.Expectation, "/")
	words := sarifLevels[v.Severity]
	out := sarifRule{ID: v.Expectation + "#" + f.Rule, Name: f.Rule, HelpURI: site + "/standard/" + v.Expectation + "#" + f.Rule}
	out.Configuration.Level = words.level
	out.Properties.Tags, out.Properties.Problem = []string{section, v.Severity.String()}, words.problem
	switch section {
	case "identity", "secrets":
		out.Properties.Tags = append(out.Properties.Tags, "security") // without it GitHub ignores the figure
		fallthrough
	case "security":
		out.Properties.Security = words.security
	}
	if e == nil {
		e = &expect.Expectation{ID: v.Expectation, Title: v.Expectation, Claim: v.Expectation}
	}
	rule, found := e.Rule(f.Rule)
	if !found {
		rule.Says = e.Title
	}
	out.Short, out.Full = sarifText{Text: rule.Says}, sarifText{Text: oneLine(e.Claim)}
	help := "Why it matters\n\n" + strings.TrimSpace(e.Why) + "\n\nHow to close it\n\n" + strings.TrimSpace(e.Close) + "\n"
	out.Help = sarifText{Text: help, Markdown: strings.NewReplacer("Why it matters\n\n", "## Why it matters\n\n", "How to close it\n\n", "## How to close it\n\n").Replace(help)}
	return out
}

func sarifResultOf(s *assess.Service, v *verdict.Verdict, f *verdict.Finding, rule string, index int) sarifResult {
	out := sarifResult{
		RuleID: rule, RuleIndex: index, Kind: "fail", Level: sarifLevels[v.Severity].level, Message: sarifText{Text: f.Message},
		Fingerprints: map[string]string{"seaworthy/v1": f.Fingerprint(v.Expectation)},
	}
	if f.Outcome == verdict.Unclear {
		out.Kind, out.Level = "open", "none" // the specification allows no other level beside "open"
	}
	if w := f.Waiver; w != nil {
		out.Suppressions = []sarifSuppression{{"external", "accepted", fmt.Sprintf("%s, accepted until %s by %s: %s", w.ID, expect.Day(w.Until), w.Approver, w.Reason)}}
	}
	where := f.Ref.Location
	if where.File == "" {
		where = fact.Location{File: s.Path} // GitHub refuses the whole file if one result names no place
	}
	at := sarifLocation{Physical: physical(where)}
	if f.Ref.Subject != "" {
		name := f.Ref.Subject
		if f.Ref.Part != "" {
			name += ", " + f.Ref.Part
		}
		at.Logical = []sarifLogical{{Name: name, Kind: "resource"}}
	}
	out.Locations = []sarifLocation{at}
	p := &out.Properties
	p.Service, p.Bundle, p.Variant, p.Rung = s.Name, f.Bundle, f.Variant, f.Rung.String()
	return out
}

// physical returns a place; without a region where the line is not known, for
// a made-up line would mark the wrong one.
func physical(at fact.Location) *sarifPhysical {
	file := strings.ReplaceAll(at.File, "\\", "/")
	out := &sarifPhysical{}
	switch clean := path.Clean(file); {
	case path.IsAbs(clean):
		out.Artifact.URI = (&url.URL{Scheme: "file", Path: clean}).String()
	case len(clean) > 2 && clean[1:3] == ":/": // a drive of Windows
		out.Artifact.URI = (&url.URL{Scheme: "file", Path: "/" + clean}).String()
	case clean == ".." || strings.HasPrefix(clean, "../"):
		out.Artifact.URI = (&url.URL{Path: clean}).String() // a base must not be left by ".."
	default:
		out.Artifact.URI, out.Artifact.Base = (&url.URL{Path: clean}).String(), sourceRoot
	}
	if at.Line > 0 {
		out.Region = &sarifRegion{at.Line, at.Column}
	}
	return out
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
