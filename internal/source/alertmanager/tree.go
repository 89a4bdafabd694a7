package alertmanager

import (
	"fmt"
	"strings"

	"github.com/prometheus/alertmanager/matcher/compat"
	"github.com/prometheus/alertmanager/pkg/labels"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/routes"
	"seaworthy.dev/seaworthy/internal/fact"
)

// form is how a kind of text spells what all of them say.
type form struct {
	mute, active, intervals, equal string
	source, target                 string
	// old are the older names of the list of intervals.
	old string
	// channels is what the lists of a receiver's channels end in.
	channels string
	// objects is true where matchers are mappings and not texts.
	objects bool
}

// The three forms: Alertmanager's own, that of the Prometheus operator's objects,
// and that of VictoriaMetrics' operator's, which is Alertmanager's but for a name.
var (
	plain = form{
		mute: "mute_time_intervals", active: "active_time_intervals", intervals: "time_intervals", old: "mute_time_intervals", equal: "equal",
		source: "source_matchers", target: "target_matchers", channels: "_configs",
	}
	camel = form{
		mute: "muteTimeIntervals", active: "activeTimeIntervals", intervals: "timeIntervals", old: "muteTimeIntervals", equal: "equal",
		source: "sourceMatch", target: "targetMatch", channels: "Configs", objects: true,
	}
)

// tree reads one configuration.
type tree struct {
	doc  decode.Document
	form form
	// place gives places where nodes are those of an object and not of doc.
	place func(*decode.Node) fact.Location
	// wrong is the first mistake.
	wrong *fact.Problem
}

func (t *tree) at(n *decode.Node) fact.Location {
	if t.place != nil {
		return t.place(n)
	}
	return t.doc.At(n)
}

// refuse records why whoever runs the configuration would not take it.
func (t *tree) refuse(n *decode.Node, format string, args ...any) {
	if t.wrong == nil {
		t.wrong = &fact.Problem{Location: t.at(n), Message: fmt.Sprintf(format, args...)}
	}
}

// bounded reports whether the tree is as small as trees that people write.
func (t *tree) bounded(root *decode.Node) bool {
	count := 0
	var walk func(n *decode.Node, depth int) bool
	walk = func(n *decode.Node, depth int) bool {
		if count++; count > maxRoutes || depth > maxDepth {
			return false
		}
		for _, child := range decode.Items(decode.Child(n, "routes")) {
			if !walk(child, depth+1) {
				return false
			}
		}
		return true
	}
	others := 0
	for _, list := range []string{"receivers", "inhibit_rules", "inhibitRules", t.form.intervals, t.form.old} {
		others += len(decode.Items(decode.Child(root, list)))
	}
	return others <= maxOthers && walk(decode.Child(root, "route"), 0)
}

// fill reads everything below the root of a configuration.
func (t *tree) fill(root *decode.Node, r *fact.Routing) {
	for _, item := range decode.Items(decode.Child(root, "receivers")) {
		r.Receivers = append(r.Receivers, t.receiver(item))
	}
	for _, list := range []string{t.form.old, t.form.intervals} {
		for _, item := range decode.Items(decode.Child(root, list)) {
			r.Intervals = append(r.Intervals, t.interval(item))
		}
	}
	if top := decode.Child(root, "route"); !decode.IsNull(top) {
		r.Top = t.route(top, "")
	}
	rules := "inhibit_rules"
	if t.form.objects {
		rules = "inhibitRules"
	}
	for _, item := range decode.Items(decode.Child(root, rules)) {
		r.Inhibitions = append(r.Inhibitions, t.inhibition(item))
	}
	t.defined(r)
}

func (t *tree) route(n *decode.Node, above string) *fact.AlertRoute {
	out := &fact.AlertRoute{
		Receiver: decode.Text(decode.Child(n, "receiver")), Mute: texts(decode.Child(n, t.form.mute)), Active: texts(decode.Child(n, t.form.active)),
		At: t.at(n),
	}
	if out.Receiver == "" {
		out.Receiver = above
	}
	if c := decode.Follow(decode.Child(n, "continue")); c != nil {
		s := decode.Resolve(c)
		out.Continue = s.Kind == decode.BoolScalar && s.Bool
	}
	out.Matchers = t.matchers(n, "matchers", "match", "match_re")
	for _, child := range decode.Items(decode.Child(n, "routes")) {
		out.Routes = append(out.Routes, t.route(child, out.Receiver))
	}
	return out
}

func (t *tree) inhibition(n *decode.Node) *fact.Inhibition {
	return &fact.Inhibition{
		Name:   decode.Text(decode.Child(n, "name")),
		Source: t.matchers(n, t.form.source, "source_match", "source_match_re"),
		Target: t.matchers(n, t.form.target, "target_match", "target_match_re"),
		Equal:  texts(decode.Child(n, t.form.equal)), At: t.at(n),
	}
}

// matchers reads a list of matchers and the two older mappings.
func (t *tree) matchers(n *decode.Node, list, same, like string) (out []fact.LabelMatcher) {
	add := func(at *decode.Node, m fact.LabelMatcher) {
		if _, err := routes.Compile(m); err != nil {
			t.refuse(at, "the matcher %s is not valid: %v", m, err)
			return
		}
		out = append(out, m)
	}
	if !t.form.objects {
		for _, key := range decode.Keys(decode.Child(n, same)) {
			add(key, fact.LabelMatcher{Name: key.Value, Op: "=", Value: decode.Text(decode.Child(decode.Child(n, same), key.Value))})
		}
		for _, key := range decode.Keys(decode.Child(n, like)) {
			add(key, fact.LabelMatcher{Name: key.Value, Op: "=~", Value: decode.Text(decode.Child(decode.Child(n, like), key.Value))})
		}
	}
	for _, item := range decode.Items(decode.Child(n, list)) {
		item = decode.Follow(item)
		if t.form.objects {
			t.object(item, add)
			continue
		}
		dialect()
		parsed, err := compat.Matchers(decode.Text(item), "config")
		if err != nil {
			t.refuse(item, "the matcher %q is not valid: %v", decode.Text(item), err)
			continue
		}
		for _, m := range parsed {
			add(item, neutral(m))
		}
	}
	return out
}

func neutral(m *labels.Matcher) fact.LabelMatcher {
	return fact.LabelMatcher{Name: m.Name, Op: m.Type.String(), Value: m.Value}
}

// object reads a matcher of the Prometheus operator's.
func (t *tree) object(item *decode.Node, add func(*decode.Node, fact.LabelMatcher)) {
	m := fact.LabelMatcher{Name: decode.Text(decode.Child(item, "name")), Op: decode.Text(decode.Child(item, "matchType")), Value: decode.Text(decode.Child(item, "value"))}
	if m.Op == "" {
		m.Op = "="
		if regex := decode.Follow(decode.Child(item, "regex")); regex != nil && decode.Resolve(regex).Bool {
			m.Op = "=~"
		}
	}
	switch {
	case m.Name == "":
		t.refuse(item, "a matcher names no label, so the operator refuses the object")
	case m.Op != "=" && m.Op != "!=" && m.Op != "=~" && m.Op != "!~":
		t.refuse(item, "the matcher on %s has the type %q, which is none of =, !=, =~ and !~", m.Name, m.Op)
	default:
		add(item, m)
	}
}

// defined checks what an operator checks: whether what routes name is there.
// Alertmanager's own loader has done that for its own form.
func (t *tree) defined(r *fact.Routing) {
	if !r.Part() || r.Top == nil {
		return
	}
	var receivers, intervals []string
	for _, one := range r.Receivers {
		receivers = append(receivers, one.Name)
	}
	for _, one := range r.Intervals {
		intervals = append(intervals, one.Name)
	}
	if r.Top.Receiver == "" {
		t.refuseAt(r.Top.At, "the top route names no receiver, so the operator refuses the object")
	}
	var walk func(n *fact.AlertRoute)
	walk = func(n *fact.AlertRoute) {
		if !has(receivers, n.Receiver) {
			t.refuseAt(n.At, "a route names the receiver %q, which is not defined%s, so the operator refuses the object", n.Receiver, routes.Meant(n.Receiver, receivers))
		}
		for _, list := range [][]string{n.Mute, n.Active} {
			for _, name := range list {
				if !has(intervals, name) {
					t.refuseAt(n.At, "a route names the time interval %q, which is not defined%s, so the operator refuses the object", name, routes.Meant(name, intervals))
				}
			}
		}
		for _, child := range n.Routes {
			walk(child)
		}
	}
	walk(r.Top)
}

func (t *tree) refuseAt(at fact.Location, format string, args ...any) {
	if t.wrong == nil {
		t.wrong = &fact.Problem{Location: at, Message: fmt.Sprintf(format, args...)}
	}
}

func has(list []string, name string) bool {
	for _, one := range list {
		if one == name {
			return true
		}
	}
	return false
}

// texts returns a list of texts; a single one counts as a list of one.
func texts(n *decode.Node) (out []string) {
	for _, item := range decode.Items(n) {
		if s := strings.TrimSpace(decode.Text(item)); s != "" {
			out = append(out, s)
		}
	}
	return out
}
