package risk

import (
	"strings"
	"testing"
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

var today = time.Date(2026, 7, 4, 3, 0, 0, 0, time.UTC)

const start = "apiVersion: seaworthy.dev/v1\nkind: RiskRegister\n"

// one is a change that adds an entry and closes those of the ids.
func one(t *testing.T, text string, ids ...string) Change {
	t.Helper()
	c := Change{Add: []Entry{{Title: "web: 50% \"gone\"", Severity: "major", Decision: "open", Expectation: "scaling/x", Rule: "no-budget", Subject: "apps/v1/Deployment shop/web"}}}
	entries, problems := Parse(decode.Document{File: "risks.yaml", Line: 1, Data: []byte(text)})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, r := range entries {
		for _, id := range ids {
			if r.ID == id {
				c.Close = append(c.Close, r)
			}
		}
	}
	return c
}

// added is the new entry with an id, as it is written below a list's indent.
func added(indent, id string) string {
	lines := []string{
		"- id: " + id, "  title: 'web: 50% \"gone\"'", "  owner: # fill in: the team that closes it", "  severity: major", "  decision: open",
		"  due: # fill in: until when, as 2027-03-01", "  expectation: scaling/x", "  rule: no-budget", "  subject: apps/v1/Deployment shop/web", "",
	}
	return indent + strings.TrimSuffix(strings.Join(lines, "\n"+indent), indent)
}

// TestApply edits registers of every layout, and leaves the rest of the text as
// it is.
func TestApply(t *testing.T) {
	for name, tt := range map[string]struct {
		text, want string
		close      []string
	}{
		"new":                {"", header + added("  ", "R-1"), nil},
		"comments only":      {"# ours\n", "# ours\n" + header + added("  ", "R-1"), nil},
		"no list":            {start, start + "risks:\n" + added("  ", "R-1"), nil},
		"empty list":         {start + "risks: [] # none\n", start + "risks: # none\n" + added("  ", "R-1"), nil},
		"null list":          {"risks:\n# here\n" + start, "risks:\n" + added("  ", "R-1") + "# here\n" + start, nil},
		"no last line break": {start + "risks:\n- id: R-7", start + "risks:\n- id: R-7\n" + added("", "R-8"), nil},
		"comments and order": {
			"# ours\n---\n" + start + "risks: # all of them\n    # the old ones\n    - title: x # why\n      decision: open   # for now\n      id: RISK-009\n\n    - id: RISK-004\n      decision: 'mitigate'\n      reason: |\n        a\n\n        # b\n\n\n",
			"# ours\n---\n" + start + "risks: # all of them\n    # the old ones\n    - title: x # why\n      decision: closed   # for now\n      closed: 2026-07-04\n      id: RISK-009\n\n    - id: RISK-004\n      decision: closed\n      closed: 2026-07-04\n      reason: |\n        a\n\n        # b\n" + added("    ", "RISK-010") + "\n\n",
			[]string{"RISK-009", "RISK-004"},
		},
		"list before other keys": {
			"risks:\n  - id: R-1\n    decision: accept\n    closed: 2020-01-01\n\n# version\napiVersion: seaworthy.dev/v1\nkind: RiskRegister\n",
			"risks:\n  - id: R-1\n    decision: closed\n    closed: 2026-07-04\n" + added("  ", "R-2") + "\n# version\napiVersion: seaworthy.dev/v1\nkind: RiskRegister\n",
			[]string{"R-1"},
		},
		"flow entries": {
			start + "risks:\n  - {id: R-1, decision: open, title: \"ü\"} # x\n", start + "risks:\n  - {id: R-1, decision: closed, closed: 2026-07-04, title: \"ü\"} # x\n" + added("  ", "R-2"),
			[]string{"R-1"},
		},
		"line breaks of Windows": {
			strings.ReplaceAll(start+"risks:\n  - id: R-1\n    decision: open\n", "\n", "\r\n"),
			strings.ReplaceAll(start+"risks:\n  - id: R-1\n    decision: closed\n    closed: 2026-07-04\n"+added("  ", "R-2"), "\n", "\r\n"),
			[]string{"R-1"},
		},
	} {
		c := one(t, tt.text+map[bool]string{true: header}[strings.Count(tt.text, "\n") < 2], tt.close...)
		got, _, err := Apply("risks.yaml", []byte(tt.text), c, today)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if string(got) != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, tt.want)
		}
	}
}

// TestApplyRefuses leaves alone what it cannot edit line by line.
func TestApplyRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"JSON":      {`{"apiVersion": "seaworthy.dev/v1", "kind": "RiskRegister", "risks": []}`, "is written in flow style"},
		"flow list": {start + "risks: [{id: R-1}]\n", "is written in flow style"},
		"mistakes":  {start + "risks:\n  - id: R-1\n    ownr: x\n", "risks.yaml:5: risks[0].ownr is no field of Entry"},
		"two":       {start + "---\n" + start, "holds 2 documents"},
	} {
		_, _, err := Apply("risks.yaml", []byte(tt.text), Change{Add: []Entry{{Decision: "open"}}}, today)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
	}
}

// TestCompare adds what is open and in no entry, and closes only what was looked
// for as a whole and not found.
func TestCompare(t *testing.T) {
	fail := func(subject string) *verdict.Finding {
		return &verdict.Finding{Outcome: verdict.Fail, Rule: "rule", Message: subject + " fails", Ref: fact.Ref{Subject: subject}}
	}
	waived := fail("waived")
	waived.Waiver = &verdict.Waiver{}
	unclear := fail("unclear")
	unclear.Outcome = verdict.Unclear
	verdicts := []verdict.Verdict{
		{Expectation: "s/gap", State: verdict.Gap, Severity: verdict.Blocker, Findings: []*verdict.Finding{fail("a"), fail("a"), fail("b"), waived, unclear}},
		{Expectation: "s/minor", State: verdict.Gap, Severity: verdict.Minor, Findings: []*verdict.Finding{fail("a")}},
		{Expectation: "s/met", State: verdict.Met, Severity: verdict.Blocker},
		{Expectation: "s/unknown", State: verdict.Unknown, Severity: verdict.Blocker},
		{Expectation: "s/unread", State: verdict.Gap, Severity: verdict.Minor, Unread: "a file could not be read"},
	}
	risk := func(id, expectation, rule, about, decision string) *fact.Risk {
		return &fact.Risk{ID: id, Expectation: expectation, Rule: rule, About: about, Decision: decision}
	}
	risks := []*fact.Risk{
		risk("held", "s/gap", "rule", "b", "open"),
		risk("old", "s/gap", "rule", "a", "closed"),
		risk("accepted", "s/gap", "rule", "waived", "accept"),
		risk("untold", "s/gap", "rule", "unclear", "open"),
		risk("gone", "s/gap", "rule", "c", "mitigate"),
		risk("met", "s/met", "", "", "open"),
		risk("unknown", "s/unknown", "", "", "open"),
		risk("unread", "s/unread", "rule", "a", "open"),
		risk("unjudged", "s/other", "", "", "open"),
		risk("own", "", "", "", "open"),
	}
	c := Compare(risks, verdicts, expect.Owned{Name: "shop", Owner: "team"}, false)
	if len(c.Add) != 1 || c.Add[0].Subject != "a" || c.Add[0].Owner != "team" || c.Add[0].Service != "" || c.Add[0].Severity != "blocker" {
		t.Errorf("adds %+v", c.Add)
	}
	var closed []string
	for _, r := range c.Close {
		closed = append(closed, r.ID)
	}
	if got := strings.Join(closed, " "); got != "gone met" {
		t.Errorf("closes %s", got)
	}
}

// TestParse says what is wrong with a register, each with its place, and keeps
// the entries beside it.
func TestParse(t *testing.T) {
	for name, tt := range map[string]struct {
		text, ids, want string
		line            int
	}{
		"fine":              {start + "risks:\n  - id: R-1\n    due: 2027-03-01\n", "R-1", "", 0},
		"empty":             {start, "", "", 0},
		"unknown key":       {start + "risks:\n  - id: R-1\n    ownr: x\n  - id: R-2\n", "R-2", "risks[0].ownr is no field of Entry; did you mean owner?", 5},
		"no day":            {start + "risks:\n  - id: R-1\n    due: soon\n", "", `risks[0].due is "soon", which is no day; write it as 2027-03-01`, 5},
		"no such day":       {start + "risks:\n  - id: R-1\n    due: 2027-02-30\n", "", "which is no day", 5},
		"no id":             {start + "risks:\n  - title: x\n", "", "the entry has no id", 4},
		"no such id":        {start + "risks:\n  - id: first\n", "", "write letters, a dash and a number", 4},
		"id twice":          {start + "risks:\n  - id: R-1\n  - id: R-1\n", "R-1", "the id R-1 stands twice", 5},
		"decision":          {start + "risks:\n  - id: R-1\n    decision: accepted\n", "", `decision is "accepted"; use one of open, mitigate, accept, closed; did you mean accept?`, 5},
		"severity":          {start + "risks:\n  - id: R-1\n    severity: high\n", "", `severity is "high"; use one of blocker, major, minor`, 5},
		"asterisk":          {start + "risks:\n  - id: R-1\n    expectation: s/x\n    subject: '*/web'\n", "", "an asterisk may stand only at the end", 6},
		"rule without row":  {start + "risks:\n  - id: R-1\n    rule: x\n", "", "names a rule or a subject but no expectation", 4},
		"other kind":        {"apiVersion: seaworthy.dev/v1\nkind: Risks\nrisks: []\n", "", `kind is "Risks" but must be RiskRegister`, 2},
		"somebody else's":   {"risks:\n  - name: x\n", "", "is no RiskRegister of seaworthy", 1},
		"a list":            {"- a\n", "", "is no RiskRegister of seaworthy", 1},
		"broken":            {"risks: [\n", "", "is not valid YAML", 1},
		"hostile recursion": {"a: &a [*a]\n", "", "is no RiskRegister of seaworthy", 1},
	} {
		entries, problems := Parse(decode.Document{File: "risks.yaml", Line: 1, Data: []byte(tt.text)})
		var ids []string
		for _, e := range entries {
			ids = append(ids, e.ID)
		}
		if got := strings.Join(ids, " "); got != tt.ids {
			t.Errorf("%s: entries %q, want %q", name, got, tt.ids)
		}
		switch {
		case tt.want == "" && len(problems) > 0:
			t.Errorf("%s: %v", name, problems)
		case tt.want != "" && (len(problems) == 0 || !strings.Contains(problems[0].Message, tt.want) || problems[0].Line != tt.line):
			t.Errorf("%s: got %v, want %q in line %d", name, problems, tt.want, tt.line)
		}
	}
}
