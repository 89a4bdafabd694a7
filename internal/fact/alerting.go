package fact

import "slices"

// Alert is a rule that raises an alert.
type Alert struct {
	Ref
	// Group of rules that are evaluated together; Name of the alert as written.
	Group, Name string
	// Language in which the condition is written: promql, metricsql, logql,
	// graphite; cloudwatch, azure-monitor, google-monitoring, datadog for those
	// that a cloud evaluates.
	Language   string
	Expression string
	// Parsed is true where the condition was understood: then Metrics lists the
	// names of all that it reads, sorted, each once. A cloud's metric is written
	// with its namespace: "AWS/RDS/FreeStorageSpace"; what it announces with its
	// source: "event:aws.health".
	Parsed  bool
	Metrics []string
	// Reads lists the choices of series in the condition, one for each time that a
	// metric is named; what only a cloud knows is not among them.
	Reads []Reading
	// For is how long in seconds the condition must hold; KeepFiring how long it
	// goes on firing after the condition ends.
	For, KeepFiring int
	// Labels and Annotations as written, with their templates.
	Labels, Annotations map[string]string
	// Severity (in lower case), Runbook and Owner as the labels and annotations
	// tell. A severity that depends on data is the worst that it can be; one that
	// only data tells is its template.
	Severity, Runbook, Owner string
	// Known lists for labels of raised alerts all values that they can have; an
	// empty value means that the label is not set. It holds alertname.
	Known map[string][]string
	// Closed is true where raised alerts carry no labels but those in Known and
	// those in Open, whose values only data tells. What the server adds to all its
	// alerts (external labels) comes on top.
	Closed bool
	Open   []string
	// Routes are where a cloud's alarm goes by itself: names of receivers, of a
	// routing whose engine is the alert's language; nil for rules that leave that
	// to Alertmanager, empty for an alarm that tells nobody.
	Routes []string
	// Burns is true where a cloud itself compares how fast an objective's budget is
	// spent, or the share of bad events over two windows.
	Burns bool
	// Instructs is true where the alert itself carries a text of some length that
	// may say what to do.
	Instructs bool
	// Rated is true where Severity is no word of the alert's own: it is told by whom
	// the alert reaches, or by the scale of its platform.
	Rated bool
	// Untold says why labels may be missing from those that are known; empty where
	// all are known.
	Untold string
}

// Reading is one choice of series in a condition.
type Reading struct {
	// Metric is its name; empty where labels or a pattern alone choose.
	Metric string
	// Labels that must have exactly that value. Patterns are those that must match
	// a regular expression.
	Labels, Patterns map[string]string
}

// Raised returns the values that a label of the raised alert can have, an empty
// one where it may be missing; known is false where it can be anything.
func (a *Alert) Raised(label string) (values []string, known bool) {
	if list, ok := a.Known[label]; ok {
		return list, true
	}
	if a.Closed && !slices.Contains(a.Open, label) {
		return []string{""}, true
	}
	return nil, false
}

// Recording is a rule that writes the result of a query as a metric.
type Recording struct {
	Ref
	Group string
	// Name of the metric that it writes.
	Name string
	// Language and Expression as for alerts; Parsed and Metrics too.
	Language, Expression string
	Parsed               bool
	Metrics              []string
	Labels               map[string]string
}

// RuleTest is one unit test of alert rules, run where it was read.
type RuleTest struct {
	Ref
	// Name as the file gives it, else its number.
	Name string
	// Asserts lists what it says of the rules that it loads.
	Asserts []Assertion
	// Passed is whether the rules behave as the test says: Why says what differs,
	// or why it could not be run.
	Passed Truth
}

// Assertion is what a test says of one alert rule.
type Assertion struct {
	// Alert is the rule's name; Expression its condition without white space, for
	// two rules may have one name, and a test may load another than is deployed.
	Alert, Expression string
	// Severity of the rule, for alerts of one name and several severities.
	Severity string
	// Fires is true where the test demands that it fires at some time, Silent where
	// it demands that it does not.
	Fires, Silent bool
}
