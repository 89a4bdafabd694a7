// Package disruptionbudgets checks that maintenance can take some instances of
// a workload and never too many.
package disruptionbudgets

import (
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload when exactly one budget selects it, lets at least
// one instance be evicted, and is not undercut by the workload's own updates.
func Check(in expect.Input) (out verdict.Findings) {
	covered := map[*fact.Budget]bool{}
	for _, w := range in.Here.Workloads {
		budgets := in.Here.BudgetsFor(w)
		for _, b := range budgets {
			covered[b] = true
		}
		judge(&out, in, w, budgets)
	}
	for _, b := range in.Here.Budgets {
		if !covered[b] && !tries(in.Here, b) {
			idle(&out, in, b)
		}
	}
	return out
}

func judge(out *verdict.Findings, in expect.Input, w *fact.Workload, budgets []*fact.Budget) {
	replicas := in.Here.Instances(w)
	evictable := 0
	if len(budgets) == 1 {
		evictable = in.Here.EvictableOf(budgets[0], w)
	}
	switch {
	case !w.Form.Serves():
		out.Skip(w.Ref, "not-serving", "%s runs to its end; nothing needs to stay up", w.Name)
	case w.Platform.Cloud():
		cloud(out, in.Here, w)
	case w.Form == fact.PerNode:
		out.Skip(w.Ref, "per-node", "%s runs on every node; drains leave it alone", w.Name)
	case w.Platform.OnHosts():
		out.Skip(w.Ref, "no-evictions", "%s runs on a host that nothing drains by itself, and budgets do not exist there; see scaling/failure-domains", w.Name)
	case w.Form == fact.Bare:
		out.Skip(w.Ref, "bare-pod", "%s is a pod of its own; see scaling/failure-domains", w.Name)
	case replicas == 0:
		out.Skip(w.Ref, "scaled-to-zero", "%s may run no instance at all", w.Name)
	case len(budgets) > 1:
		out.Fail(budgets[1].Ref, "several-budgets", "%s and %s both select %s; Kubernetes then refuses every eviction", budgets[0].Name, budgets[1].Name, w.Name)
	case replicas == 1 && len(budgets) == 0 && in.Here.ScaledElsewhere(in.All, w) != nil:
		a := in.Here.ScaledElsewhere(in.All, w)
		out.Unclear(w.Ref, "autoscaler-elsewhere", "%s %s (%s) scales a %s %s; whether it is this one, and so several instances, cannot be told", a.Kind(), a.Name, a.File, w.Kind, w.Name)
	case replicas == 1 && (len(budgets) == 0 || evictable == 1):
		out.Skip(w.Ref, "single-instance", "%s runs one instance, which no budget can protect; see scaling/failure-domains", w.Name)
	case len(budgets) == 0 && trial(in.Here, w) != nil:
		b := trial(in.Here, w)
		out.Fail(b.Ref, "trial-only", "budget %s selects %s only while a new build is tried; Flagger serves from a copy with %s, of which a drain may take all %d instances at once", b.Name, w.Name, suffixed(in.Here, w), replicas)
	case len(budgets) == 0 && elsewhere(in, w) != nil:
		b := elsewhere(in, w)
		out.Unclear(w.Ref, "budget-elsewhere", "budget %s (%s) selects pods like those of %s; whether it stands beside them cannot be told", b.Name, b.File, w.Name)
	case len(budgets) == 0:
		out.Lacks(w.Ref, []fact.Kind{fact.Budgets}, "no-budget", "no disruption budget selects %s: a drain may take all %d instances at once", w.Name, replicas)
	case evictable == 0:
		b := budgets[0]
		out.Fail(b.Ref.At(b.At), "blocks-eviction", "%s lets 0 of %s of %s be evicted, so node drains hang", b.Name, verdict.Count(replicas, "instance"), w.Name)
	case evictable >= replicas:
		b := budgets[0]
		out.Fail(b.Ref.At(b.At), "protects-nothing", "%s lets all %d instances of %s be evicted at once%s", b.Name, replicas, w.Name, shared(in.Here, b, replicas))
	case unavailable(in.Here, w, replicas) > evictable:
		out.Fail(w.Ref.At(w.Strategy.At), "update-takes-more", "an update of %s may take %d of %d instances at once (%s), while %s keeps all but %d",
			w.Name, unavailable(in.Here, w, replicas), replicas, strategyText(w), budgets[0].Name, evictable)
	default:
		out.Pass(w.Ref, "budget", "%s lets %d of %d instances of %s be evicted", budgets[0].Name, evictable, replicas, w.Name)
	}
}

// shared explains a budget that counts several workloads together.
func shared(here *fact.Set, b *fact.Budget, replicas int) string {
	if n := len(here.Counted(b)); n > 1 && b.Evictable(replicas) < replicas {
		return ", for it counts " + fact.Count(n).String() + " workloads together"
	}
	return ""
}

// unavailable returns how many instances an update takes away at once. Shares
// are rounded down, as Kubernetes does for maxUnavailable of an update. A
// rollout that routes traffic, or runs beside a Deployment, takes none away.
func unavailable(here *fact.Set, w *fact.Workload, replicas int) int {
	if r := here.RolloutFor(w); r != nil && (r.Replaces || r.Engine == "argo-rollouts" && r.Routed) {
		return 0
	}
	switch w.Strategy.Type {
	case "Recreate":
		return replicas
	case "RollingUpdate", "Canary":
		return w.Strategy.MaxUnavailable.Of(replicas, false)
	}
	return 0
}

func strategyText(w *fact.Workload) string {
	if w.Strategy.Type == "Recreate" {
		return "Recreate"
	}
	return "maxUnavailable " + w.Strategy.MaxUnavailable.String()
}
