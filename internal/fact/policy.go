package fact

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// Policy restricts who may talk to whom.
type Policy struct {
	Ref
	Namespace, Name string
	// Engine is kubernetes, cilium, calico or istio, or the name of another
	// one that is not read.
	Engine string
	// ClusterWide policies select in every namespace, or in those whose labels
	// Namespaces picks; nil means all of them.
	ClusterWide bool
	Namespaces  *Selector
	Selects     Selector
	// Unclear says why it cannot be told what the policy selects; empty means
	// that it can.
	Unclear string
	// Ingress and Egress tell which directions the policy restricts: what no
	// rule allows is refused.
	Ingress, Egress bool
	Rules           []PolicyRule
	// Guards names what a security group of a cloud guards, for readers.
	Guards []string
}

// PolicyRule is one permission of a policy.
type PolicyRule struct {
	// Egress is true for traffic out, false for traffic in.
	Egress bool
	// Deny is true for a rule that refuses (Calico, Cilium, Istio).
	Deny bool
	// Anyone is true where no peer is named: every address is meant.
	Anyone bool
	// CIDRs lists address ranges, exceptions left out.
	CIDRs []string
	// Hosts lists names (Cilium toFQDNs, Calico domains).
	Hosts []string
	// Entities lists Cilium entities such as world or cluster.
	Entities []string
	// Peers selects pods; a nil Namespaces means the policy's own namespace.
	Peers []Peer
	// AnyPort is true where no port is named. PortNames are ports of the pods
	// by name.
	AnyPort   bool
	Ports     []int
	PortNames []string
	// Ranges are ports from the first to the last of each pair.
	Ranges [][2]int
	// Groups are the policies whose members are meant, as security groups
	// name each other.
	Groups []string
	// Unknown says why it is not known whom the rule means; empty where it is.
	Unknown string
	At      Location
}

// External is something outside of a mesh of which the mesh is told by name.
type External struct {
	Ref
	Namespace, Name string
	Hosts           []string
	At              Location
}

// Peer selects pods by their labels and those of their namespaces.
type Peer struct {
	Pods       Selector
	Namespaces *Selector
}

// World reports whether the rule reaches addresses outside the cluster without
// naming them: every address, or a range of half of them and more.
func (r *PolicyRule) World() bool {
	if r.Anyone || slices.Contains(r.Hosts, "*") {
		return true
	}
	for _, cidr := range r.CIDRs {
		if p, err := netip.ParsePrefix(cidr); err == nil && p.Bits() <= 1 {
			return true
		}
	}
	return slices.ContainsFunc(r.Entities, func(e string) bool { return e == "all" || strings.HasPrefix(e, "world") })
}

// Cluster reports whether the rule means every pod of the cluster.
func (r *PolicyRule) Cluster() bool {
	for _, p := range r.Peers {
		if p.Pods.Everything && p.Namespaces != nil && p.Namespaces.Everything {
			return true
		}
	}
	return r.Anyone || slices.Contains(r.Entities, "all") || slices.Contains(r.Entities, "cluster")
}

// Only reports whether the rule names ports, and none but these.
func (r *PolicyRule) Only(ports ...int) bool {
	for _, p := range r.Ports {
		if !slices.Contains(ports, p) {
			return false
		}
	}
	return !r.AnyPort && len(r.Ports) > 0 && len(r.PortNames) == 0 && len(r.Ranges) == 0
}

// Opens reports whether the rule lets traffic through to a port.
func (r *PolicyRule) Opens(port int) bool {
	for _, span := range r.Ranges {
		if span[0] <= port && port <= span[1] {
			return true
		}
	}
	return r.AnyPort || slices.Contains(r.Ports, port)
}

// PoliciesFor returns the policies that select the workload's instances, and
// those of which that cannot be told: what they select is unclear, only one of
// the two names its namespace, or they select either the Deployment or the copy
// that Flagger makes of it, and not both.
func (s *Set) PoliciesFor(w *Workload) (sure, perhaps []*Policy) {
	copied, hasCopy := s.PrimaryLabels(w)
	for _, p := range s.Policies {
		where := s.covers(p, w.Namespace)
		switch {
		case where == no:
		case p.Unclear != "":
			perhaps = append(perhaps, p)
		case hasCopy && p.Selects.Matches(copied) != p.Selects.Matches(w.PodLabels):
			perhaps = append(perhaps, p)
		case !p.Selects.Matches(w.PodLabels):
		case where == yes:
			sure = append(sure, p)
		default:
			perhaps = append(perhaps, p)
		}
	}
	return sure, perhaps
}

type answer int

const (
	no answer = iota
	yes
	maybe
)

// covers tells whether a policy holds in a namespace; an empty one is whatever
// the deployer chooses.
func (s *Set) covers(p *Policy, namespace string) answer {
	switch {
	case p.ClusterWide && (p.Namespaces == nil || p.Namespaces.Everything):
		return yes
	case p.ClusterWide && namespace == "":
		return maybe
	case p.ClusterWide:
		// Every namespace carries its own name as a label; which others it
		// carries is known only where it is here.
		labels := map[string]string{"kubernetes.io/metadata.name": namespace, "projectcalico.org/name": namespace}
		if n := s.Namespace(namespace); n != nil {
			maps.Copy(labels, n.Labels)
		} else if !p.Namespaces.Within(labels) {
			return maybe
		}
		if p.Namespaces.Matches(labels) {
			return yes
		}
		return no
	case p.Namespace == namespace:
		return yes
	case p.Namespace == "" || namespace == "":
		return maybe
	}
	return no
}

// Mesh is a rule of a service mesh on mutual TLS.
type Mesh struct {
	Ref
	Namespace, Name string
	// Engine is istio or linkerd.
	Engine string
	// Side is server (who may come in) or client (how to go out).
	Side string
	// Mode is STRICT, PERMISSIVE, DISABLE, ISTIO_MUTUAL, MUTUAL, SIMPLE; empty
	// where the rule leaves it to a wider one.
	Mode string
	// MeshWide rules hold in every namespace.
	MeshWide bool
	// Selects picks workloads; Everything for a whole namespace.
	Selects Selector
	// Host is the client side's destination.
	Host string
	// PortModes holds modes that differ by port: that of the container for
	// servers, that of the service for clients.
	PortModes map[int]string
	At        Location
}

// OpenToWorld reports whether one of the rules lets every address in.
func (p *Policy) OpenToWorld() bool {
	return slices.ContainsFunc(p.Rules, func(r PolicyRule) bool { return !r.Egress && !r.Deny && r.World() })
}
