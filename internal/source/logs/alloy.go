package logs

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/shipping"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/logs/conf"
)

// Alloy reads a configuration of Grafana Alloy, or of Grafana Agent in flow mode.
// https://grafana.com/docs/alloy/latest/reference/components/
func Alloy(f File) (fact.Set, []fact.Problem) {
	root, err := conf.River(f.text())
	if err != nil {
		return f.failed(err)
	}
	a := alloy{File: f, graph: newGraph(), components: map[string]*conf.Block{}}
	a.index(root.Blocks, "")
	if len(a.graph.order) == 0 {
		return fact.Set{}, nil
	}
	s := f.shipper("alloy")
	a.graph.into(s)
	if len(s.Streams) == 0 {
		return fact.Set{}, nil
	}
	return only(s)
}

type alloy struct {
	File
	graph      *graph
	components map[string]*conf.Block
}

// index finds the components, those of declared modules included.
func (a *alloy) index(blocks []*conf.Block, within string) {
	for _, b := range blocks {
		if b.Name == "declare" {
			a.index(b.Blocks, b.Label+"/")
			continue
		}
		a.components[within+b.Name+"."+b.Label] = b
	}
	for _, b := range blocks {
		if b.Name != "declare" {
			a.component(b, within)
		}
	}
}

// component makes a node of what handles lines.
func (a *alloy) component(b *conf.Block, within string) {
	name := within + b.Name + "." + b.Label
	at := a.at(b.Line)
	source := func(reads fact.LogSource, anywhere bool) *fact.LogStream {
		n := a.graph.node(name)
		n.stream = &fact.LogStream{Name: b.Name, Reads: reads, FromAnywhere: anywhere, At: at}
		n.next = a.onward(b, within)
		return n.stream
	}
	switch b.Name {
	case "loki.source.kubernetes":
		st := source(fact.ContainerLogs, true)
		a.targets(st, b.Get("targets"), within, 0)
	case "loki.source.podlogs":
		source(fact.ContainerLogs, true).Unknown = "objects of kind PodLogs decide"
	case "loki.source.file":
		st := source(fact.FileLogs, false)
		a.targets(st, b.Get("targets"), within, 0)
		if len(st.Files) > 0 {
			st.Reads = sourceOf(st.Files)
		}
	case "loki.source.journal":
		st := source(fact.SystemLogs, false)
		if m := b.Get("matches").Text; strings.HasPrefix(m, "_SYSTEMD_UNIT=") {
			st.Rules = append(st.Rules, fact.LogRule{Keep: true, Of: []fact.LogField{{Of: "unit"}}, Match: []fact.Pattern{{Text: strings.TrimPrefix(m, "_SYSTEMD_UNIT=")}}, Text: "matches " + m, At: at})
		}
	case "loki.source.docker":
		source(fact.DockerLogs, false)
	case "loki.source.api", "loki.source.syslog", "otelcol.receiver.otlp", "otelcol.receiver.loki", "loki.source.gelf", "otelcol.receiver.fluentforward", "otelcol.receiver.syslog":
		source(fact.PushedLogs, false)
	case "otelcol.receiver.filelog":
		st := source(fact.FileLogs, false)
		for _, p := range b.Get("include").Items {
			st.Files = append(st.Files, p.Text)
		}
		st.Reads = sourceOf(st.Files)
		if st.Reads == fact.ContainerLogs {
			st.Rules = append(st.Rules, pathRule(true, "include", st.Files, at))
		}
	case "loki.write":
		to := ""
		for _, e := range b.All("endpoint") {
			to = firstOf(to, e.Get("url").Text)
		}
		o := shipping.Output("loki", to, at)
		a.graph.node(name).output = &o
	case "loki.echo", "otelcol.exporter.debug", "otelcol.exporter.logging":
		a.graph.node(name).output = &fact.LogOutput{Engine: b.Name, Fate: fact.Dropped, At: at}
	case "loki.process", "loki.relabel", "loki.enrich", "loki.secretfilter":
		n := a.graph.node(name)
		n.next = a.onward(b, within)
		for _, stage := range b.All("stage.match") {
			if stage.Get("action").Text == "drop" {
				n.rules = append(n.rules, dropping(stage.Get("selector").Text, a.at(stage.Line))...)
			}
		}
		n.rules = append(n.rules, kept(a.rules(b))...)
	default:
		if strings.HasPrefix(b.Name, "otelcol.exporter.") {
			to := ""
			for _, c := range append(b.All("client"), b) {
				to = firstOf(to, c.Get("endpoint").Text, c.Get("logs_endpoint").Text)
			}
			o := shipping.Output(strings.TrimPrefix(b.Name, "otelcol.exporter."), to, at)
			n := a.graph.node(name)
			if n.next = a.onward(b, within); len(n.next) == 0 {
				n.output = &o
			}
		} else if strings.HasPrefix(b.Name, "otelcol.") {
			a.graph.node(name).next = a.onward(b, within)
		}
	}
}

// onward lists the components to which one sends lines.
func (a *alloy) onward(b *conf.Block, within string) (out []string) {
	list := b.Get("forward_to").Items
	for _, o := range b.All("output") {
		list = append(list, o.Get("logs").Items...)
	}
	if v := b.Get("forward_to"); v.Kind == conf.Ref || v.Kind == conf.Call {
		list = append(list, v)
	}
	for _, v := range list {
		for _, ref := range refs(v) {
			name := within + component(ref)
			if a.components[name] == nil {
				name = ref // shown as it is written
			}
			out = append(out, name)
		}
	}
	return out
}

// component returns the name of the component that exports what a reference names.
func component(ref string) string {
	if i := strings.LastIndexByte(ref, '.'); i > 0 {
		return ref[:i]
	}
	return ref
}

// refs lists the references within a value.
func refs(v conf.Value) (out []string) {
	if v.Kind == conf.Ref {
		return []string{v.Text}
	}
	for _, item := range v.Items {
		out = append(out, refs(item)...)
	}
	return out
}

// targets follows what a source is given back to its discovery. Several ways are
// one where they discover the same: rules hold only on the first.
func (a *alloy) targets(st *fact.LogStream, v conf.Value, within string, depth int) {
	st.Files = append(st.Files, paths(v)...)
	names := refs(v)
	if depth > 20 || len(names) > 1 {
		st.Unknown = "it takes targets of several discoveries together"
		return
	}
	if len(names) == 0 {
		return
	}
	b := a.components[within+component(names[0])]
	if b == nil {
		st.Unknown = names[0] + " is not here"
		return
	}
	switch b.Name {
	case "discovery.relabel":
		a.targets(st, b.Get("targets"), within, depth+1)
		rules := a.rules(b)
		st.Rules = append(st.Rules, kept(rules)...)
		for _, r := range rules {
			if r.target == "__path__" { // made of a pod's name and container
				if st.Reads == fact.FileLogs {
					st.Reads = fact.ContainerLogs
				}
			}
		}
	case "local.file_match":
		a.targets(st, b.Get("path_targets"), within, depth+1)
	case "discovery.kubernetes":
		if role := b.Get("role").Text; role != "pod" {
			st.Unknown = "it discovers by the role " + role
		}
		for _, spaces := range b.All("namespaces") {
			r := fact.LogRule{Keep: true, Of: []fact.LogField{{Of: "namespace"}}, At: a.at(spaces.Line)}
			for _, n := range spaces.Get("names").Items {
				r.Match = append(r.Match, fact.Pattern{Text: n.Text})
			}
			if r.Text = "it takes only the namespaces " + texts(r.Match); len(r.Match) > 0 {
				st.Rules = append(st.Rules, r)
			}
		}
		for _, sel := range b.All("selectors") {
			if label := sel.Get("label"); label.Text != "" {
				rules, ok := selected(label.Text, "label", a.at(sel.Line))
				if st.Rules = append(st.Rules, rules...); !ok {
					st.Unknown = "its selector " + label.Text + " cannot be read"
				}
			}
		}
	case "discovery.docker":
		st.Reads = fact.DockerLogs
	default:
		st.Unknown = "what " + b.Name + " discovers is not read"
	}
}

// paths lists the paths that targets name.
func paths(v conf.Value) (out []string) {
	for i, item := range v.Items {
		if v.Kind == conf.Object && strings.Trim(v.Keys[i], `"`) == "__path__" && item.Kind == conf.String {
			out = append(out, item.Text)
		}
		out = append(out, paths(item)...)
	}
	return out
}

func (a *alloy) rules(b *conf.Block) (out []relabel) {
	for _, r := range b.All("rule") {
		one := relabel{
			separator: r.Get("separator").Text, regex: r.Get("regex").Text, action: r.Get("action").Text, target: r.Get("target_label").Text,
			replacement: r.Get("replacement").Text, at: a.at(r.Line),
		}
		if v := r.Get("regex"); v.Kind == conf.String && v.Text == "" {
			one.regex = "()"
		}
		for _, s := range r.Get("source_labels").Items {
			one.sources = append(one.sources, s.Text)
		}
		out = append(out, one)
	}
	return out
}
