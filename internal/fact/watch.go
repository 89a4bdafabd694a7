package fact

// Scrape collects metrics from workloads.
type Scrape struct {
	Ref
	Namespace, Name string
	// Engine is service-monitor, pod-monitor, pod-monitoring (Google), or
	// scrape-config, whose targets only Prometheus itself can work out.
	Engine string
	// Selects picks services (service-monitor) or pods.
	Selects Selector
	// Namespaces in which it looks; AnyNamespace for all of them. Neither
	// means its own.
	Namespaces   []string
	AnyNamespace bool
	// Endpoints that it asks on each of them.
	Endpoints []ScrapeEndpoint
}

// ScrapeEndpoint is one port that a scrape asks. With neither Port nor Target
// it asks every port.
type ScrapeEndpoint struct {
	// Port is the name of a port: the service's for a service-monitor, the
	// container's for the others.
	Port string
	// Target is a container's port by name or number.
	Target string
	Path   string
	// Filtered is true where relabelling keeps or drops some of the targets.
	Filtered bool
	At       Location
}

// Tracing is what a container's environment says of spans. Only settings that
// hold no secrets are kept.
type Tracing struct {
	// Exporter names the variable that says where spans go; empty where none
	// does.
	Exporter string
	// Off names the variable with its value that switches spans off, such as
	// OTEL_SDK_DISABLED=true; empty where none does.
	Off string
	// Named is true where the service's name among the spans is written.
	Named bool
	// Propagators are the formats in which context is passed on, where they
	// are written; nil leaves the SDK's tracecontext and baggage.
	Propagators   []string
	At            Location
	OffAt         Location
	PropagatorsAt Location
}

// Backup copies a data store on a schedule.
type Backup struct {
	Ref
	Namespace, Name string
	// Engine is velero, cloudnative-pg, cronjob, snapscheduler, k8up, longhorn,
	// stash, pgbackrest, percona, mariadb, zalando; or object-store for the
	// place where others put their copies, which schedules nothing itself.
	Engine string
	// Schedule as written (cron); empty where none is. Seconds is true where
	// its first field counts seconds.
	Schedule string
	Seconds  bool
	// Foreign is true where the schedule is written in another form than cron,
	// such as a calendar of systemd, and is taken at its word.
	Foreign bool
	// Retention as written or as the engine's default: "30d", "720h0m0s", "7
	// copies"; empty where it is not known.
	Retention string
	// Namespaces whose volumes are copied, patterns with * included; Excluded
	// ones are not. Everything means all namespaces.
	Namespaces, Excluded []string
	Everything           bool
	// Selects narrows the copy to volumes and pods with these labels; nil
	// means no narrowing, Narrowed one by rules that are not kept.
	Selects  *Selector
	Narrowed bool
	// Database names the operator's database or the workload that is copied;
	// Target is its kind where it is written.
	Database, Target string
	// Claims are the persistent volume claims that a job mounts.
	Claims []string
	// Hosts that a job names, as written.
	Hosts []string
	// Tools lists programs that a job calls: pg_dump, restic.
	Tools []string
	// Without says why the copy leaves out the volumes' content; empty where
	// it does not.
	Without   string
	Suspended bool
	At        Location
	// Addresses are the resources that a cloud's plan names; Tags those whose
	// carriers it copies. AddressPatterns are patterns of names (ARNs).
	Addresses, AddressPatterns []string
	Tags                       map[string]string
	// Region to which copies go as well; empty for the store's own.
	CopyRegions []string
	// Places are where copies lie.
	Places []CopyPlace
	// Unknown says why it is not known what the plan copies, or when.
	Unknown string
}

// Database is a data store that an operator runs.
type Database struct {
	Ref
	Kind, Namespace, Name string
	// Engine is postgresql, mysql, mongodb, kafka, ...
	Engine string
	// Instances that the operator keeps; 0 where that is not read.
	Instances int
	// ZoneSpread is true where instances keep apart by zone.
	ZoneSpread bool
	// Backup is true where the object itself says where backups go, WAL where
	// its log is archived; Retention as written.
	Backup, WAL bool
	Retention   string
	// Store names the object-store that says the retention instead.
	Store string
	// Elsewhere is true where backups may be set up outside of the manifests:
	// in the operator's configuration or through the database's own API.
	Elsewhere bool
	// DemandsCertificate is true where clients get in only with a certificate,
	// as far as the object itself decides.
	DemandsCertificate bool
	// Refuses is whether clients that do not encrypt are refused, as far as the
	// object itself decides.
	Refuses Truth
	// Transient is true where nothing is kept on a volume.
	Transient bool
	// Classes are the storage classes of its volumes, each once; an empty one is the
	// cluster's default.
	Classes []string
	// Topology lists the regions and zones of the only nodes on which it may run, by
	// their labels; empty where none are named.
	Topology []string
	// Copies are the places at which the object itself keeps copies.
	Copies []CopyPlace
	At     Location
	// Managed is set for a store that a cloud runs.
	Managed *ManagedStore
}

// ManagedStore is what a cloud says of a store that it runs.
type ManagedStore struct {
	// Purpose is records, cache, queue, files or objects.
	Purpose string
	// MultiZone is whether the loss of a zone leaves the store serving.
	MultiZone Truth
	// Encrypted at rest; Key is true where the key is the owner's.
	Encrypted Truth
	Key       bool
	// Public is whether it can be reached from outside of its network.
	Public Truth
	// PublicBy says by what, where it can.
	PublicBy string
	// TLS is whether clients that do not encrypt are refused.
	TLS Truth
	// Identity is whether its clients can prove who they are by more than a
	// password: IdentityBy says by what, and IdentityNeeds which action a client's
	// role must be allowed for it. Where it is not so, Otherwise says what lets
	// clients in.
	Identity                             Truth
	IdentityBy, IdentityNeeds, Otherwise string
	// Nodes is whether its own nodes encrypt what they send each other; not known
	// and without a reason where that is no question.
	Nodes Truth
	// Protected is whether it refuses to be deleted by mistake.
	Protected Truth
	// Copies is whether the cloud copies it by itself; Retention says how long.
	Copies    Truth
	Retention string
	// Schedule in words: daily, continuous.
	Schedule string
	// Region as known; RegionWhy says why not.
	Region, RegionWhy string
	// CopyRegions are those to which replicas and backups go.
	CopyRegions []string
	// CopyWhy says why it is not known where all copies go; empty where it is.
	CopyWhy string
	// Tags by which a backup may select it.
	Tags        map[string]string
	TagsUnknown string
	// Address is how references name it.
	Address string
	// Personal is whether it may hold data of persons by its nature: logs and
	// caches may, artefacts of builds do not.
	Unknown Unknowns
}

// Claim asks for a persistent volume.
type Claim struct {
	Ref
	Namespace, Name, StorageClass string
	// Size in bytes; 0 where it is not written.
	Size int64
}

// StorageClass is a kind of volume.
type StorageClass struct {
	Ref
	Name, Provisioner string
	// Binding is Immediate or WaitForFirstConsumer.
	Binding string
	// Parameters that are about encryption, by their names in lower case.
	Parameters map[string]string
	// Default is true where claims get it that name none.
	Default bool
	// Topology lists the regions and zones in which alone volumes are made.
	Topology []string
	At       Location
}

// CopyPlace is a place that holds copies of a store: a bucket, a container, a share.
type CopyPlace struct {
	// Kind is s3, gcs, azure or filesystem; Name is the bucket's.
	Kind, Name string
	// Endpoint is the host at which it is asked; empty for the cloud's own. Plain is
	// true where it is asked without encryption.
	Endpoint string
	Plain    bool
	// Region as written; empty where it is not.
	Region string
	// Key is the encryption that the copying tool asks for, as written.
	Key string
	At  Location
}

// Namespace is where things run.
type Namespace struct {
	Ref
	Name   string
	Labels map[string]string
	// Enforces is the Pod Security level that admission enforces; empty
	// where no label says.
	Enforces    string
	Annotations map[string]string
}

// Namespace returns the namespace of that name, or nil.
func (s *Set) Namespace(name string) *Namespace {
	for _, n := range s.Namespaces {
		if n.Name == name {
			return n
		}
	}
	return nil
}
