package nodelifecycle

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// machines judges what a cloud runs: whether the machines below are emptied
// before they go, and whether instances stop within the notice of those that
// may be taken away.
func machines(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	updates, unknown := w.Unknown.Any(fact.Capacity)
	switch {
	case !w.Form.Serves():
		out.Skip(w.Ref, "not-serving", "%s runs to its end and is started again elsewhere", w.Name)
	case w.Platform == fact.Lambda, w.Platform.Hosted():
		out.Skip(w.Ref, "no-nodes", "%s runs on no machine of its owner's", w.Name)
	case w.Form == fact.Bare:
		out.Fail(w.Ref, "lone-machine", "%s is one machine: when it is retired, nothing takes over", w.Name)
	case w.Notice > 0 && w.Platform == fact.ECS && w.Grace > w.Notice:
		out.Fail(w.Ref.At(w.GraceAt), "over-notice", "%s takes up to %d s to stop and may run on %s, which goes after a notice of %d s", w.Name, w.Grace, w.Spot, w.Notice)
	case w.Serverless:
		out.Pass(w.Ref, "drains", "AWS moves tasks of %s before it retires what they run on; each gets %d s to stop", w.Name, w.Grace)
	case unknown && w.NodeDrain == nil:
		out.Unclear(w.Ref.At(updates.At), "drain-unknown", "on what %s runs is not known, for %s", w.Name, updates.Why)
	case w.NodeDrain == nil || !w.NodeDrain.Known:
		out.Unclear(w.Ref, "drain-unknown", "whether the machines of %s are emptied before they go is not known%s", w.Name, because(w))
	case !w.NodeDrain.Yes && w.Platform == fact.Machines && w.Drain > 0:
		out.Pass(w.Ref, "drains", "the load balancer lets requests to a machine of %s finish for %d s before it is ended", w.Name, w.Drain)
	case !w.NodeDrain.Yes:
		out.Fail(w.Ref.At(w.NodeDrain.At), "not-emptied", "nothing lets %s finish on a machine before the group ends it", w.Name)
	default:
		out.Pass(w.Ref, "drains", "a machine is emptied of %s before the group ends it", w.Name)
	}
}

func because(w *fact.Workload) string {
	if w.NodeDrain == nil || w.NodeDrain.Why == "" {
		return ""
	}
	return ", for " + w.NodeDrain.Why
}
