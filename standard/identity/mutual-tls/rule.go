package mutualtls

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/edges"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// rule fails a rule of a mesh that lets plain text through, whatever it
// selects: it was written on purpose.
func rule(out *verdict.Findings, here *fact.Set, m *fact.Mesh) {
	switch {
	case m.Engine != "istio":
	case m.Side == "client":
		destination(out, here, m)
	case m.Mode == "PERMISSIVE" || m.Mode == "DISABLE":
		out.Fail(m.Ref.At(m.At), "permissive", "%s takes plain text for %s (mode %s)", m.Name, extent(m), m.Mode)
	default:
		for _, port := range ports(m) {
			if mode := m.PortModes[port]; mode == "PERMISSIVE" || mode == "DISABLE" {
				out.Fail(m.Ref.At(m.At), "permissive", "%s takes plain text on port %d (mode %s)", m.Name, port, mode)
			}
		}
	}
}

func extent(m *fact.Mesh) string {
	switch {
	case m.MeshWide:
		return "the whole mesh"
	case m.Selects.Everything:
		return "its whole namespace"
	}
	return m.Selects.String()
}

func ports(m *fact.Mesh) []int {
	var out []int
	for port := range m.PortModes {
		out = append(out, port)
	}
	slices.Sort(out)
	return out
}

// destination fails a client's rule that takes mutual TLS away from a service
// inside. Towards hosts outside, one-sided TLS is usual; the Kubernetes API is
// never in the mesh.
func destination(out *verdict.Findings, here *fact.Set, m *fact.Mesh) {
	if m.Host == "kubernetes.default" || strings.HasPrefix(m.Host, "kubernetes.default.svc") {
		return
	}
	service := edges.Resolve(here, m.Namespace, m.Host)
	inside := service != nil || strings.Contains(m.Host, ".svc") || strings.HasSuffix(m.Host, ".local") || m.Host == "*"
	modes := []string{m.Mode}
	for _, port := range ports(m) {
		modes = append(modes, m.PortModes[port])
	}
	switch {
	case inside && slices.Contains(modes, "DISABLE"):
		out.Fail(m.Ref.At(m.At), "client-disables", "%s sends plain text to %s (mode DISABLE)", m.Name, m.Host)
	case service != nil && slices.Contains(modes, "SIMPLE"):
		out.Fail(m.Ref.At(m.At), "one-sided", "%s shows %s no certificate of the client (mode SIMPLE)", m.Name, m.Host)
	}
}
