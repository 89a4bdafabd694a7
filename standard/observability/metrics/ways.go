package metrics

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/lifecycle"
	"seaworthy.dev/seaworthy/internal/fact"
)

// annotated returns the annotation by which the instances, or a service in
// front of them, ask to be scraped: the custom of Prometheus' example
// configuration, Grafana's and Datadog's.
func annotated(here *fact.Set, w *fact.Workload) string {
	if key := scrapeKey(w.PodAnnotations); key != "" {
		return key
	}
	for _, svc := range here.ServicesFor(w) {
		if key := scrapeKey(svc.Annotations); key != "" {
			return key + " of service " + svc.Name
		}
	}
	return ""
}

func scrapeKey(annotations map[string]string) string {
	keys := make([]string, 0, len(annotations))
	for key := range annotations {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		yes := strings.EqualFold(annotations[key], "true")
		switch {
		case yes && (strings.HasSuffix(key, "prometheus.io/scrape") || key == "k8s.grafana.com/scrape"):
			return key
		case strings.HasPrefix(key, "ad.datadoghq.com/") && (strings.HasSuffix(key, ".checks") || strings.HasSuffix(key, ".instances")):
			return key
		}
	}
	return ""
}

// pushing returns what says that the workload sends its measurements itself or
// is measured by a proxy beside it. It is not sure where a setting may turn
// that off or where the proxy measures instead.
func pushing(here *fact.Set, w *fact.Workload) (sign string, sure bool) {
	chosen := false
	for _, c := range w.Main() {
		for _, e := range c.Env {
			switch e.Name {
			case "OTEL_METRICS_EXPORTER":
				chosen = true // "none" is a common choice, and values are not kept
			case "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT", "DD_AGENT_HOST", "DD_DOGSTATSD_URL", "STATSD_HOST":
				if sign == "" && !e.Empty {
					sign = e.Name
				}
			}
		}
	}
	if sign != "" {
		return sign, !chosen
	}
	if n := here.Namespace(w.Namespace); n != nil {
		switch {
		case n.Labels["istio-injection"] == "enabled" || n.Labels["istio.io/rev"] != "":
			return "Istio's proxy", false
		case n.Annotations["linkerd.io/inject"] == "enabled":
			return "Linkerd's proxy", false
		}
	}
	switch {
	case w.PodLabels["sidecar.istio.io/inject"] == "true" || w.PodAnnotations["sidecar.istio.io/inject"] == "true":
		return "Istio's proxy", false
	case w.PodAnnotations["linkerd.io/inject"] == "enabled":
		return "Linkerd's proxy", false
	}
	return "", false
}

// apiServer returns the labels of the service default/kubernetes, which every
// cluster makes for itself.
func apiServer() map[string]string {
	return map[string]string{"component": "apiserver", "provider": "kubernetes"}
}

// ofDatabase reports whether the scrape selects by the name of a database that
// an operator runs, as their labels have it: cnpg.io/cluster, strimzi.io/cluster.
func ofDatabase(here *fact.Set, s *fact.Scrape) bool {
	return slices.ContainsFunc(here.Databases, func(d *fact.Database) bool {
		for _, value := range s.Selects.Labels {
			if value == d.Name && s.Looks(d.Namespace) {
				return true
			}
		}
		return false
	})
}

// operated reports whether there are custom resources from which an operator
// may make services and pods.
func operated(here *fact.Set) bool {
	return slices.ContainsFunc(here.Objects, func(o *fact.Object) bool {
		group, _, _ := strings.Cut(o.APIVersion, "/")
		if strings.Contains(group, "monitoring") || group == "argoproj.io" {
			return false
		}
		state, _ := lifecycle.Of(o.APIVersion, o.Kind, lifecycle.Latest())
		return state == lifecycle.Foreign
	})
}

func title(s *fact.Scrape) string { return s.Kind() + " " + s.Name }

// port returns the place of the scrape's first endpoint.
func port(s *fact.Scrape) fact.Ref {
	if len(s.Endpoints) == 0 {
		return s.Ref
	}
	return s.Ref.At(s.Endpoints[0].At)
}

func filtered(s *fact.Scrape) bool {
	return slices.ContainsFunc(s.Endpoints, func(e fact.ScrapeEndpoint) bool { return e.Filtered })
}

func asked(s *fact.Scrape) string {
	var out []string
	for _, e := range s.Endpoints {
		out = append(out, e.Port+e.Target)
	}
	if len(out) == 0 {
		return "none"
	}
	return strings.Join(out, ", ")
}
