// Package rules reads groups of alerting and recording rules in Prometheus' form,
// however they came to be nodes: a rule file, an object of the operator, a key
// of a ConfigMap.
package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/promql"
	"seaworthy.dev/seaworthy/internal/fact"
)

// The languages in which conditions are written.
const (
	PromQL    = "promql"
	MetricsQL = "metricsql" // VictoriaMetrics: PromQL and more
	LogQL     = "logql"     // Loki
	Graphite  = "graphite"  // vmalert can ask it too
	LogsQL    = "logsql"    // VictoriaLogs
)

// maxRules bounds how many rules of one document are read.
const maxRules = 20_000

// Source says where groups stand.
type Source struct {
	// Ref of the object or file that holds them; Name as messages call it.
	Ref  fact.Ref
	Name string
	// At returns a node's place.
	At func(*decode.Node) fact.Location
	// Language of the conditions, where the kind of file tells; empty for PromQL
	// unless what is written says otherwise.
	Language string
}

// Groups is what was read.
type Groups struct {
	Alerts     []*fact.Alert
	Recordings []*fact.Recording
	// Objectives are those that generated rules tell of.
	Objectives []*fact.Objective
	Problems   []fact.Problem
	Holes      []fact.Hole
	// Rules are those that parse, group by group in their order, for running them.
	Rules []Rule
}

// Rule is one rule that parses.
type Rule struct {
	Group                string
	Alert, Record        string
	Query                *promql.Query
	For, KeepFiring      time.Duration
	Labels, Annotations  map[string]string
	Severity, Expression string
}

type reader struct {
	Source
	out Groups
}

// Read reads a list of groups.
func Read(groups *decode.Node, s Source) Groups {
	out := read(groups, s)
	out.Objectives = told(out.Recordings)
	return out
}

func read(groups *decode.Node, s Source) Groups {
	r := &reader{Source: s}
	if groups != nil && !decode.IsNull(groups) && decode.Shape(groups) != "a list" {
		r.refuse(groups, "groups is %s but must be a list", decode.Shape(groups))
		return r.out
	}
	names, count := map[string]bool{}, 0
	for i, g := range decode.Items(groups) {
		g = decode.Follow(g)
		if !decode.IsMapping(g) {
			r.refuse(g, "groups[%d] is %s but must be a mapping", i, decode.Shape(g))
			continue
		}
		name := decode.Text(decode.Child(g, "name"))
		switch {
		case name == "":
			r.refuse(g, "groups[%d] has no name, so Prometheus refuses it", i)
		case names[name]:
			r.refuse(g, "group %q stands twice, so Prometheus refuses the rules", name)
		}
		names[name] = true
		r.typos(g, groupKeys, fmt.Sprintf("group %q", name))
		list := decode.Child(g, "rules")
		if list != nil && !decode.IsNull(list) && decode.Shape(list) != "a list" {
			r.refuse(list, "rules of group %q is %s but must be a list", name, decode.Shape(list))
			continue
		}
		language := cmp.Or(r.Language, groupLanguage(g))
		shared := texts(decode.Child(g, "labels"))
		for j, node := range decode.Items(list) {
			if count++; count > maxRules {
				r.refuse(node, "more than %d rules stand in one document; those from here on are not read", maxRules)
				return r.out
			}
			r.rule(decode.Follow(node), name, j, language, shared)
		}
	}
	return r.out
}

// groupLanguage tells by a group's own fields whose rules they are: vmalert has
// some that Prometheus refuses.
func groupLanguage(g *decode.Node) string {
	switch decode.Text(decode.Child(g, "type")) {
	case "graphite":
		return Graphite
	case "vlogs":
		return LogsQL
	case "prometheus":
		return MetricsQL
	}
	for _, key := range []string{"concurrency", "params", "headers", "notifier_headers", "tenant", "eval_offset", "eval_delay", "eval_alignment", "extra_filter_labels"} {
		if decode.Child(g, key) != nil {
			return MetricsQL
		}
	}
	return ""
}

func (r *reader) rule(node *decode.Node, group string, i int, language string, shared map[string]string) {
	if !decode.IsMapping(node) {
		r.refuse(node, "rule %d of group %q is %s but must be a mapping", i+1, group, decode.Shape(node))
		return
	}
	alert, record := decode.Text(decode.Child(node, "alert")), decode.Text(decode.Child(node, "record"))
	r.typos(node, ruleKeys, fmt.Sprintf("rule %q", cmp.Or(alert, record)))
	expr := decode.Child(node, "expr")
	text := strings.TrimSpace(decode.Text(expr))
	switch {
	case alert != "" && record != "":
		r.refuse(node, "rule %q both alerts and records, so Prometheus refuses it", alert)
		return
	case alert == "" && record == "":
		r.refuse(node, "rule %d of group %q neither alerts nor records, so Prometheus refuses it", i+1, group)
		return
	case text == "":
		r.refuse(node, "rule %q has no expression, so Prometheus refuses it", alert+record)
		return
	}
	one := Rule{Group: group, Alert: alert, Record: record, Labels: merged(shared, texts(decode.Child(node, "labels"))), Annotations: texts(decode.Child(node, "annotations")), Expression: Squeeze(text)}
	sound := true
	for _, field := range []struct {
		key  string
		into *time.Duration
	}{{"for", &one.For}, {"keep_firing_for", &one.KeepFiring}} {
		written := decode.Text(decode.Child(node, field.key))
		if written == "" || strings.Contains(written, "{{") {
			continue
		}
		d, err := model.ParseDuration(written)
		if err != nil {
			r.refuse(decode.Child(node, field.key), "%s of %s %q is %q, which is no duration such as 5m", field.key, what(one), alert+record, written)
			sound = false
		}
		*field.into = time.Duration(d)
	}
	query, language := r.query(expr, text, one, language)
	if query != nil && (language == PromQL || language == MetricsQL) && !r.valid(node, one, language) {
		sound = false
	}
	if !sound {
		return
	}
	r.yield(node, one, query, language, text)
	if query != nil {
		one.Query = query
		if one.Alert != "" {
			one.Severity = severity(Values(one.Labels))
		}
		r.out.Rules = append(r.out.Rules, one)
	}
}

func what(one Rule) string {
	if one.Alert != "" {
		return "alert"
	}
	return "recording"
}

// query parses a condition; nil where it is not PromQL. What another language
// may mean is open and no mistake.
func (r *reader) query(node *decode.Node, text string, one Rule, language string) (*promql.Query, string) {
	if language == LogQL || language == Graphite || language == LogsQL {
		return nil, language
	}
	query, err := promql.Parse(text)
	if err == nil {
		return query, cmp.Or(language, PromQL)
	}
	if language == "" {
		if language = Foreign(text); language == LogQL {
			return nil, language
		}
	}
	name := one.Alert + one.Record
	if language == MetricsQL {
		r.hole(node, "the condition of %s %q is written in MetricsQL and was not understood", what(one), name)
		return nil, language
	}
	m, _ := err.(*promql.Mistake)
	at := r.within(node, m)
	r.problem(at, "the expression of %s %q does not parse: %s; Prometheus refuses all rules beside it too", what(one), name, m.Message)
	r.holeAt(at, "the expression of %s %q does not parse", what(one), name)
	return nil, PromQL
}

// within returns the place of a mistake in a query, as far as the way in which it
// is written tells.
func (r *reader) within(node *decode.Node, m *promql.Mistake) fact.Location {
	if m == nil || m.Line == 0 || node == nil {
		return r.At(node)
	}
	moved := *node
	switch {
	case decode.IsLiteral(node):
		moved.Line += m.Line
		moved.Column = 0
	case decode.IsPlain(node) && m.Line == 1:
		moved.Column += m.Column - 1
	}
	return r.At(&moved)
}

// valid holds a rule against what Prometheus demands besides a query that parses:
// names, and templates that parse.
func (r *reader) valid(node *decode.Node, one Rule, language string) bool {
	check := rulefmt.Rule{Record: one.Record, Alert: one.Alert, Expr: "1", Labels: one.Labels, Annotations: one.Annotations, For: model.Duration(one.For), KeepFiringFor: model.Duration(one.KeepFiring)}
	refused := false
	for _, wrapped := range check.Validate(rulefmt.RuleNode{}, model.UTF8Validation, promql.Parser()) {
		message := strings.TrimPrefix(strings.TrimPrefix(wrapped.Error(), "0:0: "), "0:0: ")
		if language == MetricsQL && strings.Contains(message, "template") {
			continue // vmalert knows functions of its own
		}
		refused = true
		r.refuse(node, "%s %q: %s, so Prometheus refuses it", what(one), one.Alert+one.Record, message)
	}
	return !refused
}

// yield adds the fact.
func (r *reader) yield(node *decode.Node, one Rule, query *promql.Query, language, text string) {
	if one.Record != "" {
		f := &fact.Recording{
			Ref: r.Ref.At(r.At(node)).Within("recording " + one.Record), Group: one.Group, Name: one.Record,
			Language: language, Expression: text, Labels: one.Labels,
		}
		if query != nil {
			f.Parsed, f.Metrics = true, query.Metrics()
		}
		r.out.Recordings = append(r.out.Recordings, f)
		return
	}
	f := &fact.Alert{
		Ref: r.Ref.At(r.At(node)).Within("alert " + one.Alert), Group: one.Group, Name: one.Alert,
		Language: language, Expression: text, For: int(one.For / time.Second), KeepFiring: int(one.KeepFiring / time.Second),
		Labels: one.Labels, Annotations: one.Annotations,
		Runbook: Runbook(one.Annotations, one.Labels),
		Owner:   First(one.Labels, "team", "owner", "squad"),
		Known:   Values(one.Labels),
	}
	f.Severity = severity(f.Known)
	if f.Severity == "" {
		f.Severity = strings.ToLower(First(one.Labels, severities...))
	}
	f.Known["alertname"] = []string{one.Alert}
	for label := range one.Labels {
		if _, known := f.Known[label]; !known {
			f.Open = append(f.Open, label)
		}
	}
	if query != nil {
		f.Parsed, f.Metrics = true, query.Metrics()
		f.Reads = Reads(query)
		carried := query.Labels()
		f.Closed = carried.Closed
		for label, value := range carried.Fixed {
			if _, own := one.Labels[label]; !own && label != "alertname" {
				f.Known[label] = []string{value}
			}
		}
		for _, label := range carried.Open {
			if _, own := one.Labels[label]; !own && !slices.Contains(f.Open, label) {
				f.Open = append(f.Open, label)
			}
		}
	}
	slices.Sort(f.Open)
	r.out.Alerts = append(r.out.Alerts, f)
}

// Reads lists the choices of series of a query.
func Reads(q *promql.Query) (out []fact.Reading) {
	for _, s := range q.Selectors() {
		names := s.Names()
		if len(names) == 0 {
			names = []string{""}
		}
		for _, name := range names {
			one := fact.Reading{Metric: name}
			for _, m := range s.Matchers {
				switch m.Op {
				case "=":
					one.Labels = with(one.Labels, m.Name, m.Value)
				case "=~":
					one.Patterns = with(one.Patterns, m.Name, m.Value)
				}
			}
			out = append(out, one)
		}
	}
	return out
}

func with(m map[string]string, key, value string) map[string]string {
	if m == nil {
		m = map[string]string{}
	}
	m[key] = value
	return m
}

// refuse reports what Prometheus would refuse, and leaves a hole.
func (r *reader) refuse(n *decode.Node, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	r.problem(r.At(n), "%s", message)
	r.holeAt(r.At(n), "%s", message)
}

func (r *reader) problem(at fact.Location, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	if r.Name != "" {
		message = r.Name + ": " + message
	}
	r.out.Problems = append(r.out.Problems, fact.Problem{Location: at, Message: message})
}

func (r *reader) hole(n *decode.Node, format string, args ...any) {
	r.holeAt(r.At(n), format, args...)
}

func (r *reader) holeAt(at fact.Location, format string, args ...any) {
	r.out.Holes = append(r.out.Holes, fact.Hole{Kinds: []fact.Kind{fact.Alerts}, Why: fmt.Sprintf(format, args...), Location: at})
}

// texts reads a mapping of texts; numbers and the like count as they are written.
func texts(n *decode.Node) map[string]string {
	var out map[string]string
	for _, key := range decode.Keys(n) {
		if v := decode.Child(n, key.Value); v != nil && !decode.IsMapping(v) && len(decode.Items(v)) == 0 {
			out = with(out, key.Value, decode.Text(v))
		}
	}
	return out
}

func merged(shared, own map[string]string) map[string]string {
	if len(shared) == 0 {
		return own
	}
	out := map[string]string{}
	for _, m := range []map[string]string{shared, own} {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// Squeeze returns a condition without white space, so that two that differ in
// nothing else are one.
func Squeeze(text string) string { return strings.Join(strings.Fields(text), "") }
