// Package routes says whom an alert reaches: through which routes of a tree, in
// which order, muted by which interval, inhibited by which rule. It is pure, and
// works with labels of which only a part is known. Alertmanager's own packages say
// when a matcher holds and which times belong to an interval; the walk through the
// tree and inhibition are written anew, for the library's can neither leave a label
// open nor say why. Tests hold both equal, and a running Alertmanager too.
package routes

import (
	"cmp"
	"fmt"
	"slices"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Tree is all that one server routes by.
type Tree struct {
	// Ref is where the tree stands: the server's own configuration, or the only
	// part of it that is known. Title names it for a reader.
	fact.Ref
	Title string
	// Namespace of a part whose server is not known, in which alone it counts;
	// empty elsewhere.
	Namespace string
	// Unseen is true where only a part is known: whoever joins it, and what
	// stands beside it, is not here.
	Unseen bool
	// Missing says what of the tree is not here; empty where nothing is.
	Missing string

	top        *node
	size       int // number of routes
	receivers  map[string]*fact.Receiver
	intervals  map[string]*interval
	inhibition []*rule
}

type node struct {
	*fact.AlertRoute
	matchers []*Matcher
	routes   []*node
	// part prefixes the names of receivers and intervals.
	part string
	// goesOn is true where alerts continue.
	goesOn bool
	// root is true for the top of the whole tree, and for that of a part, which is
	// the top of what one team writes.
	root bool
	// unseen is true for a top that is not here.
	unseen bool
}

type rule struct {
	*fact.Inhibition
	source, target []*Matcher
}

// Receivers lists the receivers that the tree names, in no order.
func (t *Tree) Receivers() map[string]*fact.Receiver { return t.receivers }

// Trees joins what the sets say of routing into the trees that servers run with. A
// part that no server here takes in becomes a tree of its own, confined to its
// namespace as operators do by default.
func Trees(sets ...*fact.Set) []*Tree {
	var out []*Tree
	for _, set := range sets {
		out = append(out, trees(set)...)
	}
	return out
}

func trees(set *fact.Set) (out []*Tree) {
	taken := map[*fact.Routing]bool{}
	for _, server := range set.AlertRouters {
		t, own := base(server, set.Routings)
		if own != nil {
			taken[own] = true
		}
		for _, part := range set.Routings {
			if part == own || !part.Part() || !takes(server, part, set) {
				continue
			}
			taken[part] = true
			t.join(part, confined(server, part), server.Engine == "vm-alertmanager")
		}
		if t.top != nil {
			out = append(out, t)
		}
	}
	for _, r := range set.Routings {
		if taken[r] || r.Top == nil || r.Engine != "alertmanager" && !r.Part() {
			continue
		}
		t := &Tree{Ref: r.Ref, Title: title(r)}
		if r.Part() {
			t.Unseen, t.Namespace, t.Missing = true, r.Namespace, "the Alertmanager that takes it in"
			t.join(r, r.Namespace != "", false)
		} else {
			t.whole(r)
		}
		out = append(out, t)
	}
	return out
}

func title(r *fact.Routing) string {
	if r.Key != "" || r.Part() {
		return r.Ref.Title(r.Name)
	}
	return r.Name
}

// base returns the tree of a server without the parts: that of its secret, or of
// the part that it takes for the whole. It is empty where neither is here.
func base(s *fact.AlertRouter, all []*fact.Routing) (*Tree, *fact.Routing) {
	t := &Tree{Ref: s.Ref, Title: s.Ref.Title(s.Name)}
	for _, r := range all {
		if s.Whole != "" && r.Part() && r.Name == s.Whole && fact.MayMeet(r.Namespace, s.Namespace) ||
			s.Whole == "" && r.Engine == "alertmanager" && r.Key != "" && r.Name == s.Secret && fact.MayMeet(r.Namespace, s.Namespace) {
			t.Ref = r.Ref
			t.whole(r)
			return t, r
		}
	}
	t.Unseen = true
	t.Missing = "its own configuration"
	if s.Secret != "" {
		t.Missing = "its own configuration, the secret " + s.Secret
	}
	return t, nil
}

// takes reports whether a server takes a part in.
func takes(s *fact.AlertRouter, part *fact.Routing, set *fact.Set) bool {
	if (part.Engine == "vm-alertmanager-config") != (s.Engine == "vm-alertmanager") {
		return false
	}
	if s.Selects == nil || !s.Selects.Matches(part.Labels) {
		return false
	}
	if s.Namespaces == nil {
		return fact.MayMeet(s.Namespace, part.Namespace)
	}
	if s.Namespaces.Everything {
		return true
	}
	for _, n := range set.Namespaces {
		if n.Name == part.Namespace {
			return s.Namespaces.Matches(n.Labels)
		}
	}
	// The label that every namespace has says what an object does not.
	return s.Namespaces.Matches(map[string]string{"kubernetes.io/metadata.name": part.Namespace})
}

func confined(s *fact.AlertRouter, part *fact.Routing) bool {
	switch s.Confines {
	case "none":
		return false
	case "elsewhere":
		return part.Namespace != s.Namespace
	}
	return true
}

// whole makes a routing the tree.
func (t *Tree) whole(r *fact.Routing) {
	t.names(r, "")
	t.top = t.node(r.Top, "")
	t.top.root = true
	t.rules(r, nil)
}

// join adds a part as operators do: as a route below the top that lets alerts
// continue, before the tree's own routes or behind them, with names of its own, and
// confined to alerts of its namespace.
func (t *Tree) join(r *fact.Routing, confine, behind bool) {
	prefix := r.Namespace + "/" + r.Name + "/"
	t.names(r, prefix)
	var only *Matcher
	if confine {
		only, _ = Compile(fact.LabelMatcher{Name: "namespace", Op: "=", Value: r.Namespace}) // an equality is always valid
	}
	t.rules(r, only)
	if r.Top == nil {
		return
	}
	n := t.node(r.Top, prefix)
	n.goesOn, n.root = true, true
	if only != nil {
		n.matchers = append(n.matchers, only)
	}
	if t.top == nil {
		t.top = &node{AlertRoute: &fact.AlertRoute{At: t.Location}, unseen: true, root: true}
	}
	if behind {
		t.top.routes = append(t.top.routes, n)
		return
	}
	first := 0
	for first < len(t.top.routes) && t.top.routes[first].part != "" {
		first++
	}
	t.top.routes = slices.Insert(t.top.routes, first, n)
}

func (t *Tree) names(r *fact.Routing, prefix string) {
	if t.receivers == nil {
		t.receivers, t.intervals = map[string]*fact.Receiver{}, map[string]*interval{}
	}
	for _, one := range r.Receivers {
		t.receivers[prefix+one.Name] = one
	}
	for _, one := range r.Intervals {
		t.intervals[prefix+one.Name] = ready(one)
	}
}

func (t *Tree) node(r *fact.AlertRoute, part string) *node {
	t.size++
	n := &node{AlertRoute: r, part: part, goesOn: r.Continue, matchers: compiled(r.Matchers)}
	for _, child := range r.Routes {
		n.routes = append(n.routes, t.node(child, part))
	}
	return n
}

// rules adds a routing's inhibition, confined by a matcher on both sides if there
// is one.
func (t *Tree) rules(r *fact.Routing, only *Matcher) {
	for _, in := range r.Inhibitions {
		one := &rule{Inhibition: in, source: compiled(in.Source), target: compiled(in.Target)}
		if only != nil {
			one.source, one.target = append(one.source, only), append(one.target, only)
		}
		t.inhibition = append(t.inhibition, one)
	}
}

// compiled leaves out matchers that are not valid: the source has refused them.
func compiled(list []fact.LabelMatcher) (out []*Matcher) {
	for _, m := range list {
		if c, err := Compile(m); err == nil {
			out = append(out, c)
		}
	}
	return out
}

// Place returns "file:line" of a place, as paths through a tree show it.
func Place(at fact.Location) string {
	if at.Line == 0 {
		return cmp.Or(at.File, "-")
	}
	return fmt.Sprintf("%s:%d", at.File, at.Line)
}

// Walk visits every route of the tree from its top.
func (t *Tree) Walk(visit func(*fact.AlertRoute)) {
	var walk func(n *node)
	walk = func(n *node) {
		if !n.unseen {
			visit(n.AlertRoute)
		}
		for _, child := range n.routes {
			walk(child)
		}
	}
	if t.top != nil {
		walk(t.top)
	}
}
