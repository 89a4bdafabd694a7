// Package coverage checks that alert rules exist for the four classes of trouble
// that every service has, and that each rule has what whoever is woken needs.
package coverage

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/rules"
	"seaworthy.dev/seaworthy/internal/derive/watched"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes each class of which a rule asks, and each rule that has severity,
// owner, runbook and unit tests. Where no rule is here at all, they may stand
// elsewhere, and nothing is said.
func Check(in expect.Input) (out verdict.Findings) {
	if in.First(func(s *fact.Set) bool { return len(s.Alerts) > 0 }) {
		classes(&out, in)
		tests(&out, in)
	}
	for _, a := range in.Here.Alerts {
		whole(&out, in, a)
	}
	return out
}

// classes judges the service's rules together: those of all its bundles.
func classes(out *verdict.Findings, in expect.Input) {
	recorded := watched.Record(in.All)
	found := map[watched.Class]*fact.Alert{}
	var first, opaque *fact.Alert
	total := 0
	for _, s := range in.All {
		for _, a := range s.Alerts {
			total++
			if first == nil {
				first = a
			}
			if !a.Parsed && opaque == nil {
				opaque = a
			}
			for _, c := range recorded.Of(a) {
				if found[c] == nil {
					found[c] = a
				}
			}
		}
	}
	for _, c := range watched.Classes() {
		switch ref := first.Ref.Within("class " + string(c)); {
		case found[c] != nil:
			out.Pass(found[c].Ref.Within("class "+string(c)), string(c), "%s watches %s", found[c].Name, c.Says())
		case opaque != nil:
			out.Unclear(ref, "class-unknown", "%s %s, as far as they are understood: what %s asks is not known (%s)", none(total), c.Says(), opaque.Name, language(opaque))
		case !incomplete(in, fact.Alerts).IsZero():
			out.Unclear(ref, "class-unknown", "%s %s; others could not be read: %s", none(total), c.Says(), incomplete(in, fact.Alerts).why)
		default:
			out.Fail(ref, "no-"+string(c), "%s %s", none(total), c.Says())
		}
	}
}

func language(a *fact.Alert) string {
	if rules.Testable(a) {
		return "its condition does not parse"
	}
	return "what " + a.Language + " evaluates there is not read"
}

func none(n int) string {
	if n == 1 {
		return "the only alert rule here does not watch"
	}
	return fmt.Sprintf("none of the %d alert rules here watches", n)
}

// hole is why some facts may be missing.
type hole struct{ why string }

// IsZero reports whether nothing is missing.
func (h hole) IsZero() bool { return h.why == "" }

// incomplete returns what could not be read of a kind, in any bundle that counts.
func incomplete(in expect.Input, kind fact.Kind) hole {
	for _, s := range in.All {
		if h, missing := s.Coverage.Missing(kind); missing && s.ProductionLike {
			return hole{h.Why}
		}
		for _, t := range s.RuleTests {
			if kind == fact.RuleTests && !t.Passed.Known && len(t.Asserts) == 0 {
				return hole{fmt.Sprintf("unit test %q was not run: %s", t.Name, t.Passed.Why)}
			}
		}
	}
	return hole{}
}

// whole judges one rule.
func whole(out *verdict.Findings, in expect.Input, a *fact.Alert) {
	var lacks []string
	open := false
	for _, part := range []struct{ name, value string }{{"severity", a.Severity}, {"owner", a.Owner}, {"runbook", a.Runbook}} {
		if strings.TrimSpace(part.value) == "" && !(part.name == "runbook" && a.Instructs) {
			lacks = append(lacks, "no "+part.name)
		}
	}
	if len(lacks) > 0 && a.Untold != "" {
		out.Unclear(a.Ref.Within("labels"), "labels-unknown", "%s has %s as far as is known, for %s", a.Name, strings.Join(lacks, ", "), a.Untold)
		lacks, open = nil, true
	}
	fires, silent := rules.Tested(in.All, a)
	switch {
	case rules.Testable(a) && !fires && !silent:
		if h := incomplete(in, fact.RuleTests); !h.IsZero() {
			open = true
			out.Unclear(a.Ref.Within("tests"), "tests-unknown", "no unit test of %s was found, and others could not be read: %s", a.Name, h.why)
		} else {
			lacks = append(lacks, "no unit test")
		}
	case rules.Testable(a) && !fires:
		lacks = append(lacks, "no unit test in which it fires")
	case rules.Testable(a) && !silent:
		lacks = append(lacks, "no unit test in which it stays silent")
	}
	switch {
	case len(lacks) > 0:
		out.Fail(a.Ref, "incomplete", "%s has %s", a.Name, strings.Join(lacks, ", "))
	case rules.Testable(a) && !open:
		out.Pass(a.Ref, "whole", "%s has severity %s, an owner (%s), a runbook and unit tests", a.Name, a.Severity, a.Owner)
	case !open && a.Runbook == "":
		out.Pass(a.Ref, "whole", "%s has severity %s, an owner (%s) and says itself what to do", a.Name, a.Severity, a.Owner)
	case !open:
		out.Pass(a.Ref, "whole", "%s has severity %s, an owner (%s) and a runbook", a.Name, a.Severity, a.Owner)
	}
}

// tests judges the unit tests themselves.
func tests(out *verdict.Findings, in expect.Input) {
	for _, s := range in.All {
		for _, t := range s.RuleTests {
			about := slices.ContainsFunc(t.Asserts, func(a fact.Assertion) bool { return a.Alert != "" })
			switch {
			case t.Passed.IsNot():
				out.Fail(t.Ref, "test-fails", "unit test %q fails: %s", t.Name, t.Passed.Why)
			case !t.Passed.Known && about:
				out.Unclear(t.Ref, "test-not-run", "unit test %q was not run: %s", t.Name, t.Passed.Why)
			}
		}
	}
}
