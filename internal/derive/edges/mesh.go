package edges

import (
	"cmp"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Membership tells whether a workload's pods are in a service mesh.
type Membership int

// The memberships.
const (
	Silent Membership = iota // nothing that was read says
	Member
	Outside // kept out on purpose
)

// Mesh returns the workload's membership and the mesh: istio, linkerd, consul
// or kuma. A pod says more than its namespace.
func Mesh(here *fact.Set, w *fact.Workload) (Membership, string) {
	for _, c := range w.Running() {
		switch c.Name {
		case "istio-proxy":
			return Member, "istio"
		case "linkerd-proxy":
			return Member, "linkerd"
		}
	}
	ns := here.Namespace(w.Namespace)
	if ns == nil {
		ns = &fact.Namespace{}
	}
	switch inject := cmp.Or(w.PodAnnotations["linkerd.io/inject"], ns.Annotations["linkerd.io/inject"]); {
	case inject == "enabled" || inject == "ingress":
		return Member, "linkerd"
	case inject == "disabled":
		return Outside, "linkerd"
	}
	if w.PodAnnotations["consul.hashicorp.com/connect-inject"] == "true" {
		return Member, "consul"
	}
	if kuma := cmp.Or(w.PodLabels["kuma.io/sidecar-injection"], ns.Labels["kuma.io/sidecar-injection"]); kuma == "enabled" || kuma == "true" {
		return Member, "kuma"
	}
	injects := cmp.Or(w.PodLabels["sidecar.istio.io/inject"], w.PodAnnotations["sidecar.istio.io/inject"])
	mode := cmp.Or(w.PodLabels["istio.io/dataplane-mode"], ns.Labels["istio.io/dataplane-mode"])
	sidecars := injects == "true" || w.PodLabels["istio.io/rev"] != "" || ns.Labels["istio-injection"] == "enabled" || ns.Labels["istio.io/rev"] != ""
	switch {
	case mode == "ambient":
		return Member, "istio"
	case injects == "false", ns.Labels["istio-injection"] == "disabled" && injects != "true":
		return Outside, "istio"
	case sidecars && w.HostNetwork: // Istio never injects into the node's network
		return Outside, "istio"
	case sidecars:
		return Member, "istio"
	}
	return Silent, ""
}

// Mode returns how a member's port takes traffic that does not come through the
// mesh: STRICT, PERMISSIVE, DISABLE, or empty where a rule that was not read
// decides. Port 0 means the workload's ports in general.
func Mode(here *fact.Set, w *fact.Workload, engine string, port int) string {
	switch engine {
	case "istio":
	case "linkerd":
		return linkerdMode(here, w)
	default: // their rules are not read
		return ""
	}
	var chosen, space, mesh string
	for _, m := range here.Meshes {
		if m.Engine != "istio" || m.Side != "server" {
			continue
		}
		switch {
		case m.MeshWide:
			mesh = m.Mode
		case m.Namespace != w.Namespace:
		case m.Selects.Everything:
			space = m.Mode
		case m.Selects.Matches(w.PodLabels):
			if by := m.PortModes[port]; by != "" {
				return by
			}
			chosen = m.Mode
		}
	}
	return cmp.Or(chosen, space, mesh)
}

// linkerdMode reads the default inbound policy. It says nothing where the
// installation decides, or where other rules let clients in by their address.
func linkerdMode(here *fact.Set, w *fact.Workload) string {
	const key = "config.linkerd.io/default-inbound-policy"
	policy := w.PodAnnotations[key]
	if ns := here.Namespace(w.Namespace); policy == "" && ns != nil {
		policy = ns.Annotations[key]
	}
	switch policy {
	case "all-unauthenticated", "cluster-unauthenticated", "audit":
		return "PERMISSIVE"
	case "all-authenticated", "cluster-authenticated", "deny":
		for _, m := range here.Meshes {
			if m.Engine == "linkerd" && m.Namespace == w.Namespace {
				return ""
			}
		}
		return "STRICT"
	}
	return ""
}

// Bypasses reports whether the workload's annotations lead a port around the
// mesh; inbound ports are those of its containers.
func Bypasses(w *fact.Workload, inbound bool, port int) bool {
	keys := []string{"traffic.sidecar.istio.io/excludeOutboundPorts", "config.linkerd.io/skip-outbound-ports"}
	if inbound {
		keys = []string{"traffic.sidecar.istio.io/excludeInboundPorts", "config.linkerd.io/skip-inbound-ports"}
	}
	for _, key := range keys {
		for _, one := range strings.Split(w.PodAnnotations[key], ",") {
			from, to, ranged := strings.Cut(strings.TrimSpace(one), "-")
			low, err := strconv.Atoi(from)
			if err != nil {
				continue
			}
			high := low
			if ranged {
				high, _ = strconv.Atoi(to)
			}
			if port != 0 && low <= port && port <= high {
				return true
			}
		}
	}
	return false
}
