package report

import (
	"encoding/json"
	"io"
	"time"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Schema names the form of the JSON report. Fields are only ever added.
const Schema = "seaworthy.dev/report/v1"

type jsonReport struct {
	Schema   string        `json:"schema"`
	Standard string        `json:"standard"`
	Services []jsonService `json:"services"`
	Problems []jsonProblem `json:"problems"`
}

type jsonService struct {
	Name  string `json:"name"`
	Tier  int    `json:"tier"`
	Owner string `json:"owner"`
	// Manifest is the file that describes the service.
	Manifest    string   `json:"manifest,omitempty"`
	Assumptions []string `json:"assumptions"`
	Ready       bool     `json:"ready"`
	// Answer is ready, not ready, partly judged or nothing deployed.
	Answer   string        `json:"answer"`
	Score    int           `json:"score"`
	Blockers int           `json:"blockers"`
	Verdicts []jsonVerdict `json:"verdicts"`
	// Read counts what was read, so that losing a file does not pass for mending
	// it.
	Read *jsonRead `json:"read,omitempty"`
	// Changes is what differs from the baseline; absent where there is none.
	Changes *jsonChanges `json:"changes,omitempty"`
	// Risks are the open entries of the register.
	Risks []jsonRisk `json:"risks,omitempty"`
}

type jsonRead struct {
	Objects    int `json:"objects"`
	Workloads  int `json:"workloads"`
	Files      int `json:"files"`
	Renderings int `json:"renderings"`
	Problems   int `json:"problems"`
}

type jsonChanges struct {
	Baseline string     `json:"baseline"`
	Added    bool       `json:"added,omitempty"`
	New      []jsonNew  `json:"new"`
	Unknown  []string   `json:"unknown"`
	Gone     []jsonGone `json:"gone"`
	Hidden   []jsonGone `json:"hidden"`
	Untold   []jsonGone `json:"untold,omitempty"`
	Known    int        `json:"known"`
	Fewer    []string   `json:"fewer"`
}

type jsonNew struct {
	Expectation string       `json:"expectation"`
	Severity    string       `json:"severity"`
	Rule        string       `json:"rule"`
	Message     string       `json:"message"`
	Subject     string       `json:"subject"`
	Location    jsonLocation `json:"location"`
	Fingerprint string       `json:"fingerprint"`
}

type jsonGone struct {
	Expectation string `json:"expectation"`
	Rule        string `json:"rule"`
	Message     string `json:"message"`
	Subject     string `json:"subject"`
	File        string `json:"file,omitempty"`
	// Now says why it could not be told this time.
	Now string `json:"now,omitempty"`
}

type jsonRisk struct {
	ID          string       `json:"id"`
	Title       string       `json:"title,omitempty"`
	Owner       string       `json:"owner,omitempty"`
	Severity    string       `json:"severity,omitempty"`
	Decision    string       `json:"decision,omitempty"`
	Due         string       `json:"due,omitempty"`
	Expectation string       `json:"expectation,omitempty"`
	Rule        string       `json:"rule,omitempty"`
	Subject     string       `json:"subject,omitempty"`
	Approver    string       `json:"approver,omitempty"`
	Expires     string       `json:"expires,omitempty"`
	Accepted    bool         `json:"accepted"`
	Location    jsonLocation `json:"location"`
}

// jsonWaiver is the entry of the register that accepts a failure.
type jsonWaiver struct {
	ID       string `json:"id"`
	Approver string `json:"approver"`
	Until    string `json:"until"`
}

type jsonVerdict struct {
	Expectation string        `json:"expectation"`
	State       string        `json:"state"`
	Severity    string        `json:"severity"`
	Asked       string        `json:"asked"`
	Reached     string        `json:"reached"`
	Reason      string        `json:"reason"`
	Settle      string        `json:"settle"`
	Findings    []jsonFinding `json:"findings"`
}

type jsonFinding struct {
	Outcome     string       `json:"outcome"`
	Rule        string       `json:"rule"`
	Claim       string       `json:"claim"`
	Rung        string       `json:"rung"`
	Message     string       `json:"message"`
	Subject     string       `json:"subject"`
	Bundle      string       `json:"bundle"`
	Variant     string       `json:"variant"`
	Location    jsonLocation `json:"location"`
	Evidence    jsonEvidence `json:"evidence"`
	Fingerprint string       `json:"fingerprint"`
	// Open tells a skip that could not be judged from one that need not be.
	Open   bool        `json:"open,omitempty"`
	Waiver *jsonWaiver `json:"waiver,omitempty"`
}

// jsonLocation leaves out what is not known: a line is never made up.
type jsonLocation struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// jsonEvidence says where a finding comes from. At is empty for files: they
// are judged as they are.
type jsonEvidence struct {
	Source string `json:"source"`
	At     string `json:"at"`
}

type jsonProblem struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
}

// JSON writes the report for programs. Two runs on the same input give the
// same bytes.
func JSON(w io.Writer, r *Report, _ Options) error {
	out := jsonReport{Schema: Schema, Standard: r.Standard, Services: []jsonService{}, Problems: []jsonProblem{}}
	for _, s := range r.Services {
		js := jsonOf(s)
		js.Answer, _ = r.answer(s)
		js.Changes = changesOf(r, s)
		out.Services = append(out.Services, js)
		for _, p := range s.Problems {
			out.Problems = append(out.Problems, jsonProblem{File: p.File, Line: p.Line, Column: p.Column, Message: p.Message})
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(out)
}

func jsonOf(s *assess.Service) jsonService {
	out := jsonService{
		Name: s.Name, Tier: s.Tier, Owner: s.Owner, Manifest: s.Manifest, Assumptions: s.Assumptions,
		Ready: verdict.Ready(s.Tier, s.Verdicts), Score: verdict.Score(s.Verdicts), Verdicts: []jsonVerdict{},
	}
	if out.Assumptions == nil {
		out.Assumptions = []string{}
	}
	read := readOf(s)
	out.Read, out.Risks = &read, risksOf(s)
	for i := range s.Verdicts {
		v := &s.Verdicts[i]
		if v.Severity == verdict.Blocker && v.Open() {
			out.Blockers++
		}
		jv := jsonVerdict{
			Expectation: v.Expectation, State: v.State.String(), Severity: v.Severity.String(),
			Asked: v.Asked.String(), Reached: v.Reached.String(), Reason: v.Reason, Settle: v.Settle, Findings: []jsonFinding{},
		}
		for j := range v.Findings {
			f := v.Findings[j]
			jv.Findings = append(jv.Findings, jsonFinding{
				Outcome: f.Outcome.String(), Rule: v.Expectation + "#" + f.Rule, Claim: f.Claim, Rung: f.Rung.String(), Message: f.Message,
				Subject: f.Ref.Subject, Bundle: f.Bundle, Variant: f.Variant, Location: locationOf(f.Ref.Location),
				Evidence: jsonEvidence{Source: f.Source}, Fingerprint: f.Fingerprint(v.Expectation), Open: f.Outcome == verdict.Unclear,
				Waiver: waiverOf(f.Waiver),
			})
		}
		out.Verdicts = append(out.Verdicts, jv)
	}
	return out
}

func readOf(s *assess.Service) jsonRead {
	out := jsonRead{Objects: s.Objects, Files: s.Files, Renderings: s.Renderings, Problems: len(s.Problems)}
	for _, set := range s.Sets {
		out.Workloads += len(set.Workloads)
	}
	return out
}

func changesOf(r *Report, s *assess.Service) *jsonChanges {
	c := r.Changes[s]
	if c == nil {
		return nil
	}
	out := &jsonChanges{Baseline: r.Baseline, Added: c.Added, New: []jsonNew{}, Unknown: []string{}, Gone: []jsonGone{}, Hidden: []jsonGone{}, Known: c.Known, Fewer: append([]string{}, c.Fewer...)}
	for _, n := range c.New {
		v, f := n.Verdict, n.Finding
		out.New = append(out.New, jsonNew{v.Expectation, v.Severity.String(), v.Expectation + "#" + f.Rule, f.Message, f.Ref.Subject, locationOf(f.Ref.Location), f.Fingerprint(v.Expectation)})
	}
	for _, v := range c.Unknown {
		out.Unknown = append(out.Unknown, v.Expectation)
	}
	for _, g := range c.Gone {
		out.Gone = append(out.Gone, jsonGone(g))
	}
	for _, g := range c.Hidden {
		out.Hidden = append(out.Hidden, jsonGone(g))
	}
	for _, g := range c.Untold {
		out.Untold = append(out.Untold, jsonGone(g))
	}
	return out
}

func locationOf(at fact.Location) jsonLocation {
	if at.Line == 0 {
		return jsonLocation{File: at.File}
	}
	return jsonLocation{File: at.File, Line: at.Line, Column: at.Column}
}

func waiverOf(w *verdict.Waiver) *jsonWaiver {
	if w == nil {
		return nil
	}
	return &jsonWaiver{ID: w.ID, Approver: w.Approver, Until: expect.Day(w.Until)}
}

func risksOf(s *assess.Service) (out []jsonRisk) {
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return expect.Day(t)
	}
	for _, r := range s.Risks {
		if !r.Open() {
			continue
		}
		out = append(out, jsonRisk{
			ID: r.ID, Title: r.Title, Owner: r.Owner, Severity: r.Severity, Decision: r.Decision, Due: day(r.Due),
			Expectation: r.Expectation, Rule: r.Rule, Subject: r.About, Approver: r.Approver, Expires: day(r.Expires),
			Accepted: expect.Accepted(r, s.Owned(), s.AsOf), Location: locationOf(r.Location),
		})
	}
	return out
}
