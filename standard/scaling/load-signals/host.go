package loadsignals

import (
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// onHost judges what docker compose, Swarm or systemd runs and no store is: none
// of them scales by load.
func onHost(out *verdict.Findings, in expect.Input, w *fact.Workload) {
	switch {
	case !w.Platform.Tells():
		out.Unclear(w.Ref, "hosts-untold", "a %s does not tell on how many hosts %s runs, nor what changes that", w.Kind, w.Name)
	case w.Kind == fact.SwarmService:
		out.Fail(w.Ref.At(w.ReplicasAt), "fixed-size", "Swarm keeps %s at %s whatever the load", w.Name, verdict.Count(in.Here.Instances(w), "instance"))
	default:
		out.Fail(w.Ref.At(w.ReplicasAt), "fixed-size", "docker compose keeps %s at %s whatever the load", w.Name, verdict.Count(in.Here.Instances(w), "instance"))
	}
}
