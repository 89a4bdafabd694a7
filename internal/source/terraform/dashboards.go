package terraform

import (
	"fmt"
	"sort"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"seaworthy.dev/seaworthy/internal/decode"
	dash "seaworthy.dev/seaworthy/internal/derive/dashboards"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// boards are the types that hold a dashboard of an engine that is read, and where;
// others hold one that is not.
var boards = []struct {
	kind string
	path []string
	name string
}{
	{"grafana_dashboard", []string{"config_json"}, ""}, {"aws_cloudwatch_dashboard", []string{"dashboard_body"}, "dashboard_name"},
	{"grafana_apps_dashboard_dashboard_v1beta1", []string{"spec", "json"}, ""}, {"grafana_apps_dashboard_dashboard_v1alpha1", []string{"spec", "json"}, ""}, {"grafana_apps_dashboard_dashboard_v2alpha1", []string{"spec", "json"}, ""},
	{"datadog_dashboard", nil, ""}, {"datadog_dashboard_json", nil, ""}, {"google_monitoring_dashboard", nil, ""}, {"azurerm_portal_dashboard", nil, ""}, {"azurerm_dashboard", nil, ""},
	{"newrelic_one_dashboard", nil, ""}, {"newrelic_one_dashboard_json", nil, ""}, {"newrelic_one_dashboard_raw", nil, ""}, {"signalfx_dashboard", nil, ""}, {"honeycombio_flexible_board", nil, ""},
}

// dashboards reads those of Grafana and CloudWatch, and notes others.
func dashboards(c *model.Config, into *fact.Set) {
	leave := func(at fact.Location, format string, args ...any) {
		into.Coverage.Holes = append(into.Coverage.Holes, fact.Hole{Kinds: []fact.Kind{fact.Dashboards}, Location: at, Why: fmt.Sprintf(format, args...)})
	}
	for _, b := range boards {
		for _, res := range c.Of(b.kind) {
			if res.Data {
				continue
			}
			if b.path == nil {
				leave(res.At, "%s is a dashboard of an engine that is not read", res.Address)
				continue
			}
			v := res.Body.Get(b.path...)
			if v.At.File != res.At.File && strings.HasSuffix(strings.ToLower(v.At.File), ".json") {
				continue // a file of the tree, which is read with its own lines
			}
			root, err := board(v)
			if root == nil || err != nil {
				why := "what it holds is not known before it is applied"
				if err != nil {
					why = "it is no valid JSON: " + err.Error()
				}
				leave(res.At, "the dashboard of %s was not read: %s", res.Address, why)
				continue
			}
			file := res.At.File
			if v.At.File != "" {
				file = v.At.File
			}
			d := dash.Read(root, dash.Source{Ref: res.Ref(), At: func(n *decode.Node) fact.Location { return fact.Location{File: file, Line: line(n, v.At.Line)} }})
			if d == nil {
				leave(res.At, "the dashboard of %s was not understood", res.Address)
				continue
			}
			if d.Title == "" {
				d.Title = reading.Text(res.Body.Get(b.name))
			}
			if d.Title == "" {
				d.Title = res.Name
			}
			if d.Partly != "" {
				leave(d.Location, "the dashboard of %s was not read whole: %s", res.Address, d.Partly)
			}
			into.Dashboards = append(into.Dashboards, d)
		}
	}
}

func line(n *decode.Node, otherwise int) int {
	if n == nil || n.Line == 0 {
		return otherwise
	}
	return n.Line
}

// board returns the nodes of a text that holds JSON; nil where it is not known.
func board(v model.Value) (*decode.Node, error) {
	if v.Encoded != nil {
		return nodeOf(*v.Encoded, 0), nil
	}
	var err error
	for _, text := range texts(v) {
		var read decode.Skimmed
		if read, err = decode.Skim(decode.Document{Data: []byte(text)}, dash.Keep); err == nil {
			unplaced(read.Root)
			return read.Root, nil
		}
	}
	if v.Kind != model.Scalar {
		err = nil // what fills it in may be whole objects
	}
	return nil, err
}

// unknown stands for what only applying tells: a variable, of which nothing is said.
const unknown = "$unknown"

// texts returns the text of a value. Where a part of it is not known, something
// stands for that: a word within quotes, or a number outside of them.
func texts(v model.Value) []string {
	switch {
	case v.Kind == model.Scalar:
		return []string{v.Text}
	case v.Kind != model.Unknown || len(v.Pieces) == 0:
		return nil
	}
	var out []string
	for _, standIn := range []string{unknown, "0"} {
		var b strings.Builder
		for _, p := range v.Pieces {
			if p.Kind == model.Scalar {
				b.WriteString(p.Text)
			} else {
				b.WriteString(standIn)
			}
		}
		out = append(out, b.String())
	}
	return out
}

// unplaced takes the lines within a text away, for those of the file are others.
func unplaced(n *decode.Node) {
	n.Line, n.Column = 0, 0
	for _, inner := range n.Content {
		unplaced(inner)
	}
}

// maxBoardDepth bounds how deep what is encoded nests.
const maxBoardDepth = 60

// nodeOf turns a value into nodes; what is not known becomes a text that stands for
// anything.
func nodeOf(v model.Value, depth int) *decode.Node {
	n := &decode.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Line: v.At.Line}
	switch {
	case depth > maxBoardDepth:
	case v.Kind == model.Object:
		n.Kind, n.Tag, n.Style = yaml.MappingNode, "!!map", yaml.FlowStyle
		names := v.Names()
		sort.Strings(names)
		for _, name := range names {
			n.Content = append(n.Content, &decode.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name, Line: v.Fields[name].At.Line}, nodeOf(v.Fields[name], depth+1))
		}
	case v.Kind == model.List:
		n.Kind, n.Tag, n.Style = yaml.SequenceNode, "!!seq", yaml.FlowStyle
		for _, item := range v.Items {
			n.Content = append(n.Content, nodeOf(item, depth+1))
		}
	case v.Kind == model.Scalar:
		n.Value = v.Text
	case v.Kind == model.Unknown:
		n.Value = unknown
	default:
		n.Tag, n.Value = "!!null", "null"
	}
	return n
}
