package promql

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

func (y Yields) text() string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(y.Pinned)) {
		out = append(out, fmt.Sprintf("%s=%s", name, y.Pinned[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(y.Open)) {
		out = append(out, name+"?")
	}
	if y.Rest {
		rest := "any"
		for _, name := range slices.Sorted(maps.Keys(y.Never)) {
			rest += " -" + name
		}
		out = append(out, rest)
	}
	return strings.Join(out, " ")
}

// TestYields: what a query's text says of the labels that its result has.
func TestYields(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`up{job="shop", instance=~"a.*"} == 0`:                                        "job=shop any",
		`sum(rate(errors_total{namespace="shop"}[5m])) > 1`:                           "",
		`sum by (namespace, pod) (rate(errors_total{namespace="shop"}[5m])) > 1`:      "namespace=shop pod?",
		`sum without (instance) (up{job="shop"})`:                                     "job=shop any -instance",
		`absent(up{job="shop", instance=~"a.*"})`:                                     "job=shop",
		`absent(up{job="shop"} == 1)`:                                                 "job=shop",
		`vector(1)`:                                                                   "",
		`time() - max(backup_time{job="db"}) > 3600`:                                  "",
		`a{x="1"} / on (pod) b{y="2"} > 0.9`:                                          "pod?",
		`a{x="1"} / ignoring (le) b{y="2"}`:                                           "x=1 any -le",
		`a{x="1"} * on (pod) group_left (team) owner_info{team="pay"}`:                "team=pay x=1 any",
		`a{x="1"} * on (pod) group_left (team) owner_info`:                            "x=1 team? any",
		`a{x="1"} or b{x="2"}`:                                                        "x? any",
		`a{x="1"} or b{x="1"}`:                                                        "x=1 any",
		`a{x="1"} unless b{y="1"}`:                                                    "x=1 any",
		`a{team=""}`:                                                                  "any -team",
		`label_replace(up{job="shop"}, "team", "$1", "job", "(.*)")`:                  "job=shop team? any",
		`histogram_quantile(0.99, sum by (le, route) (rate(latency_bucket[5m]))) > 1`: "route?",
		`topk(3, up{job="shop"})`:                                                     "job=shop any",
		`count_values by (job) ("version", build_info)`:                               "job? version?",
		`hour() > 8`:                           "",
		`max_over_time(up{job="shop"}[1h:5m])`: "job=shop any",
		`-up{job="shop"}`:                      "job=shop any",
		`(sum by (job) (a{job="x"}) / sum by (job) (b)) and on (job) (sum by (job) (c))`: "job=x",
	} {
		q, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := q.Yields().text(); got != want {
			t.Errorf("%s:\n got %q\nwant %q", text, got, want)
		}
	}
}
