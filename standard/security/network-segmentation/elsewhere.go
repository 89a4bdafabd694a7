package networksegmentation

import (
	"fmt"
	"slices"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
)

// elsewhere returns the policies of other bundles that select the workload's
// pods and nothing beside themselves: a folder of policies may be deployed with
// the folders of those that it protects. One for all pods of a namespace that
// it does not name says too little to be meant.
func elsewhere(in expect.Input, w *fact.Workload) []*fact.Policy {
	var out []*fact.Policy
	for _, set := range in.All {
		if set == in.Here {
			continue
		}
		sure, _ := set.PoliciesFor(w)
		for _, p := range sure {
			if !(p.Selects.Everything && p.Namespace == "" && !p.ClusterWide) && target(set, p) == nil {
				out = append(out, p)
			}
		}
	}
	return out
}

// target returns a workload of the set that the policy selects, or nil.
func target(set *fact.Set, p *fact.Policy) *fact.Workload {
	for _, w := range set.Workloads {
		if sure, perhaps := set.PoliciesFor(w); slices.Contains(sure, p) || slices.Contains(perhaps, p) {
			return w
		}
	}
	return nil
}

// missed says whom a policy without a workload beside it may be meant for.
func missed(in expect.Input, p *fact.Policy) string {
	for _, set := range in.All {
		for _, w := range set.Workloads {
			if set != in.Here && p.Namespace == w.Namespace && p.Selects.Matches(w.PodLabels) {
				return fmt.Sprintf("policy %s selects no workload beside it, but %s of another bundle (%s)", p.Name, w.Name, w.File)
			}
		}
	}
	return fmt.Sprintf("policy %s selects no workload here: none carries %s", p.Name, p.Selects)
}
