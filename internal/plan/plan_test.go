package plan

import (
	"fmt"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// row makes an expectation that asks for a rung, with the rules a to d: a and b
// are closed by an edit, c by the same edit in every row, d by a change.
func row(id string, severity verdict.Severity, asked fact.Rung) *expect.Expectation {
	e := &expect.Expectation{
		ID: id, Severity: severity, Settle: "write " + id, Closing: expect.Edit, Starting: expect.Write,
		Rungs: []expect.RungText{{Rung: fact.Configured}, {Rung: fact.Proven}}, ProvedBy: []string{"drain"},
		Rules: []expect.Rule{
			{Name: "a", Close: "close a of " + id}, {Name: "b", Close: "close b of " + id},
			{Name: "c", Close: "close c everywhere"}, {Name: "d", Close: "rebuild " + id, Effort: expect.Change},
			{Name: "ok", Close: expect.NothingToDo},
		},
	}
	for tier := range e.Asks {
		e.Asks[tier] = asked
	}
	return e
}

// found makes findings from words such as "fail:a", "unclear:a" and "pass:ok"; an
// x after the outcome says that something could not be read.
func found(words string) (out []*verdict.Finding) {
	for i, word := range strings.Fields(words) {
		outcome, rule, _ := strings.Cut(word, ":")
		f := &verdict.Finding{
			Outcome: map[string]verdict.Outcome{"fail": verdict.Fail, "unclear": verdict.Unclear, "unclearx": verdict.Unclear, "pass": verdict.Pass, "skip": verdict.Skip}[outcome],
			Rule:    rule, Rung: fact.Configured, Message: word,
			Ref: fact.Ref{Subject: fmt.Sprint(i), Location: fact.Location{File: "f.yaml", Line: i + 1}},
		}
		if outcome == "unclearx" {
			f.RestsOn = []fact.Kind{fact.Workloads}
		}
		out = append(out, f)
	}
	return out
}

type given struct {
	row      *expect.Expectation
	findings string
	unread   string
}

// service judges rows by their findings.
func service(tier int, rows ...given) Service {
	s := Service{Tier: tier, Expectations: map[string]*expect.Expectation{}}
	for _, r := range rows {
		v := verdict.Verdict{Expectation: r.row.ID, Severity: r.row.Severity, Asked: r.row.Asked(tier), Unread: r.unread}
		s.Expectations[r.row.ID] = r.row
		s.Verdicts = append(s.Verdicts, r.row.Suppose(v, found(r.findings), false))
	}
	return s
}

// told renders a plan in a line a step.
func told(s Service) string {
	var out []string
	steps, now := Of(s)
	out = append(out, fmt.Sprintf("now %d, %d blockers, ready %v", now.Score, now.Blockers, now.Ready))
	for _, st := range steps {
		line := fmt.Sprintf("%s %s: %s->%s, %s, %s in %d, score %d, %d blockers", st.Kind, st.Row.Expectation, st.Row.State, st.Becomes, st.Takes, fmt.Sprintf("%d to do", len(st.Remedies)), st.Places, st.After.Score, st.After.Blockers)
		if st.After.AtBest {
			line += ", at best"
		}
		if st.After.Ready {
			line += ", ready"
		}
		for _, v := range st.Also {
			line += ", also " + v.Expectation
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestPlans(t *testing.T) {
	many := strings.Repeat("fail:a ", 13)
	for _, tt := range []struct {
		name  string
		tier  int
		rows  []given
		wants string
	}{
		{"blockers lead, then what weighs more, then what takes less", 3, []given{
			{row: row("s/minor", verdict.Minor, fact.Configured), findings: "fail:a"},
			{row: row("s/major-days", verdict.Major, fact.Configured), findings: "fail:d"},
			{row: row("s/major", verdict.Major, fact.Configured), findings: "fail:a"},
			{row: row("s/blocker-days", verdict.Blocker, fact.Configured), findings: "fail:d pass:ok"},
			{row: row("s/blocker", verdict.Blocker, fact.Configured), findings: "fail:a fail:b"},
		}, `
now 0, 2 blockers, ready false
close s/blocker: gap->met, minutes, 2 to do in 2, score 29, 1 blockers
close s/blocker-days: gap->met, days, 1 to do in 1, score 58, 0 blockers, ready
close s/major: gap->met, minutes, 1 to do in 1, score 76, 0 blockers, ready
close s/major-days: gap->met, days, 1 to do in 1, score 94, 0 blockers, ready
close s/minor: gap->met, minutes, 1 to do in 1, score 100, 0 blockers, ready`},
		{"what lifts several rows comes first, and is done once", 3, []given{
			{row: row("s/one", verdict.Blocker, fact.Configured), findings: "fail:a"},
			{row: row("s/two", verdict.Blocker, fact.Configured), findings: "fail:c"},
			{row: row("s/three", verdict.Major, fact.Configured), findings: "fail:c"},
			{row: row("s/four", verdict.Major, fact.Configured), findings: "fail:c fail:a"},
		}, `
now 0, 2 blockers, ready false
close s/two: gap->met, minutes, 1 to do in 1, score 50, 1 blockers, also s/three
close s/one: gap->met, minutes, 1 to do in 1, score 81, 0 blockers, ready
close s/four: gap->met, minutes, 1 to do in 1, score 100, 0 blockers, ready`},
		{"an answer that nobody has given holds at best", 3, []given{
			{row: row("s/open", verdict.Blocker, fact.Configured), findings: "unclear:a pass:ok"},
			{row: row("s/gap", verdict.Blocker, fact.Configured), findings: "fail:a unclear:b"},
		}, `
now 0, 2 blockers, ready false
close s/gap: gap->met, minutes, 2 to do in 2, score 50, 1 blockers, at best
settle s/open: unknown->met, minutes, 1 to do in 1, score 100, 0 blockers, at best, ready`},
		{"what could not be read is mended once for all", 3, []given{
			{row: row("s/hidden", verdict.Major, fact.Configured), findings: "pass:ok", unread: "a file is broken"},
			{row: row("s/lacks", verdict.Major, fact.Configured), findings: "unclearx:a", unread: "a file is broken"},
		}, `
now 0, 0 blockers, ready true
settle s/hidden: unknown->met, minutes, 1 to do in 1, score 100, 0 blockers, at best, ready, also s/lacks`},
		{"what is not there is written", 3, []given{
			{row: row("s/none", verdict.Blocker, fact.Configured), findings: ""},
		}, `
now 0, 1 blockers, ready false
start s/none: unknown->met, hours, 1 to do in 0, score 100, 0 blockers, ready`},
		{"a proof comes after what it proves, and counts at tier 1", 1, []given{
			{row: row("s/proof", verdict.Blocker, fact.Proven), findings: "fail:a"},
			{row: row("s/major", verdict.Major, fact.Configured), findings: "fail:a"},
		}, `
now 0, 1 blockers, ready false
close s/proof: gap->short, minutes, 1 to do in 1, score 0, 0 blockers
prove s/proof: short->met, hours, 1 to do in 0, score 62, 0 blockers, at best, ready
close s/major: gap->met, minutes, 1 to do in 1, score 100, 0 blockers, at best, ready`},
		{"many places take longer than one", 3, []given{
			{row: row("s/many", verdict.Blocker, fact.Configured), findings: many},
			{row: row("s/few", verdict.Blocker, fact.Configured), findings: "fail:a fail:b"},
		}, `
now 0, 2 blockers, ready false
close s/few: gap->met, minutes, 2 to do in 2, score 50, 1 blockers
close s/many: gap->met, hours, 1 to do in 13, score 100, 0 blockers, ready`},
		{"nothing is left", 3, []given{{row: row("s/met", verdict.Blocker, fact.Configured), findings: "pass:ok"}}, "now 100, 0 blockers, ready true"},
	} {
		if got, want := told(service(tt.tier, tt.rows...)), strings.TrimSpace(tt.wants); got != want {
			t.Errorf("%s:\n%s\nwant:\n%s", tt.name, got, want)
		}
	}
}

// TestClaims: a row with several claims is met only when each of them is, so a
// claim of which nothing was found asks for its own remedy.
func TestClaims(t *testing.T) {
	e := row("s/claims", verdict.Blocker, fact.Configured)
	e.Requires = []expect.Claim{{Name: "review", UpTo: fact.Configured}, {Name: "scan", UpTo: fact.Configured}}
	s := service(3, given{row: e})
	f := found("fail:a")
	f[0].Claim = "scan"
	s.Verdicts[0] = e.Suppose(s.Verdicts[0], f, false)
	want := "now 0, 1 blockers, ready false\nclose s/claims: gap->met, hours, 2 to do in 1, score 100, 0 blockers, ready"
	if got := told(s); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestLast: a row that sees the verdicts on all others is judged again after each
// step, and needs no step of its own where the others lift it.
func TestLast(t *testing.T) {
	register := row("s/register", verdict.Major, fact.Configured)
	register.Last = true
	s := service(3, given{row: row("s/gap", verdict.Blocker, fact.Configured), findings: "fail:a"}, given{row: register, findings: "fail:b"})
	s.Last = func(e *expect.Expectation, others []verdict.Verdict) verdict.Verdict {
		words := "pass:ok"
		if others[0].State == verdict.Gap {
			words = "fail:b"
		}
		return e.Suppose(s.Verdicts[1], found(words), false)
	}
	want := "now 0, 1 blockers, ready false\nclose s/gap: gap->met, minutes, 1 to do in 1, score 100, 0 blockers, ready, also s/register"
	if got := told(s); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestFirst: the first steps are those of the whole plan.
func TestFirst(t *testing.T) {
	s := service(3, given{row: row("s/one", verdict.Blocker, fact.Configured), findings: "fail:a"}, given{row: row("s/two", verdict.Major, fact.Configured), findings: "fail:d"}, given{row: row("s/three", verdict.Major, fact.Configured)})
	all, _ := Of(s)
	for i, step := range First(s, 2) {
		if step.Row.Expectation != all[i].Row.Expectation || step.After != all[i].After {
			t.Errorf("step %d is %s", i, step.Row.Expectation)
		}
	}
}

// TestPlanChangesNothing: supposing is not doing.
func TestPlanChangesNothing(t *testing.T) {
	s := service(3, given{row: row("s/one", verdict.Blocker, fact.Configured), findings: "fail:a unclear:b"})
	before := fmt.Sprintf("%+v %+v", s.Verdicts[0], *s.Verdicts[0].Findings[0])
	Of(s)
	if after := fmt.Sprintf("%+v %+v", s.Verdicts[0], *s.Verdicts[0].Findings[0]); after != before {
		t.Errorf("the verdict became %s", after)
	}
}
