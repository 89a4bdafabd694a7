package fact

import (
	"cmp"
	"time"
)

// Declarations is what people say of one service: in its manifest, in catalogs,
// in files of owners, and in the risk register. Nothing in it was observed.
type Declarations struct {
	// Manifest is the file of the service's manifest; empty where there is none.
	Manifest string

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
	Scenarios    []*Scenario
	// Regions are those in which data may lie; empty where nobody says.
	Regions          []string
	RegionExceptions []*RegionException
	// Personal is nil where nobody says which personal data the service handles.
	Personal *PersonalData
	// CustomerLogs is nil where nobody says how long customers' logs are kept.
	CustomerLogs *CustomerLogs
	// AccessLines are nil where nobody says that the service writes them itself.
	AccessLines *AccessLines
	// Shared lists secrets that are read more widely than by one deployment.
	Shared []*SecretScope
	// Cost and Placement are nil where nobody says.
	Cost      *Cost
	Placement *PlacementDecision
	// Rollout is how new builds of one workload reach traffic; its TargetName is
	// empty where the manifest names none, and it is nil where nobody says.
	Rollout *Rollout
	// Docs are the pages that the manifest names; nil where it names none.
	Docs *Docs
	// Performance and BurnIn are nil where nobody says.
	Performance *Performance
	// Testing says what must be tested; nil where nobody says.
	Testing *Testing
	BurnIn  *BurnIn
	// Objectives are the service's targets, Agreement what its customers were
	// promised; nil where the manifest names none.
	Objectives []*Objective
	Agreement  *Agreement
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
	d.Scenarios = append(d.Scenarios, other.Scenarios...)
	d.Regions = append(d.Regions, other.Regions...)
	d.RegionExceptions = append(d.RegionExceptions, other.RegionExceptions...)
	d.Personal = cmp.Or(other.Personal, d.Personal)
	d.Shared = append(d.Shared, other.Shared...)
	d.Cost, d.Placement, d.Rollout = cmp.Or(other.Cost, d.Cost), cmp.Or(other.Placement, d.Placement), cmp.Or(other.Rollout, d.Rollout)
	d.Docs = cmp.Or(other.Docs, d.Docs)
	d.CustomerLogs, d.AccessLines = cmp.Or(other.CustomerLogs, d.CustomerLogs), cmp.Or(other.AccessLines, d.AccessLines)
	d.Testing = cmp.Or(other.Testing, d.Testing)
	d.Performance, d.BurnIn = cmp.Or(other.Performance, d.Performance), cmp.Or(other.BurnIn, d.BurnIn)
	d.Objectives, d.Agreement = append(d.Objectives, other.Objectives...), cmp.Or(other.Agreement, d.Agreement)
}

// Empty reports whether nobody says anything.
func (d *Declarations) Empty() bool {
	return len(d.Attestations)+len(d.Nones)+len(d.Endpoints)+len(d.Stores)+len(d.ThirdParties)+len(d.Dependencies)+
		len(d.Owners)+len(d.Risks)+len(d.Registers)+len(d.RiskMentions)+len(d.Scenarios)+len(d.Regions)+len(d.Shared) == 0 &&
		d.Performance == nil && d.BurnIn == nil &&
		len(d.Objectives) == 0 && d.Agreement == nil && len(d.RegionExceptions) == 0 && d.Personal == nil && d.Rollout == nil && d.Cost == nil && d.Placement == nil && d.Docs == nil && d.Testing == nil && d.CustomerLogs == nil && d.AccessLines == nil
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
	// File is that path below the judged folder; empty for a URL.
	File string
	// Scope and Note as written.
	Scope, Note string
}

// None is an attributed "we have none".
type None struct {
	Ref
	// What there is none of: an expectation's id, or one of NoneStores,
	// NoneEndpoints, NoneThirdParties and NoneDependencies.
	What, Reason, By string
	// Second is the other person who confirms it.
	Second        string
	Date, Expires time.Time
	// Link leads to what shows it, and Resolves tells whether it leads anywhere.
	Link     string
	Resolves bool
}

// What a service can have none of, besides what an expectation asks for.
const (
	NoneStores       = "stores"
	NoneEndpoints    = "endpoints"
	NoneThirdParties = "third-parties"
	NoneDependencies = "dependencies"
)

// NoneKinds lists what a service can have none of.
func NoneKinds() []string {
	return []string{NoneDependencies, NoneEndpoints, NoneStores, NoneThirdParties}
}

// NoneSignals lists the signals of observability/metrics of which a service can have
// none: one that queues nothing has no queue depth.
func NoneSignals() []string {
	return []string{"request-rate", "error-rate", "latency-percentiles", "utilisation", "queue-depth", "business-signals"}
}

// NoneOf returns the declaration that there is none of something; nil where
// nobody declares it.
func (d *Declarations) NoneOf(what string) *None {
	if d == nil {
		return nil
	}
	for _, n := range d.Nones {
		if n.What == what {
			return n
		}
	}
	return nil
}

// Endpoint is an address at which the service is meant to be reached.
type Endpoint struct {
	Ref
	Name string
	// URL as written; Host and Port taken from it. Host may start with "*.", and
	// may be the name of the Service that is reached. Port is 0 where none is
	// written, and that of the scheme where one is.
	URL, Host string
	Port      int
	// Public is true where it is meant to be reached from everywhere.
	Public bool
	// Since is when it was opened; zero where nobody says.
	Since time.Time
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
	// Dataset is the key of the inventory that describes it, where it is written.
	Dataset string
	// Since is when it began to keep these; zero where nobody says.
	Since time.Time
}

// PersonalData is which personal data a service handles, wherever it lies.
type PersonalData struct {
	Ref
	Categories []string
}

// RegionException allows data in a region beyond the allowed ones.
type RegionException struct {
	Ref
	// What lies there: a store, a third party, logs.
	What, Region, Reason, Approver string
	Expires                        time.Time
}

// ThirdParty is somebody else to whom data or requests go.
type ThirdParty struct {
	Ref
	Name, Purpose string
	Hosts         []string
	Categories    []string
	Regions       []string
	// Agreement is a URL or a path, and Resolves tells whether it leads anywhere.
	Agreement string
	Resolves  bool
	// Reviewed is when somebody last looked, Reviewer who.
	Reviewed time.Time
	Reviewer string
}

// Dependency is a service that this one needs.
type Dependency struct {
	Ref
	Name string
	// Hosts are the addresses at which it is called.
	Hosts []string
}

// Scenario is something that can fail, and who is called.
type Scenario struct {
	Ref
	// Name says what fails; Dependency names what it is about.
	Name, Dependency string
	Contacts         []Contact
	// Runbook is a URL or a path, and Resolves tells whether it leads anywhere.
	// Beyond is true where the runbook's path leads out of what is judged.
	Beyond   bool
	Runbook  string
	Resolves bool
	// File is the runbook's path below the judged folder; empty for a URL, and where
	// nothing is there.
	File     string
	Contract string
}

// Contact is one step of an escalation path. Delay is the time to wait for an
// answer; zero where none is written.
type Contact struct {
	Name  string
	Delay time.Duration
}

// SecretScope is a secret that is read more widely than by one deployment, on
// purpose.
type SecretScope struct {
	Ref
	// Path is the secret's path in its store, or its name; Scope is deployment, region
	// or global.
	Path, Scope, Reason string
}

// Cost is what a service may cost.
type Cost struct {
	Ref
	// Monthly in Currency; Owner is whom the manifest names to watch it. Surge from
	// one week to the next at which somebody is to be told, in percent; 0 where
	// nobody says.
	Monthly, Surge  float64
	Currency, Owner string
}

// PlacementDecision is where a service runs, as somebody decided.
type PlacementDecision struct {
	Ref
	Regions     []string
	Reason, Who string
	Date        time.Time
}

// OwnerClaim is one place that says who owns something.
type OwnerClaim struct {
	Ref
	// Source is manifest, backstage, codeowners, compass, cortex, opslevel,
	// datadog or score.
	Source string
	// Kind says what is owned: service (a component, workload or the like),
	// paths, part (an API, resource or library of the service), system,
	// repository; team or person where the place describes one instead. The
	// manifest's may leave it empty, which means service.
	Kind string
	// Of is the entity's name, or for codeowners the pattern of paths.
	Of string
	// Owners as written: teams, people, addresses. Team is the first team of
	// them in its plain form, without "@org/", "group:default/" and the like;
	// empty where none of them is a team.
	Owners []string
	Team   string
	// People lists those of Owners who are single persons.
	People []string
	// ByID is true where the owner is written as an identifier that only the
	// catalog's own server can turn into a name.
	ByID bool
	// Contact and OnCall are ways to reach them, where written.
	Contact, OnCall string
	// Files are how many of the service's files the paths hold, AllFiles how
	// many were looked at; both are 0 for everything but codeowners.
	Files, AllFiles int
}
