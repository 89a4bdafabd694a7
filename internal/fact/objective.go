package fact

// Objective is a target that a team holds itself to.
type Objective struct {
	Ref
	// Name as written, Service the one that it is about; empty where nobody says.
	Name, Service string
	// Format in which it is written: seaworthy, openslo, sloth, pyrra.
	Format string
	// Target is the share of good events in percent, as an exact decimal number:
	// "99.9". It is empty where none is written.
	Target string
	// Window over which it is counted, as written: "30d", "rolling 1M", "1 Week".
	// Empty where none is.
	Window string
	// Indicator says how it is measured; nil where nothing here does. IndicatorRef
	// names one that stands elsewhere.
	Indicator    *Indicator
	IndicatorRef string
	// Policy says what happens when the budget is spent; nil where nobody says.
	Policy *DocLink
	// Generated is true where nothing but the rules that a tool made tells of it.
	Generated bool
	// Generator makes alert rules from it; nil where nothing is known to.
	Generator *RuleGenerator
	// Conditions are burn rates that it wants alerts on; ConditionRefs name those,
	// and policies that hold them, that stand elsewhere.
	Conditions    []*BurnCondition
	ConditionRefs []string
}

// Indicator is how an objective is measured.
type Indicator struct {
	Ref
	// Name by which objectives refer to it; empty for one that stands within.
	Name string
	// Good and Bad count events, Total counts all of them; Share is their ratio
	// itself, of bad events where Failures is true. Each is nil where it is not
	// written.
	Good, Bad, Total, Share *IndicatorQuery
	Failures                bool
	// Threshold is a figure that is compared with a limit, and time that keeps to it
	// is good; nil for indicators that count.
	Threshold *IndicatorQuery
	// Bare is true where the queries choose counters, which whoever reads the
	// objective turns into sums of rates.
	Bare bool
	// Windowed is true where a tool fills the range of each query in, once for each
	// window.
	Windowed bool
	// Gauge is true where the total is a figure of 0 or 1, whose samples are the
	// events.
	Gauge bool
	// Builtin is what a platform measures by itself, which counts good among all;
	// empty where queries are written.
	Builtin string
	// Plugin makes the queries; empty where they are written.
	Plugin string
}

// IndicatorQuery is one query of an indicator.
type IndicatorQuery struct {
	Location
	Text string
	// Language is promql, or the name of the source that is asked: datadog,
	// cloudwatch. It is empty where nobody says.
	Language string
	// Source names where that is said; empty where Language is known.
	Source string
}

// MetricSource is where an indicator's queries are sent.
type MetricSource struct {
	Ref
	// Name by which queries refer to it, Language in which they are written.
	Name, Language string
}

// RuleGenerator makes recording and alert rules from objectives.
type RuleGenerator struct {
	// Name of the tool.
	Name string
	// Pages and Tickets are whether it makes rules for fast and for slow burn.
	Pages, Tickets bool
	// PageSeverity and TicketSeverity are the labels of those rules; empty where the
	// tool's own hold.
	PageSeverity, TicketSeverity string
	// At is where rules are turned off.
	At Location
}

// BurnCondition is a burn rate on which an alert is wanted.
type BurnCondition struct {
	Ref
	// Name by which policies refer to it, Policy the name of the one that holds it.
	Name, Policy string
	Severity     string
	// Factor is how many times faster than allowed the budget is spent, as written;
	// Long the window over which, After how long it must hold.
	Factor, Long, After string
	// Refs name conditions that a policy holds and that stand elsewhere.
	Refs []string
}

// Agreement is what customers were promised.
type Agreement struct {
	Ref
	// Target in percent, as an exact decimal number; Window as written.
	Target, Window string
	// Measurement and Consequence in words.
	Measurement, Consequence string
	// Objective is the name of the one that keeps the promise; empty where nobody
	// says.
	Objective string
	// Link leads to the agreement's text; nil where nobody says.
	Link *DocLink
}
