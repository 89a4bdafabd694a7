// Package ownership checks that everything that runs names who answers for it.
package ownership

import (
	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload when a label or annotation of its own, of its
// instances or of its namespace names an owner. Whether that owner exists is
// for the catalogue to say, so each name stays open until one is read.
func Check(in expect.Input) (out verdict.Findings) {
	asked := map[string]bool{}
	for _, w := range in.Here.Workloads {
		o, found := judge(&out, in.Here, w)
		if found && !asked[o.Value] {
			asked[o.Value] = true
			out.Unclear(w.Ref, "not-resolved", "no catalogue was read, so it is open whether %s (%s) exists", o.Value, o.Key)
		}
	}
	return out
}

// judge returns the owner by which the workload passes.
func judge(out *verdict.Findings, here *fact.Set, w *fact.Workload) (owner.Named, bool) {
	own, pod := owner.In(w.Labels, w.Annotations), owner.In(w.PodLabels, w.PodAnnotations)
	if a, b, found := disagreement(own, pod); found {
		out.Fail(w.Ref, "disagree", "%s names %s as %s, its instances name %s", w.Name, a.Value, a.Key, b.Value)
		return owner.Named{}, false
	}
	var empty owner.Named
	for _, o := range append(own, pod...) {
		if !o.Placeholder {
			out.Pass(w.Ref, "owned", "%s belongs to %s (%s)", w.Name, o.Value, o.Key)
			return o, true
		}
		empty = o
	}
	namespace := here.Namespace(w.Namespace)
	if namespace != nil {
		for _, o := range owner.In(namespace.Labels, namespace.Annotations) {
			if !o.Placeholder {
				out.Pass(w.Ref, "owned", "%s belongs to %s (%s of namespace %s)", w.Name, o.Value, o.Key, namespace.Name)
				return o, true
			}
			empty = o
		}
	}
	switch {
	case empty.Key != "":
		out.Fail(w.Ref, "placeholder", "the owner of %s is still to come: %s is %q", w.Name, empty.Key, empty.Value)
	case namespace != nil:
		out.Lacks(w.Ref, []fact.Kind{fact.Namespaces}, "no-owner", "no label or annotation of %s or of its namespace %s names an owner", w.Name, namespace.Name)
	default:
		out.Lacks(w.Ref, []fact.Kind{fact.Namespaces}, "no-owner", "no label or annotation of %s names an owner", w.Name)
	}
	return owner.Named{}, false
}

// disagreement returns what the workload and its instances say differently
// under the same key. Different keys may differ: a team has a contact.
func disagreement(own, pod []owner.Named) (a, b owner.Named, found bool) {
	for _, a := range own {
		for _, b := range pod {
			if a.Key == b.Key && a.Value != b.Value && !a.Placeholder && !b.Placeholder {
				return a, b, true
			}
		}
	}
	return a, b, false
}
