package kube

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// analysisTemplate reads Argo Rollouts' templates of both scopes. Metrics that
// only run dry, and metrics whose failures are never counted, are left out:
// they abort nothing.
func (r Reader) analysisTemplate(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Metrics []struct {
				Name             string `json:"name"`
				SuccessCondition string `json:"successCondition"`
				FailureCondition string `json:"failureCondition"`
				Interval         string `json:"interval"`
			} `json:"metrics"`
			DryRun []struct {
				MetricName string `json:"metricName"`
			} `json:"dryRun"`
			Templates []struct {
				TemplateName string `json:"templateName"`
				ClusterScope bool   `json:"clusterScope"`
			} `json:"templates"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	out := &fact.Analysis{Ref: o.ref(), Kind: o.header.Kind, Namespace: o.meta.Namespace, Name: o.meta.Name}
	for i, t := range in.Spec.Templates {
		out.Includes = append(out.Includes, fact.AnalysisUse{
			Kind: templateKind(t.ClusterScope), Namespace: o.meta.Namespace, Name: t.TemplateName, At: o.at(decode.Dig(o.node, "spec", "templates", i)),
		})
	}
	var dry []string
	for _, d := range in.Spec.DryRun {
		dry = append(dry, d.MetricName)
	}
	for i, m := range in.Spec.Metrics {
		node := decode.Dig(o.node, "spec", "metrics", i)
		if slices.Contains(dry, "*") || slices.Contains(dry, m.Name) || decode.Text(decode.Child(node, "failureLimit")) == "-1" {
			continue
		}
		measure := fact.Measure{Name: m.Name, Threshold: m.FailureCondition, At: o.at(node)}
		if m.SuccessCondition != "" {
			measure.Threshold = m.SuccessCondition
		}
		provider := decode.Child(node, "provider")
		if keys := decode.Keys(provider); len(keys) > 0 {
			measure.Provider = keys[0].Value
		}
		measure.Signal = measuredSignal(m.Name, decode.Text(decode.Dig(provider, measure.Provider, "query")))
		if every, err := time.ParseDuration(m.Interval); err == nil {
			times, _ := strconv.Atoi(decode.Text(decode.Child(node, "failureLimit")))
			measure.For = times * int(every/time.Second)
		}
		switch measure.Provider {
		case "prometheus":
			measure.Query = decode.Text(decode.Dig(provider, "prometheus", "query"))
		case "job": // a job that fails fails the measurement; what it tries, its name alone may tell
			measure.Threshold = "the job succeeds"
		case "web": // the answer's address and the field that is read say what is measured
			web := decode.Child(provider, "web")
			measure.Signal = measuredSignal(m.Name+" "+decode.Text(decode.Child(web, "url"))+" "+decode.Text(decode.Child(web, "jsonPath")), "")
		case "kayenta": // thresholds and metrics stand in Kayenta's own configuration
			measure.Threshold = "Kayenta's score"
		}
		out.Measures = append(out.Measures, measure)
	}
	into.Facts.Analyses = append(into.Facts.Analyses, out)
}

// metricTemplate reads Flagger's query templates; their thresholds stand in
// the Canary that uses them.
func (r Reader) metricTemplate(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Provider struct {
				Type string `json:"type"`
			} `json:"provider"`
			Query string `json:"query"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	into.Facts.Analyses = append(into.Facts.Analyses, &fact.Analysis{
		Ref: o.ref(), Kind: o.header.Kind, Namespace: o.meta.Namespace, Name: o.meta.Name,
		Measures: []fact.Measure{{Name: o.meta.Name, Signal: measuredSignal(o.meta.Name, in.Spec.Query), Provider: in.Spec.Provider.Type, At: o.key(decode.Child(o.node, "spec"), "query")}},
	})
}

// What names and queries of the three signals have in common. A query of the
// error rate often counts a histogram of durations, so status codes weigh more
// than the word duration, and a quantile more than both.
var (
	errorWords   = regexp.MustCompile(`error|success[-_ ]?(rate|ratio|percent)|fail(ure|ed|s|ing)?[-_ ]?(rate|ratio|percent|requests)|\b5xx\b|_5xx|non[-_]?5|availability`)
	errorQuery   = regexp.MustCompile(`5xx|[!=]~?\s*"[^"]*\^?5(\.\.|\[0-9\]|xx|\d\d|\.\*)|grpc_code|http\.status_code|status_class|errors?(_total|_count|\.count|\{|:)|failures?_total|failed_total`)
	latencyWords = regexp.MustCompile(`latency|duration|response[-_ ]?time|request[-_ ]?time|\bp(50|75|9\d+)\b|percentile|apdex`)
	quantile     = regexp.MustCompile(`histogram_quantile|quantile\s*=|percentile|\bp9\d\b|_bucket\b`)
	latencyQuery = regexp.MustCompile(`latency|response_?time|(duration|latency)[a-z_]*_sum|target_processing_time`)
	healthWords  = regexp.MustCompile(`health|ready|readiness|restart|crash|oom|smoke|acceptance|alive|\bup\b`)
	healthQuery  = regexp.MustCompile(`kube_pod_(status|container_status)|kube_deployment_status|restarts_total|\bup\s*\{|probe_success|oom_events`)
)

// measuredSignal tells errors, latency or health from a metric's name and
// query; empty where they do not say, or say several things.
func measuredSignal(name, query string) string {
	name, query = strings.ToLower(name), strings.ToLower(query)
	for _, form := range []struct {
		signal string
		is     bool
	}{
		{"latency", latencyWords.MatchString(name) && !errorWords.MatchString(name)},
		{"errors", errorWords.MatchString(name) && !latencyWords.MatchString(name)},
		{"health", healthWords.MatchString(name) && !errorWords.MatchString(name) && !latencyWords.MatchString(name)},
		{"health", healthQuery.MatchString(query)},
		{"latency", quantile.MatchString(query) && !errorQuery.MatchString(query)},
		{"errors", errorQuery.MatchString(query) && !quantile.MatchString(query)},
		{"latency", latencyQuery.MatchString(query) && !errorQuery.MatchString(query)},
	} {
		if form.is {
			return form.signal
		}
	}
	return ""
}
