package disruptionbudgets

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// idle judges a budget that selects none of the workloads beside it: pods that
// an operator makes, or a workload of another folder, may be meant.
func idle(out *verdict.Findings, in expect.Input, b *fact.Budget) {
	for _, set := range in.All {
		if set == in.Here {
			continue
		}
		if list := set.Selected(b.Namespace, b.Selects); len(list) > 0 {
			out.Unclear(b.Ref, "target-elsewhere", "%s selects nothing beside it, but %s of another bundle (%s)", b.Name, list[0].Name, list[0].File)
			return
		}
	}
	if o := operated(in.Here, b); o != nil {
		out.Unclear(b.Ref, "operators-pods", "%s selects no workload that is written here; pods that an operator makes, for instance of %s %s, may carry %s", b.Name, o.Kind, o.Name, b.Selects)
		return
	}
	out.Lacks(b.Ref, []fact.Kind{fact.Workloads}, "selects-nothing", "%s selects no workload: nothing here carries %s", b.Name, b.Selects)
}

// elsewhere returns a budget of another bundle that selects pods like the
// workload's and nothing beside it, or nil.
func elsewhere(in expect.Input, w *fact.Workload) *fact.Budget {
	for _, set := range in.All {
		if set == in.Here {
			continue
		}
		for _, b := range set.BudgetsFor(w) {
			if len(set.Selected(b.Namespace, b.Selects)) == 0 {
				return b
			}
		}
	}
	return nil
}

// operated returns the object in the budget's namespace from which an operator
// most likely makes the pods: one of a kind that Kubernetes itself does not
// know, whose kind and name the selector repeats most often. Rules, routes and
// certificates run nothing.
func operated(here *fact.Set, b *fact.Budget) *fact.Object {
	var best *fact.Object
	most := -1
	for _, o := range here.Objects {
		group, _, found := strings.Cut(o.APIVersion, "/")
		if !found || o.Namespace != b.Namespace || !strings.Contains(group, ".") || strings.HasSuffix(group, ".k8s.io") {
			continue
		}
		if strings.HasSuffix(o.Kind, "Monitor") || strings.HasSuffix(o.Kind, "Rule") || strings.HasSuffix(group, "istio.io") ||
			strings.HasSuffix(group, "cert-manager.io") || strings.HasSuffix(group, "external-secrets.io") {
			continue
		}
		same := 0
		for _, value := range b.Selects.Labels {
			if value == o.Name || value == strings.ToLower(o.Kind) {
				same++
			}
		}
		if same > most {
			best, most = o, same
		}
	}
	return best
}
