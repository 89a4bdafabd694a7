package logs

import (
	"seaworthy.dev/seaworthy/internal/fact"
)

// graph is how the parts of a configuration hang together, for those shippers
// whose parts name the next or the former one.
type graph struct {
	nodes map[string]*node
	order []string
}

// node is a source, a step, or an output.
type node struct {
	stream  *fact.LogStream // of a source
	rules   []fact.LogRule  // what it leaves out of what passes
	unknown string
	output  *fact.LogOutput
	next    []string
}

func newGraph() *graph { return &graph{nodes: map[string]*node{}} }

// node returns the part of that name, which it makes where there is none.
func (g *graph) node(name string) *node {
	if g.nodes[name] == nil {
		g.nodes[name] = &node{}
		g.order = append(g.order, name)
	}
	return g.nodes[name]
}

// into adds every way from a source to an output.
func (g *graph) into(s *fact.Shipper) {
	for _, name := range g.order {
		n := g.nodes[name]
		if n.stream == nil {
			continue
		}
		w := walk{g: g, into: s, on: map[string]bool{}}
		w.from(name, *n.stream)
		if w.found == 0 {
			st := *n.stream
			st.Output = fact.LogOutput{Engine: "no output", Fate: fact.Dropped, At: st.At}
			if w.lost != "" {
				st.Output.Fate, st.Output.Why = fact.FateUnknown, w.lost+" is not here"
			}
			add(s, st)
		}
	}
}

type walk struct {
	g     *graph
	into  *fact.Shipper
	on    map[string]bool // the way so far
	steps int
	found int
	lost  string // a part that is named and not there
}

const maxSteps = 10_000

func (w *walk) from(name string, st fact.LogStream) {
	n := w.g.nodes[name]
	if n == nil {
		w.lost = name
		return
	}
	if w.steps++; w.on[name] || w.steps > maxSteps {
		return
	}
	w.on[name] = true
	defer delete(w.on, name)
	st.Rules = append(st.Rules[:len(st.Rules):len(st.Rules)], n.rules...)
	st.Unknown = firstOf(st.Unknown, n.unknown)
	if n.output != nil {
		st.Output = *n.output
		w.found++
		add(w.into, st)
	}
	for _, next := range n.next {
		w.from(next, st)
	}
}
