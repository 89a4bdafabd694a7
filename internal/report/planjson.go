package report

import (
	"encoding/json"
	"io"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/plan"
)

// PlanSchema names the form of the plan for programs. Fields are only ever added.
const PlanSchema = "seaworthy.dev/plan/v1"

type jsonPlan struct {
	Schema   string `json:"schema"`
	Standard string `json:"standard"`
	// Efforts is the day on which the table of efforts was last looked through.
	Efforts  string            `json:"effortsAsOf"`
	Services []jsonServicePlan `json:"services"`
}

type jsonServicePlan struct {
	Name  string       `json:"name"`
	Tier  int          `json:"tier"`
	Owner string       `json:"owner"`
	Now   jsonStanding `json:"now"`
	// All counts the steps; Steps may be fewer.
	All   int        `json:"all"`
	Steps []jsonStep `json:"steps"`
}

type jsonStanding struct {
	Score    int  `json:"score"`
	Blockers int  `json:"blockers"`
	Ready    bool `json:"ready"`
	// AtBest is true where this holds only if what is not known turns out well.
	AtBest bool `json:"atBest"`
}

type jsonStep struct {
	Kind        string       `json:"kind"`
	Expectation string       `json:"expectation"`
	Severity    string       `json:"severity"`
	State       string       `json:"state"`
	Becomes     string       `json:"becomes"`
	Also        []string     `json:"also"`
	Effort      string       `json:"effort"`
	Takes       string       `json:"takes"`
	Remedies    []jsonRemedy `json:"remedies"`
	After       jsonStanding `json:"after"`
}

type jsonRemedy struct {
	Does     string         `json:"does"`
	Rule     string         `json:"rule,omitempty"`
	Effort   string         `json:"effort"`
	Takes    string         `json:"takes"`
	Findings int            `json:"findings"`
	Places   []jsonLocation `json:"places"`
}

// PlanJSON writes plans for programs.
func PlanJSON(w io.Writer, r *Report, _ Options, limit int) error {
	out := jsonPlan{Schema: PlanSchema, Standard: r.Standard, Efforts: expect.EffortsAsOf, Services: []jsonServicePlan{}}
	for _, s := range r.Services {
		all, now := plan.Of(r.planned(s))
		js := jsonServicePlan{Name: s.Name, Tier: s.Tier, Owner: s.Owner, Now: jsonStanding(now), All: len(all), Steps: []jsonStep{}}
		for _, step := range cut(all, limit) {
			js.Steps = append(js.Steps, stepOf(step))
		}
		out.Services = append(out.Services, js)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(out)
}

func stepOf(s *plan.Step) jsonStep {
	out := jsonStep{
		Kind: s.Kind.String(), Expectation: s.Row.Expectation, Severity: s.Row.Severity.String(), State: s.Row.State.String(), Becomes: s.Becomes.String(),
		Also: append([]string{}, ids(s.Also)...), Effort: s.Effort.String(), Takes: s.Takes.String(), Remedies: []jsonRemedy{}, After: jsonStanding(s.After),
	}
	for i := range s.Remedies {
		r := &s.Remedies[i]
		places := []jsonLocation{}
		for _, at := range r.Places {
			places = append(places, locationOf(at))
		}
		out.Remedies = append(out.Remedies, jsonRemedy{Does: r.Says, Rule: r.Rule, Effort: r.Effort.String(), Takes: r.Takes.String(), Findings: len(r.Findings), Places: places})
	}
	return out
}
