package dashboards

import (
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/signals"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Words of titles by which panels say what they show. They count only above a
// question that is asked.
var titled = []struct {
	signal signals.Signal
	words  *regexp.Regexp
}{
	{signals.Requests, regexp.MustCompile(`(?i)\b(requests?|traffic|throughput|rps|qps|req/s|ops|operations|calls|invocations|hits|messages|jobs|processed)\b`)},
	{signals.Errors, regexp.MustCompile(`(?i)\b(errors?|fail(ed|ures?|ing)?|5xx|4xx|success(es|ful)?|availab(le|ility)|exceptions?|sli|slo|error budget)\b`)},
	{signals.Latency, regexp.MustCompile(`(?i)\b(latenc(y|ies)|durations?|response times?|request times?|processing times?|p50|p90|p95|p99|percentiles?|quantiles?|apdex|slow)\b`)},
}

// Shows returns the signals that a panel shows.
func Shows(p *fact.Panel) (out []signals.Signal) {
	asked := false
	for _, q := range p.Queries {
		if q.Mistake != "" || machines(q) {
			continue
		}
		asked = true
		for _, s := range signals.Of(q.Expression) {
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
		if slices.ContainsFunc(q.Metrics, signals.Counts) && !slices.Contains(out, signals.Business) {
			out = append(out, signals.Business)
		}
	}
	if !asked || resources.MatchString(p.Title) {
		return out
	}
	known := len(out) > 0 // how long requests take is not how many there are
	for _, t := range titled {
		if !slices.Contains(out, t.signal) && t.words.MatchString(p.Title) && !(known && t.signal == signals.Requests) {
			out = append(out, t.signal)
		}
	}
	return out
}

// resources are words of titles above what pods ask of their nodes: requests of
// another kind.
var resources = regexp.MustCompile(`(?i)\b(cpu|memory|quota|disk|resources?|limits?)\b`)

// machines reports whether a query asks only for what runs and for what it runs on,
// such as the CPU that pods request: that is no request to the service.
func machines(q *fact.PanelQuery) bool {
	if len(q.Metrics) == 0 {
		return false
	}
	return !slices.ContainsFunc(q.Metrics, func(m string) bool {
		l := Layer(m)
		return !observer(m) && (l == "" || l == "ingress")
	})
}

// observer reports whether a metric is told by somebody who looks at others: its job
// is that of whoever looks.
func observer(metric string) bool {
	for _, beginning := range []string{"kube_", "container_", "node_namespace_pod", "namespace_workload_pod", "namespace_cpu", "namespace_memory", "kubelet_", "machine_", "probe_", "windows_container_", "windows_pod_", "cluster:namespace"} {
		if strings.HasPrefix(metric, beginning) {
			return true
		}
	}
	return false
}

// Words of what changes a service, in names of annotations, tags and titles.
var changes = regexp.MustCompile(`(?i)\b(what changed|chang(e|es|ed)|deploy(s|ed|ments?)?|releases?|released|rollouts?|roll-?backs?|versions?|builds?|revisions?|commits?|syncs?|upgrades?|migrations?|restarts?|config(uration)?( changes?| reloads?)?|feature flags?|maintenance|scal(ed|ing)( events?)?)\b`)

// shown are those that say so of a panel: a panel by deployment shows no deployments.
var shown = regexp.MustCompile(`(?i)\b(what changed|changes|deploys|deployed|deployments? (history|events?|markers?|status)|releases?|rollouts?|roll-?backs?|versions?|builds?|revisions?|commits?)\b`)

// Metrics that move when a service is changed, as those who publish them say:
// https://github.com/kubernetes/kube-state-metrics/tree/main/docs
// https://argo-cd.readthedocs.io/en/stable/operator-manual/metrics/
// https://argo-rollouts.readthedocs.io/en/stable/features/controller-metrics/
// https://fluxcd.io/flux/monitoring/metrics/
// https://prometheus.io/docs/instrumenting/writing_exporters/
var moved = regexp.MustCompile(`^(kube_\w+_(metadata_generation|status_observed_generation|created)|kube_pod_container_info|kube_pod_start_time|kube_\w+_status_updated\w*|kube_\w+_status_replicas_updated|argocd_app_(sync_total|info)|rollout_\w+|flux_\w+|gotk_\w+|helm_\w+|process_start_time_seconds|\w*build_info|\w*version_info|\w*_version|target_info|kube_pod_container_status_restarts_total|flagger_canary_\w+)$`)

// changedBy are labels that name a version: series that come and go with it show
// a change.
var changedBy = []string{"version", "image", "revision", "commit", "release", "rollouts_pod_template_hash", "pod_template_hash", "tag", "build", "service_version", "app_kubernetes_io_version"}

// Marked reports whether an annotation marks changes of what runs.
func Marked(m *fact.Mark) bool {
	if m.Own {
		return false
	}
	if changes.MatchString(m.Name) || slices.ContainsFunc(m.Tags, changes.MatchString) {
		return m.Query == nil || m.Query.Mistake == ""
	}
	return m.Query != nil && m.Query.Mistake == "" && (slices.ContainsFunc(m.Query.Metrics, moved.MatchString) || !m.Query.Parsed && changes.MatchString(m.Query.Expression))
}

// Changed reports whether a panel shows which version runs, or when that changed.
func Changed(p *fact.Panel) bool {
	return slices.ContainsFunc(p.Queries, func(q *fact.PanelQuery) bool {
		switch {
		case q.Mistake != "":
			return false
		case slices.ContainsFunc(q.By, func(l string) bool { return slices.Contains(changedBy, l) }), shown.MatchString(p.Title), shown.MatchString(p.Row):
			return true
		}
		return slices.ContainsFunc(q.Metrics, func(m string) bool {
			return moved.MatchString(m) && m != "process_start_time_seconds" && m != "kube_pod_container_status_restarts_total"
		})
	})
}

// kinds are labels that tell apart what happened and not where.
var kinds = []string{"le", "quantile", "code", "status", "status_code", "http_response_status_code", "http_status_code", "grpc_code", "outcome", "result", "reason", "type", "state", "phase", "severity", "level", "mode", "error_type", "method", "http_request_method"}

// Where returns by what a panel tells places apart: a label, a variable that is chosen
// or repeated; empty where it shows one sum.
func Where(p *fact.Panel, d *fact.Dashboard) string {
	if p.Repeat != "" {
		return p.Repeat
	}
	for _, q := range p.Queries {
		if q.Mistake != "" {
			continue
		}
		for _, l := range q.By {
			if !slices.Contains(kinds, l) {
				return l
			}
		}
	}
	for _, q := range p.Queries {
		if q.Parsed && q.Loose && len(q.Metrics) > 0 && q.Language != CloudWatch && !slices.ContainsFunc(q.Metrics, func(m string) bool { return strings.Contains(m, ":") }) {
			return "series"
		}
		for _, r := range q.Reads {
			for name := range r.Labels {
				if q.Language == CloudWatch && place(name) {
					return name
				}
			}
		}
	}
	for _, v := range d.Variables {
		switch v.Type {
		case "datasource", "interval", "constant", "textbox":
			continue
		case "adhoc", "groupby":
			return v.Name
		}
		for _, q := range p.Queries {
			if uses(q.Expression, v.Name) && !slices.Contains(kinds, v.Name) {
				return v.Name
			}
		}
	}
	return ""
}

// place reports whether a dimension of CloudWatch names a part of a whole.
func place(dimension string) bool {
	switch dimension {
	case "AvailabilityZone", "TargetGroup", "InstanceId", "TaskId", "Path", "Route", "ServiceName", "FunctionName", "QueueName", "DBInstanceIdentifier", "Resource", "Method":
		return true
	}
	return false
}

// uses reports whether a query asks with a variable.
func uses(expression, name string) bool {
	return strings.Contains(expression, "$"+name) || strings.Contains(expression, "${"+name) || strings.Contains(expression, "[["+name)
}
