package report

import (
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// waive makes the second row of the small report accepted.
func waive(r *Report) {
	v := &r.Services[0].Verdicts[1]
	v.State, v.Reason = verdict.Waived, "accepted until 2026-12-24 by jane (R-12): a token is mounted"
	v.Findings[0].Waiver = &verdict.Waiver{ID: "R-12", Approver: "jane", Reason: "until the move", Until: time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC)}
}

// TestJUnit: a gap fails, what could not be told or is accepted is skipped with
// its reason.
func TestJUnit(t *testing.T) {
	r := small()
	waive(r)
	demand(t, render(t, JUnit, r, Options{}),
		`<testsuites name="seaworthy" tests="3" failures="1" errors="0">`,
		`<testsuite name="checkout / scaling" tests="1" failures="1" errors="0" skipped="0">`,
		`<property name="owner" value="team-payments"></property>`,
		`<testcase name="scaling/disruption-budgets: Disruption budgets" classname="checkout.scaling">`,
		`<failure message="blocker: web lets 0 of 2 instances be evicted" type="scaling/disruption-budgets#blocks-eviction">deploy/web.yaml:31:7: web lets 0 of 2 instances be evicted [scaling/disruption-budgets#blocks-eviction]`,
		"deploy/api &amp; co.yaml: could not tell: api has no budget",
		"To close it: write `maxUnavailable: 1`",
		`<skipped message="accepted until 2026-12-24 by jane (R-12): a token is mounted" type="waived"></skipped>`,
		`/abs/web.yaml:4: a token is mounted (accepted until 2026-12-24 by jane, R-12) [secrets/scope#token]`,
		`<skipped message="could not tell: nothing was found to judge" type="unknown"></skipped>`)
}

// TestJUnitStates: only what is met has passed.
func TestJUnitStates(t *testing.T) {
	for state, passes := range map[verdict.State]bool{
		verdict.Met: true, verdict.Unknown: false, verdict.Short: false, verdict.Waived: false, verdict.NotApplicable: false, verdict.Gap: false,
	} {
		c := junitOf(nil, &verdict.Verdict{Expectation: "a/b", State: state, Reason: "because"})
		if (c.Skipped == nil && c.Failure == nil) != passes || (c.Failure != nil) != (state == verdict.Gap) {
			t.Errorf("%s: skipped %v, failure %v", state, c.Skipped, c.Failure)
		}
	}
}

// TestJUnitIsValid walks the tree by the rules of Jenkins' junit-10.xsd: which
// elements may stand where, which attributes they have and must have, and that
// the numbers add up. Names of users may hold anything.
func TestJUnitIsValid(t *testing.T) {
	r := small()
	waive(r)
	s := r.Services[0]
	s.Name = "a<b>&\"c\"\x00\x1b[31m\n"
	s.Verdicts[0].Reason = "]]> \x07 \xff"
	s.Verdicts = append(s.Verdicts, verdict.Verdict{Expectation: budgets.ID, State: verdict.Met, Findings: []*verdict.Finding{{Outcome: verdict.Pass, Message: "fine", Ref: fact.Ref{Subject: "x"}}}})
	type rule struct{ parents, must, may []string }
	rules := map[string]rule{
		"testsuites": {nil, nil, []string{"name", "time", "tests", "failures", "disabled", "errors"}},
		"testsuite":  {[]string{"testsuites"}, []string{"name", "tests"}, []string{"failures", "errors", "time", "disabled", "skipped", "timestamp", "hostname", "id", "package"}},
		"properties": {[]string{"testsuite"}, nil, nil},
		"property":   {[]string{"properties"}, []string{"name", "value"}, nil},
		"testcase":   {[]string{"testsuite"}, []string{"name", "classname"}, []string{"assertions", "time", "status"}},
		"skipped":    {[]string{"testcase"}, nil, []string{"message", "type"}},
		"failure":    {[]string{"testcase"}, nil, []string{"message", "type"}},
		"system-out": {[]string{"testcase"}, nil, nil},
	}
	dec := xml.NewDecoder(strings.NewReader(render(t, JUnit, r, Options{})))
	var stack []string
	count := map[string]int{}
	said := map[string]string{}
	for {
		token, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			name := e.Name.Local
			count[name]++
			known, found := rules[name]
			if !found || len(stack) > 0 && !slices.Contains(known.parents, stack[len(stack)-1]) {
				t.Errorf("<%s> may not stand in %v", name, stack)
			}
			have := map[string]bool{}
			for _, a := range e.Attr {
				have[a.Name.Local] = true
				if !slices.Contains(append(known.must, known.may...), a.Name.Local) {
					t.Errorf("<%s> may not have %s", name, a.Name.Local)
				}
				if name == "testsuites" {
					said[a.Name.Local] = a.Value
				}
			}
			for _, m := range known.must {
				if !have[m] {
					t.Errorf("<%s> lacks %s", name, m)
				}
			}
			stack = append(stack, name)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		}
	}
	if count["testcase"] != 4 || said["tests"] != "4" || count["failure"] != 1 || said["failures"] != "1" || count["skipped"] != 2 {
		t.Errorf("counted %v, said %v", count, said)
	}
}
