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
	// Reserved is what one instance is given as a whole, where the platform says
	// so apart from its containers; nil elsewhere.
	Reserved *Resources
	// LogsTo names the log store of a function where it names one itself.
	LogsTo string
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
