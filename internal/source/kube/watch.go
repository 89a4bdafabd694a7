package kube

import (
	"regexp"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// watchKinds lists what collects metrics and raises alerts. Azure serves the
// Prometheus operator's monitors under a group of its own, VictoriaMetrics has
// the same under other names, Google Cloud has resources of its own.
func watchKinds() map[string]kind {
	table := map[string]kind{}
	for _, group := range []string{"monitoring.coreos.com", "azmonitoring.coreos.com"} {
		table[group+"/ServiceMonitor"] = kind{yields(fact.Scrapes), scrapes("service-monitor", "endpoints")}
		table[group+"/PodMonitor"] = kind{yields(fact.Scrapes), scrapes("pod-monitor", "podMetricsEndpoints")}
		table[group+"/ScrapeConfig"] = kind{yields(fact.Scrapes), scrapes("scrape-config", "")}
	}
	table["operator.victoriametrics.com/VMServiceScrape"] = kind{yields(fact.Scrapes), scrapes("service-monitor", "endpoints")}
	table["operator.victoriametrics.com/VMPodScrape"] = kind{yields(fact.Scrapes), scrapes("pod-monitor", "podMetricsEndpoints")}
	table["operator.victoriametrics.com/VMScrapeConfig"] = kind{yields(fact.Scrapes), scrapes("scrape-config", "")}
	table["monitoring.googleapis.com/PodMonitoring"] = kind{yields(fact.Scrapes), scrapes("pod-monitoring", "endpoints")}
	table["monitoring.googleapis.com/ClusterPodMonitoring"] = kind{yields(fact.Scrapes), scrapes("pod-monitoring", "endpoints")}
	for _, name := range []string{
		"monitoring.coreos.com/PrometheusRule", "operator.victoriametrics.com/VMRule", "loki.grafana.com/AlertingRule",
		"monitoring.googleapis.com/Rules", "monitoring.googleapis.com/ClusterRules", "monitoring.googleapis.com/GlobalRules",
	} {
		table[name] = kind{yields(fact.Alerts), Reader.alertRules}
	}
	for _, name := range []string{"monitoring.coreos.com/AlertmanagerConfig", "operator.victoriametrics.com/VMAlertmanagerConfig"} {
		table[name] = kind{yields(fact.Routings), Reader.guest}
	}
	table["monitoring.coreos.com/Alertmanager"] = kind{yields(fact.Routings), Reader.alertRouter}
	table["operator.victoriametrics.com/VMAlertmanager"] = kind{yields(fact.Routings), Reader.vmAlertRouter}
	return table
}

// scrapes returns the reader of a kind whose endpoints stand in that field.
func scrapes(engine, field string) func(Reader, *object, *Fragment) {
	return func(r Reader, o *object, into *Fragment) { r.scrape(o, engine, field, into) }
}

func (r Reader) scrape(o *object, engine, field string, into *Fragment) {
	type endpoint struct {
		Port       *intstr.IntOrString `json:"port"`
		PortNumber *int                `json:"portNumber"`
		TargetPort *intstr.IntOrString `json:"targetPort"`
		Path       string              `json:"path"`
		Relabel    []struct {
			Action string `json:"action"`
		} `json:"relabelings"`
		RelabelConfigs []struct {
			Action string `json:"action"`
		} `json:"relabelConfigs"`
	}
	var in struct {
		Spec struct {
			Selector          *metav1.LabelSelector `json:"selector"`
			NamespaceSelector struct {
				Any        bool     `json:"any"`
				MatchNames []string `json:"matchNames"`
			} `json:"namespaceSelector"`
			Endpoints           []endpoint `json:"endpoints"`
			PodMetricsEndpoints []endpoint `json:"podMetricsEndpoints"`
		} `json:"spec"`
	}
	out := &fact.Scrape{Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: engine}
	if engine == "scrape-config" {
		into.Facts.Scrapes = append(into.Facts.Scrapes, out)
		return
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	out.Selects = selector(in.Spec.Selector)
	out.AnyNamespace = in.Spec.NamespaceSelector.Any || o.header.Kind == "ClusterPodMonitoring"
	out.Namespaces = in.Spec.NamespaceSelector.MatchNames
	for i, e := range append(in.Spec.Endpoints, in.Spec.PodMetricsEndpoints...) {
		one := fact.ScrapeEndpoint{Path: e.Path, At: o.at(decode.Dig(o.node, "spec", field, i))}
		switch {
		case e.Port != nil && engine == "pod-monitoring": // a name or a number of the container's
			one.Target = e.Port.String()
		case e.Port != nil:
			one.Port = e.Port.String()
		case e.PortNumber != nil:
			one.Target = strconv.Itoa(*e.PortNumber)
		case e.TargetPort != nil:
			one.Target = e.TargetPort.String()
		}
		for _, rule := range append(e.Relabel, e.RelabelConfigs...) {
			switch strings.ToLower(rule.Action) {
			case "keep", "drop", "keepequal", "dropequal", "keep_if_equal", "drop_if_equal":
				one.Filtered = true
			}
		}
		out.Endpoints = append(out.Endpoints, one)
	}
	into.Facts.Scrapes = append(into.Facts.Scrapes, out)
}

// alertRules reads groups of rules in Prometheus' form. Rules that record are
// left out; those that Prometheus would refuse become problems.
func (r Reader) alertRules(o *object, into *Fragment) {
	type rule struct {
		Alert       string             `json:"alert"`
		Record      string             `json:"record"`
		Expr        intstr.IntOrString `json:"expr"`
		For         string             `json:"for"`
		Labels      map[string]string  `json:"labels"`
		Annotations map[string]string  `json:"annotations"`
	}
	var in struct {
		Spec struct {
			Groups []struct {
				Name  string `json:"name"`
				Rules []rule `json:"rules"`
			} `json:"groups"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	names := map[string]bool{}
	for i, g := range in.Spec.Groups {
		node := decode.Dig(o.node, "spec", "groups", i)
		refuse := func(n *decode.Node, format string, args ...any) {
			into.problem(o.at(n), o.name()+": "+format, args...)
			o.broken = true
		}
		if g.Name == "" {
			refuse(node, "groups[%d] has no name, so Prometheus refuses it", i)
		} else if names[g.Name] {
			refuse(node, "group %q stands twice, so Prometheus refuses the rules", g.Name)
		}
		names[g.Name] = true
		for j, one := range g.Rules {
			at := decode.Dig(node, "rules", j)
			switch expr := strings.TrimSpace(one.Expr.String()); {
			case one.Alert != "" && one.Record != "":
				refuse(at, "rule %q both alerts and records, so Prometheus refuses it", one.Alert)
			case one.Alert == "" && one.Record == "":
				refuse(at, "rule %d of group %q neither alerts nor records, so Prometheus refuses it", j+1, g.Name)
			case decode.IsNull(decode.Child(at, "expr")) || expr == "":
				refuse(at, "rule %q has no expression, so Prometheus refuses it", one.Alert+one.Record)
			case one.Alert != "":
				seconds, ok := promSeconds(one.For)
				if !ok {
					refuse(at, "for of alert %q is %q, which is no duration such as 5m", one.Alert, one.For)
					continue
				}
				into.Facts.Alerts = append(into.Facts.Alerts, &fact.Alert{
					Ref:   o.ref().At(o.at(at)).Within("alert " + one.Alert),
					Group: g.Name, Name: one.Alert, Expression: expr, For: seconds,
					Labels: one.Labels, Annotations: one.Annotations,
					Severity: strings.ToLower(firstValue(one.Labels, "severity", "priority", "level")),
					Runbook:  runbook(one.Annotations, one.Labels),
					Owner:    firstValue(one.Labels, "team", "owner", "squad"),
				})
			}
		}
	}
}

// runbook returns what an annotation or label says of the runbook: the names
// are those of the Prometheus mixins (runbook_url), OpenShift (sop_url) and
// their spellings.
func runbook(maps ...map[string]string) string {
	for _, m := range maps {
		if v := firstValue(m, "runbook_url", "runbook", "runbookurl", "runbook_link", "playbook_url", "playbook", "sop_url", "sop"); v != "" {
			return v
		}
	}
	return ""
}

// firstValue returns the value of the first of the names that the map has,
// whatever the case of its keys and their separators.
func firstValue(m map[string]string, names ...string) string {
	plain := func(s string) string { return strings.ReplaceAll(strings.ToLower(s), "-", "_") }
	for _, name := range names {
		found := ""
		for key, value := range m {
			if plain(key) == name && (found == "" || value < found) {
				found = strings.TrimSpace(value)
			}
		}
		if found != "" {
			return found
		}
	}
	return ""
}

var promDuration = regexp.MustCompile(`^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$`)

// promSeconds reads a duration as Prometheus does: 1d, 1h30m, 0.
func promSeconds(text string) (int, bool) {
	if text == "" || text == "0" {
		return 0, true
	}
	m := promDuration.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	total := 0
	for i, unit := range []int{365 * 86400, 7 * 86400, 86400, 3600, 60, 1} {
		n, _ := strconv.Atoi(m[i+1])
		total += n * unit
	}
	return total, true
}
