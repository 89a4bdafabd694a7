package failuredomains

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// onHost judges what docker compose, Swarm or systemd runs: compose has one
// host, Swarm spreads over its hosts by itself and over zones where it is told.
func onHost(out *verdict.Findings, w *fact.Workload, instances int) {
	switch {
	case !w.Platform.Tells():
		out.Unclear(w.Ref, "hosts-untold", "a %s does not tell on how many hosts %s runs, nor where they stand", w.Kind, w.Name)
	case w.Kind != fact.SwarmService:
		out.Fail(w.Ref, "one-host", "docker compose runs %s%s on one host, and the loss of that host stops it", w.Name, holds(w))
	case instances == 1:
		out.Fail(w.Ref.At(w.ReplicasAt), "swarm-single", "%s runs one instance%s, so the loss of its host stops it until Swarm has started another", w.Name, what(w))
	default:
		for _, s := range w.Spread {
			if name := strings.ToLower(s.Topology); strings.Contains(name, "zone") || strings.Contains(name, "datacenter") || name == "az" || strings.Contains(name, "rack") {
				out.Pass(w.Ref, "spread", "Swarm spreads the %d instances of %s over %s, and over hosts by itself", instances, w.Name, s.Topology)
				return
			}
		}
		out.Fail(w.Ref.At(w.Strategy.At), "swarm-no-zones", "Swarm spreads the %d instances of %s over hosts, and nothing spreads them over zones", instances, w.Name)
	}
}

// holds names the kind of store that a workload is, if it is one.
func holds(w *fact.Workload) string {
	if store, _ := stores.Of(w); store.Kind != "" {
		return " (" + store.Kind + ")"
	}
	return ""
}
