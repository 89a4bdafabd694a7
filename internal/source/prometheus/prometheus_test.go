package prometheus

import (
	"context"
	"path"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/decode"
)

const someRules = `groups:
  - name: shop
    rules:
      - record: job:errors:rate5m
        expr: sum by (job) (rate(errors_total[5m]))
      - alert: Errors
        expr: job:errors:rate5m > 1
        for: 5m
        labels: {severity: page, owner: team-shop}
        annotations: {summary: "{{ $labels.job }} fails {{ $value }} times a second", runbook_url: https://runbooks.corp.internal/errors}
`

// one is a library of a single file.
type one struct{ file *File }

func (o one) Find(_, pattern string) ([]*File, string) {
	if path.Base(pattern) == "rules.yaml" {
		return []*File{o.file}, ""
	}
	return nil, "it names " + pattern + ", which is not here"
}

func documents(text string) []decode.Document { return decode.Split("rules.yaml", []byte(text)) }

func TestRead(t *testing.T) {
	file := Read("rules.yaml", documents(someRules))
	if file == nil || len(file.Facts.Alerts) != 1 || len(file.Facts.Recordings) != 1 || file.Broken != "" {
		t.Fatalf("read as %+v", file)
	}
	a := file.Facts.Alerts[0]
	if a.Severity != "page" || a.Owner != "team-shop" || a.For != 300 || a.Line != 6 || a.Runbook == "" || !a.Parsed {
		t.Errorf("the alert is %+v", a)
	}
	for name, text := range map[string]string{"no rules": "groups: [a, b]\n", "an object": "apiVersion: v1\nkind: ConfigMap\n", "nothing": "\n"} {
		if file := Read("x.yaml", documents(text)); file != nil {
			t.Errorf("%s: read as %+v", name, file)
		}
	}
	for name, text := range map[string]string{
		"a query that does not parse": "groups: [{name: a, rules: [{alert: A, expr: 'sum(('}]}]\n",
		"a duration that is none":     "groups: [{name: a, rules: [{alert: A, expr: up, for: soon}]}]\n",
		"a key that nobody knows":     "groups: [{name: a, rules: [{alert: A, expr: up, lables: {a: b}}]}]\n",
		"neither alert nor record":    "groups: [{name: a, rules: [{alert: A, expr: up}, {expr: up}]}]\n",
	} {
		file := Read("x.yaml", documents(text))
		if file == nil || len(file.Problems) == 0 || file.Problems[0].Line == 0 {
			t.Errorf("%s: %+v", name, file)
		}
	}
}

func TestRunTests(t *testing.T) {
	head := "rule_files: [rules.yaml]\nevaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series: [{series: 'errors_total{job=\"web\"}', values: '0+300x30'}]\n    alert_rule_test:\n"
	fires := "      - eval_time: 20m\n        alertname: Errors\n        exp_alerts: [{exp_labels: {severity: page, owner: team-shop, job: web}, exp_annotations: {summary: 'web fails 5 times a second', runbook_url: 'https://runbooks.corp.internal/errors'}}]\n"
	silent := "      - eval_time: 2m\n        alertname: Errors\n        exp_alerts: []\n"
	for name, c := range map[string]struct {
		text        string
		known, yes  bool
		why         string
		fire, quiet bool
	}{
		"both":                    {head + fires + silent, true, true, "", true, true},
		"another label":           {head + strings.Replace(fires, "job: web", "job: api", 1), true, false, "Errors", true, false},
		"expected too early":      {head + strings.Replace(fires, "20m", "2m", 1), true, false, "Errors", true, false},
		"silent where it fires":   {head + strings.Replace(silent, "2m", "20m", 1), true, false, "Errors", false, true},
		"counted among all":       {strings.Replace(head, "alert_rule_test", "promql_expr_test", 1) + "      - {expr: count by (alertname) (ALERTS), eval_time: 20m, exp_samples: [{labels: '{alertname=\"Errors\"}', value: 1}]}\n      - {expr: 'ALERTS{alertstate=\"firing\"}', eval_time: 2m, exp_samples: []}\n", true, true, "", true, true},
		"counted among others":    {strings.Replace(head, "alert_rule_test", "promql_expr_test", 1) + "      - {expr: 'count(ALERTS{alertname=\"Slow\"})', eval_time: 2m, exp_samples: []}\n", true, true, "", false, false},
		"rules that are not here": {strings.Replace(head+fires, "rules.yaml", "others.yaml", 1), false, false, "others.yaml", false, false},
		"a key with a typo":       {head + strings.Replace(fires, "exp_labels", "exp_label", 1), false, false, "exp_label", true, false},
		"a series that is none":   {strings.Replace(head+fires, "errors_total{", "errors_total{{", 1), false, false, "", true, false},
		"too many samples":        {strings.Replace(head+fires, "x30", "x99999999", 1), false, false, "samples", true, false},
	} {
		spent := 0
		tests, _ := ReadTests(context.Background(), documents(c.text)[0], one{Read("rules.yaml", documents(someRules))}, &spent)
		if len(tests) != 1 {
			t.Errorf("%s: %d tests", name, len(tests))
			continue
		}
		got := tests[0]
		if got.Passed.Known != c.known || got.Passed.Yes != c.yes || !strings.Contains(got.Passed.Why, c.why) {
			t.Errorf("%s: passed is %+v", name, got.Passed)
		}
		fire, quiet := false, false
		for _, a := range got.Asserts {
			fire, quiet = fire || a.Fires, quiet || a.Silent
		}
		if name != "a key with a typo" && (fire != c.fire || quiet != c.quiet) {
			t.Errorf("%s: asserts %+v", name, got.Asserts)
		}
	}
}

// FuzzTests: whatever a file of rules and tests says, reading it ends and does not
// fall over.
func FuzzTests(f *testing.F) {
	f.Add(someRules, "rule_files: [rules.yaml]\ntests:\n  - input_series: [{series: 'errors_total', values: '0+300x30'}]\n    alert_rule_test: [{eval_time: 20m, alertname: Errors, exp_alerts: []}]\n")
	f.Add("groups: [{name: a, rules: [{alert: A, expr: 'absent(up)'}]}]\n", "rule_files: [rules.yaml]\ntests: [{promql_expr_test: [{expr: 'up', eval_time: 1m, exp_samples: [{labels: 'up', value: 1}]}]}]\n")
	f.Fuzz(func(_ *testing.T, rules, tests string) {
		var file *File
		for _, doc := range documents(rules) {
			if got := Read("rules.yaml", []decode.Document{doc}); got != nil {
				file = got
			}
		}
		if file == nil {
			file = &File{}
		}
		spent := 390_000 // most of what a repository may ask for is spent
		for _, doc := range documents(tests) {
			ReadTests(context.Background(), doc, one{file}, &spent)
		}
	})
}
