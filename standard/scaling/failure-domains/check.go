// Package failuredomains checks that the loss of one host or one zone leaves
// instances that serve.
package failuredomains

import (
	"seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload with at least two instances that rules of its own
// keep apart by zone and by host, and a database that keeps apart by zone.
func Check(in expect.Input) (out verdict.Findings) {
	for _, w := range in.Here.Workloads {
		instances := in.Here.Instances(w)
		switch {
		case !w.Form.Serves():
			out.Skip(w.Ref, "not-serving", "%s runs to its end and can run again elsewhere", w.Name)
		case w.Platform.Cloud():
			cloud(&out, in, w)
		case w.Form == fact.PerNode:
			out.Skip(w.Ref, "per-node", "%s runs once on every node, so it is spread as the nodes are", w.Name)
		case w.Platform.OnHosts() && instances > 0:
			onHost(&out, w, instances)
		case w.Form == fact.Bare:
			out.Fail(w.Ref, "bare-pod", "%s is a pod of its own: nothing replaces it when its node is lost", w.Name)
		case instances == 0:
			out.Skip(w.Ref, "scaled-to-zero", "%s may run no instance at all", w.Name)
		case instances == 1 && in.Here.ScaledElsewhere(in.All, w) != nil:
			a := in.Here.ScaledElsewhere(in.All, w)
			out.Unclear(w.Ref, "autoscaler-elsewhere", "%s %s (%s) scales a %s %s; whether it is this one cannot be told", a.Kind(), a.Name, a.File, w.Kind, w.Name)
		case instances == 1:
			single(&out, in.Here, w)
		default:
			spread(&out, w, instances)
		}
	}
	databases(&out, in.Here)
	decision(&out, in)
	return out
}

// single fails a workload of one instance, at the number that leaves it alone.
func single(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	rests := []fact.Kind{fact.Autoscalers}
	for _, a := range here.AutoscalersFor(w) {
		out.Lacks(w.Ref.At(a.MinAt), rests, "single-instance", "%s %s lets %s shrink to one instance%s, and the loss of its node stops that for minutes", a.Kind(), a.Name, w.Name, what(w))
		return
	}
	out.Lacks(w.Ref.At(w.ReplicasAt), rests, "single-instance", "%s runs one instance%s, so the loss of its node stops it for minutes", w.Name, what(w))
}

func what(w *fact.Workload) string {
	if store, _ := stores.Of(w); store.Kind != "" {
		return " of " + store.Kind
	}
	return ""
}
