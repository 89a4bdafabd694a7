package logs

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/shipping"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Collector reads a configuration of the OpenTelemetry Collector: what its
// pipelines of logs join, for a part that no pipeline names does nothing.
// https://opentelemetry.io/docs/collector/configuration/
func Collector(f File, root *decode.Node) (fact.Set, []fact.Problem) {
	s := f.shipper("otel-collector")
	g := newGraph()
	pipelines := decode.Dig(root, "service", "pipelines")
	connectors := decode.Child(root, "connectors")
	for _, key := range decode.Keys(pipelines) {
		if kind, _, _ := strings.Cut(key.Value, "/"); kind != "logs" {
			continue
		}
		p := decode.Child(pipelines, key.Value)
		name := "pipeline " + key.Value
		n := g.node(name)
		for _, r := range decode.Items(decode.Child(p, "receivers")) {
			id := decode.Text(r)
			if decode.KeyOf(connectors, id) != nil {
				g.node("connector " + id).next = append(g.node("connector "+id).next, name)
				continue
			}
			if st := received(f, decode.Child(root, "receivers"), id); st != nil {
				in := g.node("receiver " + id)
				in.stream, in.next = st, append(in.next, name)
			}
		}
		for _, r := range decode.Items(decode.Child(p, "processors")) {
			n.rules = append(n.rules, filtered(f, decode.Dig(root, "processors", decode.Text(r)))...)
		}
		for _, r := range decode.Items(decode.Child(p, "exporters")) {
			id := decode.Text(r)
			if decode.KeyOf(connectors, id) != nil {
				n.next = append(n.next, "connector "+id)
				continue
			}
			n.next = append(n.next, "exporter "+id)
			o := exported(f, decode.Child(root, "exporters"), id)
			g.node("exporter " + id).output = &o
		}
	}
	g.into(s)
	if len(s.Streams) == 0 {
		return fact.Set{}, nil
	}
	return only(s)
}

// received returns what a receiver reads; nil for what are no lines.
func received(f File, receivers *decode.Node, id string) *fact.LogStream {
	kind, _, _ := strings.Cut(id, "/")
	n := decode.Child(receivers, id)
	at := f.Doc.At(decode.KeyOf(receivers, id))
	st := &fact.LogStream{Name: id, At: at}
	switch kind {
	case "filelog", "file_log":
		for _, p := range decode.Items(decode.Child(n, "include")) {
			st.Files = append(st.Files, decode.Text(p))
		}
		if st.Reads = sourceOf(st.Files); st.Reads == fact.ContainerLogs {
			st.Rules = append(st.Rules, pathRule(true, "include", st.Files, at))
			var not []string
			for _, p := range decode.Items(decode.Child(n, "exclude")) {
				not = append(not, decode.Text(p))
			}
			if len(not) > 0 {
				st.Rules = append(st.Rules, pathRule(false, "exclude", not, f.Doc.At(decode.KeyOf(n, "exclude"))))
			}
		}
	case "journald":
		st.Reads = fact.SystemLogs
		units := fact.LogRule{Keep: true, Of: []fact.LogField{{Of: "unit"}}, Text: "units", At: at}
		for _, u := range decode.Items(decode.Child(n, "units")) {
			name := decode.Text(u)
			if !strings.Contains(name, ".") {
				name += ".service"
			}
			units.Match = append(units.Match, fact.Pattern{Text: name})
		}
		if len(units.Match) > 0 {
			st.Rules = append(st.Rules, units)
		}
	case "otlp", "syslog", "fluentforward", "tcplog", "udplog", "loki", "splunk_hec", "webhookevent", "kafka":
		st.Reads = fact.PushedLogs
	default:
		return nil
	}
	return st
}

// filtered returns what a processor leaves out by where lines come from.
func filtered(f File, n *decode.Node) (out []fact.LogRule) {
	logs := decode.Child(n, "logs")
	for _, part := range []string{"include", "exclude"} {
		of := decode.Child(logs, part)
		for _, attr := range decode.Items(decode.Child(of, "resource_attributes")) {
			field, known := resource(decode.Text(decode.Child(attr, "key")))
			if !known {
				continue
			}
			p := fact.Pattern{Text: decode.Text(decode.Child(attr, "value"))}
			if decode.Text(decode.Child(of, "match_type")) == "regexp" {
				p.Form = fact.Regexp
			}
			out = append(out, fact.LogRule{Keep: part == "include", Of: []fact.LogField{field}, Match: []fact.Pattern{p}, Text: "a filter has " + part + " " + field.Of + " " + p.Text, At: f.Doc.At(attr)})
		}
	}
	for _, condition := range decode.Items(decode.Child(logs, "log_record")) {
		text := decode.Text(condition)
		m := attribute.FindStringSubmatch(text)
		if m == nil {
			continue // lines are dropped by what they say
		}
		if field, known := resource(m[1]); known {
			out = append(out, fact.LogRule{Keep: m[2] == "!=", Of: []fact.LogField{field}, Match: []fact.Pattern{{Text: m[3]}}, Text: "a filter drops " + text, At: f.Doc.At(condition)})
		}
	}
	return out
}

// resource returns the field that an attribute of a resource is about.
func resource(key string) (fact.LogField, bool) {
	switch key {
	case "k8s.namespace.name":
		return fact.LogField{Of: "namespace"}, true
	case "k8s.pod.name":
		return fact.LogField{Of: "pod"}, true
	case "k8s.container.name":
		return fact.LogField{Of: "container"}, true
	}
	return fact.LogField{}, false
}

// exported says where an exporter sends lines.
func exported(f File, exporters *decode.Node, id string) fact.LogOutput {
	kind, _, _ := strings.Cut(id, "/")
	n := decode.Child(exporters, id)
	to := ""
	for _, key := range []string{"logs_endpoint", "endpoint", "url"} {
		to = firstOf(to, decode.Text(decode.Child(n, key)))
	}
	for _, e := range decode.Items(decode.Child(n, "endpoints")) {
		to = firstOf(to, decode.Text(e))
	}
	return shipping.Output(kind, to, f.Doc.At(decode.KeyOf(exporters, id)))
}
