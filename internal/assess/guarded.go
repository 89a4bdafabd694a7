package assess

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/fact"
)

// rollOut gives the workload of the service's `rollout:` that rollout, wherever
// nothing else rolls it out. Where it cannot be told which workload is meant, that
// is a problem, and whether one is rolled out stays open.
func (g *group) rollOut() {
	plan := g.declared.Rollout
	if plan == nil {
		return
	}
	judged := judgedSets(g.sets)
	name := plan.TargetName
	if names := released(judged, name); name == "" && len(names) == 1 {
		name = names[0]
	} else if len(names) == 0 && !slices.ContainsFunc(judged, func(s *fact.Set) bool { return len(s.Workloads) > 0 }) {
		return // what runs is described elsewhere
	} else if name == "" || !slices.Contains(names, name) {
		g.astray(plan, names)
		return
	}
	for i, set := range g.sets {
		out := *set
		for _, w := range set.Workloads {
			if w.Name != name || !takes(set, w) || set.RolloutFor(w) != nil {
				continue
			}
			r := *plan
			r.Subject, r.Name = "rollout of "+w.Name, w.Name
			r.Namespace, r.TargetKind, r.TargetName = w.Namespace, w.Kind, w.Name
			out.Rollouts = append(slices.Clip(out.Rollouts), &r)
		}
		if set.ProductionLike {
			g.sets[i] = &out // the set may be another service's too
		}
	}
}

// astray says that a `rollout:` leads to no workload.
func (g *group) astray(plan *fact.Rollout, names []string) {
	message := "spec.rollout names no workload; write `workload:` with one of " + strings.Join(names, ", ")
	switch {
	case plan.TargetName != "" && len(names) == 0:
		message = fmt.Sprintf("spec.rollout.workload is %q, but no workload that takes traffic was found", plan.TargetName)
	case plan.TargetName != "":
		message = fmt.Sprintf("spec.rollout.workload is %q, and no workload that takes traffic is called so; there is %s%s", plan.TargetName, strings.Join(names, ", "), nearest(plan.TargetName, names))
	case len(names) == 0:
		message = "spec.rollout names no workload, and none that takes traffic was found; write `workload:`"
	}
	g.problems = append(g.problems, fact.Problem{Location: plan.Location, Message: message})
	says, _, _ := strings.Cut(message, "; ")
	for i, set := range g.sets {
		out := *set
		out.Coverage.Holes = append(slices.Clip(out.Coverage.Holes), fact.Hole{Kinds: []fact.Kind{fact.Rollouts}, Location: plan.Location, Why: says})
		g.sets[i] = &out
	}
}

// released returns the names of the workloads to which new builds bring traffic.
// One that is named counts whatever shows that it serves.
func released(sets []*fact.Set, named string) (names []string) {
	for _, set := range sets {
		for _, w := range set.Workloads {
			if (takes(set, w) || w.Name == named && w.Form.Serves()) && !slices.Contains(names, w.Name) {
				names = append(names, w.Name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// takes reports whether a new build of the workload is one that traffic reaches.
func takes(set *fact.Set, w *fact.Workload) bool {
	store, _ := stores.Of(w)
	return w.Form.Serves() && w.Form != fact.PerNode && store.Kind == "" && (set.TakesTraffic(w) || !w.Platform.Tells())
}

// nearest returns "; did you mean ...?" where one of the names is almost the text.
func nearest(text string, names []string) string {
	best, distance := "", max(2, len(text)/3)+1
	for _, n := range names {
		if d := decode.Distance(text, n); d < distance {
			best, distance = n, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}
