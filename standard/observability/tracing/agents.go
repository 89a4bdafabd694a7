package tracing

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// agentOf returns the annotation or label by which an operator puts a tracing
// agent into the workload's instances, on them or on their namespace. Such
// agents take their service name from the workload.
func agentOf(here *fact.Set, w *fact.Workload) string {
	for _, key := range agentKeys(w.PodLabels, w.PodAnnotations) {
		return key
	}
	if n := here.Namespace(w.Namespace); n != nil {
		for _, key := range agentKeys(n.Annotations) {
			if w.PodAnnotations[key] != "false" {
				return key + " of namespace " + n.Name
			}
		}
	}
	return ""
}

// agentKeys returns the keys of the OpenTelemetry operator, of Datadog's and
// of Jaeger's injection that are switched on, sorted.
func agentKeys(maps ...map[string]string) []string {
	var out []string
	for _, m := range maps {
		for key, value := range m {
			if value == "" || strings.EqualFold(value, "false") {
				continue
			}
			name, inject := strings.CutPrefix(key, "instrumentation.opentelemetry.io/inject-")
			datadog := strings.HasPrefix(key, "admission.datadoghq.com/") && strings.HasSuffix(key, "-lib.version")
			if inject && name != "sdk" || datadog || key == "sidecar.jaegertracing.io/inject" {
				out = append(out, key)
			}
		}
	}
	slices.Sort(out)
	return out
}
