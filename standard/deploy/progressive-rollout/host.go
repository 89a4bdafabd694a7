package progressiverollout

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// onHost says what happens to a workload that docker compose, Swarm or systemd
// runs: none of them gives a new build a share of traffic and judges it.
func onHost(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	ref, n := w.Ref.At(w.Strategy.At), here.Instances(w)
	switch {
	case !w.Platform.Tells():
		out.Unclear(w.Ref, "release-untold", "a %s does not tell how a new build of %s reaches its users", w.Kind, w.Name)
	case w.Kind != fact.SwarmService:
		out.Fail(ref, "replaced-in-place", "docker compose stops %s before it starts its new build, so a bad build meets all traffic and a good one an outage", w.Name)
	case n < 2:
		out.Fail(ref, "swarm-update", "Swarm gives all traffic to a new build of %s, its only instance, as soon as it runs", w.Name)
	default:
		out.Fail(ref, "swarm-update", "Swarm replaces the %d instances of %s %s at a time as soon as new ones run, and nothing looks at their answers", n, w.Name, w.Strategy.MaxSurge)
	}
}
