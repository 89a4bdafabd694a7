package objective

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/slo"
)

// OpenSLO reads an object of OpenSLO's kinds that is one of Kubernetes too.
func OpenSLO(o Object) (fact.Set, []fact.Problem) {
	r := &reader{ref: o.Ref, at: o.At}
	r.openSLO(decode.Text(decode.Child(o.Node, "apiVersion")), decode.Text(decode.Child(o.Node, "kind")), o.Node)
	return r.out, r.problems
}

// openSLO reads an object of OpenSLO (openslo/v1, openslo/v1alpha,
// openslo.com/v2alpha; https://github.com/OpenSLO/OpenSLO) or of Nobl9, from whose
// form it came (n9/v1alpha; https://docs.nobl9.com/yaml-guide/).
func (r *reader) openSLO(version, kind string, n *decode.Node) {
	name, spec := decode.Text(decode.Dig(n, "metadata", "name")), decode.Child(n, "spec")
	switch kind {
	case "SLO":
		r.objectives(version, name, spec)
	case "SLI":
		i := r.indicator(spec, "")
		i.Ref, i.Name = r.ref, name
		r.out.Indicators = append(r.out.Indicators, i)
	case "DataSource", "Agent", "Direct":
		source := decode.Text(decode.Child(spec, "type"))
		if source == "" && kind != "DataSource" { // Nobl9 names the source by the key of its settings
			for _, key := range decode.Keys(spec) {
				if decode.IsMapping(decode.Child(spec, key.Value)) && languageOf(key.Value) == "promql" {
					source = key.Value
				}
			}
		}
		r.out.MetricSources = append(r.out.MetricSources, &fact.MetricSource{Ref: r.ref, Name: name, Language: languageOf(source)})
	case "AlertPolicy":
		r.policy(name, spec)
	case "AlertCondition":
		c := r.condition(spec, name)
		c.Ref = r.ref
		r.out.BurnConditions = append(r.out.BurnConditions, c)
	}
}

// objectives reads an SLO: an objective for each of its targets.
func (r *reader) objectives(version, name string, spec *decode.Node) {
	base := fact.Objective{Name: name, Service: decode.Text(decode.Child(spec, "service")), Format: "openslo"}
	if strings.HasPrefix(version, "n9/") {
		base.Format = "nobl9"
	}
	base.Window = r.window(spec)
	base.IndicatorRef = cmp.Or(decode.Text(decode.Child(spec, "indicatorRef")), decode.Text(decode.Child(spec, "sliRef")))
	source := decode.Text(decode.Dig(spec, "indicator", "metricSource", "name"))
	if base.Format == "nobl9" {
		source = cmp.Or(source, "nobl9")
	}
	for _, key := range []string{"indicator", "sli"} {
		if in := decode.Child(spec, key); in != nil && !decode.IsNull(in) {
			base.Indicator = r.indicator(cmp.Or(decode.Child(in, "spec"), in), source)
			if own := decode.Child(in, "spec"); own == nil && !measures(base.Indicator) {
				base.Indicator = nil // v1alpha, Nobl9: the objectives hold the queries
			}
		}
	}
	for _, p := range decode.Items(decode.Child(spec, "alertPolicies")) {
		p = decode.Follow(p)
		switch ref := cmp.Or(decode.Text(decode.Child(p, "alertPolicyRef")), decode.Text(p)); {
		case ref != "":
			base.ConditionRefs = append(base.ConditionRefs, ref)
		case decode.IsMapping(p):
			own := cmp.Or(decode.Text(decode.Dig(p, "metadata", "name")), "of "+name)
			r.policy(own, decode.Child(p, "spec"))
			base.ConditionRefs = append(base.ConditionRefs, own)
		}
	}
	list := decode.Items(decode.Child(spec, "objectives"))
	if len(list) == 0 {
		r.refuse(spec, "%s has no objectives, so it has no target; add one with a `target` such as 0.999", name)
		return
	}
	for i, n := range list {
		n = decode.Follow(n)
		if i >= maxObjectives || !decode.IsMapping(n) {
			continue
		}
		o := base
		what := "the target of " + name
		o.Target = cmp.Or(r.share(decode.Child(n, "target"), what), r.percent(decode.Child(n, "targetPercent"), what))
		if label := cmp.Or(decode.Text(decode.Child(n, "displayName")), decode.Text(decode.Child(n, "name")), strconv.Itoa(i+1)); len(list) > 1 {
			o.Name = name + " / " + label
		}
		o.Ref = r.part(n, "objective "+o.Name)
		if len(list) == 1 {
			o.Ref = r.ref.Within("objective " + o.Name)
		}
		for _, key := range []string{"ratioMetrics", "ratioMetric", "countMetrics", "rawMetric", "indicator", "sli"} {
			if in := decode.Child(n, key); in != nil && o.Indicator == nil {
				switch key {
				case "indicator", "sli":
					o.Indicator = r.indicator(cmp.Or(decode.Child(in, "spec"), in), source)
				default:
					o.Indicator = r.indicator(n, source)
				}
			}
		}
		o.Window = cmp.Or(o.Window, r.window(n))
		o.IndicatorRef = cmp.Or(o.IndicatorRef, decode.Text(decode.Child(n, "indicatorRef")))
		if o.Indicator != nil && o.Indicator.Ref.Subject == "" {
			o.Indicator.Ref = r.part(n, "indicator of "+o.Name)
		}
		r.out.Objectives = append(r.out.Objectives, &o)
	}
}

// window reads the one window that an SLO has: a duration in OpenSLO v1, a count of
// units in v1alpha and Nobl9.
func (r *reader) window(spec *decode.Node) string {
	n := decode.Follow(cmp.Or(decode.Child(spec, "timeWindow"), decode.Child(spec, "timeWindows")))
	if list := decode.Items(n); len(list) > 0 {
		n = decode.Follow(list[0])
	}
	text := decode.Text(decode.Child(n, "duration"))
	if unit := decode.Text(decode.Child(n, "unit")); text == "" && unit != "" {
		text = cmp.Or(decode.Text(decode.Child(n, "count")), "1") + " " + strings.ToLower(unit)
	}
	rolling := decode.Text(decode.Child(n, "isRolling"))
	switch calendar := decode.Child(n, "calendar"); {
	case text == "" || blank(text):
		return text
	case calendar != nil && !decode.IsNull(calendar):
		text = "calendar " + text
	case strings.EqualFold(rolling, "true"):
		text = "rolling " + text
	}
	if _, err := slo.ParseWindow(text); err != nil {
		r.refuse(n, "the window of %s is %q, which is no length of time such as 30d or 4w", r.ref.Subject, text)
	}
	return text
}

// indicator reads what a metric is made of, in OpenSLO's forms and Nobl9's.
func (r *reader) indicator(n *decode.Node, source string) *fact.Indicator {
	out := &fact.Indicator{Ref: r.part(n, "indicator")}
	for _, key := range []string{"ratioMetric", "ratioMetrics", "countMetrics"} {
		ratio := decode.Child(n, key)
		if ratio == nil {
			continue
		}
		out.Good, out.Bad = r.query(decode.Child(ratio, "good"), source), r.query(decode.Child(ratio, "bad"), source)
		out.Total, out.Share = r.query(decode.Child(ratio, "total"), source), r.query(decode.Child(ratio, "raw"), source)
		out.Failures = decode.Text(decode.Child(ratio, "rawType")) == "failure"
		counter := decode.Text(cmp.Or(decode.Child(ratio, "counter"), decode.Child(ratio, "incremental")))
		out.Bare = strings.EqualFold(counter, "true")
	}
	for _, key := range []string{"thresholdMetric", "rawMetric"} {
		if metric := decode.Child(n, key); metric != nil && out.Threshold == nil {
			out.Threshold = r.query(cmp.Or(decode.Child(metric, "query"), metric), source)
			if out.Threshold == nil {
				out.Threshold = r.query(metric, source)
			}
		}
	}
	return out
}

func measures(i *fact.Indicator) bool {
	return i.Good != nil || i.Bad != nil || i.Total != nil || i.Share != nil || i.Threshold != nil
}

// query reads one query: below metricSource.spec in OpenSLO v1, spec in v2alpha,
// beside its source in v1alpha, and below the source's name in Nobl9.
func (r *reader) query(n *decode.Node, source string) *fact.IndicatorQuery {
	if n == nil || decode.IsNull(n) {
		return nil
	}
	out := &fact.IndicatorQuery{Location: r.at(n)}
	kind := decode.Text(decode.Child(n, "source"))
	if m := decode.Child(n, "metricSource"); m != nil {
		kind, out.Source = decode.Text(decode.Child(m, "type")), decode.Text(decode.Child(m, "metricSourceRef"))
		n = cmp.Or(decode.Child(m, "spec"), m)
	} else if ref := decode.Child(n, "dataSourceRef"); ref != nil {
		out.Source = decode.Text(ref)
		n = cmp.Or(decode.Child(n, "spec"), n)
	} else if own := decode.Child(n, "spec"); own != nil {
		n = own
	}
	if source != "" && kind == "" {
		for _, key := range decode.Keys(n) {
			if in := decode.Child(n, key.Value); decode.IsMapping(in) {
				kind, n = key.Value, in
			}
		}
	}
	out.Language = languageOf(kind)
	text, at := queryText(n)
	if out.Language == "cloudwatch" && decode.Child(n, "metricName") != nil {
		text, at = cloudWatch(n), decode.Child(n, "metricName")
	}
	if at != nil {
		out.Location = r.at(at)
	}
	out.Text = text
	if out.Language != "" {
		out.Source = ""
	}
	return out
}

// queryText returns the query itself, whose key depends on what is asked.
func queryText(n *decode.Node) (string, *decode.Node) {
	if text := decode.Text(n); text != "" {
		return text, n
	}
	for _, key := range []string{"query", "promql", "expr", "expression", "queryString", "metricQuery", "search", "nrql", "sql", "statement", "metricName", "filter"} {
		if c := decode.Child(n, key); decode.Text(c) != "" {
			return strings.TrimSpace(decode.Text(c)), c
		}
	}
	return "", nil
}

// cloudWatch writes the parts of one of its metrics in a line, as Datadog writes a
// query: sum:AWS/ApplicationELB/RequestCount{LoadBalancer:app/web}.
func cloudWatch(n *decode.Node) string {
	var dimensions []string
	for _, d := range decode.Items(decode.Child(n, "dimensions")) {
		dimensions = append(dimensions, decode.Text(decode.Child(d, "name"))+":"+decode.Text(decode.Child(d, "value")))
	}
	for _, key := range decode.Keys(decode.Child(n, "dimensions")) {
		dimensions = append(dimensions, key.Value+":"+decode.Text(decode.Dig(n, "dimensions", key.Value)))
	}
	stat := cmp.Or(decode.Text(decode.Child(n, "stat")), decode.Text(decode.Child(n, "statistic")), "unknown")
	name := decode.Text(decode.Child(n, "metricName"))
	if space := decode.Text(decode.Child(n, "namespace")); space != "" {
		name = space + "/" + name
	}
	return strings.ToLower(stat) + ":" + name + "{" + strings.Join(dimensions, ",") + "}"
}

// policy reads an AlertPolicy: the conditions that it holds.
func (r *reader) policy(name string, spec *decode.Node) {
	for i, c := range decode.Items(decode.Child(spec, "conditions")) {
		c = decode.Follow(c)
		if ref := decode.Text(decode.Child(c, "conditionRef")); ref != "" {
			r.out.BurnConditions = append(r.out.BurnConditions, &fact.BurnCondition{Ref: r.part(c, "condition "+ref), Policy: name, Refs: []string{ref}})
			continue
		}
		own := cmp.Or(decode.Text(decode.Dig(c, "metadata", "name")), fmt.Sprintf("%s %d", name, i+1))
		in := r.condition(cmp.Or(decode.Child(c, "spec"), c), own)
		in.Ref, in.Policy = r.part(c, "condition "+own), name
		in.Severity = cmp.Or(in.Severity, decode.Text(decode.Child(spec, "severity")))
		r.out.BurnConditions = append(r.out.BurnConditions, in)
	}
}

func (r *reader) condition(spec *decode.Node, name string) *fact.BurnCondition {
	out := &fact.BurnCondition{Name: name, Severity: decode.Text(decode.Child(spec, "severity"))}
	c := cmp.Or(decode.Child(spec, "condition"), spec)
	if kind := decode.Text(decode.Child(c, "kind")); kind != "" && !strings.EqualFold(kind, "burnrate") {
		return out
	}
	if m := decode.Text(decode.Child(c, "measurement")); m != "" && m != "averageBurnRate" { // Nobl9
		return out
	}
	out.Factor = cmp.Or(decode.Text(decode.Child(c, "threshold")), decode.Text(decode.Child(c, "value")))
	out.Long = cmp.Or(decode.Text(decode.Child(c, "lookbackWindow")), decode.Text(decode.Child(c, "alertingWindow")))
	out.After = cmp.Or(decode.Text(decode.Child(c, "alertAfter")), decode.Text(decode.Child(c, "lastsFor")))
	return out
}
