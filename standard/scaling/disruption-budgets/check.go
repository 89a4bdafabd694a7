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
		judge(&out, in.Here, w, budgets)
	}
	for _, b := range in.Here.Budgets {
		if !covered[b] {
			out.Lacks(b.Ref, []fact.Kind{fact.Workloads}, "selects-nothing", "%s selects no workload: nothing here carries %s", b.Name, b.Selects)
		}
	}
	return out
}

func judge(out *verdict.Findings, here *fact.Set, w *fact.Workload, budgets []*fact.Budget) {
	replicas := here.Instances(w)
	switch {
	case !w.Form.Serves():
		out.Skip(w.Ref, "not-serving", "%s runs to its end; nothing needs to stay up", w.Name)
	case w.Form == fact.PerNode:
		out.Skip(w.Ref, "per-node", "%s runs on every node; drains leave it alone", w.Name)
	case w.Form == fact.Bare:
		out.Skip(w.Ref, "bare-pod", "%s is a pod of its own; see scaling/failure-domains", w.Name)
	case replicas == 0:
		out.Skip(w.Ref, "scaled-to-zero", "%s is scaled to zero", w.Name)
	case len(budgets) > 1:
		out.Fail(budgets[1].Ref, "several-budgets", "%s and %s both select %s; Kubernetes then refuses every eviction", budgets[0].Name, budgets[1].Name, w.Name)
	case replicas == 1 && len(budgets) == 0:
		out.Skip(w.Ref, "single-instance", "%s runs one instance, which no budget can protect; see scaling/failure-domains", w.Name)
	case len(budgets) == 0:
		out.Lacks(w.Ref, []fact.Kind{fact.Budgets}, "no-budget", "no disruption budget selects %s: a drain may take all %d instances at once", w.Name, replicas)
	case budgets[0].Evictable(replicas) == 0:
		b := budgets[0]
		out.Fail(b.Ref.At(b.At), "blocks-eviction", "%s lets 0 of %d %s of %s be evicted, so node drains hang", b.Name, replicas, plural(replicas, "instance"), w.Name)
	case budgets[0].Evictable(replicas) >= replicas:
		b := budgets[0]
		out.Fail(b.Ref.At(b.At), "protects-nothing", "%s lets all %d instances of %s be evicted at once", b.Name, replicas, w.Name)
	case undercut(w, budgets[0], replicas):
		out.Fail(w.Ref.At(w.Strategy.At), "update-takes-more", "an update of %s may take %d of %d instances at once (%s), while %s keeps all but %d",
			w.Name, unavailable(w, replicas), replicas, strategyText(w), budgets[0].Name, budgets[0].Evictable(replicas))
	default:
		b := budgets[0]
		out.Pass(w.Ref, "budget", "%s lets %d of %d instances of %s be evicted", b.Name, b.Evictable(replicas), replicas, w.Name)
	}
}

// undercut reports whether an update takes more instances than maintenance may.
func undercut(w *fact.Workload, b *fact.Budget, replicas int) bool {
	return unavailable(w, replicas) > b.Evictable(replicas)
}

// unavailable returns how many instances an update takes away at once. Shares
// are rounded down, as Kubernetes does for maxUnavailable of an update.
func unavailable(w *fact.Workload, replicas int) int {
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

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}
