package assess

import (
	"fmt"
	"slices"

	"seaworthy.dev/seaworthy/internal/fact"
)

// clusters leaves a hole for each cluster of a cloud where no manifest of the
// service says what runs in it: that is not known then, and not nothing.
func (g *group) clusters() {
	runs := slices.ContainsFunc(judgedSets(g.sets), func(s *fact.Set) bool {
		return slices.ContainsFunc(s.Workloads, func(w *fact.Workload) bool { return w.Platform == fact.Kubernetes })
	})
	if runs {
		return
	}
	for i, set := range g.sets {
		if len(set.Clusters) == 0 {
			continue
		}
		out := *set // the set may be another service's too
		out.Coverage.Holes = slices.Clone(set.Coverage.Holes)
		for _, c := range set.Clusters {
			out.Coverage.Holes = append(out.Coverage.Holes, fact.Hole{
				Kinds: []fact.Kind{
					fact.Workloads, fact.Services, fact.Policies, fact.Backups, fact.Storage, fact.Accounts, fact.Permissions, fact.Secrets, fact.Settings,
				},
				Why: fmt.Sprintf("no manifest here says what runs in the cluster %s (%s)", c.Name, c.Engine), Location: c.Location,
			})
			g.problems = append(g.problems, fact.Problem{Location: c.Location, Message: fmt.Sprintf(
				"no manifest here says what runs in the cluster %s (%s): judge the folder that has them as well, or list it under `sources.manifests`", c.Name, c.Engine)})
		}
		out.Coverage.Sort()
		g.sets[i] = &out
	}
}
