package progressiverollout

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// cloud says what happens to a new build of what a cloud runs, where nothing
// shifts traffic to it by shares.
func cloud(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	rests, ref := []fact.Kind{fact.Rollouts}, w.Ref.At(w.Strategy.At)
	instances := here.Instances(w)
	updates, unknown := w.Unknown.Any(fact.Updates)
	number, uncounted := w.Unknown.Any(fact.Number)
	for _, r := range here.Rollouts {
		if w.Platform == fact.Lambda && r.TargetKind == "" {
			out.Unclear(r.Ref, "target-unnamed", "whether %s is what shifts the traffic of %s is said in an AppSpec, which was not read", r.Name, w.Name)
			return
		}
	}
	switch {
	case w.Platform == fact.Lambda:
		out.Lacks(ref, rests, "all-calls", "a new version of %s answers every call as soon as it is published", w.Name)
	case w.Platform == fact.CloudRun || w.Platform == fact.ContainerApp:
		out.Lacks(ref, rests, "all-at-once", "a new revision of %s gets all traffic as soon as it is ready", w.Name)
	case w.Platform == fact.AppService:
		out.Lacks(ref, rests, "all-at-once", "a new build of %s gets all traffic as soon as it is deployed or swapped in", w.Name)
	case w.Form == fact.Bare:
		out.Lacks(ref, rests, "one-machine", "%s is one machine, so a new build replaces it with all its traffic", w.Name)
	case w.Strategy.Type == "Replacement":
		out.Lacks(ref, rests, "unrolled", "nothing rolls a new build of %s out: machines that stand keep the old one, and nothing looks at the new one's answers", w.Name)
	case unknown:
		out.Lacks(ref.At(updates.At), rests, "batches", "%s goes on as soon as new instances are healthy, and nothing looks at their answers", w.Name)
	case uncounted:
		out.Lacks(ref.At(number.At), rests, "batches", "%s goes on as soon as new instances are healthy, and nothing looks at their answers", w.Name)
	case instances > 1:
		fresh, old := batch(w, instances)
		out.Lacks(ref, rests, "batches", "%s goes on as soon as new instances are healthy: the first batch, %d beside %d old, gets %d %% of traffic and nothing looks at its answers before the next", w.Name, fresh, old, 100*fresh/max(fresh+old, 1))
	default:
		out.Lacks(ref, rests, "batches", "%s gives all traffic to a new build as soon as it is healthy, and nothing looks at its answers", w.Name)
	}
}
