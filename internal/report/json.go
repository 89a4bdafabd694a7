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
	Name        string        `json:"name"`
	Tier        int           `json:"tier"`
	Owner       string        `json:"owner"`
	Assumptions []string      `json:"assumptions"`
	Ready       bool          `json:"ready"`
	Score       int           `json:"score"`
	Blockers    int           `json:"blockers"`
	Verdicts    []jsonVerdict `json:"verdicts"`
	// Risks are the open entries of the register.
	Risks []jsonRisk `json:"risks,omitempty"`
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
		out.Services = append(out.Services, jsonOf(s))
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
		Name: s.Name, Tier: s.Tier, Owner: s.Owner, Assumptions: s.Assumptions,
		Ready: verdict.Ready(s.Tier, s.Verdicts), Score: verdict.Score(s.Verdicts), Verdicts: []jsonVerdict{},
	}
	if out.Assumptions == nil {
		out.Assumptions = []string{}
	}
	out.Risks = risksOf(s)
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
