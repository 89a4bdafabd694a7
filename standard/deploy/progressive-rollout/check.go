// Package progressiverollout checks that a new build is judged on a small share
// of traffic before it gets all of it.
package progressiverollout

import (
	"fmt"

	"seaworthy.dev/seaworthy/internal/derive/release"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload whose rollout starts with at most 5 % of traffic and
// lets automated analysis decide about every step.
func Check(in expect.Input) (out verdict.Findings) {
	release.Each(&out, in.Here, func(w *fact.Workload, r *fact.Rollout) {
		judge(&out, in.Here, w, r, in.Limit("first-share"))
	}, func(w *fact.Workload) {
		plain(&out, in, w)
	})
	unseen(&out, in)
	return out
}

// plain says what happens to a workload that no rollout controls.
func plain(out *verdict.Findings, in expect.Input, w *fact.Workload) {
	if w.Platform.OnHosts() {
		onHost(out, in.Here, w)
		return
	}
	rests, ref := []fact.Kind{fact.Rollouts}, w.Ref.At(w.Strategy.At)
	if release.Elsewhere(out, in, w) {
		return
	}
	if d := shared(in, w); d != nil {
		out.Unclear(d.Ref(), "pipeline-shares", "%s gives %s to a part of its instances first (%s); whether something judges the answers before it gets the rest cannot be told", d.Title(), w.Name, d.Deed.Share)
		return
	}
	if route := split(in.Here, w); route != nil {
		out.Lacks(route.Ref, rests, "manual-split", "%s splits the traffic of %s by fixed weights, and no analysis decides when they change", route.Name, w.Name)
		return
	}
	if w.Platform.Cloud() {
		cloud(out, in.Here, w)
		return
	}
	instances := in.Here.Instances(w)
	fresh, old := batch(w, instances)
	switch {
	case w.Form == fact.Bare:
		out.Fail(w.Ref, "bare-pod", "%s is a pod of its own, so a new build replaces it with all its traffic", w.Name)
	case w.Strategy.Type == "Recreate":
		out.Lacks(ref, rests, "recreate", "%s stops every old instance before the first new one has started (Recreate), so a bad build meets all traffic and a good one an outage", w.Name)
	case w.Strategy.Type == "Knative":
		out.Lacks(ref, rests, "all-at-once", "a new revision of %s gets all traffic as soon as it is ready", w.Name)
	case w.Strategy.Type == "RollingUpdate" && instances > 0 && old == 0:
		out.Lacks(ref, rests, "rolling-update", "%s may stop %s before a new one is ready (RollingUpdate with maxUnavailable %s), so a bad build meets all traffic and a good one an outage", w.Name, all(instances), w.Strategy.MaxUnavailable)
	case w.Strategy.Type == "RollingUpdate" && instances > 1:
		out.Lacks(ref, rests, "rolling-update", "%s goes on as soon as new instances are ready (RollingUpdate): the first batch, %d beside %d old, gets %d %% of traffic and nothing looks at its answers", w.Name, fresh, old, 100*fresh/(fresh+old))
	case w.Strategy.Type == "RollingUpdate":
		out.Lacks(ref, rests, "rolling-update", "%s gives all traffic to a new build as soon as it is ready (RollingUpdate), and nothing looks at its answers", w.Name)
	default:
		out.Lacks(ref, rests, "by-hand", "%s %s moves to a new build by hand only, and nothing judges it on a share of traffic", w.Kind, w.Name)
	}
}

// batch returns how many new instances a rolling update of several starts first,
// and how many old ones it leaves beside them. Where both limits are nothing
// Kubernetes takes one instance away.
func batch(w *fact.Workload, instances int) (fresh, old int) {
	surge, unavailable := w.Strategy.MaxSurge.Of(instances, true), w.Strategy.MaxUnavailable.Of(instances, false)
	if surge+unavailable == 0 {
		unavailable = 1
	}
	return min(surge+unavailable, instances), max(instances-unavailable, 0)
}

func all(instances int) string {
	if instances == 1 {
		return "its only instance"
	}
	return fmt.Sprintf("all %d instances", instances)
}

// split returns a route that shares traffic by weight between a service of the
// workload and another one, or between subsets of it, or nil.
func split(here *fact.Set, w *fact.Workload) *fact.Route {
	own := map[string]bool{}
	for _, svc := range here.ServicesFor(w) {
		own[svc.Name] = true
	}
	for _, route := range here.Routes {
		if route.Namespace != w.Namespace {
			continue
		}
		for i, a := range route.Backends {
			for j, b := range route.Backends {
				// Two entries may name one service and differ by subset.
				if i != j && a.Rule == b.Rule && a.Weight > 0 && b.Weight > 0 && own[a.Service] {
					return route
				}
			}
		}
	}
	return nil
}
