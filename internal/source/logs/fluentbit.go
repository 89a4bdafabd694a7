package logs

import (
	"path"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/shipping"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/logs/conf"
)

// sections is a configuration of Fluent Bit, however it is written.
type sections struct {
	file File
	list []conf.Section
	// from says of which file each section is.
	from []File
	seen map[string]bool
	// unread ends "what it takes is not known, for ...".
	unread string
}

func (s *sections) add(f File, list []conf.Section) {
	for _, one := range list {
		s.list, s.from = append(s.list, one), append(s.from, f)
	}
}

// FluentBit reads a configuration in the classic form. One that others take in
// yields nothing by itself.
func FluentBit(f File) (fact.Set, []fact.Problem) {
	s := &sections{file: f, seen: map[string]bool{f.Key: true}}
	if err := s.classic(f, 0); err != nil {
		return f.failed(err)
	}
	if !s.service() && included(f) {
		return fact.Set{}, nil
	}
	return s.read()
}

// included reports whether a file beside this one takes it in.
func included(f File) bool {
	if f.Beside == nil {
		return false
	}
	for _, other := range f.Beside("*.conf") {
		_, includes, _ := conf.Classic(other.text())
		for _, inc := range includes {
			if shipping.Glob(path.Base(inc.Value), path.Base(f.Key)) {
				return true
			}
		}
	}
	return false
}

func (s *sections) classic(f File, depth int) *conf.Error {
	list, includes, err := conf.Classic(f.text())
	if err != nil {
		return err
	}
	s.add(f, list)
	for _, inc := range includes {
		s.include(f, inc.Value, depth)
	}
	return nil
}

// include takes in what stands beside the file.
func (s *sections) include(f File, pattern string, depth int) {
	var found []File
	if f.Beside != nil && depth < 8 {
		found = f.Beside(pattern)
	}
	if len(found) == 0 {
		s.unread = "it includes " + pattern + ", which is not here"
	}
	for _, other := range found {
		if s.seen[other.Key] {
			continue
		}
		s.seen[other.Key] = true
		if err := s.classic(other, depth+1); err != nil {
			s.unread = "its part " + other.Key + " cannot be read: " + err.Error()
		}
	}
}

// FluentBitYAML reads a configuration as YAML.
func FluentBitYAML(f File, root *decode.Node) (fact.Set, []fact.Problem) {
	s := &sections{file: f, seen: map[string]bool{f.Key: true}}
	s.yaml(f, root)
	for _, inc := range decode.Items(decode.Child(root, "includes")) {
		s.unread = "it includes " + decode.Text(inc) + ", which is not read"
		if f.Beside == nil {
			continue
		}
		for _, other := range f.Beside(decode.Text(inc)) {
			if s.seen[other.Key] {
				continue
			}
			s.seen[other.Key] = true
			if n, problem := other.Doc.Parse(); problem == nil {
				s.unread = ""
				s.yaml(other, n)
			}
		}
	}
	return s.read()
}

func (s *sections) yaml(f File, root *decode.Node) {
	pipeline := decode.Child(root, "pipeline")
	for _, part := range []struct{ key, kind string }{{"inputs", "INPUT"}, {"filters", "FILTER"}, {"outputs", "OUTPUT"}} {
		for _, item := range decode.Items(decode.Child(pipeline, part.key)) {
			s.add(f, []conf.Section{asSection(part.kind, item)})
		}
	}
}

// asSection turns a mapping into a section; what is no plain value is left out, but
// that it is there is kept.
func asSection(kind string, n *decode.Node) conf.Section {
	out := conf.Section{Kind: kind, Line: lineOf(n)}
	for _, key := range decode.Keys(n) {
		value := decode.Child(n, key.Value)
		items := decode.Items(value)
		if len(items) == 0 {
			out.Props = append(out.Props, conf.Prop{Key: key.Value, Value: decode.Text(value), Line: key.Line})
		}
		for _, item := range items {
			out.Props = append(out.Props, conf.Prop{Key: key.Value, Value: decode.Text(item), Line: item.Line})
		}
	}
	return out
}

func lineOf(n *decode.Node) int {
	if n == nil {
		return 0
	}
	return n.Line
}

// read turns sections into ways: an input goes by those filters and to those
// outputs that match its tag.
func (s *sections) read() (fact.Set, []fact.Problem) {
	out := s.file.shipper("fluent-bit")
	out.Unknown = s.unread
	inputs, outputs := 0, 0
	for i := range s.list {
		switch s.list[i].Kind {
		case "INPUT":
			inputs++
		case "OUTPUT":
			outputs++
		}
	}
	if inputs == 0 || outputs == 0 && s.unread == "" && len(s.seen) == 1 && !s.service() {
		return fact.Set{}, nil // parsers, or a part of another one
	}
	for i := range s.list {
		if s.list[i].Kind == "INPUT" {
			s.input(out, i)
		}
	}
	return only(out)
}

func (s *sections) service() bool {
	for i := range s.list {
		if s.list[i].Kind == "SERVICE" {
			return true
		}
	}
	return false
}

// input adds the ways of one input.
func (s *sections) input(into *fact.Shipper, number int) {
	in, f := &s.list[number], s.from[number]
	plugin := strings.ToLower(in.Get("name"))
	st := fact.LogStream{Name: plugin, At: f.at(in.Line)}
	tag := in.Get("tag")
	switch plugin {
	case "tail":
		paths, _ := in.Prop("path")
		st.Files = list(paths.Value)
		excludes, excluded := in.Prop("exclude_path")
		st.Reads = sourceOf(st.Files)
		if st.Reads == fact.ContainerLogs {
			st.Rules = append(st.Rules, pathRule(true, "Path", st.Files, f.at(paths.Line)))
			if excluded {
				st.Rules = append(st.Rules, pathRule(false, "Exclude_Path", list(excludes.Value), f.at(excludes.Line)))
			}
		}
	case "systemd":
		st.Reads = fact.SystemLogs
		units := fact.LogRule{Keep: true, Of: []fact.LogField{{Of: "unit"}}}
		for _, p := range in.Props {
			if name, value, found := strings.Cut(p.Value, "="); found && strings.EqualFold(p.Key, "systemd_filter") && name == "_SYSTEMD_UNIT" {
				units.Match = append(units.Match, fact.Pattern{Text: value})
				units.Text, units.At = "Systemd_Filter "+p.Value, f.at(p.Line)
			}
		}
		if len(units.Match) > 0 {
			st.Rules = append(st.Rules, units)
		}
	case "kmsg":
		st.Reads = fact.SystemLogs
	case "forward", "tcp", "http", "syslog", "opentelemetry", "udp", "splunk", "elasticsearch", "mqtt":
		st.Reads = fact.PushedLogs
	case "docker_events", "kubernetes_events", "cpu", "mem", "disk", "dummy", "prometheus_scrape", "node_exporter_metrics", "fluentbit_metrics", "netif", "proc", "health", "thermal", "exec", "statsd", "random", "podman_metrics", "event_type", "process_exporter_metrics", "windows_exporter_metrics", "blob", "kafka", "nginx_metrics":
		return // no lines of workloads
	default:
		st.Reads, st.Unknown = fact.FileLogs, "the input "+plugin+" is not read"
	}
	st.Unknown = firstOf(st.Unknown, s.unread)
	for i := range s.list {
		if s.list[i].Kind == "FILTER" {
			s.filter(&st, i, tag)
		}
	}
	found := false
	for i := range s.list {
		o := &s.list[i]
		if o.Kind != "OUTPUT" {
			continue
		}
		rule, ok := s.match(o, s.from[i], tag, plugin)
		if !ok {
			continue
		}
		found = true
		way := st
		way.Rules = append(way.Rules[:len(way.Rules):len(way.Rules)], rule...)
		p, _ := o.Prop("name")
		to := firstOf(o.Get("host"), o.Get("uri"), o.Get("endpoint"), o.Get("upstream"))
		way.Output = shipping.Output(p.Value, to+o.Get("logs_uri"), s.from[i].at(o.Line))
		if way.Output.Fate == fact.PassedOn && (strings.Contains(o.Get("uri"), "loki") || strings.Contains(o.Get("logs_uri"), "insert/")) {
			way.Output.Fate = fact.Central
		}
		add(into, way)
	}
	if !found {
		st.Output = fact.LogOutput{Fate: fact.Dropped, Engine: "no output", At: st.At}
		if s.unread != "" {
			st.Output.Fate, st.Output.Why = fact.FateUnknown, s.unread
		}
		add(into, st)
	}
}

// match returns the rule by which an output or a filter takes a tag; ok is false
// where it never does.
func (s *sections) match(o *conf.Section, f File, tag, plugin string) (rules []fact.LogRule, ok bool) {
	if re, found := o.Prop("match_regex"); found {
		if re.Value == ".*" || tag == "" || !strings.Contains(tag, "*") {
			compiled, err := regexp.Compile(re.Value)
			return nil, err != nil || compiled.MatchString(tag)
		}
		return []fact.LogRule{{Keep: true, Of: []fact.LogField{{Of: "tag", Prefix: before(tag)}}, Match: []fact.Pattern{{Form: fact.Regexp, Text: re.Value}}, Text: "Match_Regex " + re.Value, At: f.at(re.Line)}}, true
	}
	m, found := o.Prop("match")
	switch {
	case !found:
		return nil, false
	case m.Value == "*" || strings.HasSuffix(m.Value, "*") && strings.HasPrefix(before(tag), before(m.Value)) && before(tag) != "":
		return nil, true
	case tag == "": // the input's own name, as tail.0
		return nil, shipping.Glob(m.Value, plugin+".0")
	case plugin == "tail" && strings.Contains(tag, "*"):
		if !strings.HasPrefix(before(m.Value), before(tag)) && !strings.HasPrefix(before(tag), before(m.Value)) {
			return nil, false
		}
		return []fact.LogRule{{Keep: true, Of: []fact.LogField{{Of: "tag", Prefix: before(tag)}}, Match: []fact.Pattern{{Form: fact.Glob, Text: m.Value}}, Text: "Match " + m.Value, At: f.at(m.Line)}}, true
	}
	return nil, shipping.Glob(m.Value, tag) || shipping.Glob(m.Value, strings.ReplaceAll(tag, "*", "x"))
}

// before returns what stands before the first star.
func before(pattern string) string {
	text, _, _ := strings.Cut(pattern, "*")
	return text
}

// filter adds what a filter leaves out of a stream.
func (s *sections) filter(st *fact.LogStream, number int, tag string) {
	o, f := &s.list[number], s.from[number]
	only, ok := s.match(o, f, tag, st.Name)
	if !ok {
		return
	}
	switch strings.ToLower(o.Get("name")) {
	case "kubernetes":
		if p, found := o.Prop("k8s-logging.exclude"); found && on(p.Value) {
			st.Rules = append(st.Rules, annotated("fluentbit.io/exclude", "true", f.at(p.Line)))
		}
	case "grep":
		for _, p := range o.Props {
			keep := strings.EqualFold(p.Key, "regex")
			if !keep && !strings.EqualFold(p.Key, "exclude") {
				continue
			}
			field, pattern, _ := strings.Cut(strings.TrimSpace(p.Value), " ")
			pattern = strings.TrimSpace(pattern)
			of, known := record(field)
			switch {
			case !known && !keep:
				continue // some lines, by what they say
			case !known:
				st.Unknown = firstOf(st.Unknown, "a filter keeps only lines with "+field)
				continue
			case len(only) > 0:
				st.Unknown = firstOf(st.Unknown, "a filter takes only "+only[0].Text)
				continue
			}
			st.Rules = append(st.Rules, fact.LogRule{Keep: keep, Of: []fact.LogField{of}, Match: []fact.Pattern{{Form: fact.Regexp, Text: strings.Trim(pattern, "/")}}, Text: p.Key + " " + p.Value, At: f.at(p.Line)})
		}
	case "rewrite_tag":
		for _, p := range o.Props { // what it takes away goes another way
			if strings.EqualFold(p.Key, "rule") && strings.HasSuffix(strings.TrimSpace(p.Value), "false") {
				st.Unknown = firstOf(st.Unknown, "rewrite_tag sends lines another way")
			}
		}
	}
}

// kubernetesKey finds names within $kubernetes['namespace_name'].
var kubernetesKey = regexp.MustCompile(`^\$?\{?(?:\.)?kubernetes(?:\[?['".]|\.)+([a-z_]+)['"]?\]?(?:\[?['".]+([^'"\]]+)['"]?\]?)?\}?$`)

// record returns the field that a record's accessor names, where it is one of
// those that say where lines come from.
func record(accessor string) (fact.LogField, bool) {
	m := kubernetesKey.FindStringSubmatch(strings.TrimSpace(accessor))
	if m == nil {
		return fact.LogField{}, false
	}
	switch m[1] {
	case "namespace_name", "namespace", "pod_namespace":
		return fact.LogField{Of: "namespace"}, true
	case "pod_name", "pod":
		return fact.LogField{Of: "pod"}, true
	case "container_name", "container":
		return fact.LogField{Of: "container"}, true
	case "labels", "pod_labels":
		return fact.LogField{Of: "label", Key: m[2]}, m[2] != ""
	case "annotations", "pod_annotations":
		return fact.LogField{Of: "annotation", Key: m[2]}, m[2] != ""
	}
	return fact.LogField{}, false
}

// annotated is the rule by which a pod's annotation leaves it out.
func annotated(key, value string, at fact.Location) fact.LogRule {
	return fact.LogRule{Of: []fact.LogField{{Of: "annotation", Key: key}}, Match: []fact.Pattern{{Text: value}}, Text: "its annotation " + key + ": " + value, At: at}
}

// pathRule keeps or drops by the path of a container's log.
func pathRule(keep bool, key string, globs []string, at fact.Location) fact.LogRule {
	of := "path"
	for _, g := range globs {
		if strings.HasPrefix(g, "/var/log/pods/") {
			of = "pod-path"
		}
	}
	r := fact.LogRule{Keep: keep, Of: []fact.LogField{{Of: of}}, Text: key + " " + strings.Join(globs, ","), At: at}
	for _, g := range globs {
		r.Match = append(r.Match, fact.Pattern{Form: fact.Glob, Text: g})
	}
	return r
}

// sourceOf tells from their paths what files hold.
func sourceOf(globs []string) fact.LogSource {
	for _, g := range globs {
		switch {
		case strings.Contains(g, "/log/containers/"), strings.Contains(g, "/log/pods/"), g == "/var/log/pods", g == "/var/log/containers":
			return fact.ContainerLogs
		case strings.Contains(g, "/docker/containers/"):
			return fact.DockerLogs
		}
	}
	for _, g := range globs {
		for _, word := range []string{"/var/log/messages", "/var/log/syslog", "/var/log/journal", "/var/log/kern", "/var/log/kubelet", "/var/log/dmesg", "/var/log/*.log", "/var/log/**"} {
			if strings.Contains(g, word) {
				return fact.SystemLogs
			}
		}
	}
	return fact.FileLogs
}

// list splits a value at its commas.
func list(text string) (out []string) {
	for _, part := range strings.Split(text, ",") {
		if part = strings.Trim(strings.TrimSpace(part), `"'`); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func on(text string) bool {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "on", "true", "yes", "1":
		return true
	}
	return false
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
