package fact

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
	// Lines is where the platform itself sends what the container writes to its
	// output, where it is told so container by container; nil elsewhere.
	Lines *LogOutput
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
	// Size in bytes of what a template asks for; 0 where it is not written.
	Size int64
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

// Stage returns the stage of the container's build that runs in it, or nil.
func (c *Container) Stage() *BuildStage {
	if c.Build == nil {
		return nil
	}
	return c.Build.Target(c.Target)
}
