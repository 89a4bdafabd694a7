package dashboards

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// elements reads a dashboard of schema version 2: panels by name, and a layout that
// refers to them.
// https://grafana.com/docs/grafana/latest/as-code/observability-as-code/schema-v2/
func (r *reader) elements(n *decode.Node) {
	r.head(n)
	for _, v := range decode.Items(decode.Child(n, "variables")) {
		r.elementVariable(v)
	}
	for _, a := range decode.Items(decode.Child(n, "annotations")) {
		r.elementMark(decode.Child(a, "spec"))
	}
	all := decode.Child(n, "elements")
	seen := map[string]bool{}
	r.layout(decode.Child(n, "layout"), all, seen, "", "", 0)
	for _, key := range decode.Keys(all) { // what no layout shows is part of it all the same
		if !seen[key.Value] {
			r.element(decode.Child(all, key.Value), "", "")
		}
	}
}

// maxLayouts bounds how deep layouts nest: rows in tabs in rows.
const maxLayouts = 10

// layout walks through rows, tabs and grids.
func (r *reader) layout(n, all *decode.Node, seen map[string]bool, row, repeat string, depth int) {
	spec := decode.Child(n, "spec")
	if depth > maxLayouts {
		r.partly("its layouts nest more than %d deep", maxLayouts)
		return
	}
	for _, key := range []string{"rows", "tabs"} {
		for _, item := range decode.Items(decode.Child(spec, key)) {
			inner := decode.Child(item, "spec")
			title := strings.TrimSpace(decode.Text(decode.Child(inner, "title")))
			if title == "" {
				title = row
			}
			again := decode.Text(decode.Dig(inner, "repeat", "value"))
			if again == "" {
				again = repeat
			}
			r.layout(decode.Child(inner, "layout"), all, seen, title, again, depth+1)
		}
	}
	for _, item := range decode.Items(decode.Child(spec, "items")) {
		inner := decode.Child(item, "spec")
		again := decode.Text(decode.Dig(inner, "repeat", "value"))
		if again == "" {
			again = repeat
		}
		if list := decode.Items(decode.Child(inner, "elements")); len(list) > 0 { // a row of the first drafts
			for _, e := range list {
				r.shown(decode.Text(decode.Dig(e, "spec", "element", "name")), all, seen, decode.Text(decode.Child(inner, "title")), again)
			}
			continue
		}
		r.shown(decode.Text(decode.Dig(inner, "element", "name")), all, seen, row, again)
	}
}

func (r *reader) shown(name string, all *decode.Node, seen map[string]bool, row, repeat string) {
	if name == "" || seen[name] {
		return
	}
	seen[name] = true
	r.element(decode.Child(all, name), row, repeat)
}

// element reads a panel.
func (r *reader) element(n *decode.Node, row, repeat string) {
	n = decode.Follow(n)
	if !decode.IsMapping(n) {
		return
	}
	spec := decode.Child(n, "spec")
	if decode.Text(decode.Child(n, "kind")) == "LibraryPanel" {
		p := r.panel(spec, "", row)
		p.Library, p.Repeat = decode.Text(decode.Dig(spec, "libraryPanel", "name")), repeat
		r.add(p)
		return
	}
	kind := decode.Text(decode.Dig(spec, "vizConfig", "group"))
	if kind == "" {
		kind = decode.Text(decode.Dig(spec, "vizConfig", "kind"))
	}
	p := r.panel(spec, kind, row)
	p.Repeat = repeat
	p.Links = append(links(decode.Child(spec, "links")), within(decode.Text(decode.Child(spec, "description")))...)
	for _, q := range decode.Items(decode.Dig(spec, "data", "spec", "queries")) {
		inner := decode.Child(q, "spec")
		r.query(p, decode.Dig(inner, "query", "spec"), r.elementSource(inner), decode.Text(decode.Child(inner, "hidden")) == "true")
	}
	r.add(p)
}

// elementSource returns the type of the data source that a query asks.
func (r *reader) elementSource(spec *decode.Node) string {
	query := decode.Child(spec, "query")
	kind := decode.Text(decode.Child(query, "group")) // since v2beta1
	if kind == "" {
		kind = decode.Text(decode.Child(query, "kind"))
	}
	uid := decode.Text(decode.Dig(query, "datasource", "name"))
	if uid == "" {
		uid = decode.Text(decode.Dig(spec, "datasource", "uid"))
	}
	switch {
	case uid == mixed || uid == panels || uid == builtIn:
		return uid
	case kind == "" || kind == "DataQuery":
		return r.source(decode.Child(spec, "datasource"))
	}
	return kind
}

func (r *reader) elementMark(spec *decode.Node) {
	m := &fact.Mark{Name: strings.TrimSpace(decode.Text(decode.Child(spec, "name")))}
	m.Ref = r.out.Ref.At(r.At(spec)).Within("annotation " + m.Name)
	m.Off = decode.Text(decode.Child(spec, "enable")) == "false"
	query := decode.Dig(spec, "query", "spec")
	r.marked(m, decode.Text(decode.Child(spec, "builtIn")) == "true", r.elementSource(spec), decode.Text(decode.Child(query, "type")), nil, query, decode.Child(spec, "legacyOptions"))
}

// kinds of variables, and what classic dashboards call them.
var variableKinds = map[string]string{
	"QueryVariable": "query", "CustomVariable": "custom", "ConstantVariable": "constant", "IntervalVariable": "interval", "DatasourceVariable": "datasource",
	"TextVariable": "textbox", "AdhocVariable": "adhoc", "GroupByVariable": "groupby",
}

func (r *reader) elementVariable(n *decode.Node) {
	spec := decode.Child(n, "spec")
	v := &fact.Variable{Name: decode.Text(decode.Child(spec, "name")), Type: variableKinds[decode.Text(decode.Child(n, "kind"))]}
	query := decode.Follow(decode.Child(spec, "query"))
	v.Query = decode.Text(query)
	for _, key := range []string{"query", "expr", "__legacyStringValue"} {
		if v.Query == "" && decode.IsMapping(query) {
			v.Query = decode.Text(decode.Dig(query, "spec", key))
		}
	}
	if v.Query == "" {
		v.Query = decode.Text(decode.Child(spec, "definition"))
	}
	if v.Type == "datasource" {
		v.Query = decode.Text(decode.Child(spec, "pluginId"))
	}
	r.chosen(v, decode.Dig(spec, "current", "value"))
}
