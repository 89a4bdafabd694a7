package centralstore

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/provenance"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// roleReads judges a workload of a cloud that names no secret: its role may let
// it read the store by itself.
func roleReads(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	_, unread := w.Unknown.Any(fact.Contents)
	g := provenance.StoreGrant(here, w)
	switch identity, unknown := w.Unknown.Any(fact.Identity); {
	case unread:
		// The set's coverage says why.
	case g != nil:
		out.Pass(w.Ref.At(w.PodAt).Within("role"), "from-store", "the role of %s reads its secrets from the store (%s)", w.Name, strings.Join(g.Resources, ", "))
	case unknown:
		out.Unclear(w.Ref.At(identity.At), "role-unknown", "%s names no secret; whether its role reads some is not known, for %s", w.Name, identity.Why)
	case w.Platform == fact.Machines:
		out.Unclear(w.Ref, "role-unknown", "what secrets the machines of %s use is not told here", w.Name)
	default:
		out.Skip(w.Ref, "no-secrets", "%s names no secret", w.Name)
	}
}
