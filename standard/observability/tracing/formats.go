package tracing

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// stranger returns a workload that w calls by its service's name and with
// which it shares no format of context. Both must state their formats.
func stranger(here *fact.Set, w *fact.Workload) (*fact.Workload, bool) {
	own := formats(w)
	for _, c := range w.Main() {
		for _, a := range c.Dials {
			name, rest, _ := strings.Cut(a.Host, ".")
			namespace, _, _ := strings.Cut(rest, ".")
			if namespace == "" {
				namespace = w.Namespace
			}
			svc := here.Service(namespace, name)
			if svc == nil || len(own) == 0 {
				continue
			}
			for _, peer := range here.WorkloadsOf(svc) {
				theirs := formats(peer)
				if len(theirs) > 0 && !slices.ContainsFunc(own, func(f string) bool { return slices.Contains(theirs, f) }) {
					return peer, true
				}
			}
		}
	}
	return nil, false
}

// formats returns the formats of context that the workload's environment
// states. Baggage carries no trace.
func formats(w *fact.Workload) []string {
	var out []string
	for _, c := range w.Main() {
		for _, p := range c.Tracing.Propagators {
			if p == "b3multi" {
				p = "b3" // both are read by either
			}
			if p != "baggage" && p != "none" && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}
