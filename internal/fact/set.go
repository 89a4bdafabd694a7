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
	// Developers says why the set looks like one for development; empty where
	// nothing does.
	Developers string
	Coverage   Coverage

	Objects []*Object
	// Custom are those of the objects whose kinds are not Kubernetes' own.
	Custom       []*Object
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
	Terminations []*Termination
	Meshes       []*Mesh
	Externals    []*External
	Scrapes      []*Scrape
	Alerts       []*Alert
	Reconcilers  []*Reconciler
	Sources      []*RepoSource
	Backups      []*Backup
	Databases    []*Database
	Claims       []*Claim
	Namespaces   []*Namespace
	Classes      []*StorageClass
	Grants       []*Grant
	Credentials  []*Credential
	LogStores    []*LogStore
	SpendLimits  []*SpendLimit
	Scans        []*Scan
	Leaks        []*Leaked
	LeakScans    []*LeakScan
	Pipelines    []*Pipeline
	BranchRules  []*BranchRule
	Units        []*Unit
	Cloud        []*Resource
	Clusters     []*Cluster
	Stacks       []*Stack
	StateFiles   []*StateFile
	Builds       []*ImageBuild
	Networks     []*Network
	Recordings   []*Recording
	Charges      []*Charge
	RuleTests    []*RuleTest
	Routings     []*Routing
	AlertRouters []*AlertRouter
	Dashboards   []*Dashboard
	Objectives   []*Objective
	// Indicators, MetricSources and BurnConditions are what objectives refer to by
	// name.
	Indicators     []*Indicator
	MetricSources  []*MetricSource
	BurnConditions []*BurnCondition
	Documents      []*Document
	// Library holds every page of the tree, other services' too, for what links
	// lead to.
	Library    []*Document
	Sites      []*Site
	Shippers   []*Shipper
	AccessLogs []*AccessLog
	Migrations []*MigrationSet
	TestRuns   []*TestRun
	Coverages  []*CodeCoverage
	LoadRuns   []*LoadRun
	// Remedies repair known failures; they are read with alerts.
	Remedies    []*Remedy
	Inventories []*Inventory
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
	// Raw is all that the object's document says, secret values hidden; nil
	// unless an overlay's expressions may ask for it.
	Raw map[string]any
	// Digest tells two objects of the same identity apart by their content.
	Digest uint64
}

// MayMeet reports whether objects of two namespaces can come to stand in one: a
// manifest that leaves its namespace to the deployer may land in any.
func MayMeet(a, b string) bool { return a == b || a == "" || b == "" }

// Add appends the facts and the holes of another set.
func (s *Set) Add(other *Set) {
	s.Coverage.Holes = append(s.Coverage.Holes, other.Coverage.Holes...)
	s.Objects = append(s.Objects, other.Objects...)
	s.Custom = append(s.Custom, other.Custom...)
	s.Workloads = append(s.Workloads, other.Workloads...)
	s.Services = append(s.Services, other.Services...)
	s.Routes = append(s.Routes, other.Routes...)
	s.Budgets = append(s.Budgets, other.Budgets...)
	s.Autoscalers = append(s.Autoscalers, other.Autoscalers...)
	s.Rollouts = append(s.Rollouts, other.Rollouts...)
	s.Analyses = append(s.Analyses, other.Analyses...)
	s.Policies = append(s.Policies, other.Policies...)
	s.Accounts = append(s.Accounts, other.Accounts...)
	s.Roles = append(s.Roles, other.Roles...)
	s.Bindings = append(s.Bindings, other.Bindings...)
	s.Secrets = append(s.Secrets, other.Secrets...)
	s.SecretFeeds = append(s.SecretFeeds, other.SecretFeeds...)
	s.SecretStores = append(s.SecretStores, other.SecretStores...)
	s.Settings = append(s.Settings, other.Settings...)
	s.Certificates = append(s.Certificates, other.Certificates...)
	s.Issuers = append(s.Issuers, other.Issuers...)
	s.Terminations = append(s.Terminations, other.Terminations...)
	s.Meshes = append(s.Meshes, other.Meshes...)
	s.Externals = append(s.Externals, other.Externals...)
	s.Scrapes = append(s.Scrapes, other.Scrapes...)
	s.Alerts = append(s.Alerts, other.Alerts...)
	s.Reconcilers = append(s.Reconcilers, other.Reconcilers...)
	s.Sources = append(s.Sources, other.Sources...)
	s.Backups = append(s.Backups, other.Backups...)
	s.Databases = append(s.Databases, other.Databases...)
	s.Claims = append(s.Claims, other.Claims...)
	s.Namespaces = append(s.Namespaces, other.Namespaces...)
	s.Classes = append(s.Classes, other.Classes...)
	s.Grants = append(s.Grants, other.Grants...)
	s.Credentials = append(s.Credentials, other.Credentials...)
	s.LogStores = append(s.LogStores, other.LogStores...)
	s.SpendLimits = append(s.SpendLimits, other.SpendLimits...)
	s.Scans = append(s.Scans, other.Scans...)
	s.Leaks = append(s.Leaks, other.Leaks...)
	s.LeakScans = append(s.LeakScans, other.LeakScans...)
	s.Pipelines = append(s.Pipelines, other.Pipelines...)
	s.BranchRules = append(s.BranchRules, other.BranchRules...)
	s.Units = append(s.Units, other.Units...)
	s.Cloud = append(s.Cloud, other.Cloud...)
	s.Clusters = append(s.Clusters, other.Clusters...)
	s.Stacks = append(s.Stacks, other.Stacks...)
	s.StateFiles = append(s.StateFiles, other.StateFiles...)
	s.Builds = append(s.Builds, other.Builds...)
	s.Networks = append(s.Networks, other.Networks...)
	s.Recordings = append(s.Recordings, other.Recordings...)
	s.Charges = append(s.Charges, other.Charges...)
	s.RuleTests = append(s.RuleTests, other.RuleTests...)
	s.Routings = append(s.Routings, other.Routings...)
	s.AlertRouters = append(s.AlertRouters, other.AlertRouters...)
	s.Dashboards = append(s.Dashboards, other.Dashboards...)
	s.Objectives = append(s.Objectives, other.Objectives...)
	s.Indicators = append(s.Indicators, other.Indicators...)
	s.MetricSources = append(s.MetricSources, other.MetricSources...)
	s.BurnConditions = append(s.BurnConditions, other.BurnConditions...)
	s.Documents = append(s.Documents, other.Documents...)
	s.Library = append(s.Library, other.Library...)
	s.Sites = append(s.Sites, other.Sites...)
	s.Shippers = append(s.Shippers, other.Shippers...)
	s.AccessLogs = append(s.AccessLogs, other.AccessLogs...)
	s.Migrations = append(s.Migrations, other.Migrations...)
	s.TestRuns = append(s.TestRuns, other.TestRuns...)
	s.Coverages = append(s.Coverages, other.Coverages...)
	s.LoadRuns = append(s.LoadRuns, other.LoadRuns...)
	s.Inventories = append(s.Inventories, other.Inventories...)
	s.Remedies = append(s.Remedies, other.Remedies...)
}
