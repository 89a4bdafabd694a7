package fact

// Dashboard is a page of panels that people look at when something is wrong.
type Dashboard struct {
	Ref
	// UID and Title as written; Tags as well.
	UID, Title string
	Tags       []string
	// Engine shows it: grafana, cloudwatch.
	Engine string
	// Panels in their order, those that only explain or lead elsewhere among them.
	Panels []*Panel
	// Marks are what is drawn across panels at a point in time.
	Marks []*Mark
	// Variables are what whoever looks can choose.
	Variables []*Variable
	// Links lead from the page to others: addresses, or the tags of dashboards.
	Links []string
	// Partly says why a part of it was not read; empty where all of it was.
	Partly string
}

// Panel is one picture of a dashboard.
type Panel struct {
	Ref
	// Title as written; Row is the title of the row in which it stands.
	Title, Row string
	// Type is how it is drawn: timeseries, stat, text, ...
	Type    string
	Queries []*PanelQuery
	// Links lead to runbooks and other pages.
	Links []string
	// Repeat is the variable for each value of which the panel is drawn again.
	Repeat string
	// Library names the shared panel whose content stands in Grafana alone.
	Library string
	// Silent is true for what asks for no data: text, lists of dashboards and alerts.
	Silent bool
}

// PanelQuery is one question that a panel, or a mark, puts to a data source.
type PanelQuery struct {
	// Language is promql, metricsql, logql, sql, cloudwatch, ...; empty where neither
	// the data source nor the question tells.
	Language string
	// Expression as written, with its variables.
	Expression string
	// Parsed is true where it was understood: then Metrics lists what it reads, each
	// once, sorted, and Reads each choice of series.
	Parsed  bool
	Metrics []string
	Reads   []Reading
	// Mistake says why it does not parse, whatever its variables stand for; Open why
	// that could not be told. Both are empty where it parses.
	Mistake, Open string
	// By are the labels by which its results are told apart; Loose is true where others
	// may be set as well, for nothing adds the series up.
	By    []string
	Loose bool
	// Hidden is true where only other questions of the panel use its answer.
	Hidden bool
	At     Location
}

// Mark is an annotation: what a dashboard draws across its panels.
type Mark struct {
	Ref
	Name string
	// Off is true where it is not shown until somebody asks for it.
	Off bool
	// Own is true for what Grafana gives every dashboard: marks that people and
	// programs make on the dashboard itself.
	Own bool
	// Tags are those of marks that programs leave in Grafana, where it shows those.
	Tags []string
	// Query asks for the points in time; nil where tags choose them.
	Query *PanelQuery
}

// Variable is a choice on a dashboard.
type Variable struct {
	Name string
	// Type is query, custom, constant, interval, datasource, textbox, adhoc, ...
	Type string
	// Query lists or asks for its values; Values are those that are written, the
	// chosen one first.
	Query  string
	Values []string
}
