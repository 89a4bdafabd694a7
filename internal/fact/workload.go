package fact

// Form is the way in which a workload runs.
type Form int

// The forms of workloads.
const (
	Replicated Form = iota // interchangeable instances: Deployment, Rollout, CloneSet, Knative Service
	Stateful               // instances with identity: StatefulSet
	PerNode                // one instance a node: DaemonSet
	OneOff                 // runs to its end: Job
	Scheduled              // runs to its end, again and again: CronJob
	Bare                   // an instance that nothing replaces: a Pod of its own
)

// Serves reports whether instances of this form are meant to run for ever.
func (f Form) Serves() bool { return f != OneOff && f != Scheduled }

// Platform is what runs a workload.
type Platform string

// The platforms.
const (
	Kubernetes   Platform = "kubernetes"
	ECS          Platform = "ecs"
	Lambda       Platform = "lambda"
	CloudRun     Platform = "cloud-run"
	AppService   Platform = "app-service"
	ContainerApp Platform = "container-app"
	Machines     Platform = "machines" // a group of virtual machines
	Compose      Platform = "compose"
	Systemd      Platform = "systemd"
	Procfile     Platform = "procfile"
)

// Cloud reports whether a cloud runs the workload by an interface of its own,
// and not Kubernetes or a host.
func (p Platform) Cloud() bool {
	switch p {
	case ECS, Lambda, CloudRun, AppService, ContainerApp, Machines:
		return true
	}
	return false
}

// Hosted reports whether the cloud takes requests for the workload, and runs it
// on machines that its owner never sees.
func (p Platform) Hosted() bool { return p == CloudRun || p == AppService || p == ContainerApp }

// Title is what a platform of a cloud calls itself.
func (p Platform) Title() string {
	switch p {
	case ECS:
		return "ECS"
	case Lambda:
		return "Lambda"
	case CloudRun:
		return "Cloud Run"
	case AppService:
		return "App Service"
	case ContainerApp:
		return "Container Apps"
	}
	return string(p)
}

// Workload is something that runs: one or more instances of the same pod.
type Workload struct {
	Ref
	Platform   Platform
	Form       Form
	Kind       string // as the platform spells it: Deployment, Rollout
	APIVersion string
	Namespace  string // empty where the manifest leaves it to the deployer
	Name       string
	// Labels and Annotations of the workload object itself.
	Labels, Annotations map[string]string
	// PodLabels and PodAnnotations are those of its instances.
	PodLabels, PodAnnotations map[string]string
	// Matches are the labels by which a Deployment knows its instances.
	Matches map[string]string
	// Replicas is the number of instances that the manifest leads to, the
	// platform's default included. ReplicasSet tells whether it was written.
	Replicas    int
	ReplicasSet bool
	ReplicasAt  Location
	// Scalable is false for forms with no number of instances to change.
	Scalable bool
	Strategy Strategy
	// Containers in order: init containers and native sidecars first.
	Containers []Container
	Volumes    []Volume
	// Grace is the time in seconds between the request to stop and the kill.
	Grace   int
	GraceAt Location
	// Account is the service account; empty means the namespace's default.
	Account string
	// MountsToken tells whether the pod itself asks for its account's token
	// to be mounted or not; nil leaves it to the account.
	MountsToken *bool
	HostNetwork bool
	HostUsers   *bool
	Windows     bool
	// ReadinessGates counts conditions beyond the probes that hold traffic back.
	ReadinessGates int
	Spread         []Spread
	Breaches       []Breach
	// PodAt is where the pod's specification starts.
	PodAt Location
	// MinReady is how long in seconds a new instance must stay ready.
	MinReady int
	// ImagePullSecrets names the secrets used to fetch images.
	ImagePullSecrets []string
	// Recovery is what brings instances back; nil where the platform always
	// does, as Kubernetes.
	Recovery *Recovery
	// StopSignal asks instances to stop, where it is written; Abandons is true
	// where processes stay behind after a stop.
	StopSignal string
	Abandons   bool
	StopAt     Location
	// Walled is true where the platform lets it talk only to named addresses.
	Walled bool
	// Socket names what holds connections while the workload is not there.
	Socket string
	// Starts names other platforms that it starts: compose.
	Starts []string
	// Awaits lists what must be there before it starts.
	Awaits []Await
	// Networks names those that it joins.
	Networks []string
	// Update is how a new build replaces an old one, where the platform has
	// such settings beside the strategy; nil where it has none.
	Update *Update
	// Tolerates lists the keys of taints that instances put up with.
	Tolerates []string
	// Nodes are the labels that a node must carry to run an instance.
	Nodes map[string]string
	// Unknown lists what is not known of the workload before it is applied.
	Unknown Unknowns
	// Placement is where the platform itself puts instances; nil where rules of
	// the workload decide (Spread).
	Placement *Placement
	// Serverless is true where no node of the owner's runs it.
	Serverless bool
	// Spot names the kind of capacity that may be taken away, Notice is how
	// many seconds before that it is told; empty and 0 elsewhere.
	Spot   string
	Notice int
	// Drain is how long in seconds whatever sends traffic lets requests finish
	// before instances are told to stop; -1 where nothing does.
	Drain   int
	DrainAt Location
	// NodeDrain is whether nodes of the owner's are emptied before they go;
	// nil where that is not asked of this workload.
	NodeDrain *Truth
	// ReplacedBy says what replaces a machine of a group that hangs; empty for
	// nothing.
	ReplacedBy string
	// LogsTo names the log store of a function where it names one itself.
	LogsTo string
}

// Stage returns the stage of the container's build that runs in it, or nil.
func (c *Container) Stage() *BuildStage {
	if c.Build == nil {
		return nil
	}
	return c.Build.Target(c.Target)
}

// Main returns the containers that do the workload's work, native sidecars
// and init containers left out.
func (w *Workload) Main() []*Container { return w.role(Main) }

// Running returns the containers that run as long as the workload does:
// main containers and native sidecars.
func (w *Workload) Running() []*Container { return w.role(Main, Sidecar) }

// All returns every container, init containers included.
func (w *Workload) All() []*Container { return w.role(Main, Sidecar, Init) }

func (w *Workload) role(roles ...Role) []*Container {
	var out []*Container
	for i := range w.Containers {
		for _, role := range roles {
			if w.Containers[i].Role == role {
				out = append(out, &w.Containers[i])
			}
		}
	}
	return out
}

// Container returns the container of that name, or nil.
func (w *Workload) Container(name string) *Container {
	for i := range w.Containers {
		if w.Containers[i].Name == name {
			return &w.Containers[i]
		}
	}
	return nil
}

// KeepsData reports whether each instance has a volume of its own that
// outlives it.
func (w *Workload) KeepsData() bool {
	for i := range w.Volumes {
		if w.Volumes[i].Template {
			return true
		}
	}
	return false
}

// Title names one of the workload's containers for a reader: "proxy of web",
// and only "web" where both are called so.
func (w *Workload) Title(c *Container) string {
	if c.Name == w.Name || c.Name == "" {
		return w.Name
	}
	return c.Name + " of " + w.Name
}

// Volume returns the volume of that name, or nil.
func (w *Workload) Volume(name string) *Volume {
	for i := range w.Volumes {
		if w.Volumes[i].Name == name {
			return &w.Volumes[i]
		}
	}
	return nil
}

// Strategy is how a workload moves from one build to the next.
type Strategy struct {
	// Type as the platform spells it: RollingUpdate, Recreate, OnDelete,
	// Canary, BlueGreen.
	Type string
	// MaxUnavailable and MaxSurge are set for rolling updates, the
	// platform's defaults included.
	MaxUnavailable, MaxSurge Amount
	At                       Location
}

// Role is what a container is for.
type Role int

// The roles of containers.
const (
	Main    Role = iota // does the work
	Sidecar             // starts before the work and stops after it: restartPolicy Always among the init containers
	Init                // runs to its end before the work starts
)

// Container is one container of a workload.
type Container struct {
	Ref
	Name  string
	Role  Role
	Image Image
	// Archive is true for code that is uploaded or started on a machine, and
	// that no image holds.
	Archive bool
	// PullPolicy as written; empty where the platform decides.
	PullPolicy string
	// Command is the program that starts, as far as it shows what happens to
	// signals; its arguments stay in the manifest, for they may hold secrets.
	Command Command
	Ports   []Port
	// Readiness, Liveness and Startup are nil where there is no such probe.
	Readiness, Liveness, Startup *Probe
	PreStop                      *PreStop
	Env                          []Env
	Requests, Limits             Resources
	Mounts                       []Mount
	// User as which the process runs, as written; empty where the image decides.
	User string
	// Build is the recipe of the image where it is known, and Target the stage
	// that is built of it; empty for the last one.
	Build  *ImageBuild
	Target string
	// Built is true where the image is built beside what runs it, and so has
	// no registry that it must come from.
	Built bool
	// NoHealth is true where a health check of the image is switched off.
	NoHealth bool
	// ReadOnlyRoot tells whether the root file system is read-only.
	ReadOnlyRoot   bool
	ReadOnlyRootAt Location
	// Dials lists the addresses that the environment and arguments name.
	Dials []Address
	// Tracing is what the environment says of spans.
	Tracing Tracing
}

// Command is how a container's process starts.
type Command struct {
	// Set is false where the image decides.
	Set bool
	// Program is the first word, for instance "/bin/sh".
	Program string
	// Shell is true where a shell stays between the platform and the program,
	// so that the program does not get the signal to stop.
	Shell bool
	// MayShell is true where that depends on the image's shell: some replace
	// themselves by the last command, others wait for it.
	MayShell bool
	// Tools lists well-known programs that the command line calls, by base
	// name: pg_dump, restic, mysqldump.
	Tools []string
	At    Location
}

// Port is a port on which a container listens.
type Port struct {
	Name   string
	Number int
	Host   int // port of the node; 0 where there is none, or any
	// Open is true where a platform of one host opens the port at the host's
	// addresses, HostIP the only one of them; empty for all.
	Open     bool
	HostIP   string
	Protocol string
	At       Location
}

// Probe is a question that the platform asks a container again and again.
type Probe struct {
	Ref
	// Method is http, tcp, grpc or exec.
	Method string
	// Path for http, service for grpc, the command for exec.
	Path string
	// Port as a number; 0 where a name has no port, or for exec.
	Port   int
	Scheme string
	Host   string
	// Delay, Period, Timeout in seconds; thresholds in answers in a row. The
	// platform's defaults are filled in.
	Delay, Period, Timeout, Failures, Successes int
	// Grace is the probe's own time in seconds between the request to stop
	// and the kill; -1 where the pod's holds.
	Grace int
	// Unknown ends "how often it asks is not known, for ..."; empty elsewhere.
	Unknown string
}

// Same reports whether both probes ask the same question. Ports that were
// written as names are compared by number.
func (p *Probe) Same(q *Probe) bool {
	return p.Method == q.Method && p.Path == q.Path && p.Port == q.Port && p.Host == q.Host
}

// Within returns how many seconds pass at most before the platform acts on
// answers that keep failing: period times threshold.
func (p *Probe) Within() int { return p.Period * p.Failures }

// PreStop is what runs before a container is asked to stop.
type PreStop struct {
	Ref
	// Method is exec, http, sleep or tcp.
	Method string
	// Seconds that it takes at least, where it starts with a sleep; -1 where
	// not known.
	Seconds int
}

// Origin tells where the value of an environment variable comes from.
type Origin int

// The origins of environment variables.
const (
	Literal   Origin = iota // written in the manifest
	SecretKey               // one key of a secret
	SecretAll               // every key of a secret
	SettingKey
	SettingAll
	Field    // a field of the pod or a resource
	Argument // not a variable: an argument of the command line that looks like a secret
)

// Env is one environment variable, or all variables of one secret or setting
// (then Name is the prefix). Values are never kept.
type Env struct {
	Name   string
	Origin Origin
	// From names the secret or setting; Key is the key in it.
	From, Key string
	Optional  bool
	// Smell says in which way a literal looks like a secret, for instance
	// "a private key" or "a password in a URL"; empty means that it does not.
	Smell string
	// Empty is true where the literal is empty.
	Empty bool
	// Unknown ends "its value is not known, for ..."; empty where it is.
	Unknown string
	At      Location
	// Copied names the store from which the value is copied into what is
	// configured when that is applied; empty where it is not.
	Copied string
}

// Outside is the origin of a variable whose value the deployer's environment or
// a file that is not kept here gives.
const Outside Origin = 100

// Mount is a volume's place in a container.
type Mount struct {
	Volume, Path, SubPath string
	ReadOnly              bool
	At                    Location
}

// Volume is storage of a pod.
type Volume struct {
	Name string
	// Source is the kind as the platform spells it: secret, configMap,
	// emptyDir, persistentVolumeClaim, csi, projected, hostPath.
	Source string
	// Secrets and Settings name what the volume shows, projected ones included.
	Secrets, Settings []string
	// Optional lists those secrets without which instances start all the same.
	Optional []string
	// Credential names the secret with which the node mounts the volume; its
	// value does not reach the containers.
	Credential string
	// Claim names the persistent volume claim; Template is true where a
	// StatefulSet makes one for each instance.
	Claim    string
	Template bool
	// Driver is the CSI driver; Attributes are its volume attributes that
	// name other objects, such as secretProviderClass.
	Driver     string
	Attributes map[string]string
	// TokenAudiences and TokenSeconds describe a projected account token.
	HasToken      bool
	TokenAudience string
	TokenSeconds  int
	HostPath      string
	// Image is set for a volume that shows an image's files.
	Image        Image
	StorageClass string
	At           Location
}

// Resources are amounts of compute; -1 means not written.
type Resources struct {
	MilliCPU int64
	Memory   int64 // bytes
	// Other amounts as written, for instance nvidia.com/gpu.
	Other map[string]string
	At    Location
}

// Has reports whether an amount of cpu or memory was written.
func (r Resources) Has(resource string) bool {
	switch resource {
	case "cpu":
		return r.MilliCPU >= 0
	case "memory":
		return r.Memory >= 0
	}
	_, found := r.Other[resource]
	return found
}

// Spread is one rule by which instances keep apart.
type Spread struct {
	// Topology is the label of nodes that tells places apart, for instance
	// "topology.kubernetes.io/zone".
	Topology string
	// Hard is true where an instance rather waits than breaks the rule.
	Hard bool
	// MaxSkew for spread constraints; 0 for anti-affinity.
	MaxSkew int
	// AntiAffinity is true for pod anti-affinity.
	AntiAffinity bool
	Selects      Selector
	// Default is true where the rule came from the platform's own default
	// for this kind of workload and not from the manifest.
	Default bool
	At      Location
}

// Breach is one way in which a pod exceeds a Pod Security Standard.
type Breach struct {
	// Check is the standard's own name of the control: runAsNonRoot.
	Check string
	// Level is baseline or restricted: the weakest level that forbids it.
	Level string
	// Rule is the name under which it is reported: pss-restricted-run-as-non-root.
	Rule string
	// Reason and Detail are the evaluator's words.
	Reason, Detail string
	// Unknown says why it is not known whether the control is broken; empty
	// where it is.
	Unknown string
	At      Location
}

// Address is a host that a workload names in its configuration.
type Address struct {
	// Scheme of a URL, or empty.
	Scheme, Host string
	Port         int // 0 where it is not written
	// Mode is the TLS mode that the address asks for, such as an sslmode.
	Mode string
	// Unchecked is the parameter, with its value, by which the client takes any
	// server's certificate; empty where none is written.
	Unchecked string
	// ShowsCertificate is true where the address names a certificate with
	// which the client proves who it is.
	ShowsCertificate bool
	// Alone is true where the value, or the value of the flag, is nothing but the
	// address: elsewhere it may be an example, a link, or a comment.
	Alone bool
	// Refers is the address of the resource whose host it is, where the host
	// itself is known only when the configuration is applied.
	Refers string
	At     Location
}
