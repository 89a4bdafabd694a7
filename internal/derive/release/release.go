// Package release tells which workloads are released to users build by build,
// so that a bad build can be held back or taken back.
package release

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// applies reports whether a workload's builds reach users by traffic, and says
// in the findings why not where they do not. A workload with a rollout of its
// own always applies.
func applies(out *verdict.Findings, here *fact.Set, w *fact.Workload) bool {
	store, _ := stores.Of(w)
	switch {
	case here.RolloutFor(w) != nil:
		return true
	case !w.Form.Serves():
		out.Skip(w.Ref, "not-serving", "%s runs to its end and takes no traffic", w.Name)
	case w.Platform == fact.Lambda:
		return true // whatever calls it, a new build answers all calls at once
	case w.Form == fact.PerNode:
		out.Skip(w.Ref, "per-node", "%s runs once on every node and is updated node by node; there is no share of traffic to give", w.Name)
	case store.Kind != "":
		out.Skip(w.Ref, "data-store", "%s runs %s, a data store whose instances are not interchangeable builds", w.Name, store.Kind)
	case !w.Platform.Tells():
		return true // nothing shows whether traffic reaches it
	case !here.TakesTraffic(w):
		if hole, missing := here.Coverage.Missing(fact.Services); missing {
			out.Unclear(w.Ref, "may-serve", "could not tell whether %s serves: %s", w.Name, hole.Why)
			return false
		}
		if u, unknown := w.Unknown.Any(fact.FrontDoor, fact.Contents); unknown {
			out.Unclear(w.Ref.At(u.At), "may-serve", "could not tell whether %s serves: %s", w.Name, u.Why)
			return false
		}
		out.Skip(w.Ref, "no-traffic", "no traffic reaches %s, so there is no share of it to give to a new build", w.Name)
	case here.MayOnlyReport(w):
		out.Unclear(w.Ref, "may-serve", "no service here selects %s, and Prometheus scrapes its only port; whether traffic reaches it as well cannot be told", w.Name)
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

// Each calls rolled for every rollout with its workload, as far as that is
// known, and alone for every workload to which new builds go without one.
func Each(out *verdict.Findings, here *fact.Set, rolled func(w *fact.Workload, r *fact.Rollout), alone func(w *fact.Workload)) {
	judged := map[*fact.Rollout]bool{}
	for _, w := range here.Workloads {
		if !applies(out, here, w) {
			continue
		}
		if r := here.RolloutFor(w); r != nil {
			judged[r] = true
			rolled(w, r)
		} else {
			alone(w)
		}
	}
	for _, r := range here.Rollouts {
		if !judged[r] {
			rolled(absent(out, r), r)
		}
	}
}

// Elsewhere reports whether a rollout that does not stand beside the workload
// may be its own, and says so.
func Elsewhere(out *verdict.Findings, in expect.Input, w *fact.Workload) bool {
	r := in.Here.RolledElsewhere(in.All, w)
	if r == nil {
		return false
	}
	out.Unclear(w.Ref, "rollout-elsewhere", "%s (%s) rolls out a %s %s%s; whether it is this one cannot be told", Title(r), r.File, w.Kind, w.Name, namespace(r.Namespace))
	return true
}

// absent says that a rollout's target is not beside it, and returns what is known
// of the target, for what the rollout itself says can be judged all the same.
func absent(out *verdict.Findings, r *fact.Rollout) *fact.Workload {
	out.Unclear(r.Ref, "target-elsewhere", "%s rolls out %s, which is not among these files", Title(r), strings.TrimSpace(r.TargetKind+" "+r.TargetName))
	return &fact.Workload{Ref: r.Ref, Platform: fact.Kubernetes, Kind: r.TargetKind, Namespace: r.Namespace, Name: r.TargetName, Replicas: r.Replicas}
}

func namespace(name string) string {
	if name == "" {
		return ""
	}
	return " in namespace " + name
}

// Title names a rollout together with its kind, for it often carries the name
// of what it rolls out.
func Title(r *fact.Rollout) string { return r.Title(r.Name) }
