// Package manifest holds the types of the service manifest, seaworthy.yaml: what
// people say of a service. The comments on its fields are the descriptions of
// the JSON Schema and of docs/manifest.md, and their tags are its rules:
//
//	required:"true"        must be written
//	enum:"a,b"             one of these words
//	format:"date"          a form that the reader checks: date, url, link, path, duration, name
//	minimum:"1"            bounds of a number; maximum likewise
//	default:"30d"          what holds where nothing is written
//	example:"team-pay"     an example for whoever writes one
//	short:"true"           the field that a bare word stands for, where a list of
//	                       mappings may hold words as well
package manifest

// APIVersion and Kind are what every document of a seaworthy.yaml starts with.
const (
	APIVersion = "seaworthy.dev/v1"
	Kind       = "Service"
)

// Service is one document of a seaworthy.yaml: one service. A file may hold
// several, parted by lines of three dashes.
type Service struct {
	// The version of this format.
	APIVersion string `json:"apiVersion" required:"true" enum:"seaworthy.dev/v1"`
	// What the document describes.
	Kind string `json:"kind" required:"true" enum:"Service"`
	// What the service is called.
	Metadata Metadata `json:"metadata" required:"true"`
	// What it is, where it stands, and what people vouch for.
	Spec Spec `json:"spec"`
}

// Metadata names the service.
type Metadata struct {
	// The service's name, as people say it; it is unique in the repository.
	Name string `json:"name" required:"true" format:"name" example:"checkout"`
	// What the service does and for whom, in a sentence.
	Description string `json:"description,omitempty" example:"Takes orders and payments of the web shop."`
	// Words to find and group services by.
	Labels map[string]string `json:"labels,omitempty"`
}

// Spec says what the service is, where it stands, and what people vouch for.
type Spec struct {
	// How much depends on the service: 1 where its loss stops the business, 2 where
	// customers notice within the hour, 3 for everything else. The lower the number,
	// the stronger the evidence that is asked for.
	Tier int `json:"tier,omitempty" minimum:"1" maximum:"3" default:"3"`
	// The one team that owns the service, by the name that catalogs and labels use.
	Owner string `json:"owner,omitempty" example:"team-payments"`
	// How to reach the owner by day: a channel, an address, a URL.
	Contact string `json:"contact,omitempty" example:"#team-payments"`
	// Who is called at night: a rotation or an escalation policy, by name or URL.
	OnCall string `json:"onCall,omitempty" example:"https://pagerduty.example.com/schedules/PAYMENTS"`
	// Where the service stands. Left out, it is everything below the folder of this
	// file, but for what other services name.
	Sources Sources `json:"sources,omitempty"`
	// Addresses at which the service is meant to be reached. What is open to the
	// outside and not among them is a gap.
	Endpoints []Endpoint `json:"endpoints,omitempty"`
	// What the service keeps its data in. A store that is found and not among them is
	// a gap.
	Stores []Store `json:"stores,omitempty"`
	// Others outside the organisation to whom requests or data go. One that is found
	// and not among them is a gap.
	ThirdParties []ThirdParty `json:"thirdParties,omitempty"`
	// Services of the organisation without which this one cannot do its work.
	Dependencies []Dependency `json:"dependencies,omitempty"`
	// Regions in which data of the service may lie: stores, replicas, backups, logs.
	Regions []string `json:"regions,omitempty" example:"eu-central-1"`
	// Where the service runs, as somebody decided.
	Placement *Placement `json:"placement,omitempty"`
	// Registries or repository prefixes from which images may come; `--registries`
	// overrides them.
	Registries []string `json:"registries,omitempty" example:"ghcr.io/acme"`
	// The Kubernetes version that the manifests must work with; `--kube-version`
	// overrides it.
	KubeVersion string `json:"kubeVersion,omitempty" format:"version" example:"1.34"`
	// Declared evidence: a named person says that something was done, and links to
	// what shows it.
	Attestations []Attestation `json:"attestations,omitempty"`
	// What the service has none of, each said by a named person. Where something of it
	// is found after all, that is a gap.
	None []None `json:"none,omitempty"`
	// Targets that the team holds itself to. OpenSLO files beside the sources do as
	// well.
	SLOs []SLO `json:"slos,omitempty"`
	// What customers were promised.
	SLA *SLA `json:"sla,omitempty"`
	// How a new build reaches traffic, and at which figures it is taken back.
	Rollout *Rollout `json:"rollout,omitempty"`
	// What drills may touch, when, and when they stop.
	Drills *Drills `json:"drills,omitempty"`
	// What can fail, and who is called in which order.
	Scenarios []Scenario `json:"scenarios,omitempty"`
	// Load that is expected, and what the service must do under it.
	Performance *Performance `json:"performance,omitempty"`
	// Which results are of which layer of tests.
	Tests *Tests `json:"tests,omitempty"`
	// Past incidents, each with its regression test.
	Incidents []Incident `json:"incidents,omitempty"`
	// The plan for the time at full load before on-call takes over.
	BurnIn *BurnIn `json:"burnIn,omitempty"`
	// What the service may cost, and who watches it.
	Cost *Cost `json:"cost,omitempty"`
	// What is known of personal data beyond the stores.
	Privacy *Privacy `json:"privacy,omitempty"`
	// What the service writes of each request.
	Logs *Logs `json:"logs,omitempty"`
	// Who may read which secrets, where that is wider than one deployment on purpose.
	Secrets []SecretScope `json:"secrets,omitempty"`
	// What the service trusts and shows when it talks TLS.
	TLS *TLS `json:"tls,omitempty"`
	// The way of a request through services, by which a trace is judged whole.
	Tracing *Tracing `json:"tracing,omitempty"`
	// Pages that people need at night, by path or URL.
	Docs *Docs `json:"docs,omitempty"`
}

// Placement is a decision on regions.
type Placement struct {
	// Regions in which the service runs.
	Regions []string `json:"regions,omitempty" example:"eu-central-1"`
	// Why one region is enough, or why there are several.
	Reason string `json:"reason" required:"true"`
	// Who decided.
	Who string `json:"who" required:"true" example:"ada@example.com"`
	// When it was decided.
	Date string `json:"date" required:"true" format:"date"`
}
