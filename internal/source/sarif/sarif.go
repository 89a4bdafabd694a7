// Package sarif reads what scanners found, from their SARIF logs. Their messages
// stay there: those of scanners for secrets may hold one.
package sarif

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Critical is the CVSS score from which a finding is critical.
// https://www.first.org/cvss/v3.1/specification-document
const Critical = 9.0

// most bounds how many critical results of a run are kept: who has more has
// other worries than their number.
const most = 500

// The types hold the few of SARIF's properties that judging needs.
type (
	log struct {
		Version string `json:"version"`
		Runs    []run  `json:"runs"`
	}
	run struct {
		Tool struct {
			Driver     component   `json:"driver"`
			Extensions []component `json:"extensions"`
		} `json:"tool"`
		Invocations []struct {
			End        string `json:"endTimeUtc"`
			Start      string `json:"startTimeUtc"`
			Successful *bool  `json:"executionSuccessful"`
		} `json:"invocations"`
		Automation struct {
			ID string `json:"id"`
		} `json:"automationDetails"`
		Results    []result `json:"results"`
		Properties struct {
			Image string `json:"imageName"` // Trivy's
		} `json:"properties"`
	}
	component struct {
		Name  string `json:"name"`
		Rules []rule `json:"rules"`
	}
	rule struct {
		ID            string `json:"id"`
		Name          string `json:"name"`
		Properties    bag    `json:"properties"`
		Configuration struct {
			Level string `json:"level"`
		} `json:"defaultConfiguration"`
	}
	bag struct {
		Tags  []string `json:"tags"`
		Score any      `json:"security-severity"` // a text with a number, by GitHub's convention
		Word  any      `json:"severity"`
	}
	result struct {
		RuleID string `json:"ruleId"`
		Index  *int   `json:"ruleIndex"`
		Rule   struct {
			ID string `json:"id"`
		} `json:"rule"`
		Level     string `json:"level"`
		Kind      string `json:"kind"`
		Baseline  string `json:"baselineState"`
		Locations []struct {
			Physical struct {
				Artifact struct {
					URI string `json:"uri"`
				} `json:"artifactLocation"`
				Region struct {
					Line int `json:"startLine"`
				} `json:"region"`
			} `json:"physicalLocation"`
		} `json:"locations"`
		Suppressions []struct {
			Kind   string `json:"kind"`
			Status string `json:"status"`
		} `json:"suppressions"`
		Properties bag `json:"properties"`
	}
)

// Read returns the runs of a log; own logs of seaworthy are none. Written is the
// time of the file where it can be trusted, and zero where it cannot.
func Read(doc decode.Document, written time.Time) (scans []*fact.Scan, problem *fact.Problem) {
	root, problem := doc.Parse()
	if problem != nil {
		problem.Message = strings.Replace(problem.Message, "is not valid YAML", "is not valid JSON", 1)
		return nil, problem
	}
	wrong := func(format string, args ...any) ([]*fact.Scan, *fact.Problem) {
		return nil, &fact.Problem{Location: fact.Location{File: doc.File, Line: 1, Column: 1}, Message: fmt.Sprintf(format, args...)}
	}
	var in log
	for _, m := range decode.Into(root, &in, false) {
		if strings.HasPrefix(m.Message, "it stands for more than") {
			return wrong("is too large a SARIF log to be read; let the scanner write only what it found")
		}
	}
	if !strings.HasPrefix(in.Version, "2.") || decode.Child(root, "runs") == nil {
		return wrong("is no SARIF log of version 2; scanners write one with `-o sarif` or `--format sarif`")
	}
	for i := range in.Runs {
		r := &in.Runs[i]
		if r.Tool.Driver.Name == "" {
			return wrong("has a run without the name of its tool")
		}
		if strings.EqualFold(r.Tool.Driver.Name, "seaworthy") {
			continue
		}
		scans = append(scans, r.scan(doc, decode.Dig(root, "runs", i), written))
	}
	return scans, nil
}

func (r *run) scan(doc decode.Document, node *decode.Node, written time.Time) *fact.Scan {
	s := &fact.Scan{
		Ref:  fact.Ref{Subject: "scan " + r.Tool.Driver.Name, Location: doc.At(node)},
		Tool: r.Tool.Driver.Name, Results: len(r.Results), Covers: r.covers(doc.File),
	}
	for _, i := range r.Invocations {
		s.Failed = s.Failed || i.Successful != nil && !*i.Successful
		for _, text := range []string{i.End, i.Start} {
			if t, err := time.Parse(time.RFC3339, text); err == nil {
				if t.After(s.Ended) {
					s.Ended = t
				}
				break
			}
		}
	}
	if s.Ended.IsZero() && !written.IsZero() {
		s.Ended, s.ByFile = written, true
	}
	rules := map[string]*rule{}
	for _, c := range append([]component{r.Tool.Driver}, r.Tool.Extensions...) {
		for i := range c.Rules {
			rules[c.Rules[i].ID] = &c.Rules[i]
		}
	}
	for i := range r.Results {
		if found := r.critical(&r.Results[i], rules); found != nil && len(s.Critical) < most {
			found.Ref = fact.Ref{Subject: s.Subject + ": " + found.Rule, Part: r.Results[i].where(), Location: doc.At(decode.Dig(node, "results", i))}
			s.Critical = append(s.Critical, found)
		}
	}
	return s
}

// critical returns what a result says where it is open and critical, else nil.
func (r *run) critical(in *result, rules map[string]*rule) *fact.ScanResult {
	if in.Kind != "" && in.Kind != "fail" || in.Baseline == "absent" {
		return nil
	}
	id := in.RuleID
	if id == "" {
		id = in.Rule.ID
	}
	if n := len(r.Tool.Driver.Rules); id == "" && in.Index != nil && *in.Index >= 0 && *in.Index < n {
		id = r.Tool.Driver.Rules[*in.Index].ID
	}
	of := rules[id]
	if of == nil {
		of = &rule{}
	}
	score := max(in.Properties.score(), 0)
	if score == 0 {
		score = of.Properties.score()
	}
	level := in.Level
	if level == "" {
		level = of.Configuration.Level
	}
	worded := in.Properties.critical() || of.Properties.critical()
	if score < Critical && !(score == 0 && worded && level != "note" && level != "none") {
		return nil
	}
	out := &fact.ScanResult{Rule: id, Score: score}
	for _, s := range in.Suppressions {
		if s.Status == "" || s.Status == "accepted" {
			out.Suppressed = s.Kind
		}
	}
	return out
}

// where is the file, with its line, in which a result stands.
func (r *result) where() string {
	if len(r.Locations) == 0 {
		return ""
	}
	at := r.Locations[0].Physical
	if at.Region.Line > 0 && at.Artifact.URI != "" {
		return at.Artifact.URI + ":" + strconv.Itoa(at.Region.Line)
	}
	return at.Artifact.URI
}

func (b bag) score() float64 {
	switch v := b.Score.(type) {
	case string:
		f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		if err != nil || f != f || f < 0 || f > 10 {
			return 0
		}
		return f
	case float64:
		return v
	case int64:
		return float64(v)
	}
	return 0
}

// critical reports whether the scanner says so in a word.
func (b bag) critical() bool {
	word, _ := b.Word.(string)
	if strings.EqualFold(word, "critical") {
		return true
	}
	for _, t := range b.Tags {
		if strings.EqualFold(t, "critical") {
			return true
		}
	}
	return false
}
