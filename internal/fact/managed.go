package fact

import "slices"

// Placement is where a platform puts instances by itself.
type Placement struct {
	// Zones counts the zones among which instances are spread; 0 where it is
	// not known how many, and Why ends "this is not known, for ...". With one zone
	// Why may say what leaves it open in which instances stand.
	Zones int
	Why   string
	// Names of the zones, where they are known.
	Names []string
	// Hosts is true where the platform keeps instances on hosts of their own, and
	// HostsWhy says why that is not known; empty where it is.
	Hosts    bool
	HostsWhy string
	// Region in which they stand; RegionWhy says why it is not known.
	Region, RegionWhy string
	At                Location
}

// Grant is a statement of a cloud's access policies: what its holders may do.
type Grant struct {
	Ref
	// Policy names the policy or the role that holds the statement; Managed
	// is the cloud's own policy or role where only its name is written.
	Policy, Managed string
	// Holders are the names of accounts, users and groups that get it; empty
	// where nobody here does.
	Holders []string
	// People is true where the holders are people and not programs.
	People bool
	// Everyone is true where whoever asks holds it, or whoever has an account
	// with the cloud.
	Everyone bool
	// Trust is true for who may become the holder, Resource is the address of
	// what a policy on a resource guards.
	Trust    bool
	Resource string
	// NoSecret is true where Resource is a key that surely encrypts no secret here.
	NoSecret bool
	Deny     bool
	// Actions, Resources and Principals as written; Except is true where they
	// name what is left out instead (NotAction, NotResource, NotPrincipal).
	Actions, Resources, Principals []string
	ExceptActions, ExceptResources bool
	ExceptPrincipals               bool
	// Conditions are the keys on which the statement depends.
	Conditions []string
	// Unknown says why a part of the statement is not known; empty where all is.
	Unknown string
	At      Location
}

// Allows reports whether the grant allows one of the actions by name or by a
// star, as far as it is known.
func (g *Grant) Allows(actions ...string) bool {
	if g.Deny || g.ExceptActions {
		return false
	}
	for _, a := range g.Actions {
		for _, b := range actions {
			if Fits(a, b) {
				return true
			}
		}
	}
	return false
}

// Everywhere reports whether the grant reaches every resource.
func (g *Grant) Everywhere() bool {
	return !g.ExceptResources && slices.Contains(g.Resources, "*")
}

// Fits reports whether a name is one that a pattern with stars and question
// marks means; letters of either case are the same, as for actions in IAM.
func Fits(pattern, name string) bool {
	lower := func(c byte) byte {
		if c >= 'A' && c <= 'Z' {
			return c + 'a' - 'A'
		}
		return c
	}
	p, n, star, mark := 0, 0, -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && (pattern[p] == '?' || lower(pattern[p]) == lower(name[n])) && pattern[p] != '*':
			p, n = p+1, n+1
		case p < len(pattern) && pattern[p] == '*':
			star, mark, p = p, n, p+1
		case star >= 0:
			mark++
			p, n = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// DefaultAccount is the identity of what runs in a cloud and names none, where
// the cloud has one for everything in a project.
const DefaultAccount = "the default service account"

// Credential is a key of a cloud that stays valid until somebody deletes it.
type Credential struct {
	Ref
	// Kind says what it is: "an access key", "a service account key".
	Kind string
	// Holder is whose it is.
	Holder string
	// Lasts says how long it stays valid; empty for until somebody deletes it.
	Lasts string
}

// LogStore is where logs are kept.
type LogStore struct {
	Ref
	Name string
	// Engine is cloudwatch, loki, journald, ...
	Engine string
	// Days that lines are kept: 0 for ever, -1 where it is not known, and Why
	// ends "this is not known, for ...".
	Days int
	Why  string
	// Unenforced says why nothing deletes lines though a time may be stated; empty
	// elsewhere.
	Unenforced string
	// Tenants are kept for another time than others.
	Tenants []TenantDays
	// Of is the workload whose logs they are, by its subject, where that is told.
	Of string
	// Region in which they lie, or why it is not known.
	Region, RegionWhy string
	At                Location
}

// LokiOverrides is the engine of a file that only says what Loki keeps for single
// tenants.
const LokiOverrides = "loki-overrides"

// TenantDays is for how long the lines of one customer are kept: 0 for ever, -1
// where it is not known.
type TenantDays struct {
	Ref
	Tenant string
	Days   int
}

// CustomerLogs is how long customers were promised that their logs are kept.
type CustomerLogs struct {
	Ref
	// Days is for those who chose nothing; 0 where that is not written.
	Days    int
	Tenants []TenantDays
}

// SpendLimit is a budget for the bill, or a watch over it.
type SpendLimit struct {
	Ref
	Name string
	// Kind is budget or anomaly.
	Kind string
	// Notifies is true where somebody is told.
	Notifies Truth
	// Forecast is true where the forecast is watched and not only the total.
	Forecast bool
}

// GrantsOf returns the grants that an account holds.
func (s *Set) GrantsOf(account string) []*Grant {
	var out []*Grant
	for _, g := range s.Grants {
		if !g.Trust && slices.Contains(g.Holders, account) {
			out = append(out, g)
		}
	}
	return out
}
