// Package ownership checks that everything that runs names who answers for it,
// and that whoever is named exists.
package ownership

import (
	"fmt"
	"path"

	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload when a label or annotation of its own, of its instances
// or of its namespace names an owner, and what a cloud keeps when a tag does: one
// that the manifest, a catalog or CODEOWNERS knows. Where none of these names a
// team, each name stays open.
func Check(in expect.Input) (out verdict.Findings) {
	j := judge{out: &out, here: in.Here, asked: map[string]bool{}}
	if in.Declared != nil {
		j.claims = in.Declared.Owners
	}
	j.team = owner.One(j.claims)
	for _, w := range in.Here.Workloads {
		j.workload(w)
	}
	j.cloud()
	return out
}

// judge is one look at what is deployed together.
type judge struct {
	out    *verdict.Findings
	here   *fact.Set
	claims []*fact.OwnerClaim
	// team is the one that owns the service; empty where that is open.
	team string
	// asked are names of which was said already whether they exist.
	asked map[string]bool
}

func (j *judge) workload(w *fact.Workload) {
	if !w.Platform.Tells() {
		j.out.Skip(w.Ref, "no-labels", "a %s carries no labels that could name an owner of %s; see docs/ownership", w.Kind, w.Name)
		return
	}
	own, pod := owner.In(w.Labels, w.Annotations), owner.In(w.PodLabels, w.PodAnnotations)
	if a, b, found := disagreement(own, pod); found {
		j.out.Fail(w.Ref, "disagree", "%s names %s as %s, its instances name %s", w.Name, a.Value, a.Key, b.Value)
		return
	}
	var empty owner.Named
	for _, o := range append(own, pod...) {
		if !o.Placeholder {
			j.exists(w.Ref, w.Name, o, o.Key)
			return
		}
		empty = o
	}
	namespace := j.here.Namespace(w.Namespace)
	if namespace != nil {
		for _, o := range owner.In(namespace.Labels, namespace.Annotations) {
			if !o.Placeholder {
				j.exists(w.Ref, w.Name, o, fmt.Sprintf("%s of namespace %s", o.Key, namespace.Name))
				return
			}
			empty = o
		}
	}
	tags, unknown := w.Unknown.Any(fact.Tags)
	switch {
	case empty.Key == "" && w.Platform.Cloud() && unknown:
		j.out.Unclear(w.Ref.At(tags.At), "tags-unknown", "whether a tag of %s names an owner is not known, for %s", w.Name, tags.Why)
	case empty.Key == "" && w.Platform.Cloud():
		j.out.Fail(w.Ref, "no-owner-tag", "no tag of %s names an owner", w.Name)
	case empty.Key != "":
		j.out.Fail(w.Ref, "placeholder", "the owner of %s is still to come: %s is %q", w.Name, empty.Key, empty.Value)
	case namespace != nil:
		j.out.Lacks(w.Ref, []fact.Kind{fact.Namespaces}, "no-owner", "no label or annotation of %s or of its namespace %s names an owner", w.Name, namespace.Name)
	case w.Platform.OnHosts():
		j.out.Fail(w.Ref, "no-owner", "no label of %s names an owner", w.Name)
	default:
		j.out.Lacks(w.Ref, []fact.Kind{fact.Namespaces}, "no-owner", "no label or annotation of %s names an owner", w.Name)
	}
}

// exists passes what names an owner, provided that somebody knows that owner.
// From says where the name stands.
func (j *judge) exists(ref fact.Ref, name string, o owner.Named, from string) {
	known, found := owner.Known(j.claims, o.Value)
	example, any := teams(j.claims)
	switch {
	case found:
		j.out.Pass(ref, "owned", "%s belongs to %s (%s), whom %s knows", name, o.Value, from, file(known))
		if j.team != "" && !owner.Same(j.team, o.Value) && !owner.Contact(o.Key) {
			j.out.Note(ref, "other-team", "%s belongs to %s (%s); the service belongs to %s", name, o.Value, from, j.team)
		}
		return
	case any && !owner.Contact(o.Key) && !owner.IsAddress(o.Value):
		j.out.Lacks(ref, []fact.Kind{fact.Owners}, "unknown-owner", "%s belongs to %s (%s), whom nothing here knows: %s names %s", name, o.Value, from, at(example), owner.Teams(example)[0])
		return
	}
	j.out.Pass(ref, "owned", "%s belongs to %s (%s)", name, o.Value, from)
	if j.asked[o.Value] {
		return
	}
	j.asked[o.Value] = true
	if any {
		j.out.Unclear(ref, "not-resolved", "%s (%s) is a way to reach people; it is open which team that is", o.Value, o.Key)
		return
	}
	j.out.Unclear(ref, "not-resolved", "no catalogue was read, so it is open whether %s (%s) exists", o.Value, o.Key)
}

// teams returns the first claim that names a team.
func teams(claims []*fact.OwnerClaim) (*fact.OwnerClaim, bool) {
	for _, c := range claims {
		if len(owner.Teams(c)) > 0 {
			return c, true
		}
	}
	return nil, false
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

func file(c *fact.OwnerClaim) string { return path.Base(c.File) }

// at is the place of a claim: "catalog-info.yaml:9".
func at(c *fact.OwnerClaim) string {
	if c.Line == 0 {
		return file(c)
	}
	return fmt.Sprintf("%s:%d", file(c), c.Line)
}
