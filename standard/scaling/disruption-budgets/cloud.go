package disruptionbudgets

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// cloud judges what a cloud runs by the shares that its updates and the drains
// of its machines keep to. ECS keeps a service's minimum in both.
func cloud(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	replicas := here.Instances(w)
	updates, open := w.Unknown.Any(fact.Updates)
	number, uncounted := w.Unknown.Any(fact.Number)
	for _, a := range here.AutoscalersFor(w) {
		number, uncounted = a.Unknown.Any(fact.Number)
	}
	s, ref := w.Strategy, w.Ref.At(w.Strategy.At)
	taken, added := s.MaxUnavailable.Of(replicas, false), s.MaxSurge.Of(replicas, false)
	if w.Kind == "scale set" { // a batch is one machine at least
		taken, added = max(taken, min(s.MaxUnavailable.Value, 1)), max(added, min(s.MaxSurge.Value, 1))
	}
	switch {
	case w.Platform == fact.Lambda:
		out.Skip(w.Ref, "invoked", "Lambda replaces instances of %s one call at a time", w.Name)
	case w.Platform.Hosted():
		out.Skip(w.Ref, "hosted", "%s runs %s on machines that its owner never drains", w.Platform.Title(), w.Name)
	case w.Form == fact.PerNode:
		out.Skip(w.Ref, "per-node", "%s runs on every node and ends with it", w.Name)
	case w.Form == fact.Bare:
		out.Skip(w.Ref, "single-instance", "%s is one machine, which nothing can take a part of; see scaling/failure-domains", w.Name)
	case uncounted:
		out.Unclear(w.Ref.At(number.At), "limit-unknown", "how many instances of %s run is not known, for %s", w.Name, number.Why)
	case replicas == 0:
		out.Skip(w.Ref, "scaled-to-zero", "%s may run no instance at all", w.Name)
	case open:
		out.Unclear(w.Ref.At(updates.At), "limit-unknown", "how many instances of %s an update may take is not known, for %s", w.Name, updates.Why)
	case s.Type == "Replacement" && w.Kind != "Auto Scaling group":
		out.Fail(ref, "no-limit", "%s has no policy for updates that replaces machines, so nothing says how many of %d may go at once", w.Name, replicas)
	case s.Type == "Replacement":
		out.Fail(ref, "no-limit", "%s has neither instance_refresh nor instance_maintenance_policy, so nothing says how many of %d machines may go at once", w.Name, replicas)
	case taken >= replicas && s.MaxUnavailable.Value > 0 && replicas > 1:
		out.Fail(ref, "takes-all", "an update or a drain may take all %d instances of %s at once (%s must stay healthy)", replicas, w.Name, kept(s, replicas))
	case taken >= replicas && s.MaxUnavailable.Value > 0:
		out.Skip(w.Ref, "single-instance", "%s runs one instance, which no limit can protect; see scaling/failure-domains", w.Name)
	case taken == 0 && added == 0:
		out.Fail(ref, "takes-none", "nothing of %s may go and nothing may be added (%s must stay healthy, at most %d %% may run), so updates and drains hang", w.Name, kept(s, replicas), 100+100*added/replicas)
	default:
		out.Pass(w.Ref, "kept", "updates and drains keep at least %d of %d instances of %s", replicas-taken, replicas, w.Name)
	}
}

func kept(s fact.Strategy, replicas int) string {
	if !s.MaxUnavailable.Percent {
		return fact.Count(max(replicas-s.MaxUnavailable.Value, 0)).String()
	}
	return fact.Share(100 - s.MaxUnavailable.Value).String()
}
