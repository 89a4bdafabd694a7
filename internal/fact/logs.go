package fact

import "strings"

// Shipper carries log lines of workloads or nodes to a platform.
type Shipper struct {
	Ref
	Namespace, Name string
	// Engine is fluent-bit, fluentd, vector, alloy, promtail, otel-collector, ...
	Engine string
	// Settings names the ConfigMap or Secret in which its configuration stands;
	// empty for a file of its own, and for objects that are one.
	Settings string
	// By are the workloads that run by those settings.
	By []*Workload
	// PerNode is true where an operator or a cloud runs it on every node, so
	// that no workload need be looked for.
	PerNode bool
	// Streams are the ways that lines take through it.
	Streams []LogStream
	// Unknown ends "what it takes is not known, for ..."; empty where all was read.
	Unknown string
}

// Title names the shipper for a reader: "Fluent Bit (ConfigMap fluent-bit)".
func (s *Shipper) Title() string {
	engine := s.Engine
	for _, known := range [][2]string{
		{"fluent-bit", "Fluent Bit"}, {"fluentd", "Fluentd"}, {"vector", "Vector"}, {"alloy", "Alloy"}, {"promtail", "Promtail"}, {"otel-collector", "OpenTelemetry Collector"},
		{"filebeat", "Filebeat"}, {"elastic-agent", "Elastic Agent"}, {"datadog", "Datadog's agent"}, {"gke", "GKE's own collection"}, {"eks", "the add-on of EKS"}, {"aks", "Container Insights of AKS"},
		{"newrelic", "New Relic's agent"}, {"splunk", "Splunk's collector"}, {"journal-upload", "systemd-journal-upload"}, {"rsyslog", "rsyslog"},
	} {
		if known[0] == engine {
			engine = known[1]
		}
	}
	if file, found := strings.CutPrefix(s.Subject, "logs "); found {
		return engine + " (" + file + ")"
	}
	if where := s.Ref.Title(s.Name); where != "" && where != engine {
		return engine + " (" + where + ")"
	}
	return engine
}

// LogSource is what a stream reads.
type LogSource string

// What streams read.
const (
	ContainerLogs LogSource = "containers" // what pods write to their output
	DockerLogs    LogSource = "docker"     // what containers of a Docker host write to theirs
	SystemLogs    LogSource = "system"     // journal, kubelet, kernel, syslog of the machine
	FileLogs      LogSource = "files"      // any other file
	PushedLogs    LogSource = "pushed"     // what others send to it
)

// LogStream is one way of lines: an input, the rules on the way, an output.
type LogStream struct {
	// Name is the input's, as its configuration has it: tail, kubernetes_logs.
	Name  string
	Reads LogSource
	// Files are the paths that are read, as globs, where files are read.
	Files []string
	// FromAnywhere is true where it asks an API for lines, so that it need not run
	// on the node that holds them.
	FromAnywhere bool
	// Rules hold in order; a line must pass all of them.
	Rules  []LogRule
	Output LogOutput
	// Unknown ends "what of it is taken is not known, for ..."; empty where the
	// rules say all.
	Unknown string
	At      Location
}

// LogRule keeps or drops lines by what wrote them.
type LogRule struct {
	// Keep is true where only what matches goes on, false where it does not.
	Keep bool
	// Of are the fields that are looked at, joined by Separator.
	Of        []LogField
	Separator string
	// Match is what they are compared with; any of several suffices.
	Match []Pattern
	// Text is the rule as its configuration has it, for readers.
	Text string
	At   Location
}

// LogField names something known of a line's origin.
type LogField struct {
	// Of is namespace, pod, container, path, tag, unit, label, annotation,
	// namespace-label, or something else, which is not known.
	Of string
	// Key is that of a label or annotation; Prefix stands before a tag.
	Key, Prefix string
}

// PatternForm is how a pattern compares.
type PatternForm int

// The forms of patterns.
const (
	Equal      PatternForm = iota
	Glob                   // * and ? match any characters but none where the file system's slash is one
	Regexp                 // matches anywhere
	FullRegexp             // must match the whole value
)

// Pattern is a text to compare with.
type Pattern struct {
	Form PatternForm
	Text string
}

// Fate is what becomes of lines that leave a shipper or a platform's driver.
type Fate int

// The fates. The zero value is not known.
const (
	FateUnknown Fate = iota
	Central          // a platform on which they can be searched
	PassedOn         // something else takes them, and what it does is not here
	Archived         // kept, but not searchable there
	Stays            // remains on the machine that wrote it
	Dropped          // nobody sees them
)

// LogOutput is where lines go.
type LogOutput struct {
	// Engine is loki, elasticsearch, cloudwatch, ..., as the configuration names it.
	Engine string
	Fate   Fate
	// To is the host or the like, where it is written; never a secret.
	To string
	// Why ends "where they go is not known, for ...".
	Why string
	At  Location
}

// AccessLog is a setting that says who did what is logged, or is not.
type AccessLog struct {
	Ref
	// Engine is nginx, haproxy, envoy, traefik, istio, alb, ...
	Engine string
	// Name is what a reader knows it by: "server web.example.com of nginx".
	Name string
	On   Truth
	// Scope says whose requests it is about.
	Scope AccessScope
	// Fields are those that a line has; nil where the format is not known, and
	// FieldsWhy ends "which fields a line has is not known, for ...".
	Fields    []AccessField
	FieldsWhy string
	// Format names the format for readers: "the default format".
	Format string
	// Records lists what lines hold though it is secret: the header
	// Authorization, cookies.
	Records []string
	// Query is true where lines hold query strings.
	Query bool
	// Doubt ends "the principal is written, but ..."; empty where it is sure.
	Doubt string
	At    Location
}

// AccessLines is the code that writes a line for each request, as the manifest has
// it.
type AccessLines struct {
	Ref
	// File is its path below the judged folder, and Resolves tells whether it is
	// there and could be read.
	File     string
	Resolves bool
	// Missing lists those of the five fields whose names do not stand in it, or are
	// not declared.
	Missing []string
}

// AccessField is something that a line of an access log says.
type AccessField string

// The five fields of who did what, when, with what result.
const (
	FieldTime      AccessField = "time"
	FieldMethod    AccessField = "method"
	FieldPath      AccessField = "path"
	FieldStatus    AccessField = "status"
	FieldPrincipal AccessField = "principal"
)

// AccessFields lists the five in the order of reading.
func AccessFields() []AccessField {
	return []AccessField{FieldTime, FieldMethod, FieldPath, FieldStatus, FieldPrincipal}
}

// AccessScope is whose requests a log is about. What is empty narrows nothing,
// but one of the fields is set.
type AccessScope struct {
	// Everything is true for what a mesh or a cluster does for all.
	Everything bool
	// Settings names the ConfigMap, in Namespace, that a workload mounts to run
	// by it; Folder is that of a file in the tree.
	Settings, Namespace, Folder string
	// Classes are the ingress or gateway classes that the proxy serves.
	Classes []string
	// Gateways and Routes are names of gateways and routes in Namespace.
	Gateways, Routes []string
	// Selects are the workloads of Namespace (all, where that is empty) beside
	// which the proxy stands.
	Selects *Selector
	// Subjects are services or workloads of a cloud.
	Subjects []string
}
