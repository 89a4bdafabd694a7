package fact

// Policy restricts who may talk to whom.
type Policy struct {
	Ref
	Namespace, Name string
	// Engine is kubernetes, cilium, calico or istio.
	Engine string
	// ClusterWide policies select in every namespace.
	ClusterWide bool
	Selects     Selector
	// Ingress and Egress tell which directions the policy restricts.
	Ingress, Egress bool
	Rules           []PolicyRule
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
	// AnyPort is true where no port is named.
	AnyPort bool
	Ports   []int
	At      Location
}

// Peer selects pods by their labels and those of their namespaces.
type Peer struct {
	Pods       Selector
	Namespaces *Selector
}

// PoliciesFor returns the policies that select the workload's instances.
func (s *Set) PoliciesFor(w *Workload) []*Policy {
	var out []*Policy
	for _, p := range s.Policies {
		if (p.ClusterWide || p.Namespace == w.Namespace) && p.Selects.Matches(w.PodLabels) {
			out = append(out, p)
		}
	}
	return out
}

// Account is an identity of workloads.
type Account struct {
	Ref
	Namespace, Name string
	// MountsToken as written on the account; nil means the platform's yes.
	MountsToken *bool
	// CloudIdentity is the cloud role that the account is tied to, by the
	// annotation's key; empty means none.
	CloudIdentity string
	Annotations   map[string]string
	// TokenSecrets lists secrets written into the account.
	TokenSecrets []string
}

// AccountFor returns the workload's service account, or nil.
func (s *Set) AccountFor(w *Workload) *Account {
	name := w.Account
	if name == "" {
		name = "default"
	}
	for _, a := range s.Accounts {
		if a.Namespace == w.Namespace && a.Name == name {
			return a
		}
	}
	return nil
}

// PermissionRole is a set of permissions.
type PermissionRole struct {
	Ref
	Namespace, Name string
	ClusterWide     bool
	Rules           []Permission
	// Aggregated is true where other roles fill it.
	Aggregated bool
}

// Permission allows verbs on resources.
type Permission struct {
	Groups, Resources, Names, Verbs, URLs []string
	At                                    Location
}

// Binding gives a role to subjects.
type Binding struct {
	Ref
	Namespace, Name string
	ClusterWide     bool
	// RoleName names the role; RoleClusterWide tells its kind.
	RoleName        string
	RoleClusterWide bool
	Subjects        []BindingSubject
	RoleAt          Location
}

// BindingSubject is who gets a role: a ServiceAccount, User or Group.
type BindingSubject struct {
	Kind, Namespace, Name string
	At                    Location
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
