package objectives

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// counted is a metric as Datadog writes it, and CloudWatch's parts in the same form:
// sum:trace.http.request.hits{service:web,status:2xx}.as_count()
// (https://docs.datadoghq.com/metrics/advanced-filtering/).
type counted struct {
	how, metric string
	filters     []string
}

var metricQuery = regexp.MustCompile(`^(\w+(?:\([^)]*\))?):([\w./-]+)\s*\{([^{}]*)\}(?:\s*by\s*\{[^{}]*\})?((?:\.\w+\([^()]*\))*)$`)

var conjunction = regexp.MustCompile(`,|\s+AND\s+`)

// count reads a query; ok is false where it is more than one metric.
func count(text string) (out counted, ok bool) {
	m := metricQuery.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return out, false
	}
	out = counted{how: strings.ToLower(m[1]), metric: m[2]}
	for _, f := range conjunction.Split(m[3], -1) {
		if f = strings.TrimSpace(f); f != "" && f != "*" {
			out.filters = append(out.filters, f)
		}
	}
	return out, true
}

// mean reports whether the query averages what it should count.
func (c counted) mean() bool { return c.how == "avg" || c.how == "average" }

// apart says why what one query counts cannot be a part of what another counts;
// empty where it may be one.
func (c counted) apart(whole counted) string {
	if c.metric == whole.metric && slices.Equal(slices.Sorted(slices.Values(c.filters)), slices.Sorted(slices.Values(whole.filters))) {
		return "both queries are the same, so the share never changes"
	}
	for _, f := range whole.filters {
		key, value, _ := strings.Cut(f, ":")
		i := slices.IndexFunc(c.filters, func(o string) bool {
			k, _, _ := strings.Cut(o, ":")
			return strings.TrimPrefix(k, "!") == strings.TrimPrefix(key, "!")
		})
		switch {
		case strings.ContainsAny(f, "()") || strings.Contains(f, " OR "):
			return ""
		case i < 0 && c.metric == whole.metric:
			return fmt.Sprintf("all events are chosen by %s, the part of them is not, so it counts events that do not belong to the whole", f)
		case i >= 0 && slices.Contains([]string{"service", "env", "LoadBalancer", "TargetGroup", "ApiName", "FunctionName"}, key) && !strings.Contains(value, "*"):
			if _, other, _ := strings.Cut(c.filters[i], ":"); other != value && !strings.ContainsAny(other, "*$") && !strings.ContainsAny(value, "$") {
				return fmt.Sprintf("the part is chosen by %s, the whole by %s", c.filters[i], f)
			}
		}
	}
	return ""
}
