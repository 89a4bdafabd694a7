package manifest

// SLO is a target that the team holds itself to.
type SLO struct {
	// The objective's name.
	Name string `json:"name" required:"true" example:"availability"`
	// The share of good events, in percent.
	Objective float64 `json:"objective" required:"true" minimum:"0" maximum:"100" example:"99.9"`
	// The time over which it is counted.
	Window string `json:"window,omitempty" format:"duration" default:"30d" example:"30d"`
	// What is counted. It may be left out where an objective of the same name stands
	// in OpenSLO, Sloth or Pyrra beside the sources.
	Indicator *Indicator `json:"indicator,omitempty"`
	// What happens when the budget is spent: a path or a URL of the policy.
	Policy string `json:"policy,omitempty" format:"link"`
}

// Indicator counts good events among all, in PromQL. A query may hold $window where
// the range stands.
type Indicator struct {
	// The query that counts good events.
	Good string `json:"good,omitempty"`
	// The query that counts bad events, where that is easier.
	Bad string `json:"bad,omitempty"`
	// The query that counts all events.
	Total string `json:"total,omitempty"`
	// The query that yields the share itself, where good and total are not at hand.
	Ratio string `json:"ratio,omitempty"`
}

// SLA is what customers were promised.
type SLA struct {
	// The promised share, in percent.
	Objective float64 `json:"objective" required:"true" minimum:"0" maximum:"100" example:"99.5"`
	// The time over which it is counted.
	Window string `json:"window" required:"true" example:"calendar month"`
	// How it is measured.
	Measurement string `json:"measurement" required:"true" example:"minutes in which fewer than half of the probes succeed"`
	// The objective that keeps the promise, by its name among the slos. Default: the
	// only one.
	SLO string `json:"slo,omitempty" example:"availability"`
	// What follows when it is missed.
	Consequence string `json:"consequence" required:"true" example:"10 % of the month's fee is credited"`
	// The agreement: a URL, or a path in the repository.
	Link string `json:"link,omitempty" format:"link"`
}

// Rollout is how a new build reaches traffic.
type Rollout struct {
	// The workload that is rolled out. Default: the service's only one.
	Workload string `json:"workload,omitempty" example:"web"`
	// Shares of traffic in their order.
	Steps []Step `json:"steps,omitempty"`
	// Figures at which the build is taken back.
	Thresholds []Threshold `json:"thresholds,omitempty"`
}

// Step is a share of traffic and how long it stays.
type Step struct {
	// The new build's share of traffic, in percent.
	Weight float64 `json:"weight" required:"true" minimum:"0" maximum:"100" example:"5"`
	// How long the step lasts at least.
	Pause string `json:"pause,omitempty" format:"duration" example:"10m"`
}

// Threshold is a figure at which a build is taken back.
type Threshold struct {
	// What the figure is.
	Name string `json:"name" required:"true" example:"error share"`
	// What kind of harm it shows.
	Signal string `json:"signal,omitempty" enum:"errors,latency,health,saturation,business"`
	// The query that yields it.
	Query string `json:"query" required:"true"`
	// How the figure is compared with the value.
	Op string `json:"op" required:"true" enum:">,>=,<,<="`
	// The figure's bound.
	Value float64 `json:"value" required:"true" example:"0.05"`
	// How long it must stay beyond the bound.
	For string `json:"for,omitempty" format:"duration" example:"10m"`
	// How many samples it takes to tell; fewer are no answer.
	MinSamples int `json:"min_samples,omitempty" minimum:"0" example:"100"`
	// What happens while the query yields nothing.
	OnNoData string `json:"on_no_data,omitempty" enum:"hold,rollback,continue" default:"hold"`
	// What happens while nobody answers the query.
	OnProviderError string `json:"on_provider_error,omitempty" enum:"hold,rollback,continue" default:"hold"`
}

// Drills say what experiments may touch.
type Drills struct {
	// Where drills run.
	Targets []Target `json:"targets,omitempty"`
	// When they may run.
	Windows []Window `json:"windows,omitempty"`
	// Figures at which a drill is stopped and undone.
	Abort []Threshold `json:"abort,omitempty"`
}

// Target is a place on which drills may run.
type Target struct {
	// The place's name.
	Name string `json:"name" required:"true" example:"staging"`
	// The context of the kubeconfig.
	Context string `json:"context,omitempty"`
	// The namespace there.
	Namespace string `json:"namespace,omitempty"`
	// The compose file, where the place is one.
	Compose string `json:"compose,omitempty" format:"path"`
	// Whether drills may run there though it is production.
	Production string `json:"production,omitempty" enum:"allow,deny" default:"deny"`
	// Whether the place may be lost.
	Disposable bool `json:"disposable,omitempty"`
	// Drills that may run there. Default: all.
	Allow []string `json:"allow,omitempty" example:"shutdown"`
	// Who allows drills on production.
	Approver string `json:"approver,omitempty"`
}

// Window is a time in which drills may run.
type Window struct {
	// Days of the week.
	Days []string `json:"days,omitempty" enum:"mon,tue,wed,thu,fri,sat,sun"`
	// The hours, as from-to.
	Hours string `json:"hours,omitempty" example:"09:00-16:00"`
	// The time zone's name.
	Zone string `json:"zone,omitempty" default:"UTC" example:"Europe/Berlin"`
}

// Scenario is something that can fail, and who is called.
type Scenario struct {
	// What fails.
	Name string `json:"name" required:"true" example:"payments are down"`
	// The dependency, store or third party that it is about.
	Dependency string `json:"dependency,omitempty" example:"payments"`
	// Who is called, in this order.
	Escalation []Contact `json:"escalation" required:"true"`
	// What to check, what to try, when to escalate: a path or a URL.
	Runbook string `json:"runbook" required:"true" format:"link" example:"docs/runbooks/payments.md"`
	// For a third party: the contract or account, and the severity to claim.
	Contract string `json:"contract,omitempty"`
}

// Contact is one step of an escalation path.
type Contact struct {
	// The rotation, person or support channel.
	Contact string `json:"contact" required:"true" example:"team-payments-oncall"`
	// How long to wait for an answer before the next one is called.
	Delay string `json:"delay,omitempty" format:"duration" example:"5m"`
}

// Performance is the load that is expected and what must hold under it.
type Performance struct {
	// The expected peak, in requests a second.
	Peak float64 `json:"peak,omitempty" minimum:"0" example:"400"`
	// What must hold.
	Criteria []Criterion `json:"criteria,omitempty"`
	// Files or packages whose failure customers notice, as paths or globs.
	CriticalPaths []CriticalPath `json:"criticalPaths,omitempty"`
}

// CriticalPath is code whose failure customers notice.
type CriticalPath struct {
	// A file, a folder or a glob.
	Path string `json:"path" required:"true" short:"true" example:"internal/payment/**"`
	// The share of its lines that tests must reach, in percent.
	Threshold float64 `json:"threshold,omitempty" minimum:"0" maximum:"100" default:"80"`
}

// Tests says how results of tests are told apart, where their names do not.
type Tests struct {
	// Result files, suites or packages of unit tests, as globs.
	Unit []string `json:"unit,omitempty" example:"results/unit.json"`
	// Those of integration tests.
	Integration []string `json:"integration,omitempty" example:"results/integration.json"`
	// Those of end-to-end tests.
	EndToEnd []string `json:"endToEnd,omitempty" example:"results/e2e.json"`
}

// Incident is one that happened, with the test that would have caught it.
type Incident struct {
	// What happened, or its number.
	Name string `json:"name" required:"true" example:"2026-02-11 double charges"`
	// Its record: a path or a URL.
	Link string `json:"link,omitempty" format:"link" example:"docs/incidents/2026-02-11.md"`
	// The name of its regression test, as reports of tests write it.
	Test string `json:"test,omitempty" example:"TestRetryYieldsTheSameOrder"`
}

// Criterion is a target under load.
type Criterion struct {
	// The endpoint, by its name among the endpoints.
	Endpoint string `json:"endpoint,omitempty" example:"storefront"`
	// The share of requests that must be that fast, in percent.
	Percentile float64 `json:"percentile" required:"true" minimum:"0" maximum:"100" example:"99"`
	// How long they may take.
	Limit string `json:"limit" required:"true" format:"duration" example:"300ms"`
	// At how many requests a second.
	Rate float64 `json:"rate" required:"true" minimum:"0" example:"400"`
	// The share of requests that may fail, in percent.
	Errors float64 `json:"errors,omitempty" minimum:"0" maximum:"100" example:"0.1"`
}

// BurnIn is the plan for the time before on-call takes over.
type BurnIn struct {
	// When it starts.
	From string `json:"from,omitempty" format:"date"`
	// How long it lasts.
	Length string `json:"length,omitempty" format:"duration" default:"7d"`
	// The share of the expected peak that it must see, in percent.
	Share float64 `json:"share,omitempty" minimum:"0" maximum:"100" default:"80"`
	// When on-call takes over. Default: the day after it ends.
	Handover string `json:"handover,omitempty" format:"date"`
	// Who watches until then.
	Watch string `json:"watch,omitempty" example:"the developers, with storefront-oncall as second"`
	// The problem that is injected if none is caught by itself.
	Problem string `json:"problem,omitempty" example:"payments are cut off for ten minutes"`
	// The plan: a path or a URL.
	Plan string `json:"plan,omitempty" format:"link"`
}

// Cost is what the service may cost.
type Cost struct {
	// What it may cost a month, in the currency.
	Monthly float64 `json:"monthly" required:"true" minimum:"0" example:"1200"`
	// The currency, as ISO 4217 writes it.
	Currency string `json:"currency,omitempty" default:"USD" example:"EUR"`
	// Who watches it. Default: the service's owner.
	Owner string `json:"owner,omitempty"`
	// The surge from one week to the next at which somebody is told, in percent.
	Surge float64 `json:"surge,omitempty" minimum:"0" example:"20"`
}

// Privacy is what is known of personal data beyond the stores.
type Privacy struct {
	// Kinds of personal data that the service handles, in the words of fideslang.
	Categories []string `json:"categories,omitempty" example:"user.contact.email"`
	// How an account's data is deleted everywhere: a path or a URL.
	Purge string `json:"purge,omitempty" format:"link" example:"docs/purge.md"`
	// Within which time it is gone.
	Deadline string `json:"deadline,omitempty" format:"duration" default:"30d"`
	// Where data may lie outside the allowed regions.
	Exceptions []RegionException `json:"exceptions,omitempty"`
	// Where the retention that customers chose for their logs is set.
	LogRetention string `json:"logRetention,omitempty" format:"link"`
	// How long customers' logs are kept, as they chose.
	CustomerLogs *CustomerLogs `json:"customerLogs,omitempty"`
}

// CustomerLogs is how long customers' logs are kept, as they chose.
type CustomerLogs struct {
	// For those who chose nothing.
	Default string `json:"default,omitempty" format:"duration" example:"90d"`
	// Customers who chose another time.
	Tenants []TenantLogs `json:"tenants,omitempty"`
}

// TenantLogs is what one customer chose.
type TenantLogs struct {
	// The customer, as the log platform calls it.
	Tenant string `json:"tenant" required:"true" short:"true" example:"tenant-a"`
	// How long its lines are kept.
	Keep string `json:"keep" required:"true" format:"duration" example:"30d"`
}

// Logs is what the service writes.
type Logs struct {
	// The code that writes a line for each request.
	Access *AccessLines `json:"access,omitempty"`
}

// AccessLines is the code that writes who did what, when, with what result.
type AccessLines struct {
	// The file with that code.
	Code string `json:"code" required:"true" format:"path" example:"internal/http/middleware.go"`
	// The names of the fields in a line, as the code spells them.
	Fields AccessFields `json:"fields" required:"true"`
}

// AccessFields are the names of the five fields.
type AccessFields struct {
	// When it was. Default: added by the logger.
	Time string `json:"time,omitempty" example:"time"`
	// What was asked, and of what.
	Method string `json:"method" required:"true" example:"method"`
	// The path that was asked for.
	Path string `json:"path" required:"true" example:"path"`
	// The result.
	Status string `json:"status" required:"true" example:"status"`
	// Who asked, as an id.
	Principal string `json:"principal" required:"true" example:"principal"`
}

// RegionException allows data in a region beyond the allowed ones.
type RegionException struct {
	// What lies there: a store, a third party, logs.
	What string `json:"what" required:"true"`
	// The region.
	Region string `json:"region" required:"true"`
	// Why.
	Reason string `json:"reason" required:"true"`
	// Who approved it.
	Approver string `json:"approver" required:"true"`
	// Until when.
	Expires string `json:"expires" required:"true" format:"date"`
}

// SecretScope is a secret that more than one deployment reads, on purpose.
type SecretScope struct {
	// The secret's path or name in its store.
	Path string `json:"path" required:"true" example:"shared/sentry"`
	// How widely it is read.
	Scope string `json:"scope" required:"true" enum:"deployment,region,global"`
	// Why.
	Reason string `json:"reason" required:"true"`
}

// TLS is what the service trusts and shows.
type TLS struct {
	// The certificates of the authorities that it trusts, as a file of PEM blocks.
	TrustedBundle string `json:"trustedBundle,omitempty" format:"path" example:"certs/internal-ca.pem"`
	// How a rotated certificate is picked up.
	Reload string `json:"reload,omitempty" enum:"watch,signal,sidecar,restart"`
}

// Tracing is the way of a request through services.
type Tracing struct {
	// Services in the order in which a request passes them.
	Path []string `json:"path,omitempty" example:"checkout"`
}

// Docs are pages that people need at night.
type Docs struct {
	// Diagram, components and dependencies.
	Architecture string `json:"architecture,omitempty" format:"link" example:"docs/architecture.md"`
	// What each severity means, with response times.
	Severities string `json:"severities,omitempty" format:"link" example:"docs/severities.md"`
	// How data is migrated, and how that is undone.
	Migrations string `json:"migrations,omitempty" format:"link" example:"migrations/"`
	// Runbooks: pages or folders of them.
	Runbooks []string `json:"runbooks,omitempty" format:"link" example:"docs/runbooks"`
	// The service's dashboards, where they stand elsewhere than in this repository.
	Dashboards []string `json:"dashboards,omitempty" format:"link" example:"https://grafana.example.com/d/checkout"`
	// Dashboards of what the service shares with others, such as nodes, ingress and
	// databases, where they stand elsewhere.
	SharedDashboards []string `json:"sharedDashboards,omitempty" format:"link" example:"https://grafana.example.com/d/cluster"`
	// Where the repository is looked at, so that links of alerts to its pages are
	// followed. Default: the remotes of the clone.
	Repository string `json:"repository,omitempty" format:"url" example:"https://git.example.com/shop/checkout"`
	// Addresses at which pages of the repository are published.
	Sites []Site `json:"sites,omitempty"`
}

// Site is an address at which pages of the repository are published.
type Site struct {
	// The address below which they stand.
	URL string `json:"url" required:"true" format:"url" example:"https://runbooks.example.com/checkout"`
	// The folder of the repository that stands there.
	Path string `json:"path,omitempty" format:"path" default:"." example:"docs/runbooks"`
}
