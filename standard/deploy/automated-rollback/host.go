package automatedrollback

import (
	"seaworthy.dev/seaworthy/internal/derive/baseimage"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// onHost says what takes a bad build back that docker compose, Swarm or systemd
// runs: Swarm may, on failing health alone.
func onHost(out *verdict.Findings, w *fact.Workload) {
	switch u := w.Update; {
	case !w.Platform.Tells():
		out.Unclear(w.Ref, "rollback-untold", "a %s does not tell what takes a bad build of %s back", w.Kind, w.Name)
	case u == nil:
		out.Fail(w.Ref.At(w.Strategy.At), "host-no-guard", "nothing takes a bad build of %s back: docker compose leaves it running or failing until a person acts", w.Name)
	case u.OnFailure != "rollback":
		out.Fail(w.Ref.At(u.At), "swarm-no-rollback", "Swarm does not take a bad build of %s back (failure_action: %s)", w.Name, u.OnFailure)
	case w.Main()[0].Readiness == nil && baseimage.NoCheck(w.Main()[0]):
		out.Fail(w.Ref.At(u.At), "swarm-exits-only", "Swarm takes a build of %s back only when it exits: without a health check it notices nothing else", w.Name)
	default:
		out.Fail(w.Ref.At(u.At), "swarm-health-only", "Swarm takes a build of %s back when its health fails within %d s of its start; on errors and latency nothing does", w.Name, u.Monitor)
	}
}
