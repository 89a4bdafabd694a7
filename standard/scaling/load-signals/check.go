// Package loadsignals checks that a workload scales out by itself, on a signal
// that can rise.
package loadsignals

import (
	"seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// full is the utilisation that nothing can exceed. The reason and source stand
// in expectation.yaml.
const full = 100

// Check passes a workload that exactly one autoscaler scales, from at least two
// instances up, on a signal that can be measured and exceeded.
func Check(in expect.Input) (out verdict.Findings) {
	used := map[*fact.Autoscaler]bool{}
	for _, w := range in.Here.Workloads {
		scalers := in.Here.AutoscalersFor(w)
		for _, a := range scalers {
			used[a] = true
		}
		switch {
		case !w.Form.Serves():
			out.Skip(w.Ref, "not-serving", "%s runs to its end; a schedule starts it and not load", w.Name)
		case w.Platform == fact.Lambda:
			out.Skip(w.Ref, "invoked", "Lambda starts an instance of %s for each call that finds none free", w.Name)
		case w.Platform.Cloud() && len(scalers) == 0:
			unscaledCloud(&out, in, w)
		case w.Platform.Cloud() && len(scalers) == 1 && open(&out, w, scalers[0]):
			// Said as not known.
		case w.Form == fact.PerNode:
			out.Skip(w.Ref, "per-node", "%s runs once on every node; nodes are what scales it", w.Name)
		case w.Form == fact.Bare:
			out.Skip(w.Ref, "bare-pod", "%s is a pod of its own, which nothing can multiply; see scaling/failure-domains", w.Name)
		case len(scalers) == 0 && in.Here.TrialScaler(w) != nil:
			a, r := in.Here.TrialScaler(w), in.Here.RolloutFor(w)
			used[a] = true
			out.Fail(r.Ref, "trial-only", "%s scales %s only while a new build is tried; Canary %s names no autoscalerRef, so the copy that serves keeps its size", title(a), w.Name, r.Name)
		case len(scalers) == 0:
			unscaled(&out, in, w)
		case len(scalers) > 1:
			out.Fail(scalers[1].Ref, "two-autoscalers", "%s and %s both scale %s and undo each other's decisions", title(scalers[0]), title(scalers[1]), w.Name)
		default:
			judge(&out, in.Here, w, scalers[0], in.Limit("fewest"))
		}
	}
	for _, a := range in.Here.Autoscalers {
		if a.Engine != "vpa" && !used[a] {
			out.Unclear(a.Ref, "target-elsewhere", "%s scales %s %s, which is not among these files", title(a), a.TargetKind, a.TargetName)
		}
	}
	return out
}

// unscaled judges a workload for which no autoscaler was found.
func unscaled(out *verdict.Findings, in expect.Input, w *fact.Workload) {
	store, _ := stores.Of(w)
	switch {
	case store.Kind != "":
		out.Skip(w.Ref, "keeps-data", "%s runs %s; another instance of a data store does not take a share of its load by itself", w.Name, store.Kind)
	case w.KeepsData():
		out.Skip(w.Ref, "keeps-data", "each instance of %s has a volume of its own; another one does not take a share of its load by itself", w.Name)
	case !w.Platform.Tells():
		onHost(out, in, w)
	case in.Here.Instances(w) == 0:
		out.Skip(w.Ref, "scaled-to-zero", "%s is scaled to zero", w.Name)
	case in.Here.ScaledElsewhere(in.All, w) != nil:
		a := in.Here.ScaledElsewhere(in.All, w)
		out.Unclear(w.Ref, "autoscaler-elsewhere", "%s (%s) scales a %s %s; whether it is this one cannot be told", title(a), a.File, w.Kind, w.Name)
	case stores.Listens(w) != "":
		out.Unclear(w.Ref, "may-need-scaling", "nothing scales %s, and nothing shows whether its work grows with load: it listens where %s does", w.Name, stores.Listens(w))
	case !in.Here.Serving(w):
		out.Unclear(w.Ref, "may-need-scaling", "nothing scales %s, and nothing shows whether its work grows with load: it has no port and no service", w.Name)
	case !in.Here.TakesTraffic(w):
		out.Unclear(w.Ref, "may-need-scaling", "nothing scales %s, and nothing shows whether its work grows with load: it opens only ports for metrics and probes", w.Name)
	case in.Here.MayOnlyReport(w):
		out.Unclear(w.Ref, "may-need-scaling", "nothing scales %s, and nothing shows whether its work grows with load: no service selects it, and Prometheus scrapes its only port", w.Name)
	case w.Platform.OnHosts():
		onHost(out, in, w)
	default:
		out.Lacks(w.Ref, []fact.Kind{fact.Autoscalers}, "no-autoscaler", "no autoscaler scales %s: it stays at %s whatever the load", w.Name, verdict.Count(in.Here.Instances(w), "instance"))
	}
}

// title names an autoscaler together with its kind, for it often carries the
// name of what it scales.
func title(a *fact.Autoscaler) string { return a.Title(a.Name) }
