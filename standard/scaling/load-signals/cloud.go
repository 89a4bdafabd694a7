package loadsignals

import (
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// unscaledCloud judges what a cloud runs and for which no autoscaler was found.
func unscaledCloud(out *verdict.Findings, in expect.Input, w *fact.Workload) {
	number, unknown := w.Unknown.Any(fact.Number)
	front, hidden := w.Unknown.Any(fact.FrontDoor)
	switch {
	case w.Kind == "slot":
		// It runs on the machines of its app, which are judged there.
	case w.Form == fact.PerNode:
		out.Skip(w.Ref, "per-node", "%s runs once on every node; nodes are what scales it", w.Name)
	case w.Form == fact.Bare:
		out.Skip(w.Ref, "bare-pod", "%s is one machine, which nothing can multiply; see scaling/failure-domains", w.Name)
	case !unknown && in.Here.Instances(w) == 0:
		out.Skip(w.Ref, "scaled-to-zero", "%s runs no instance", w.Name)
	case !in.Here.Serving(w) && hidden:
		out.Unclear(w.Ref.At(front.At), "may-need-scaling", "nothing scales %s, and whether it takes traffic is not known, for %s", w.Name, front.Why)
	case !in.Here.Serving(w):
		out.Unclear(w.Ref, "may-need-scaling", "nothing scales %s, and nothing shows whether its work grows with load: it has no port and no load balancer", w.Name)
	case unknown:
		out.Lacks(w.Ref.At(number.At), []fact.Kind{fact.Autoscalers}, "no-scaling", "nothing scales %s: it keeps its number of instances whatever the load", w.Name)
	default:
		out.Lacks(w.Ref, []fact.Kind{fact.Autoscalers}, "no-scaling", "nothing scales %s: it stays at %s whatever the load", w.Name, verdict.Count(in.Here.Instances(w), "instance"))
	}
}

// open says what of an autoscaler is not known, and reports whether that keeps
// it from being judged.
func open(out *verdict.Findings, w *fact.Workload, a *fact.Autoscaler) bool {
	u, unknown := a.Unknown.Any(fact.Number)
	switch {
	case unknown:
		out.Unclear(a.Ref.At(u.At), "bounds-unknown", "between how many instances %s scales %s is not known, for %s", title(a), w.Name, u.Why)
	case len(a.Signals) == 0:
		out.Lacks(a.Ref, []fact.Kind{fact.Autoscalers}, "no-signal", "%s sets bounds for %s, but no policy says when to scale", title(a), w.Name)
	default:
		return false
	}
	return true
}
