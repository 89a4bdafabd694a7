package fact

// Resource is one piece of infrastructure in a cloud, whatever it is for.
type Resource struct {
	Ref
	// Type and Name as the technology spells them: aws_db_instance, main.
	Type, Name string
	// Provider is the cloud: aws, google, azurerm.
	Provider string
	// Region where it stands, with the place where that is written; empty where
	// it has none or where it is not known.
	Region   string
	RegionAt Location
	// Replicas are the regions to which its content is copied.
	Replicas []Place
	// Tags with those that its provider adds. TagsKnown is false where there may
	// be others.
	Tags      map[string]string
	TagsKnown bool
	TagsAt    Location
	// Taggable is true where it can carry tags.
	Taggable bool
	// Protected is true where the tool refuses to delete it.
	Protected bool
}

// Cluster is a cluster of Kubernetes that a cloud runs. What runs in it stands in
// manifests, not beside it.
type Cluster struct {
	Ref
	// Name, and Engine as the cloud calls it: EKS, GKE, AKS.
	Name, Engine string
	// Public is true where everyone reaches its API, who they are being all that
	// is asked; nil where that was not read.
	Public *Truth
}

// Place is a region with the place where it is written.
type Place struct {
	Name string
	At   Location
}

// Stack is infrastructure as code that is applied together and keeps its state
// in one place: a Terraform root module, a CloudFormation template.
type Stack struct {
	Ref
	// Name is its folder or file, for a reader; Engine is terraform, opentofu, plan or
	// cloudformation.
	Name, Engine string
	// Backend is where the state is kept: s3, gcs, azurerm, remote, cloud, local;
	// empty where none is written, which means a local file. BackendKnown is
	// false where it cannot be told, as in a plan.
	Backend      string
	BackendKnown bool
	BackendAt    Location
	// Locking tells whether two that apply at once keep each other out.
	Locking Locking
	// Locked is true where a file beside it fixes the providers' versions.
	Locked bool
	// Partial is true where some of it could not be parsed.
	Partial bool
	// Wrapper is a tool that adds a backend and more when it is applied:
	// terragrunt; empty where there is none.
	Wrapper string
	// Configured is true where it says how to reach a provider, as only what is
	// applied does; a module for others leaves that to them.
	Configured bool
	// Providers and Modules are what it takes from elsewhere.
	Providers, Modules []Pin
	// Resources counts what it manages.
	Resources int
	// Drift lists what a plan found changed by others; Planned is true where a
	// plan was read that can tell.
	Drift   []Change
	Planned bool
	// Leaks are secrets written into it: in defaults, in variable files, in
	// attributes.
	Leaks []Leak
}

// Locking tells whether state is locked.
type Locking string

// The ways in which state is locked.
const (
	LocksState    Locking = "yes"
	LocksNothing  Locking = "no"
	LocksUnclear  Locking = ""
	LocksAnywhere Locking = "elsewhere" // a service that applies decides
)

// Pin is something taken from elsewhere, in a version.
type Pin struct {
	// Name is what it is called here, Source where it comes from.
	Name, Source string
	// Version as written; empty where none is.
	Version string
	// Exact is true where it names one version or commit for good.
	Exact bool
	At    Location
}

// Change is something that was changed by others than the code.
type Change struct {
	Ref
	Type string
	// Deleted is true where it is gone.
	Deleted bool
	// Fields lists what differs.
	Fields []string
}

// StateFile is the state of infrastructure that lies among the files: it holds
// every value in plain text.
type StateFile struct {
	Ref
	// Format is tfstate, or empty where the file could not be read.
	Format string
	// Resources counts what it describes, Secrets those of its values that are
	// secret by their names.
	Resources, Secrets int
	// Encrypted is true where it cannot be read without a key.
	Encrypted bool
}
