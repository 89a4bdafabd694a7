package fact

// Routing is one tree that sends alerts to people, or a part of one.
type Routing struct {
	Ref
	// Namespace and Name of what holds it: an object, or nothing and the path of
	// a file.
	Namespace, Name string
	// Labels and Owner of the object that holds it.
	Labels map[string]string
	Owner  string
	// Engine is alertmanager; alertmanager-config and vm-alertmanager-config for
	// parts that an operator joins to a whole tree. What a cloud's alarms name
	// themselves has no tree, and the language of those alarms for an engine.
	Engine string
	// Key is the file's name within the object that holds it; empty elsewhere.
	Key string
	// Top is where each alert enters; nil for a part that only inhibits.
	Top         *AlertRoute
	Receivers   []*Receiver
	Intervals   []*Interval
	Inhibitions []*Inhibition
}

// Part reports whether an operator joins it to a tree that stands elsewhere.
func (r *Routing) Part() bool {
	return r.Engine == "alertmanager-config" || r.Engine == "vm-alertmanager-config"
}

// AlertRoute is a node of a tree: an alert that meets its matchers goes to the
// first of its routes that takes it, to more where those continue, and to its own
// receiver where none takes it.
type AlertRoute struct {
	// Receiver is the name of who is told; that of the node above where none is
	// written.
	Receiver string
	// Matchers must all hold.
	Matchers []LabelMatcher
	// Continue is true where the alert goes on to the next node beside it.
	Continue bool
	// Mute and Active name intervals in which, and outside of which, nobody is
	// told.
	Mute, Active []string
	Routes       []*AlertRoute
	At           Location
}

// LabelMatcher is one condition on a label; a label that is missing is empty.
type LabelMatcher struct {
	Name string
	// Op is =, !=, =~ or !~. Patterns match the whole value.
	Op, Value string
}

// String returns the matcher as Alertmanager writes it.
func (m LabelMatcher) String() string { return m.Name + m.Op + `"` + m.Value + `"` }

// Receiver is who is told.
type Receiver struct {
	Name string
	// Team is whose it is, where its own settings say so.
	Team string
	// Channels are the ways in which it is told; none means that nobody is.
	Channels []Channel
	At       Location
}

// Channel is one way of telling somebody. Secret parts of it are not kept.
type Channel struct {
	// Kind is pagerduty, opsgenie, email, slack, webhook, sns, ...
	Kind string
	// Target is whom it reaches where that is no secret: a room, an address, a
	// team.
	Target string
	// Wakes is whether it rings at night; not known for a webhook that may lead
	// to anything.
	Wakes Truth
}

// Interval is a named set of times.
type Interval struct {
	Name string
	// Spans are its parts: a time belongs to it where it belongs to one of them.
	Spans []Span
	At    Location
}

// Span is a part of an interval. A list that is nil does not narrow it.
type Span struct {
	// Minutes of the day, the last one excluded.
	Minutes []Range
	// Weekdays from 0, which is Sunday; days of the month, counted from its end
	// where they are negative; months and years.
	Weekdays, Days, Months, Years []Range
	// Zone is the name of its time zone; empty for UTC.
	Zone string
}

// Range is a range of whole numbers.
type Range struct{ From, To int }

// Inhibition keeps alerts quiet while others fire.
type Inhibition struct {
	Name string
	// Source are the conditions on what fires, Target those on what is kept quiet.
	Source, Target []LabelMatcher
	// Equal lists labels whose values must be the same on both; labels that both
	// lack are.
	Equal []string
	At    Location
}

// AlertRouter is a server that routes alerts by a tree and by the parts that it
// takes in.
type AlertRouter struct {
	Ref
	Namespace, Name string
	// Engine is alertmanager or vm-alertmanager.
	Engine string
	// Secret names that with its own tree; Whole names the part that is its whole
	// tree instead. Both are empty for a server whose tree is not known.
	Secret, Whole string
	// Selects picks parts by their labels, Namespaces the namespaces in which they
	// stand; nil picks no part, and the server's own namespace.
	Selects, Namespaces *Selector
	// Confines is how far parts reach: namespace (alerts of the part's own
	// namespace), elsewhere (the same, but parts in the server's namespace reach
	// all), none.
	Confines string
}
