package dashboards

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// classic reads a dashboard with a list of panels, or of rows with panels.
func (r *reader) classic(n *decode.Node) {
	r.head(n)
	for _, in := range decode.Items(decode.Child(n, "__inputs")) {
		r.inputs[decode.Text(decode.Child(in, "name"))] = decode.Text(decode.Child(in, "pluginId"))
	}
	for _, v := range decode.Items(decode.Dig(n, "templating", "list")) {
		r.variable(v)
	}
	for _, a := range decode.Items(decode.Dig(n, "annotations", "list")) {
		r.mark(a)
	}
	if panels := decode.Child(n, "panels"); !decode.IsNull(panels) && decode.Shape(panels) != "a list" {
		r.partly("its panels are %s but must be a list", decode.Shape(panels))
	}
	for _, row := range decode.Items(decode.Child(n, "rows")) {
		title := decode.Text(decode.Child(row, "title"))
		for _, p := range decode.Items(decode.Child(row, "panels")) {
			r.classicPanel(p, title, decode.Text(decode.Child(row, "repeat")))
		}
	}
	row, repeat := "", ""
	for _, p := range decode.Items(decode.Child(n, "panels")) {
		p = decode.Follow(p)
		if decode.Text(decode.Child(p, "type")) != "row" {
			r.classicPanel(p, row, repeat)
			continue
		}
		row, repeat = decode.Text(decode.Child(p, "title")), decode.Text(decode.Child(p, "repeat"))
		for _, inner := range decode.Items(decode.Child(p, "panels")) { // of a row that is folded up
			r.classicPanel(inner, row, repeat)
		}
	}
}

func (r *reader) classicPanel(n *decode.Node, row, repeat string) {
	n = decode.Follow(n)
	if !decode.IsMapping(n) {
		return
	}
	p := r.panel(n, decode.Text(decode.Child(n, "type")), row)
	p.Links = links(decode.Child(n, "links"))
	p.Links = append(p.Links, within(decode.Text(decode.Dig(n, "options", "content")))...)
	p.Links = append(p.Links, within(decode.Text(decode.Child(n, "content")))...)
	p.Links = append(p.Links, within(decode.Text(decode.Child(n, "description")))...)
	if p.Repeat = decode.Text(decode.Child(n, "repeat")); p.Repeat == "" {
		p.Repeat = repeat
	}
	if l := decode.Follow(decode.Child(n, "libraryPanel")); decode.IsMapping(l) {
		p.Library = decode.Text(decode.Child(l, "name"))
		if p.Library == "" {
			p.Library = decode.Text(decode.Child(l, "uid"))
		}
	}
	own := r.source(decode.Child(n, "datasource"))
	for _, t := range decode.Items(decode.Child(n, "targets")) {
		t = decode.Follow(t)
		source := r.source(decode.Child(t, "datasource"))
		if source == "" || source == mixed {
			source = own
		}
		r.query(p, t, source, decode.Text(decode.Child(t, "hide")) == "true")
	}
	if own == panels { // shows what another panel asked for
		p.Silent = true
	}
	r.add(p)
}

// Names of data sources that Grafana keeps for itself.
const (
	mixed   = "-- Mixed --"
	panels  = "-- Dashboard --"
	builtIn = "-- Grafana --"
)

// source returns the type of a data source, as far as it is told; one of Grafana's
// own names where it is one of those.
func (r *reader) source(n *decode.Node) string {
	n = decode.Follow(n)
	if decode.IsMapping(n) {
		uid := decode.Text(decode.Child(n, "uid"))
		if uid == mixed || uid == panels || uid == builtIn {
			return uid
		}
		if kind := decode.Text(decode.Child(n, "type")); kind != "" && kind != "datasource" {
			return r.named(kind)
		}
		return r.named(uid)
	}
	return r.named(decode.Text(n))
}

// named resolves a data source that a variable or an input stands for.
func (r *reader) named(text string) string {
	switch text {
	case "", "default", mixed, panels, builtIn:
		return text
	}
	name := strings.Trim(text, "${}[]")
	if name == text {
		return text
	}
	name, _, _ = strings.Cut(name, ":")
	return r.inputs[name]
}

// variable reads a choice.
func (r *reader) variable(n *decode.Node) {
	v := &fact.Variable{Name: decode.Text(decode.Child(n, "name")), Type: decode.Text(decode.Child(n, "type"))}
	query := decode.Follow(decode.Child(n, "query"))
	if decode.IsMapping(query) {
		query = decode.Child(query, "query")
	}
	if v.Query = decode.Text(query); v.Query == "" {
		v.Query = decode.Text(decode.Child(n, "definition"))
	}
	r.chosen(v, decode.Dig(n, "current", "value"))
}

// chosen keeps a variable with the values that are written of it.
func (r *reader) chosen(v *fact.Variable, current *decode.Node) {
	if v.Name == "" {
		return
	}
	take := func(text string) {
		if text = strings.TrimSpace(text); text != "" && text != "$__all" && text != "All" && len(v.Values) < 20 {
			v.Values = append(v.Values, text)
		}
	}
	take(decode.Text(current))
	for _, item := range decode.Items(current) {
		take(decode.Text(item))
	}
	switch v.Type {
	case "custom", "interval":
		for _, text := range strings.Split(v.Query, ",") {
			if _, value, pair := strings.Cut(text, " : "); pair {
				text = value
			}
			take(text)
		}
	case "constant", "textbox":
		take(v.Query)
	case "datasource":
		r.inputs[v.Name] = v.Query
		v.Values = nil
	}
	r.values[v.Name] = v.Values
	r.out.Variables = append(r.out.Variables, v)
}

// mark reads an annotation.
func (r *reader) mark(n *decode.Node) {
	n = decode.Follow(n)
	m := &fact.Mark{Name: strings.TrimSpace(decode.Text(decode.Child(n, "name")))}
	m.Ref = r.out.Ref.At(r.At(n)).Within("annotation " + m.Name)
	m.Off = decode.Text(decode.Child(n, "enable")) == "false"
	source := r.source(decode.Child(n, "datasource"))
	target := decode.Child(n, "target")
	kind := decode.Text(decode.Child(n, "type"))
	if kind == "" || kind == "dashboard" && decode.Text(decode.Child(target, "type")) == "tags" {
		kind = decode.Text(decode.Child(target, "type"))
	}
	own := decode.Text(decode.Child(n, "builtIn"))
	r.marked(m, own == "1" || own == "true", source, kind, decode.Child(n, "tags"), n, target)
}

// marked keeps an annotation, by what it asks.
func (r *reader) marked(m *fact.Mark, own bool, source, kind string, tags *decode.Node, places ...*decode.Node) {
	for _, place := range places {
		for _, t := range append(decode.Items(tags), decode.Items(decode.Child(place, "tags"))...) {
			if text := decode.Text(t); text != "" {
				m.Tags = append(m.Tags, text)
			}
		}
		tags = nil
	}
	switch {
	case source == builtIn || source == "grafana" || own:
		m.Own = kind != "tags" || len(m.Tags) == 0
	default:
		m.Tags = nil
		for _, place := range places {
			if q := r.asked(place, source); q != nil && m.Query == nil {
				m.Query = q
			}
		}
		if m.Query == nil {
			return // asks nothing
		}
	}
	r.out.Marks = append(r.out.Marks, m)
}

// within returns the addresses in a text.
func within(text string) (out []string) {
	for _, word := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" \t\r\n\"'<>()[]", c) }) {
		if strings.HasPrefix(word, "https://") || strings.HasPrefix(word, "http://") {
			out = append(out, strings.TrimRight(word, ".,;"))
		}
	}
	return out
}
