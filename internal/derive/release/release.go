// Package release tells which workloads are released to users build by build,
// so that a bad build can be held back or taken back.
package release

import (
	"seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Applies reports whether a workload's builds reach users by traffic, and says
// in the findings why not where they do not. A workload with a rollout of its
// own always applies.
func Applies(out *verdict.Findings, here *fact.Set, w *fact.Workload) bool {
	store, _ := stores.Of(w)
	switch {
	case here.RolloutFor(w) != nil:
		return true
	case !w.Form.Serves():
		out.Skip(w.Ref, "not-serving", "%s runs to its end and takes no traffic", w.Name)
	case w.Form == fact.PerNode:
		out.Skip(w.Ref, "per-node", "%s runs once on every node and is updated node by node; there is no share of traffic to give", w.Name)
	case store.Kind != "":
		out.Skip(w.Ref, "data-store", "%s runs %s, a data store whose instances are not interchangeable builds", w.Name, store.Kind)
	case !here.TakesTraffic(w):
		if hole, missing := here.Coverage.Missing(fact.Services); missing {
			out.Unclear(w.Ref, "may-serve", "could not tell whether %s serves: %s", w.Name, hole.Why)
			return false
		}
		out.Skip(w.Ref, "no-traffic", "no traffic reaches %s, so there is no share of it to give to a new build", w.Name)
	case w.KeepsData():
		out.Unclear(w.Ref, "keeps-data", "each instance of %s keeps data of its own; whether it is a store or a build of the service cannot be told", w.Name)
	case stores.Listens(w) != "":
		out.Unclear(w.Ref, "keeps-data", "%s listens where %s does; whether it is a store or a build of the service cannot be told", w.Name, stores.Listens(w))
	case w.Scalable && here.Instances(w) == 0 && len(here.AutoscalersFor(w)) == 0:
		out.Skip(w.Ref, "scaled-to-zero", "%s is scaled to zero", w.Name)
	default:
		return true
	}
	return false
}

// Elsewhere returns a rollout of another bundle that names the workload, or nil.
func Elsewhere(all []*fact.Set, here *fact.Set, w *fact.Workload) *fact.Rollout {
	for _, set := range all {
		if set == here {
			continue
		}
		if r := set.RolloutFor(w); r != nil && set.Workload(w.Kind, w.Namespace, w.Name) == nil {
			return r
		}
	}
	return nil
}

// Title names a rollout together with its kind, for it often carries the name
// of what it rolls out.
func Title(r *fact.Rollout) string { return r.Kind() + " " + r.Name }
