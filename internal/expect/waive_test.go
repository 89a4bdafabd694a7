package expect

import (
	"strings"
	"testing"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

var now = time.Date(2026, 7, 4, 3, 0, 0, 0, time.UTC)

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

// waiver is one in force for what fails of subject a.
func waiver() *fact.Risk {
	return &fact.Risk{
		ID: "R-1", Owner: "team-shop", Severity: "blocker", Decision: "accept", Due: day("2026-12-01"), Expectation: "scaling/x", Rule: "rule", About: "a",
		Approver: "jane", Expires: day("2026-12-31"), Control: "watched", Reason: "licence", Fingerprint: "fp-1",
		Approval: &fact.Approval{Risk: "R-1", Approver: "jane", Fingerprint: "fp-1", Date: day("2026-06-01")},
	}
}

// TestWaivedRow: a failure that is accepted is no gap; whatever else keeps the row
// from being met keeps it from being accepted too.
func TestWaivedRow(t *testing.T) {
	hole := fact.Hole{Kinds: []fact.Kind{fact.Budgets}, Why: "a budget could not be read"}
	for name, tt := range map[string]struct {
		fails, passes, unclear string // subjects, a letter each
		asked                  fact.Rung
		holes                  []fact.Hole
		want                   verdict.State
		reason                 string
	}{
		"all failures accepted":       {fails: "a", want: verdict.Waived, reason: "accepted until 2026-12-31 by jane (R-1): a fails"},
		"beside what passes":          {fails: "a", passes: "b", want: verdict.Waived},
		"another failure":             {fails: "ab", want: verdict.Gap, reason: "b fails"},
		"another could not be told":   {fails: "a", unclear: "b", want: verdict.Unknown, reason: "b is unclear"},
		"something was not read":      {fails: "a", holes: []fact.Hole{hole}, want: verdict.Unknown, reason: "could not tell: a budget could not be read"},
		"the rest lacks its proof":    {fails: "a", passes: "b", asked: fact.Proven, want: verdict.Short},
		"nothing fails":               {passes: "a", want: verdict.Met},
		"unclear cannot be accepted":  {unclear: "a", want: verdict.Unknown},
		"nothing but what is skipped": {want: verdict.Unknown},
	} {
		asked := max(tt.asked, fact.Configured)
		e := &Expectation{
			ID: "scaling/x", Asks: [3]fact.Rung{asked, asked, asked}, Needs: []fact.Kind{fact.Budgets}, Rules: []Rule{{Name: "rule"}},
			Check: func(Input) (out verdict.Findings) {
				for _, s := range strings.Split(tt.fails, "") {
					out.Fail(fact.Ref{Subject: s}, "rule", "%s fails", s)
				}
				for _, s := range strings.Split(tt.passes, "") {
					out.Pass(fact.Ref{Subject: s}, "rule", "%s passes", s)
				}
				for _, s := range strings.Split(tt.unclear, "") {
					out.Unclear(fact.Ref{Subject: s}, "rule", "%s is unclear", s)
				}
				return out
			},
		}
		set := &fact.Set{Rung: fact.Configured, Coverage: fact.Coverage{Holes: tt.holes}}
		v := e.Judge(1, []*fact.Set{set}, Input{Declared: &fact.Declarations{Risks: []*fact.Risk{waiver()}}, AsOf: now})
		if v.State != tt.want || !strings.HasPrefix(v.Reason, tt.reason) {
			t.Errorf("%s: %s, %q; want %s, %q", name, v.State, v.Reason, tt.want, tt.reason)
		}
	}
}

// TestFlaws: every way in which an acceptance accepts nothing.
func TestFlaws(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*fact.Risk)
		want   string
	}{
		"in force":              {func(*fact.Risk) {}, ""},
		"last day":              {func(r *fact.Risk) { r.Expires = day("2026-07-04") }, ""},
		"open":                  {func(r *fact.Risk) { r.Decision = "open" }, ""},
		"day after":             {func(r *fact.Risk) { r.Expires = day("2026-07-03") }, "expired"},
		"a year":                {func(r *fact.Risk) { r.Expires = day("2027-06-01") }, ""},
		"more than a year":      {func(r *fact.Risk) { r.Expires = day("2027-06-02") }, "too-long"},
		"proposal, too long":    {func(r *fact.Risk) { r.Expires, r.Approval = day("2027-07-06"), nil }, "too-long"},
		"proposal":              {func(r *fact.Risk) { r.Approval = nil }, "proposal"},
		"no expiry":             {func(r *fact.Risk) { r.Expires = time.Time{} }, "incomplete"},
		"no control":            {func(r *fact.Risk) { r.Control = "" }, "incomplete"},
		"no reason":             {func(r *fact.Risk) { r.Reason = "" }, "incomplete"},
		"no subject":            {func(r *fact.Risk) { r.About = "" }, "incomplete"},
		"whole row, on purpose": {func(r *fact.Risk) { r.Rule, r.About = "*", "*" }, ""},
		"by its owner":          {func(r *fact.Risk) { r.Approver, r.Approval.Approver = "Team-Shop", "team-shop" }, "self-approved"},
		"by the service's team": {func(r *fact.Risk) { r.Approver, r.Approval.Approver = "@acme/owners", "owners" }, "self-approved"},
		"by somebody else":      {func(r *fact.Risk) { r.Approval.Approver = "joe" }, "changed"},
		"reworded":              {func(r *fact.Risk) { r.Fingerprint = "fp-2" }, "changed"},
		"not yet":               {func(r *fact.Risk) { r.Approval.Date = day("2026-07-05") }, "changed"},
	} {
		r := waiver()
		tt.change(r)
		owned := Owned{Name: "shop", Owner: "owners"}
		got := ""
		if flaw := FlawOf(r, owned, now); flaw != nil {
			got = flaw.Rule
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
		if accepted := Accepted(r, owned, now); accepted != (tt.want == "" && name != "open") {
			t.Errorf("%s: accepted is %v", name, accepted)
		}
	}
}

// TestCovers: an entry is about exactly what it names, or about what starts like
// it.
func TestCovers(t *testing.T) {
	about := fact.Ref{Subject: "apps/v1/Deployment shop/web", Part: "container web"}
	for name, tt := range map[string]struct {
		risk fact.Risk
		want bool
	}{
		"row":             {fact.Risk{Expectation: "s/x"}, true},
		"other row":       {fact.Risk{Expectation: "s/y"}, false},
		"no row":          {fact.Risk{}, false},
		"rule":            {fact.Risk{Expectation: "s/x", Rule: "rule"}, true},
		"other rule":      {fact.Risk{Expectation: "s/x", Rule: "rules"}, false},
		"rules":           {fact.Risk{Expectation: "s/x", Rule: "ru*"}, true},
		"subject":         {fact.Risk{Expectation: "s/x", About: "apps/v1/Deployment shop/web"}, true},
		"part":            {fact.Risk{Expectation: "s/x", About: "apps/v1/Deployment shop/web, container web"}, true},
		"other part":      {fact.Risk{Expectation: "s/x", About: "apps/v1/Deployment shop/web, container db"}, false},
		"longer name":     {fact.Risk{Expectation: "s/x", About: "apps/v1/Deployment shop/we"}, false},
		"namespace":       {fact.Risk{Expectation: "s/x", About: "apps/v1/Deployment shop/*"}, true},
		"other namespace": {fact.Risk{Expectation: "s/x", About: "apps/v1/Deployment mail/*"}, false},
		"any":             {fact.Risk{Expectation: "s/x", Rule: "*", About: "*"}, true},
	} {
		if got := tt.risk.Covers("s/x", "rule", about); got != tt.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
