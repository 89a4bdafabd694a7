// Package prometheus reads files of alert rules as Prometheus, Mimir, Thanos,
// Loki and vmalert take them, and runs their unit tests in this process: a small
// store in memory under Prometheus' own query engine, with bounds on all that
// a test may ask for.
package prometheus

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/rules"
	"seaworthy.dev/seaworthy/internal/fact"
)

// File is a file of rules.
type File struct {
	// Path below the root; Shown as reports name it.
	Path  string
	Facts *fact.Set
	// Rules in their order, for tests. Broken says why Prometheus would not load
	// the file; empty where it would.
	Rules    []rules.Rule
	Broken   string
	Problems []fact.Problem
}

// Read reads the documents of a file; nil where it holds no rules.
func Read(rel string, docs []decode.Document) *File {
	out := &File{Path: rel, Facts: &fact.Set{}}
	found := false
	for _, doc := range docs {
		if !rules.Sniff(doc.Data) {
			continue
		}
		root, problem := doc.Parse()
		if problem != nil {
			found = true
			out.Problems = append(out.Problems, *problem)
			out.Broken = fmt.Sprintf("line %d of %s %s", problem.Line, path.Base(rel), problem.Message)
			out.Facts.Coverage.Holes = append(out.Facts.Coverage.Holes, fact.Hole{Kinds: []fact.Kind{fact.Alerts}, Location: problem.Location, Why: path.Base(rel) + " could not be read"})
			continue
		}
		groups, object := groupsOf(root)
		if groups == nil {
			continue
		}
		found = true
		got := rules.Read(groups, rules.Source{Ref: fact.Ref{Subject: "prometheus/Rules " + doc.File, Location: doc.At(root)}, At: doc.At, Language: language(rel, object)})
		out.Problems = append(out.Problems, got.Problems...)
		if len(got.Problems) > 0 && out.Broken == "" {
			out.Broken = got.Problems[0].Message
		}
		out.Rules = append(out.Rules, got.Rules...)
		out.Facts.Alerts = append(out.Facts.Alerts, got.Alerts...)
		out.Facts.Recordings = append(out.Facts.Recordings, got.Recordings...)
		out.Facts.Objectives = append(out.Facts.Objectives, got.Objectives...)
		out.Facts.Coverage.Holes = append(out.Facts.Coverage.Holes, got.Holes...)
	}
	if !found {
		return nil
	}
	return out
}

// groupsOf returns the groups of a rule file, or those of an object of the
// operator; nil where the document holds none.
func groupsOf(root *decode.Node) (groups *decode.Node, object bool) {
	if decode.Child(root, "apiVersion") != nil {
		return decode.Dig(root, "spec", "groups"), true
	}
	groups = decode.Child(root, "groups")
	for _, g := range decode.Items(groups) {
		if decode.Child(decode.Follow(g), "rules") != nil {
			return groups, false
		}
	}
	return nil, false
}

// IsRules reports whether a document that passed rules.Sniff is a file of rules
// and no object.
func IsRules(root *decode.Node) bool {
	groups, object := groupsOf(root)
	return groups != nil && !object
}

// language tells by where a file stands whether its rules are Loki's.
func language(rel string, object bool) string {
	if object {
		return ""
	}
	for _, step := range strings.FieldsFunc(strings.ToLower(rel), func(r rune) bool { return r == '/' || r == '-' || r == '_' || r == '.' }) {
		if step == "loki" || step == "logql" {
			return rules.LogQL
		}
	}
	return ""
}

// Library finds the rules that a test names: path below the root, or why there
// are none.
type Library interface {
	// Find returns the files that a pattern of rule_files names, relative to the
	// folder of the test.
	Find(dir, pattern string) (files []*File, why string)
}

// ReadTests runs the tests of a file. Spent counts what all tests together have
// cost, so that a repository cannot keep the reader busy for long.
func ReadTests(ctx context.Context, doc decode.Document, library Library, spent *int) (tests []*fact.RuleTest, problems []fact.Problem) {
	root, problem := doc.Parse()
	if problem != nil {
		return nil, []fact.Problem{*problem}
	}
	if decode.Child(root, "tests") == nil || decode.Child(root, "rule_files") == nil && !hasCases(root) {
		return nil, nil
	}
	s, mismatches := readSuite(root)
	flaw := ""
	for _, m := range mismatches {
		if m.Kind != decode.DuplicateKey || flaw == "" {
			flaw = strings.TrimPrefix(m.Message, ".")
		}
		problems = append(problems, fact.Problem{Location: doc.At(m.Node), Message: "promtool refuses the unit tests: " + strings.TrimPrefix(m.Message, ".")})
	}
	if len(s.Tests) > maxTests {
		s.Tests = s.Tests[:maxTests]
		problems = append(problems, fact.Problem{Location: doc.At(root), Message: fmt.Sprintf("holds more than %d tests; those from there on are not run", maxTests)})
	}
	dir := path.Dir(doc.File)
	list, why := s.load(dir, library)
	for i := range s.Tests {
		t := &s.Tests[i]
		node := decode.Dig(root, "tests", i)
		name := t.Name
		if name == "" {
			name = fmt.Sprintf("test %d", i+1)
		}
		at := doc.At(node)
		f := &fact.RuleTest{Ref: fact.Ref{Subject: "prometheus/RuleTest " + doc.File, Part: name, Location: at}, Name: name, Asserts: s.asserts(t, list)}
		f.Passed = fact.Truth{At: at}
		switch {
		case flaw != "":
			f.Passed.Why = "promtool refuses the file: " + flaw
		case why != "":
			f.Passed.Why = why
		default:
			differs, err := runTest(ctx, s, t, list, spent)
			switch {
			case err != nil:
				f.Passed.Why = err.Error()
			case len(differs) > 0:
				f.Passed = fact.No(at)
				f.Passed.Why = differs[0]
				if n := len(differs) - 1; n > 0 {
					f.Passed.Why += fmt.Sprintf(" (and %d more differ)", n)
				}
			default:
				f.Passed = fact.Yes(at)
			}
		}
		tests = append(tests, f)
	}
	return tests, problems
}

func hasCases(root *decode.Node) bool {
	for _, t := range decode.Items(decode.Child(root, "tests")) {
		if decode.Child(t, "alert_rule_test") != nil || decode.Child(t, "promql_expr_test") != nil {
			return true
		}
	}
	return false
}

// load returns the rules that the tests are about, in the order in which they are
// evaluated, or why there are none.
func (s *suite) load(dir string, library Library) (list []rules.Rule, why string) {
	for _, pattern := range s.RuleFiles {
		files, missing := library.Find(dir, pattern)
		if missing != "" {
			return nil, missing
		}
		for _, f := range files {
			if f.Broken != "" {
				return nil, "the rules that it loads are refused: " + f.Broken
			}
			list = append(list, f.Rules...)
		}
	}
	order := map[string]int{}
	for i, g := range s.Order {
		order[g] = i
	}
	slices.SortStableFunc(list, func(a, b rules.Rule) int { return order[a.Group] - order[b.Group] })
	return list, ""
}

// asserts says what the test demands of each alert rule that it names.
func (s *suite) asserts(t *test, list []rules.Rule) (out []fact.Assertion) {
	for i := range list {
		rule := &list[i]
		one := fact.Assertion{Alert: rule.Alert, Expression: rule.Expression, Severity: rule.Severity}
		for _, c := range t.Alerts {
			if rule.Alert == "" || c.Name != rule.Alert {
				continue
			}
			if slices.ContainsFunc(c.Expected, func(e expectedAlert) bool { return mayYield(rule, e) }) {
				one.Fires = true
			} else {
				one.Silent = true
			}
		}
		for _, c := range t.Expressions {
			if fires, silent := c.says(rule.Alert); rule.Alert != "" {
				one.Fires, one.Silent = one.Fires || fires, one.Silent || silent
			}
		}
		if one.Fires || one.Silent {
			out = append(out, one)
		}
	}
	return out
}

// mayYield reports whether an expected alert can be this rule's: it carries the
// labels that the rule gives.
func mayYield(rule *rules.Rule, e expectedAlert) bool {
	for name, text := range rule.Labels {
		if values, known := rules.Possible(text); known && !slices.Contains(values, e.Labels[name]) {
			return false
		}
	}
	return true
}
