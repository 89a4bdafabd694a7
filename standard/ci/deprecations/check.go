// Package deprecations checks that the target version of Kubernetes serves
// every API that the manifests use.
package deprecations

import (
	"fmt"
	"slices"

	"seaworthy.dev/seaworthy/internal/derive/lifecycle"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check fails each object whose API the target version does not serve. That
// every object passes today says nothing of the step in CI which keeps it so:
// that is looked for in the pipelines, and stays open where there are none.
func Check(in expect.Input) (out verdict.Findings) {
	target := in.Settings.KubeVersion
	var judged, served int
	var first fact.Ref
	for _, o := range in.Here.Objects {
		state, life := lifecycle.Of(o.APIVersion, o.Kind, target)
		if state == lifecycle.Foreign {
			continue
		}
		if judged++; judged == 1 {
			first = o.Ref
		}
		what := o.APIVersion + " " + o.Kind
		if o.Name != "" {
			what += " of " + o.Name
		}
		switch state {
		case lifecycle.Removed:
			out.Fail(o.Ref, "removed", "%s is gone since Kubernetes 1.%d (target %s)%s", what, life.Removed, target, instead(o, life, target))
		case lifecycle.Never:
			out.Fail(o.Ref, "unknown-api", "%s: Kubernetes %s has no such API%s", what, target, instead(o, life, target))
		case lifecycle.TooNew:
			out.Fail(o.Ref, "too-new", "%s comes with Kubernetes 1.%d, which is newer than the target %s%s", what, life.Introduced, target, instead(o, life, target))
		case lifecycle.Deprecated:
			served++
			out.Note(o.Ref, "deprecated", "%s is deprecated since Kubernetes 1.%d%s%s", what, life.Deprecated, end(life), instead(o, life, target))
		case lifecycle.Untold:
			out.Unclear(o.Ref, "not-known", "%s", untold(what, target))
		case lifecycle.Served:
			served++
		}
	}
	if served > 0 && served == judged {
		out.Pass(first, "served", "Kubernetes %s serves the APIs of all objects of its own kinds (%d)", target, served)
	}
	before := len(out.List)
	images(&out, in)
	if len(out.List) > before && judged == 0 {
		first, judged = out.List[before].Ref, 1
	}
	if judged > 0 && in.First(own) {
		step(&out, in, first)
	}
	return out
}

// own reports whether a set holds objects of Kubernetes' own kinds, or builds.
func own(set *fact.Set) bool {
	return len(set.Builds) > 0 || kubernetes(set)
}

// kubernetes reports whether a set holds objects of Kubernetes' own kinds: those
// of others, such as services of Cloud Run, have no APIs that Kubernetes ends.
func kubernetes(set *fact.Set) bool {
	return slices.ContainsFunc(set.Objects, func(o *fact.Object) bool {
		state, _ := lifecycle.Of(o.APIVersion, o.Kind, lifecycle.Latest())
		return state != lifecycle.Foreign
	})
}

// instead names what to move to, or nothing.
func instead(o *fact.Object, life lifecycle.Life, target fact.Version) string {
	to := life.Replacement
	if to == "" {
		to = lifecycle.Elsewhere(o.APIVersion, o.Kind, target)
	}
	if to == "" || to == o.APIVersion {
		return ""
	}
	return "; use " + to
}

func end(life lifecycle.Life) string {
	if life.Removed == 0 {
		return ""
	}
	return fmt.Sprintf(" and ends with 1.%d", life.Removed)
}

func untold(what string, target fact.Version) string {
	if lifecycle.Latest().Before(target) {
		return fmt.Sprintf("%s is not known: the API data ends with Kubernetes %s, the target is %s", what, lifecycle.Latest(), target)
	}
	return what + " is an alpha API, which a cluster serves only where it is switched on"
}
