package report

import (
	"bytes"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// budgets is a row with all four rungs.
var budgets = &expect.Expectation{
	ID: "scaling/disruption-budgets", Title: "Disruption budgets", Claim: "Maintenance never takes\ntoo many instances.",
	Why: "A drain evicts every pod at once.\n", Close: "1. Say how many may go.\n", Severity: verdict.Blocker,
	Rungs: []expect.RungText{{Rung: fact.Declared}, {Rung: fact.Configured}, {Rung: fact.Observed}, {Rung: fact.Proven}},
	Rules: []expect.Rule{
		{Name: "budget", Says: "One budget selects the workload."},
		{Name: "blocks-eviction", Says: "The budget lets no instance be evicted.", Close: "write `maxUnavailable: 1`"},
	},
}

var tokens = &expect.Expectation{
	ID: "secrets/scope", Title: "Scope", Claim: "Secrets reach only those who need them.", Severity: verdict.Major,
	Rungs: []expect.RungText{{Rung: fact.Configured}},
	Rules: []expect.Rule{{Name: "token", Says: "A token is mounted that nobody uses.", Close: "turn it off"}},
}

var region = &expect.Expectation{
	ID: "privacy/residency", Title: "Residency", Claim: "Data stays.", Severity: verdict.Minor,
	Rungs: []expect.RungText{{Rung: fact.Configured}}, Rules: []expect.Rule{{Name: "region", Says: "A store has no region."}},
}

// small is a report that holds one of everything: a gap and an open question
// with and without a line, a short row, one to which nothing was found, and a
// file that could not be read.
func small() *Report {
	at := func(subject, file string, line, column int) fact.Ref {
		return fact.Ref{Subject: subject, Location: fact.Location{File: file, Line: line, Column: column}}
	}
	finding := func(o verdict.Outcome, rule, message string, ref fact.Ref) *verdict.Finding {
		return &verdict.Finding{Outcome: o, Rule: rule, Message: message, Ref: ref, Rung: fact.Configured, Bundle: "deploy", Source: "kube"}
	}
	blocks := finding(verdict.Fail, "blocks-eviction", "web lets 0 of 2 instances be evicted", at("policy/v1/PodDisruptionBudget shop/web", "deploy/web.yaml", 31, 7))
	blocks.Ref.Part = "spec"
	return &Report{
		Standard: "2026.1", Tool: "1.2.3",
		Expectations: map[string]*expect.Expectation{budgets.ID: budgets, tokens.ID: tokens, region.ID: region},
		Sections:     []expect.Section{{ID: "scaling"}, {ID: "secrets"}, {ID: "privacy"}},
		Services: []*assess.Service{{
			Name: "checkout", Owner: "team-payments", Tier: 1, Path: "deploy", Objects: 3, Files: 2,
			Assumptions: []string{"no seaworthy.yaml: judged as one service"},
			Verdicts: []verdict.Verdict{
				{Expectation: budgets.ID, Severity: verdict.Blocker, State: verdict.Gap, Asked: fact.Proven, Reason: blocks.Message, Settle: "write `maxUnavailable: 1`", At: blocks.Ref.Location, Findings: []*verdict.Finding{
					blocks,
					finding(verdict.Unclear, "budget", "could not tell: api has no budget", at("apps/v1/Deployment shop/api", "deploy/api & co.yaml", 0, 0)),
					finding(verdict.Pass, "budget", "db lets 1 of 3 go", at("apps/v1/StatefulSet shop/db", "deploy/db.yaml", 1, 1)),
				}},
				{Expectation: tokens.ID, Severity: verdict.Major, State: verdict.Gap, Asked: fact.Configured, Reason: "a token is mounted", Settle: "turn it off", Findings: []*verdict.Finding{
					finding(verdict.Fail, "token", "a token is mounted", at("apps/v1/Deployment shop/web", "/abs/web.yaml", 4, 0)),
				}},
				{Expectation: region.ID, Severity: verdict.Minor, State: verdict.Unknown, Asked: fact.Configured, Reason: "nothing was found to judge"},
			},
			Problems: []fact.Problem{
				{Location: fact.Location{File: "deploy/broken.yaml", Line: 9, Column: 2}, Message: "is not valid YAML"},
				{Location: fact.Location{File: "deploy/huge.yaml"}, Message: "has 40 MB"},
			},
		}},
	}
}

func render(t *testing.T, f Format, r *Report, o Options) string {
	t.Helper()
	var first, second bytes.Buffer
	if err := f(&first, r, o); err != nil {
		t.Fatal(err)
	}
	if err := f(&second, r, o); err != nil {
		t.Fatal(err)
	}
	if first.String() != second.String() {
		t.Error("two renderings of one report differ")
	}
	return first.String()
}

// demand reports each text that is missing.
func demand(t *testing.T, got string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q in:\n%s", want, got)
		}
	}
}
