package fact

import "strings"

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

// AccountFor returns the service account that the workload runs as, or nil when
// it is not in the set. Where one of the two leaves its namespace to the
// deployer, the name alone tells, as it does for bindings; every namespace has
// a "default".
func (s *Set) AccountFor(w *Workload) *Account {
	name := w.AccountName()
	var open *Account
	for _, a := range s.Accounts {
		switch {
		case a.Name != name || !MayMeet(a.Namespace, w.Namespace):
		case a.Namespace == w.Namespace:
			return a
		case open == nil && name != "default":
			open = a
		}
	}
	return open
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

// Reaches reports whether the subject means that service account: by name, or
// as one of a group of all of them. An account whose namespace the manifest
// leaves to the deployer is meant by its name alone, unless that is "default",
// which every namespace has.
func (b BindingSubject) Reaches(namespace, account string) bool {
	switch b.Kind {
	case "ServiceAccount":
		return b.Name == account && sameNamespace(namespace, b.Namespace, account)
	case "User":
		where, name, found := strings.Cut(strings.TrimPrefix(b.Name, "system:serviceaccount:"), ":")
		return found && name == account && strings.HasPrefix(b.Name, "system:serviceaccount:") && sameNamespace(namespace, where, account)
	case "Group":
		return b.Name == "system:serviceaccounts" || b.Name == "system:authenticated" ||
			namespace != "" && b.Name == "system:serviceaccounts:"+namespace
	}
	return false
}

func sameNamespace(of, said, account string) bool {
	switch {
	case of == said || said == "":
		return true
	case of != "":
		return false
	}
	return account != "default" || said == "default"
}

// BindingsFor returns the bindings that reach a service account.
func (s *Set) BindingsFor(namespace, account string) []*Binding {
	var out []*Binding
	for _, b := range s.Bindings {
		for _, subject := range b.Subjects {
			if subject.Reaches(namespace, account) {
				out = append(out, b)
				break
			}
		}
	}
	return out
}

// RoleOf returns the role that a binding gives, or nil where it is not here.
func (s *Set) RoleOf(b *Binding) *PermissionRole {
	for _, r := range s.Roles {
		if r.Name == b.RoleName && r.ClusterWide == b.RoleClusterWide && (r.ClusterWide || r.Namespace == b.Namespace) {
			return r
		}
	}
	return nil
}

// AccountName returns the name of the workload's service account: "default"
// where it names none.
func (w *Workload) AccountName() string {
	if w.Account == "" {
		return "default"
	}
	return w.Account
}

// TokenMounted reports whether the workload's pods hold a token of their
// account for the platform's API, and whether the pod itself asks for it. The
// account may be nil.
func (w *Workload) TokenMounted(a *Account) (mounted, asked bool) {
	for i := range w.Volumes {
		if v := &w.Volumes[i]; v.HasToken && v.TokenAudience == "" {
			return true, true
		}
	}
	switch {
	case w.MountsToken != nil:
		return *w.MountsToken, *w.MountsToken
	case a != nil && a.MountsToken != nil:
		return *a.MountsToken, false
	}
	return true, false
}
