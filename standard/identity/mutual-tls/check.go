// Package mutualtls checks that both ends of each connection between services
// prove who they are.
package mutualtls

import (
	"seaworthy.dev/seaworthy/internal/derive/edges"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check judges the mesh's rules, what each serving member of a mesh accepts,
// and each edge that a workload's configuration names.
func Check(in expect.Input) (out verdict.Findings) {
	for _, m := range in.Here.Meshes {
		rule(&out, in.Here, m)
	}
	for _, w := range in.Here.Workloads {
		if in.Here.Serving(w) {
			server(&out, in.Here, w)
		}
	}
	for _, d := range in.Here.Databases {
		if d.Managed != nil && d.Managed.Nodes.IsNot() {
			out.Fail(d.Ref.At(d.Managed.Nodes.At).Within("nodes"), "nodes-plain-text", "the nodes of %s (%s) send each other data in plain text", d.Name, d.Engine)
		}
	}
	for _, s := range in.Here.Services {
		front(&out, s)
	}
	for _, e := range edges.Of(in.Here) {
		edge(&out, in.Here, e)
	}
	return out
}

// server judges what a member of a mesh accepts. Istio's permissive rules fail
// on their own, once for all whom they select.
func server(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	member, engine := edges.Mesh(here, w)
	if member != edges.Member {
		return
	}
	ref := w.Ref.Within("inbound")
	switch mode := edges.Mode(here, w, engine, 0); {
	case excluded(w) != 0:
		out.Fail(ref, "bypass", "%s takes plain text on port %d, which an annotation leads around the mesh", w.Name, excluded(w))
	case mode == "STRICT":
		out.Pass(ref, "strict", "%s takes only traffic of the mesh (%s)", w.Name, engine)
	case mode == "" && engine == "istio":
		out.Unclear(ref, "mode-elsewhere", "no PeerAuthentication here covers %s; Istio's own default takes plain text too", w.Name)
	case mode == "" && engine == "linkerd":
		out.Unclear(ref, "mode-elsewhere", "%s is in Linkerd, but no default inbound policy here says that it refuses plain text", w.Name)
	case mode == "":
		out.Unclear(ref, "mode-elsewhere", "%s is in the mesh %s; whether it refuses plain text is not told here", w.Name, engine)
	case engine == "linkerd":
		out.Fail(ref, "permissive", "%s takes traffic of unauthenticated clients (Linkerd's default inbound policy)", w.Name)
	}
}

// excluded returns the first port that the workload serves around the mesh, or 0.
func excluded(w *fact.Workload) int {
	for _, c := range w.Running() {
		for _, p := range c.Ports {
			if edges.Bypasses(w, true, p.Number) {
				return p.Number
			}
		}
	}
	return 0
}

func edge(out *verdict.Findings, here *fact.Set, e edges.Edge) {
	switch {
	case e.Service != nil:
	case e.Database != nil && e.Database.DemandsCertificate && e.Address.ShowsCertificate && edges.WireOf(e.Address) == edges.Verified:
		out.Pass(e.Ref(), "certificates", "%s verifies %s and shows its own certificate, without which %s lets nobody in", e.Client.Name, e.Address.Host, e.Database.Name)
		return
	case e.Database != nil && e.Database.Managed != nil:
		managed(out, here, e)
		return
	case e.Database != nil:
		wire(out, e, false)
		return
	case edges.Inside(e.Address.Host):
		if edges.Spoken(e.Address) {
			out.Unclear(e.Ref(), "server-elsewhere", "%s talks to %s, which is not found here", e.Client.Name, e.Address.Host)
		}
		return
	case edges.Store(e.Address):
		wire(out, e, false)
		return
	default: // other hosts outside are not services of the same owner
		return
	}
	client, _ := edges.Mesh(here, e.Client)
	for _, w := range e.Servers {
		member, engine := edges.Mesh(here, w)
		target := edges.Target(e.Service, e.Address.Port, w)
		if member != edges.Member {
			// A mesh that is spoken of may hold the server without saying so here.
			wire(out, e, member == edges.Silent && (client == edges.Member || len(here.Meshes) > 0))
			return
		}
		if edges.Bypasses(e.Client, false, e.Address.Port) {
			out.Fail(e.Ref(), "bypass", "%s talks to %s around the mesh: an annotation excludes port %d", e.Client.Name, e.Address.Host, e.Address.Port)
			return
		}
		if excluded(w) != 0 || edges.Mode(here, w, engine, target) != "STRICT" {
			return // said of the server or of the rule
		}
		if client != edges.Member {
			out.Unclear(e.Ref(), "client-outside", "%s takes only traffic of the mesh, but nothing here puts its client %s into it", w.Name, e.Client.Name)
			return
		}
	}
	if len(e.Servers) == 0 {
		wire(out, e, false)
		return
	}
	out.Pass(e.Ref(), "edge", "%s talks to %s through the mesh, which takes nothing else", e.Client.Name, e.Address.Host)
}
