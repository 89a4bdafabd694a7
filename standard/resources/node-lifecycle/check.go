// Package nodelifecycle checks that a node can be drained of the workload, and
// that its instances get the time to stop.
package nodelifecycle

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload that lets a drain finish and stops within the notice
// of the nodes on which it may run. What turns the end of a node into a drain
// belongs to the cluster: unless it stands beside the workloads, it is open.
func Check(in expect.Input) (out verdict.Findings) {
	for _, w := range in.Here.Workloads {
		if w.Annotations["helm.sh/hook"] == "" { // a hook is gone before its node
			judge(&out, in.Here, w, in.Limit("grace"))
		}
	}
	first := serving(in.Here)
	if first == nil || !in.First(func(set *fact.Set) bool { return serving(set) != nil }) {
		return out
	}
	if handler, name := terminationHandler(in.All); handler != nil {
		out.Pass(first.Ref.Within("nodes"), "handler", "%s (%s) turns the end of a node into a drain", name, handler.Name)
		return out
	}
	out.Unclear(first.Ref, "no-handler", "nothing here says what turns the end of a node into a drain before it takes %s away", first.Name)
	return out
}

// serving returns the first workload that is meant to run for ever, or nil.
func serving(set *fact.Set) *fact.Workload {
	for _, w := range set.Workloads {
		if !w.Platform.OnHosts() && w.Form.Serves() && !w.Platform.Cloud() && w.Annotations["helm.sh/hook"] == "" {
			return w
		}
	}
	return nil
}

// judge holds a workload to the seconds that the Cluster Autoscaler waits for a
// pod at most.
func judge(out *verdict.Findings, here *fact.Set, w *fact.Workload, longest int) {
	replicas := here.Instances(w)
	budgets := here.BudgetsFor(w)
	cloud, notice := shortestNotice(w)
	if w.Platform.Cloud() {
		machines(out, here, w)
		return
	}
	switch {
	case w.Form.Serves() && w.Platform.OnHosts():
		out.Unclear(w.Ref, "host-end-untold", "what ends the host of %s, and whether %s is stopped before, is not told here", w.Name, w.Name)
	case !w.Form.Serves():
		out.Skip(w.Ref, "not-serving", "%s runs to its end and is started again elsewhere", w.Name)
	case w.Form == fact.PerNode:
		out.Skip(w.Ref, "per-node", "%s runs on every node and ends with it", w.Name)
	case w.Form == fact.Bare:
		out.Fail(w.Ref, "bare-pod", "%s is a pod of its own: a drain refuses to delete it, and nothing starts it again", w.Name)
	case replicas == 0:
		out.Skip(w.Ref, "scaled-to-zero", "%s is scaled to zero", w.Name)
	case len(budgets) > 1:
		out.Fail(budgets[1].Ref, "drain-hangs", "%s and %s both select %s, so each eviction is refused and a drain hangs", budgets[0].Name, budgets[1].Name, w.Name)
	case len(budgets) == 1 && budgets[0].Evictable(replicas) == 0:
		b := budgets[0]
		out.Fail(b.Ref.At(b.At), "drain-hangs", "%s lets no instance of %s go (0 of %d), so a drain hangs", b.Name, w.Name, replicas)
	case pinned(w) != "":
		out.Fail(w.Ref, "never-drained", "%s: Karpenter drains no node while %s runs on it (%s)", w.Name, w.Name, pinned(w))
	case w.Grace == 0:
		out.Fail(w.Ref.At(w.GraceAt), "no-grace", "%s is killed at once: terminationGracePeriodSeconds is 0", w.Name)
	case notice > 0 && w.Grace > notice:
		out.Fail(w.Ref.At(w.GraceAt), "over-notice", "%s takes up to %d s to stop and may run on %s nodes, which go after a notice of %d s", w.Name, w.Grace, cloud, notice)
	case w.Grace > longest:
		out.Unclear(w.Ref.At(w.GraceAt), "long-grace", "%s takes up to %d s to stop; the Cluster Autoscaler waits %d s unless it is told otherwise", w.Name, w.Grace, longest)
	default:
		out.Pass(w.Ref, "drains", "a drain can take %s, which gets %d s to stop", w.Name, w.Grace)
	}
	if w.PodAnnotations["cluster-autoscaler.kubernetes.io/safe-to-evict"] == "false" && w.Form.Serves() && w.Form != fact.PerNode {
		out.Note(w.Ref, "keeps-node", "the Cluster Autoscaler removes no node while %s runs on it (safe-to-evict is false)", w.Name)
	}
}

// pinned returns the annotation by which Karpenter leaves the node of an
// instance alone; empty where there is none.
func pinned(w *fact.Workload) string {
	for _, key := range []string{"karpenter.sh/do-not-disrupt", "karpenter.sh/do-not-evict"} {
		if w.PodAnnotations[key] == "true" {
			return key
		}
	}
	return ""
}

// shortestNotice returns the kind of spot node on which the workload may run,
// with the seconds between the notice and the end; 0 where nothing says that
// it may. The sources stand in expectation.yaml.
func shortestNotice(w *fact.Workload) (string, int) {
	selects := func(key, value string) bool { return w.Nodes[key] == value }
	switch {
	case slices.Contains(w.Tolerates, "cloud.google.com/gke-spot"), slices.Contains(w.Tolerates, "cloud.google.com/gke-preemptible"),
		selects("cloud.google.com/gke-spot", "true"), selects("cloud.google.com/gke-preemptible", "true"):
		return "Google spot", 30
	case slices.Contains(w.Tolerates, "kubernetes.azure.com/scalesetpriority"), selects("kubernetes.azure.com/scalesetpriority", "spot"):
		return "Azure spot", 30
	case selects("eks.amazonaws.com/capacityType", "SPOT"):
		return "AWS spot", 120
	}
	return "", 0
}

// terminationHandler returns a workload that listens to the notices of the
// cloud, with the handler's name.
func terminationHandler(all []*fact.Set) (*fact.Workload, string) {
	for _, set := range all {
		for _, w := range set.Workloads {
			for _, c := range w.Main() {
				switch c.Image.Base() {
				case "aws-node-termination-handler":
					return w, "AWS Node Termination Handler"
				case "k8s-node-termination-handler":
					return w, "the node termination handler of Google Cloud"
				case "controller":
					// Karpenter listens where its chart's settings.interruptionQueue is set.
					for _, e := range c.Env {
						if e.Name == "INTERRUPTION_QUEUE" && !e.Empty {
							return w, "Karpenter"
						}
					}
				}
			}
		}
	}
	return nil, ""
}
