// Package dashboards reads dashboards, however they came to be nodes: a file, a key
// of a ConfigMap, a custom resource, a text within Terraform. It tells what each
// panel shows and about what.
package dashboards

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Limits on what is read of one dashboard. A person looks at dozens of panels.
const (
	maxPanels  = 2000
	maxQueries = 5000
)

// The engines whose dashboards are read.
const (
	Grafana    = "grafana"
	CloudWatch = "cloudwatch"
)

// Source says where a dashboard stands.
type Source struct {
	// Ref of the file or object that holds it.
	Ref fact.Ref
	// At returns a node's place.
	At func(*decode.Node) fact.Location
}

// Sniff reports whether a text may be a dashboard of any engine.
func Sniff(data []byte) bool {
	has := func(word string) bool { return bytes.Contains(data, []byte(word)) }
	return has(`"panels"`) || has(`"rows"`) || has(`"elements"`) || has(`"widgets"`) || has(`"gridLayout"`) || has(`"mosaicLayout"`) || has(`"lenses"`)
}

// dropped are keys below which nothing stands that is asked for: how panels are
// drawn, and pictures of data that were taken once.
var dropped = map[string]bool{
	"fieldConfig": true, "gridPos": true, "transformations": true, "thresholds": true, "mappings": true, "overrides": true, "snapshotData": true, "snapshot": true,
	"styles": true, "yaxes": true, "yaxis": true, "xaxis": true, "tooltip": true, "legend": true, "seriesOverrides": true, "aliasColors": true, "valueMaps": true, "rangeMaps": true,
	"sparkline": true, "gauge": true, "meta": true, "access": true, "managedFields": true, "timeSettings": true, "bucketAggs": true,
}

// Keep reports whether a value of a dashboard is asked for, by its key and the key
// above it. Of a panel's options only the text that it shows is.
func Keep(above, key string) bool {
	return !dropped[key] && (above != "options" || key == "content")
}

// reader reads one dashboard.
type reader struct {
	Source
	out *fact.Dashboard
	// inputs maps the data sources that whoever imports the dashboard chooses to their
	// types; values are those of the variables.
	inputs  map[string]string
	values  map[string][]string
	queries int
}

// Read returns the dashboard that a document is; nil where it is none of an engine
// that is read.
func Read(root *decode.Node, s Source) *fact.Dashboard {
	r := &reader{Source: s, out: &fact.Dashboard{Engine: Grafana}, inputs: map[string]string{}, values: map[string][]string{}}
	switch node := unwrapped(root); {
	case node == nil:
	case isClassic(node):
		r.classic(node)
		return r.out
	case isElements(node):
		r.elements(node)
		return r.out
	case isWidgets(node):
		r.out.Engine = CloudWatch
		r.widgets(node)
		return r.out
	}
	return nil
}

// unwrapped returns the dashboard within what Grafana's API and its operators put
// around it.
func unwrapped(n *decode.Node) *decode.Node {
	n = decode.Follow(n)
	for range 3 {
		if !decode.IsMapping(n) {
			return nil
		}
		inner := decode.Follow(decode.Child(n, "dashboard"))
		if spec := decode.Follow(decode.Child(n, "spec")); inner == nil && (decode.Child(n, "kind") != nil || decode.Child(n, "apiVersion") != nil) {
			inner = spec
		}
		if !decode.IsMapping(inner) {
			return n
		}
		n = inner
	}
	return n
}

// isClassic reports whether a mapping is a dashboard as Grafana wrote it until
// version 12: panels in a list, or in rows before version 5.
func isClassic(n *decode.Node) bool {
	panels, rows := decode.Child(n, "panels"), decode.Child(n, "rows")
	if decode.Text(decode.Child(n, "title")) == "" || panels == nil && rows == nil || decode.Child(n, "elements") != nil {
		return false
	}
	for _, key := range []string{"schemaVersion", "templating", "annotations", "__inputs", "__requires", "timepicker", "timezone", "refresh"} {
		if decode.Child(n, key) != nil {
			return true
		}
	}
	list := decode.Items(panels)
	for _, row := range decode.Items(rows) {
		list = append(list, decode.Items(decode.Child(row, "panels"))...)
	}
	return slices.ContainsFunc(list, func(p *decode.Node) bool {
		return decode.Child(p, "targets") != nil || decode.Child(p, "type") != nil && decode.Child(p, "datasource") != nil
	})
}

// isElements reports whether a mapping is a dashboard of the schema that Grafana
// has since version 12.
func isElements(n *decode.Node) bool {
	return decode.IsMapping(decode.Child(n, "elements")) && decode.IsMapping(decode.Child(n, "layout"))
}

// Foreign names the engine of a dashboard that is not read; empty for anything
// else.
func Foreign(root *decode.Node) string {
	n := decode.Follow(root)
	has := func(keys ...string) bool {
		return !slices.ContainsFunc(keys, func(k string) bool { return decode.Child(n, k) == nil })
	}
	widgets := decode.Items(decode.Child(n, "widgets"))
	switch {
	case !decode.IsMapping(n):
	case has("title", "widgets", "layout_type"), has("title") && len(widgets) > 0 && decode.Dig(widgets[0], "definition", "type") != nil:
		return "Datadog"
	case has("displayName") && (has("gridLayout") || has("mosaicLayout") || has("columnLayout") || has("rowLayout")):
		return "Google Cloud Monitoring"
	case has("lenses"), decode.Dig(n, "properties", "lenses") != nil:
		return "Azure"
	case has("name", "pages") && decode.Dig(n, "pages", 0, "widgets") != nil:
		return "New Relic"
	case decode.Text(decode.Child(n, "kind")) == "Dashboard" && decode.Dig(n, "spec", "panels") != nil && decode.Dig(n, "spec", "layouts") != nil:
		return "Perses"
	}
	return ""
}

// partly notes why something is missing; the first reason counts.
func (r *reader) partly(format string, args ...any) {
	if r.out.Partly == "" {
		r.out.Partly = fmt.Sprintf(format, args...)
	}
}

// head reads what both schemas say alike.
func (r *reader) head(n *decode.Node) {
	r.out.Ref = r.Ref.At(r.At(n))
	r.out.Title = strings.TrimSpace(decode.Text(decode.Child(n, "title")))
	r.out.UID = decode.Text(decode.Child(n, "uid"))
	for _, t := range decode.Items(decode.Child(n, "tags")) {
		r.out.Tags = append(r.out.Tags, decode.Text(t))
	}
	r.out.Links = links(decode.Child(n, "links"))
}

// links returns where a list of links leads; those by tag lead to other dashboards.
func links(list *decode.Node) (out []string) {
	for _, l := range decode.Items(list) {
		if url := decode.Text(decode.Child(l, "url")); url != "" {
			out = append(out, url)
			continue
		}
		for _, t := range decode.Items(decode.Child(l, "tags")) {
			out = append(out, "tag "+decode.Text(t))
		}
	}
	return out
}

// add keeps a panel, up to a limit.
func (r *reader) add(p *fact.Panel) {
	if len(r.out.Panels) >= maxPanels {
		r.partly("it has more than %d panels, and those from there on are not read", maxPanels)
		return
	}
	r.out.Panels = append(r.out.Panels, p)
}

// panel begins a panel.
func (r *reader) panel(n *decode.Node, kind, row string) *fact.Panel {
	title := strings.TrimSpace(decode.Text(decode.Child(n, "title")))
	name := title
	if name == "" {
		name = fmt.Sprintf("%d", len(r.out.Panels)+1)
	}
	return &fact.Panel{Ref: r.out.Ref.At(r.At(n)).Within("panel " + name), Title: title, Row: row, Type: kind, Silent: silent[kind]}
}

// silent are the types of panels that ask for no data.
var silent = map[string]bool{"text": true, "news": true, "dashlist": true, "alertlist": true, "annolist": true, "welcome": true, "gettingstarted": true, "pluginlist": true, "alertGroups": true, "live": true}

// Draws reports whether panels of a type show nothing without a question: those that
// Grafana itself brings.
func Draws(kind string) bool {
	switch kind {
	case "graph", "timeseries", "stat", "singlestat", "gauge", "bargauge", "table", "table-old", "heatmap", "piechart", "grafana-piechart-panel", "barchart", "histogram",
		"state-timeline", "status-history", "logs", "traces", "geomap", "xychart", "candlestick", "trend", "nodeGraph", "flamegraph":
		return true
	}
	return false
}
