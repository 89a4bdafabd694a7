package fact

import (
	"slices"
	"sort"
)

// Kind names a kind of fact. Sources say for which kinds they read
// everything, expectations say on which kinds they rest.
type Kind string

// The kinds of facts. One spelling each, in expectation.yaml too.
const (
	Workloads    Kind = "workloads"    // what runs: replicated, stateful, per node, jobs
	Services     Kind = "services"     // names in front of workloads, and what is exposed
	Budgets      Kind = "budgets"      // how many instances maintenance may take
	Autoscalers  Kind = "autoscalers"  // what changes the number of instances
	Rollouts     Kind = "rollouts"     // progressive delivery and its analysis
	Policies     Kind = "policies"     // who may talk to whom
	Accounts     Kind = "accounts"     // identities of workloads
	Permissions  Kind = "permissions"  // roles and their bindings
	Secrets      Kind = "secrets"      // secret values and where they come from
	Settings     Kind = "settings"     // configuration that is not secret
	Certificates Kind = "certificates" // certificates and their issuers
	Meshes       Kind = "meshes"       // mutual TLS between workloads
	Scrapes      Kind = "scrapes"      // what collects metrics
	Alerts       Kind = "alerts"       // alert rules, and what they rest on: recording rules
	Reconcilers  Kind = "reconcilers"  // what applies the repository to the world
	Backups      Kind = "backups"      // what copies data stores
	Namespaces   Kind = "namespaces"   // where things run
	Storage      Kind = "storage"      // classes of volumes
	Objects      Kind = "objects"      // every object with its API version and labels
	Cloud        Kind = "cloud"        // infrastructure in the cloud, with regions and tags
	Images       Kind = "images"       // how images are built
	Pipelines    Kind = "pipelines"    // what runs before merge and what deploys
	BranchRules  Kind = "branch-rules" // what the git host demands before a merge
	LogStores    Kind = "logstores"    // where logs are kept, and how long
	Leaks        Kind = "leaks"        // secrets in files and in their history
	Owners       Kind = "owners"       // who owns what: catalogs and CODEOWNERS
	Scans        Kind = "scans"        // what scanners found, as SARIF
	Manifest     Kind = "manifest"     // what people declare of the service in seaworthy.yaml
	RuleTests    Kind = "rule-tests"   // unit tests of alert rules
	Routings     Kind = "routings"     // which alert reaches whom, and when
	Dashboards   Kind = "dashboards"   // what people look at when something is wrong
	Objectives   Kind = "objectives"   // service level objectives
	Documents    Kind = "documents"    // pages that people need at night
	Shippers     Kind = "shippers"     // what carries log lines to a platform
	AccessLogs   Kind = "access-logs"  // who did what, when, with what result
	Migrations   Kind = "migrations"   // how the shape of stored data changes
	Results      Kind = "results"      // what tests, load tests and tools left behind
	Inventories  Kind = "inventories"  // which personal data lies where
)

// Kinds lists every kind of fact.
func Kinds() []Kind {
	return []Kind{Workloads, Services, Budgets, Autoscalers, Rollouts, Policies, Accounts, Permissions,
		Secrets, Settings, Certificates, Meshes, Scrapes, Alerts, Reconcilers, Backups, Namespaces, Storage, Objects,
		Cloud, Images, Pipelines, BranchRules, LogStores, Leaks, Owners, Scans, Manifest,
		RuleTests, Routings, Dashboards, Objectives, Documents, Shippers, AccessLogs, Migrations, Results, Inventories}
}

// alone are kinds whose files hold nothing else: a hole that names no kinds, such
// as an unreadable manifest, cannot hide them.
var alone = []Kind{Manifest, Owners, Scans, Documents, Migrations, Results, Inventories}

// Hole is something that a source knows it did not read.
type Hole struct {
	// Kinds that may be missing facts; empty means any kind but those that stand
	// in files of their own.
	Kinds []Kind
	// Why is the end of "could not tell because ...".
	Why string
	// Unread is true for what is not read at all, however it is written.
	Unread bool
	Location
}

// Touches reports whether facts of that kind may be missing. What hides
// something that runs hides an object; a declaration is none, and neither is a
// tree of routes, which is text within one.
func (h Hole) Touches(kind Kind) bool {
	if len(h.Kinds) == 0 {
		return !slices.Contains(alone, kind)
	}
	if slices.Contains(h.Kinds, kind) {
		return true
	}
	return kind == Objects && slices.ContainsFunc(h.Kinds, func(k Kind) bool { return k != Routings && !slices.Contains(alone, k) })
}

// Coverage is what is known to be missing from a set of facts. The zero value
// says that everything was read.
type Coverage struct {
	Holes []Hole
}

// Complete reports whether every fact of these kinds was read.
func (c Coverage) Complete(kinds ...Kind) bool {
	_, missing := c.Missing(kinds...)
	return !missing
}

// Missing returns the first hole that touches one of the kinds.
func (c Coverage) Missing(kinds ...Kind) (Hole, bool) {
	for _, hole := range c.Holes {
		for _, kind := range kinds {
			if hole.Touches(kind) {
				return hole, true
			}
		}
	}
	return Hole{}, false
}

// Sort orders the holes by place, so that two runs name the same one first.
func (c Coverage) Sort() {
	sort.SliceStable(c.Holes, func(i, j int) bool {
		a, b := c.Holes[i], c.Holes[j]
		if a.File != b.File {
			return a.File < b.File
		}
		return a.Line < b.Line
	})
}
