package fact

import "time"

// Declarations is what people say of one service: in its manifest, in catalogs,
// in files of owners, and in the risk register. Nothing in it was observed.
type Declarations struct {
	Attestations []*Attestation
	Nones        []*None
	Endpoints    []*Endpoint
	Stores       []*DeclaredStore
	ThirdParties []*ThirdParty
	Dependencies []*Dependency
	Owners       []*OwnerClaim
	Risks        []*Risk
	Registers    []*Register
	RiskMentions []*RiskMention
}

// Add appends what somebody else says.
func (d *Declarations) Add(other Declarations) {
	d.Attestations = append(d.Attestations, other.Attestations...)
	d.Nones = append(d.Nones, other.Nones...)
	d.Endpoints = append(d.Endpoints, other.Endpoints...)
	d.Stores = append(d.Stores, other.Stores...)
	d.ThirdParties = append(d.ThirdParties, other.ThirdParties...)
	d.Dependencies = append(d.Dependencies, other.Dependencies...)
	d.Owners = append(d.Owners, other.Owners...)
	d.Risks = append(d.Risks, other.Risks...)
	d.Registers = append(d.Registers, other.Registers...)
	d.RiskMentions = append(d.RiskMentions, other.RiskMentions...)
}

// Attestation is declared evidence: a named person says that something was
// done, with an artefact that shows it.
type Attestation struct {
	Ref
	// Expectation is the id of the row, Claim one of those that it requires;
	// empty where it has only one.
	Expectation, Claim string
	// By is the person, Second the other person who confirms it.
	By, Second string
	// Date is when it was done, Expires until when it counts. Both are zero
	// where they are not written.
	Date, Expires time.Time
	// Link leads to the artefact: a URL, or a path below the judged folder, and
	// Resolves tells whether such a path is there; a URL is not asked.
	Link     string
	Resolves bool
	// Scope and Note as written.
	Scope, Note string
}

// None is an attributed "we have none".
type None struct {
	Ref
	// What there is none of: an expectation's id, or stores, endpoints,
	// third-parties, dependencies.
	What, Reason, By string
	Date, Expires    time.Time
}

// Endpoint is an address at which the service is meant to be reached.
type Endpoint struct {
	Ref
	Name string
	// URL as written; Host and Port taken from it.
	URL, Host string
	Port      int
	// Public is true where it is meant to be reached from everywhere.
	Public bool
}

// DeclaredStore is a data store as the manifest describes it.
type DeclaredStore struct {
	Ref
	// Kind is postgresql, mysql, s3, ...
	Name, Kind string
	// Backup says how it is copied, Region where it stands; Categories are those
	// of the data in it, as fideslang names them.
	Backup, Region string
	Categories     []string
}

// ThirdParty is somebody else to whom data or requests go.
type ThirdParty struct {
	Ref
	Name, Purpose string
	Hosts         []string
	Categories    []string
	Agreement     string
	Reviewed      time.Time
}

// Dependency is a service that this one needs.
type Dependency struct {
	Ref
	Name string
	// Hosts are the addresses at which it is called.
	Hosts []string
}

// OwnerClaim is one place that says who owns something.
type OwnerClaim struct {
	Ref
	// Source is manifest, backstage, codeowners, compass, cortex, opslevel,
	// datadog or score.
	Source string
	// Of is the entity's name, or for codeowners the pattern of paths.
	Of string
	// Owners as written: teams, people, addresses. Team is the first of them
	// in its plain form, without "@org/", "group:default/" and the like.
	Owners []string
	Team   string
	// Contact and OnCall are ways to reach them, where written.
	Contact, OnCall string
}
