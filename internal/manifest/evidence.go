package manifest

// Endpoint is an address at which the service is meant to be reached.
type Endpoint struct {
	// What the endpoint is for.
	Name string `json:"name,omitempty" example:"storefront"`
	// The address: a URL, or a host with a port. A host may start with `*.`; where the
	// cloud gives the address, the name of the Service that is reached.
	URL string `json:"url" required:"true" short:"true" format:"address" example:"https://shop.example.com"`
	// Whether everyone may reach it. Write false for one that is open to a network of
	// your own only.
	Public *bool `json:"public,omitempty" default:"true"`
	// Since when it is reached; a review from before has not seen it.
	Since string `json:"since,omitempty" format:"date" example:"2026-06-01"`
	// Where the service is known to be healthy, as a path of the URL.
	Health string `json:"health,omitempty" example:"/ready"`
	// The share of this endpoint in the load of a peak, in percent.
	Share float64 `json:"share,omitempty" minimum:"0" maximum:"100"`
}

// Store is something that keeps data of the service.
type Store struct {
	// The store's name, as its workload, database or cloud resource is called.
	Name string `json:"name" required:"true" example:"orders-db"`
	// What it is.
	Kind string `json:"kind" required:"true" example:"postgresql"`
	// How it is copied: the name of what copies it, a path, or a URL.
	Backup string `json:"backup,omitempty" example:"deploy/backup.yaml"`
	// Where it stands.
	Region string `json:"region,omitempty" example:"eu-central-1"`
	// What kinds of personal data are in it, in the words of fideslang; `none` where
	// there are none.
	Categories []string `json:"categories,omitempty" example:"user.contact.email"`
	// The dataset of Fides that describes it, by its key, where that is not called as
	// the store is.
	Dataset string `json:"dataset,omitempty" example:"orders_db"`
	// Since when it keeps these; a review from before has not seen them.
	Since string `json:"since,omitempty" format:"date" example:"2026-06-01"`
}

// ThirdParty is somebody outside the organisation to whom requests or data go.
type ThirdParty struct {
	// Who it is.
	Name string `json:"name" required:"true" example:"Stripe"`
	// Hosts at which it is reached; `*.` stands for all below.
	Hosts []string `json:"hosts,omitempty" example:"api.stripe.com"`
	// What it is used for.
	Purpose string `json:"purpose,omitempty" example:"card payments"`
	// What kinds of personal data go there, in the words of fideslang; `none` where
	// none do.
	Categories []string `json:"categories,omitempty" example:"user.financial"`
	// Where the data lies.
	Regions []string `json:"regions,omitempty" example:"eu-west-1"`
	// The agreement: a URL, or a path in the repository.
	Agreement string `json:"agreement,omitempty" format:"link" example:"docs/agreements/stripe.md"`
	// When somebody last looked whether all of this still holds.
	Reviewed string `json:"reviewed,omitempty" format:"date" example:"2026-03-01"`
	// Who looked.
	Reviewer string `json:"reviewer,omitempty" example:"ada@example.com"`
}

// Dependency is a service of the organisation that this one needs.
type Dependency struct {
	// The other service's name.
	Name string `json:"name" required:"true" short:"true" example:"payments"`
	// Addresses at which it is called, where they do not start with its name.
	Hosts []string `json:"hosts,omitempty" example:"payments.internal.example.com"`
	// What still works while it is away.
	Without string `json:"without,omitempty" example:"orders are kept and paid later"`
}

// Attestation is declared evidence.
type Attestation struct {
	// The expectation that it is evidence for.
	Expectation string `json:"expectation" required:"true" format:"expectation" example:"launch/stakeholders"`
	// Which of the expectation's claims, where it has several.
	Claim string `json:"claim,omitempty" example:"record"`
	// The person who says so.
	Who string `json:"who" required:"true" example:"ada@example.com"`
	// The other person who confirms it; tiers 1 and 2 ask for one.
	Second string `json:"second,omitempty" example:"grace@example.com"`
	// When it was done.
	Date string `json:"date" required:"true" format:"date" example:"2026-05-20"`
	// Until when it counts.
	Expires string `json:"expires" required:"true" format:"date" example:"2026-11-20"`
	// What shows it: a URL, or a path in the repository.
	Link string `json:"link" required:"true" format:"link" example:"docs/notices/launch.md"`
	// What it covers.
	Scope string `json:"scope,omitempty"`
	// Whatever else a reader should know.
	Note string `json:"note,omitempty"`
}

// None is an attributed "we have none".
type None struct {
	// What there is none of: an expectation that does not apply, one of stores,
	// endpoints, third-parties and dependencies, or a signal of observability/metrics
	// that the service does not have: request-rate, error-rate, latency-percentiles,
	// utilisation, queue-depth or business-signals.
	What string `json:"what" required:"true" format:"none" example:"stores"`
	// Why there is none.
	Reason string `json:"reason" required:"true" example:"keeps nothing; every request is answered from the catalog"`
	// The person who says so.
	Who string `json:"who" required:"true" example:"ada@example.com"`
	// The other person who confirms it; tiers 1 and 2 ask for one.
	Second string `json:"second,omitempty" example:"grace@example.com"`
	// When it was said.
	Date string `json:"date" required:"true" format:"date" example:"2026-05-20"`
	// Until when it counts. Default: for ever.
	Expires string `json:"expires,omitempty" format:"date"`
	// What shows it: a URL, or a path in the repository; tiers 1 and 2 ask for one.
	Link string `json:"link,omitempty" format:"link"`
}
