package fact

// Set holds the facts of one rung about one bundle in one of its variants:
// what is deployed together. Facts join (by selector or by name) only within
// one Set, so a budget of another bundle can never cover a workload.
type Set struct {
	// Bundle is the folder, chart or overlay, relative to the judged path;
	// "." is the judged path itself. Variant names the rendering, empty where
	// there is only one.
	Bundle, Variant string
	// Source is the technology that the facts were read from: kube, helm,
	// kustomize.
	Source string
	Rung   Rung
	// ProductionLike is true where the variant is meant for production, or
	// where nothing tells variants apart.
	ProductionLike bool
	Coverage       Coverage

	Objects      []*Object
	Workloads    []*Workload
	Services     []*Service
	Routes       []*Route
	Budgets      []*Budget
	Autoscalers  []*Autoscaler
	Rollouts     []*Rollout
	Analyses     []*Analysis
	Policies     []*Policy
	Accounts     []*Account
	Roles        []*PermissionRole
	Bindings     []*Binding
	Secrets      []*Secret
	SecretFeeds  []*SecretFeed
	SecretStores []*SecretStore
	Settings     []*Setting
	Certificates []*Certificate
	Issuers      []*Issuer
	Meshes       []*Mesh
	Scrapes      []*Scrape
	Alerts       []*Alert
	Reconcilers  []*Reconciler
	Backups      []*Backup
	Databases    []*Database
	Claims       []*Claim
	Namespaces   []*Namespace
	Classes      []*StorageClass
}

// Object is any object that was found, whatever its kind.
type Object struct {
	Ref
	APIVersion, Kind, Namespace, Name string
	// Labels and Annotations; annotation values longer than 256 bytes are
	// left out.
	Labels, Annotations map[string]string
	// Hook names the moment at which a chart's hook runs; empty for objects
	// that stay.
	Hook string
	// Digest tells two objects of the same identity apart by their content.
	Digest uint64
}
