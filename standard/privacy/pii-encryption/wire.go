package piiencryption

import (
	"cmp"
	"slices"

	"seaworthy.dev/seaworthy/internal/derive/edges"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// serves reports whether an edge leads to the store.
func (s *store) serves(e edges.Edge) bool {
	return s.database != nil && e.Database == s.database || s.workload != nil && slices.Contains(e.Servers, s.workload)
}

// wire judges the connections to a store: whether its server refuses plain text,
// and whether each client insists on encryption and verifies whom it reaches.
func (s *store) wire(out *verdict.Findings, here *fact.Set) {
	refuses := s.refuses(here)
	failed := false
	for _, e := range edges.Of(here) {
		if s.serves(e) {
			failed = client(out, here, e, s.name, refuses.Is()) || failed
		}
	}
	ref := s.Ref.At(refuses.At).Within("on the wire")
	switch {
	case refuses.IsNot():
		out.Fail(ref, "takes-plain-text", "%s lets clients in that do not encrypt", s.title())
	case !refuses.Known && !failed:
		out.Unclear(ref, "wire-unknown", "whether %s refuses plain text is not known, for %s", s.title(), cmp.Or(refuses.Why, "its settings do not stand here"))
	}
}

// refuses tells whether the store lets nobody in who does not encrypt.
func (s *store) refuses(here *fact.Set) fact.Truth {
	if m := s.managed(); m != nil {
		return m.TLS
	}
	if s.database != nil {
		return s.database.Refuses
	}
	if member, engine := edges.Mesh(here, s.workload); member == edges.Member && edges.Mode(here, s.workload, engine, 0) == "STRICT" && !bypassed(s.workload) {
		return fact.Yes(s.workload.Location)
	}
	return fact.Truth{Why: "nothing here says how its server takes connections"}
}

// bypassed reports whether an annotation leads one of the workload's ports around
// the mesh.
func bypassed(w *fact.Workload) bool {
	for _, c := range w.Running() {
		if slices.ContainsFunc(c.Ports, func(p fact.Port) bool { return edges.Bypasses(w, true, p.Number) }) {
			return true
		}
	}
	return false
}

// sealed reports whether the platform or a mesh encrypts the edge whatever its
// address says.
func sealed(here *fact.Set, e edges.Edge) bool {
	if e.Service != nil && e.Service.Sealed {
		return true
	}
	if member, _ := edges.Mesh(here, e.Client); member != edges.Member || len(e.Servers) == 0 || edges.Bypasses(e.Client, false, e.Address.Port) {
		return false
	}
	return !slices.ContainsFunc(e.Servers, func(w *fact.Workload) bool {
		member, engine := edges.Mesh(here, w)
		target := edges.Target(e.Service, e.Address.Port, w)
		return member != edges.Member || bypassed(w) || edges.Mode(here, w, engine, target) != "STRICT"
	})
}

// perhaps reports whether a mesh that is spoken of may hold the store without
// saying so here.
func perhaps(here *fact.Set, e edges.Edge) bool {
	member, _ := edges.Mesh(here, e.Client)
	return (member == edges.Member || len(here.Meshes) > 0) && slices.ContainsFunc(e.Servers, func(w *fact.Workload) bool {
		at, _ := edges.Mesh(here, w)
		return at == edges.Silent
	})
}

// client fails a client that does not insist on encryption, or that does not look
// whom it reaches, and reports whether it did so. A store that refuses plain text
// is not reached without encryption, whatever a client would put up with.
func client(out *verdict.Findings, here *fact.Set, e edges.Edge, name string, refused bool) bool {
	if sealed(here, e) {
		return false
	}
	rests := []fact.Kind{fact.Meshes, fact.Namespaces}
	switch w := edges.WireOf(e.Address); {
	case (w == edges.PlainText && !refused || w == edges.Unverified) && perhaps(here, e):
		out.Unclear(e.Ref(), "server-unknown", "%s talks to %s without verifying it (%s); whether a mesh guards that is not told here", e.Client.Name, name, edges.How(e.Address))
	case w == edges.PlainText && !refused:
		out.Lacks(e.Ref(), rests, "client-plain-text", "%s talks to %s without insisting on encryption (%s)", e.Client.Name, name, edges.How(e.Address))
	case w == edges.Unverified:
		out.Lacks(e.Ref(), rests, "client-unverified", "%s encrypts what it sends to %s, and takes the certificate of anyone who answers (%s)", e.Client.Name, name, edges.How(e.Address))
	default:
		return false
	}
	return true
}
