package objective

import (
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

func read(text string) (out fact.Set, problems []fact.Problem, ok bool) {
	for _, doc := range decode.Split("slo.yaml", []byte(text)) {
		if !Sniff(doc) {
			continue
		}
		facts, found, is := Read("slo.yaml", doc)
		out.Add(&facts)
		problems, ok = append(problems, found...), ok || is
	}
	return out, problems, ok
}

// TestForms: one objective, in the forms in which people write it.
func TestForms(t *testing.T) {
	for name, c := range map[string]struct{ text, window, language string }{
		"OpenSLO v1":       {"apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a}\nspec: {timeWindow: [{duration: 4w, isRolling: true}], indicator: {spec: {ratioMetric: {good: {metricSource: {type: Prometheus, spec: {query: g}}}, total: {metricSource: {type: Prometheus, spec: {query: t}}}}}}, objectives: [{target: 0.999}]}\n", "rolling 4w", "promql"},
		"percent":          {"apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a}\nspec: {timeWindow: [{duration: 1Q, calendar: {timeZone: UTC}}], indicator: {spec: {ratioMetric: {bad: {metricSource: {type: Datadog, spec: {query: g}}}, total: {metricSource: {type: Datadog, spec: {query: t}}}}}}, objectives: [{targetPercent: 99.9}]}\n", "calendar 1Q", "datadog"},
		"OpenSLO v1alpha":  {"apiVersion: openslo/v1alpha\nkind: SLO\nmetadata: {name: a}\nspec: {timeWindows: [{unit: Week, count: 1}], objectives: [{target: 0.999, ratioMetrics: {good: {source: prometheus, query: g}, total: {source: prometheus, query: t}}}]}\n", "1 week", "promql"},
		"OpenSLO v2alpha":  {"- apiVersion: openslo.com/v2alpha\n  kind: SLO\n  metadata: {name: a}\n  spec: {timeWindow: [{duration: 7d}], sli: {spec: {thresholdMetric: {dataSourceRef: p, spec: {query: g}}}}, objectives: [{target: 0.999}]}\n", "7d", ""},
		"Nobl9":            {"apiVersion: n9/v1alpha\nkind: SLO\nmetadata: {name: a, project: p}\nspec: {timeWindows: [{unit: Month, count: 1, calendar: {timeZone: UTC}}], indicator: {metricSource: {name: ours}}, objectives: [{target: 0.999, countMetrics: {incremental: true, good: {prometheus: {promql: g}}, total: {prometheus: {promql: t}}}}]}\n", "calendar 1 month", "promql"},
		"Sloth":            {"version: prometheus/v1\nservice: s\nslos: [{name: a, objective: 99.9, sli: {events: {error_query: e, total_query: t}}}]\n", "30d", "promql"},
		"Sloth in camels":  {"version: \"prometheus/v1\"\nservice: s\nslos: [{name: a, objective: 99.9, sli: {raw: {errorRatioQuery: e}}}]\n", "30d", "promql"},
		"a window for one": {"apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a}\nspec: {timeWindow: {duration: 28d}, indicator: {spec: {thresholdMetric: {metricSource: {type: Mimir, spec: {query: q}}}}}, objectives: [{target: 0.999}]}\n", "28d", "promql"},
	} {
		got, problems, ok := read(c.text)
		if !ok || len(problems) > 0 || len(got.Objectives) != 1 {
			t.Errorf("%s: %v, %d objectives, %v", name, ok, len(got.Objectives), problems)
			continue
		}
		o := got.Objectives[0]
		if o.Target != "99.9" || o.Window != c.window || o.Indicator == nil {
			t.Errorf("%s: %+v", name, o)
			continue
		}
		for _, q := range []*fact.IndicatorQuery{o.Indicator.Good, o.Indicator.Bad, o.Indicator.Total, o.Indicator.Share, o.Indicator.Threshold} {
			if q != nil && (q.Language != c.language || q.Text == "" || q.Line == 0) {
				t.Errorf("%s: %+v", name, q)
			}
		}
	}
}

// TestBroken: what cannot be read is said, with its line, and hides what it says.
func TestBroken(t *testing.T) {
	for name, text := range map[string]string{
		"no YAML":          "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: \"a}\n",
		"a share above 1":  "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a}\nspec: {objectives: [{target: 99.9}]}\n",
		"a word":           "version: prometheus/v1\nslos: [{name: a, objective: high}]\n",
		"no list":          "version: prometheus/v1\nslos: {name: a}\n",
		"nothing at all":   "apiVersion: openslo/v1\nkind: SLO\n",
		"an endless float": "version: prometheus/v1\nslos: [{name: a, objective: 1e999999999}]\n",
	} {
		got, problems, ok := read(text)
		if !ok || len(problems) == 0 || problems[0].Line == 0 || len(got.Coverage.Holes) == 0 {
			t.Errorf("%s: %v, %v, %v", name, ok, problems, got.Coverage.Holes)
		}
	}
	for name, text := range map[string]string{
		"a rule file":  "groups: [{name: openslo, rules: []}]\n",
		"an object":    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: openslo}\n",
		"a chart":      "apiVersion: v2\nname: openslo\nversion: 1.0.0\n",
		"version only": "version: prometheus/v1\nservices: [slos]\n",
	} {
		if got, _, ok := read(text); ok {
			t.Errorf("%s is read as %+v", name, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a}\nspec: {timeWindow: [{duration: 4w}], objectives: [{target: 0.999}], alertPolicies: [{spec: {conditions: [{conditionRef: b}]}}, c]}\n",
		"version: prometheus/v1\nservice: s\nslos: [{name: a, objective: 99.9, sli: {plugin: {id: x}}, alerting: {page_alert: {disable: true}}}]\n",
		"- apiVersion: n9/v1alpha\n  kind: SLO\n  spec: {indicator: {}, objectives: [{target: 0.9, rawMetric: {query: {prometheus: {promql: g}}}}]}\n",
		"apiVersion: openslo/v1\nkind: AlertPolicy\nspec: {conditions: [{spec: {condition: {threshold: 2}}}, 3, [4]]}\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 10_000 {
			t.Skip()
		}
		got, problems, _ := read(text)
		for _, p := range problems {
			if strings.Contains(p.Message, "cannot be read: runtime error") {
				t.Errorf("panics: %s", p.Message)
			}
		}
		for _, o := range got.Objectives {
			if o == nil {
				t.Error("an objective is nil")
			}
		}
	})
}
