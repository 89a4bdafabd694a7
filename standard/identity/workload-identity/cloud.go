package workloadidentity

import (
	"seaworthy.dev/seaworthy/internal/derive/provenance"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// role judges the role of the cloud as which a workload runs. Its keys are
// issued at run time and expire within hours.
func role(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	identity, unknown := w.Unknown.Any(fact.Identity)
	_, unread := w.Unknown.Any(fact.Contents)
	switch {
	case w.Account == fact.DefaultAccount:
		out.Fail(w.Ref.At(w.PodAt), "default-account", "%s runs as the default account of its project, one identity for everything there that names none", w.Name)
		return
	case w.Account == "" && (unknown || unread):
		out.Unclear(w.Ref.At(identity.At), "no-identity", "as which role %s runs is not known before it is applied", w.Name)
		return
	case w.Account == "":
		out.Unclear(w.Ref.At(w.PodAt), "no-identity", "%s has no role of its own; by what it proves who it is, is not told here", w.Name)
		return
	case unknown && w.Account == "(not known)":
		out.Unclear(w.Ref.At(identity.At), "no-identity", "as which role %s runs is not known, for %s", w.Name, identity.Why)
		return
	}
	others := 0
	for _, other := range here.Workloads {
		if other == w || !other.Platform.Cloud() || other.Account != w.Account {
			continue
		}
		others++
		if provenance.Unrelated(w, other) {
			out.Fail(w.Ref.At(w.PodAt), "shared-role", "%s and %s, which belong to different systems, run as the same role %s", w.Name, other.Name, w.Account)
			return
		}
	}
	out.Pass(w.Ref.At(w.PodAt), "own-account", "%s runs as the role %s, whose keys expire%s", w.Name, w.Account, shared(others))
}
