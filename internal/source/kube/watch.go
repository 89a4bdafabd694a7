package kube

import (
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/rules"
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
	for name, language := range map[string]string{
		"monitoring.coreos.com/PrometheusRule": "", "operator.victoriametrics.com/VMRule": rules.MetricsQL,
		"loki.grafana.com/AlertingRule": rules.LogQL, "loki.grafana.com/RecordingRule": rules.LogQL,
		"monitoring.googleapis.com/Rules": rules.PromQL, "monitoring.googleapis.com/ClusterRules": rules.PromQL, "monitoring.googleapis.com/GlobalRules": rules.PromQL,
	} {
		table[name] = kind{yields(fact.Alerts), func(r Reader, o *object, into *Fragment) { r.alertRules(o, language, into) }}
	}
	for _, name := range []string{"monitoring.coreos.com/AlertmanagerConfig", "operator.victoriametrics.com/VMAlertmanagerConfig"} {
		table[name] = kind{yields(fact.Routings), Reader.guest}
	}
	for _, name := range []string{"grafana.integreatly.org/GrafanaDashboard", "integreatly.org/GrafanaDashboard", "dashboard.grafana.app/Dashboard", "dashboard.grafana.app/DashboardWithAccessInfo",
		"grizzly.grafana.com/Dashboard", "oss.grafana.crossplane.io/Dashboard", "deckhouse.io/GrafanaDashboardDefinition", "perses.dev/PersesDashboard"} {
		table[name] = kind{yields(fact.Dashboards), Reader.guest}
	}
	for name, engine := range map[string]string{
		"argoproj.io/Sensor": "argo-events", "cluster.x-k8s.io/MachineHealthCheck": "machine-health-check", "machine.openshift.io/MachineHealthCheck": "machine-health-check",
		"remediation.medik8s.io/NodeHealthCheck": "node-health-check",
	} {
		table[name] = kind{yields(fact.Alerts), func(r Reader, o *object, into *Fragment) { o.remedy(engine, into) }}
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

// alertRules reads groups of rules in Prometheus' form. What Prometheus would
// refuse becomes a problem.
func (r Reader) alertRules(o *object, language string, into *Fragment) {
	var in struct {
		Spec struct {
			Groups []struct {
				Rules []struct {
					Labels      map[string]string `json:"labels"`
					Annotations map[string]string `json:"annotations"`
				} `json:"rules"`
			} `json:"groups"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	got := rules.Read(decode.Dig(o.node, "spec", "groups"), rules.Source{Ref: o.ref(), Name: o.name(), At: o.at, Language: language})
	into.rules(got)
}

// rules adds what groups of rules yield.
func (f *Fragment) rules(got rules.Groups) {
	for _, p := range got.Problems {
		f.problem(p.Location, "%s", p.Message)
	}
	f.Facts.Coverage.Holes = append(f.Facts.Coverage.Holes, got.Holes...)
	f.Facts.Alerts = append(f.Facts.Alerts, got.Alerts...)
	f.Facts.Recordings = append(f.Facts.Recordings, got.Recordings...)
	f.Facts.Objectives = append(f.Facts.Objectives, got.Objectives...)
}

// keptRules reads a file of rules that stands under a key of a ConfigMap.
func (r Reader) keptRules(o *object, key, node *decode.Node, text string, into *Fragment) {
	place := func(n *decode.Node) fact.Location {
		if n == nil || n.Line == 0 || !decode.IsLiteral(node) || node.Line == 0 {
			return o.at(key)
		}
		moved := *node // its text starts a line below its sign
		moved.Line, moved.Column = moved.Line+n.Line, 0
		return o.at(&moved)
	}
	root, problem := decode.Document{File: o.doc.File, Line: 1, Data: []byte(text)}.Parse()
	if problem != nil {
		at := place(&decode.Node{Line: problem.Line})
		into.problem(at, "%s: %s %s", o.name(), key.Value, problem.Message)
		into.hole([]fact.Kind{fact.Alerts}, at, o.name()+": "+key.Value+" could not be read")
		return
	}
	if groups := decode.Child(root, "groups"); groups != nil {
		into.rules(rules.Read(groups, rules.Source{Ref: o.ref().Within("key " + key.Value), Name: o.name(), At: place}))
	}
}
