package promql

import (
	"maps"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// Yields is what is known of the labels of a query's result.
type Yields struct {
	// Pinned are labels that every series has, with their values.
	Pinned map[string]string
	// Open lists labels that series may have, with values that are not known.
	// Where Rest is true, so may any other label but those in Never.
	Open  map[string]bool
	Rest  bool
	Never map[string]bool
}

// May reports whether series may have the label.
func (y Yields) May(name string) bool {
	_, pinned := y.Pinned[name]
	return pinned || y.Open[name] || y.Rest && !y.Never[name]
}

// Yields says which labels the series of the query's result have, as far as its
// text tells.
func (q *Query) Yields() Yields { return yields(q.Expr) }

// anything is a result of which nothing is known.
func anything() Yields { return Yields{Rest: true} }

func yields(e parser.Expr) Yields {
	switch e := bare(e).(type) {
	case *parser.VectorSelector:
		return selected(e)
	case *parser.MatrixSelector:
		return yields(e.VectorSelector)
	case *parser.SubqueryExpr:
		return yields(e.Expr)
	case *parser.UnaryExpr:
		return yields(e.Expr)
	case *parser.NumberLiteral, *parser.StringLiteral:
		return Yields{}
	case *parser.AggregateExpr:
		return aggregated(e)
	case *parser.Call:
		return called(e)
	case *parser.BinaryExpr:
		return combined(e)
	}
	return anything()
}

// selected: what equalities say is so, and any other label may be there.
func selected(v *parser.VectorSelector) Yields {
	out := Yields{Rest: true, Pinned: map[string]string{}, Never: map[string]bool{}}
	for _, m := range v.LabelMatchers {
		switch {
		case m.Name == labels.MetricName || m.Type != labels.MatchEqual:
		case m.Value == "":
			out.Never[m.Name] = true
		default:
			out.Pinned[m.Name] = m.Value
		}
	}
	return out
}

// kept leaves only some labels of a result.
func (y Yields) kept(names []string) Yields {
	out := Yields{Pinned: map[string]string{}, Open: map[string]bool{}}
	for _, n := range names {
		if v, pinned := y.Pinned[n]; pinned {
			out.Pinned[n] = v
		} else if y.May(n) {
			out.Open[n] = true
		}
	}
	return out
}

// without leaves some labels out.
func (y Yields) without(names ...string) Yields {
	out := Yields{Pinned: maps.Clone(y.Pinned), Open: maps.Clone(y.Open), Rest: y.Rest, Never: map[string]bool{}}
	maps.Copy(out.Never, y.Never)
	for _, n := range names {
		delete(out.Pinned, n)
		delete(out.Open, n)
		out.Never[n] = true
	}
	return out
}

// opened says that a label may have any value, or be missing.
func (y Yields) opened(names ...string) Yields {
	out := y.without(names...)
	if out.Open == nil {
		out.Open = map[string]bool{}
	}
	for _, n := range names {
		delete(out.Never, n)
		out.Open[n] = true
	}
	return out
}

func aggregated(e *parser.AggregateExpr) Yields {
	in := yields(e.Expr)
	switch e.Op {
	case parser.TOPK, parser.BOTTOMK, parser.LIMITK, parser.LIMIT_RATIO:
		return in // whole series are picked
	}
	out := in.kept(e.Grouping)
	if e.Without {
		out = in.without(e.Grouping...)
	}
	if name, ok := bare(e.Param).(*parser.StringLiteral); ok && e.Op == parser.COUNT_VALUES {
		out = out.opened(name.Val)
	}
	return out
}

func called(e *parser.Call) Yields {
	switch e.Func.Name {
	case "absent", "absent_over_time":
		// One series with what the selector's equalities say.
		if in := yields(e.Args[0]); in.Pinned != nil {
			return Yields{Pinned: in.Pinned}
		}
		return Yields{}
	case "vector", "scalar", "time", "pi":
		return Yields{}
	case "histogram_quantile", "histogram_fraction":
		return yields(e.Args[len(e.Args)-1]).without("le")
	case "label_replace", "label_join":
		if name, ok := bare(e.Args[1]).(*parser.StringLiteral); ok {
			return yields(e.Args[0]).opened(name.Val)
		}
		return anything()
	case "info":
		return anything()
	}
	for _, arg := range e.Args {
		if t := arg.Type(); t == parser.ValueTypeVector || t == parser.ValueTypeMatrix {
			return yields(arg)
		}
	}
	return Yields{} // hour(), month() and so on of now
}

func combined(e *parser.BinaryExpr) Yields {
	left, right := e.LHS.Type() == parser.ValueTypeVector, e.RHS.Type() == parser.ValueTypeVector
	switch {
	case left && !right:
		return yields(e.LHS)
	case right && !left:
		return yields(e.RHS)
	case !left:
		return Yields{}
	}
	a, b := yields(e.LHS), yields(e.RHS)
	match := e.VectorMatching
	switch {
	case e.Op == parser.LAND || e.Op == parser.LUNLESS:
		return a
	case e.Op == parser.LOR:
		return either(a, b)
	case match == nil:
		return anything()
	}
	switch match.Card {
	case parser.CardOneToOne:
		if match.On {
			return a.kept(match.MatchingLabels)
		}
		return a.without(match.MatchingLabels...)
	case parser.CardManyToOne, parser.CardOneToMany:
		many, one := a, b
		if match.Card == parser.CardOneToMany {
			many, one = b, a
		}
		for _, name := range match.Include { // taken from the one side, or dropped with it
			value, pinned := one.Pinned[name]
			switch {
			case pinned:
				many = many.opened(name)
				many.Pinned = merged(many.Pinned, name, value)
				delete(many.Open, name)
			case one.May(name):
				many = many.opened(name)
			default:
				many = many.without(name)
			}
		}
		return many
	}
	return anything()
}

func merged(in map[string]string, name, value string) map[string]string {
	out := maps.Clone(in)
	if out == nil {
		out = map[string]string{}
	}
	out[name] = value
	return out
}

// either is a result whose series come from one side or the other.
func either(a, b Yields) Yields {
	out := Yields{Pinned: map[string]string{}, Open: map[string]bool{}, Rest: a.Rest || b.Rest, Never: map[string]bool{}}
	for _, side := range []Yields{a, b} {
		for _, name := range slices.Sorted(maps.Keys(side.Pinned)) {
			if a.Pinned[name] == b.Pinned[name] {
				out.Pinned[name] = side.Pinned[name]
			} else {
				out.Open[name] = true
			}
		}
		for name := range side.Open {
			out.Open[name] = true
		}
		for name := range side.Never {
			if !a.May(name) && !b.May(name) {
				out.Never[name] = true
			}
		}
	}
	return out
}
