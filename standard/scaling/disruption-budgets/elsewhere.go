package disruptionbudgets

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// idle judges a budget that selects none of the workloads beside it: pods that
// an operator makes, or a workload of another folder, may be meant.
func idle(out *verdict.Findings, in expect.Input, b *fact.Budget) {
	for _, set := range in.All {
		for _, w := range set.Workloads {
			if fact.MayMeet(b.Namespace, w.Namespace) && b.Selects.Matches(w.PodLabels) {
				out.Unclear(b.Ref, "target-elsewhere", "budget %s selects nothing that surely stands beside it, but may select %s (%s)", b.Name, w.Name, w.File)
				return
			}
		}
	}
	if o := operated(in.Here, b); o != nil {
		out.Unclear(b.Ref, "operators-pods", "budget %s selects no workload that is written here; pods that an operator makes, for instance of %s %s, may carry %s", b.Name, o.Kind, o.Name, b.Selects)
		return
	}
	if len(in.Here.Workloads) == 0 {
		out.Unclear(b.Ref, "target-elsewhere", "budget %s stands without any workload; what carries %s is described elsewhere", b.Name, b.Selects)
		return
	}
	out.Lacks(b.Ref, []fact.Kind{fact.Workloads}, "selects-nothing", "budget %s selects no workload: nothing here%s carries %s", b.Name, within(b.Namespace), b.Selects)
}

func within(namespace string) string {
	if namespace == "" {
		return ""
	}
	return " in namespace " + namespace
}

// elsewhere returns a budget that selects pods like the workload's and nothing
// beside it, and that stands in another bundle or leaves open whether its
// namespace is the workload's; or nil.
func elsewhere(in expect.Input, w *fact.Workload) *fact.Budget {
	for _, set := range in.All {
		for _, b := range set.Budgets {
			if fact.MayMeet(b.Namespace, w.Namespace) && b.Selects.Matches(w.PodLabels) && !covers(set, b) {
				return b
			}
		}
	}
	return nil
}

// covers reports whether the budget has something to protect in its own bundle.
func covers(set *fact.Set, b *fact.Budget) bool {
	return len(set.Selected(b.Namespace, b.Selects)) > 0 || len(set.Counted(b)) > 0
}

// trial returns a budget that selects the Deployment itself, where Flagger runs
// a copy of it under labels that the budget does not select; or nil.
func trial(here *fact.Set, w *fact.Workload) *fact.Budget {
	if _, copied := here.PrimaryLabels(w); !copied {
		return nil
	}
	for _, b := range here.Budgets {
		if b.Namespace == w.Namespace && b.Selects.Matches(w.PodLabels) {
			return b
		}
	}
	return nil
}

// suffixed returns the label that tells the copy from the Deployment.
func suffixed(here *fact.Set, w *fact.Workload) string {
	labels, _ := here.PrimaryLabels(w)
	for key, value := range labels {
		if w.PodLabels[key] != value {
			return key + "=" + value
		}
	}
	return ""
}

// tries reports whether the budget is such a one of any workload.
func tries(here *fact.Set, b *fact.Budget) bool {
	return slices.ContainsFunc(here.Workloads, func(w *fact.Workload) bool { return trial(here, w) == b })
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
