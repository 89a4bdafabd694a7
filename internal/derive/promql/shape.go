package promql

import (
	"maps"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// shape is what is known of the labels that an expression's results carry.
type shape struct {
	// fixed labels have that value on every result; an empty value means that it
	// is not set.
	fixed map[string]string
	// closed is true where only those labels can be set that are listed.
	closed bool
	only   []string
}

// bare reports whether results carry no labels at all, so that there is one.
func (s shape) bare() bool { return s.closed && len(s.only) == 0 }

// value returns what the label is on every result.
func (s shape) value(label string) (string, bool) {
	if v, known := s.fixed[label]; known {
		return v, true
	}
	return "", s.closed && !slices.Contains(s.only, label)
}

// keeping lists functions whose results carry the labels of their argument.
var keeping = map[string]bool{
	"rate": true, "increase": true, "irate": true, "delta": true, "idelta": true, "deriv": true, "changes": true, "resets": true, "predict_linear": true,
	"avg_over_time": true, "min_over_time": true, "max_over_time": true, "sum_over_time": true, "count_over_time": true, "last_over_time": true,
	"present_over_time": true, "stddev_over_time": true, "stdvar_over_time": true,
	"abs": true, "ceil": true, "floor": true, "round": true, "clamp": true, "clamp_min": true, "clamp_max": true, "sqrt": true, "ln": true, "log2": true, "log10": true, "exp": true,
	"timestamp": true, "sort": true, "sort_desc": true,
}

// labelsOf works out the labels of an expression's results. What is not known
// is left open.
func labelsOf(e parser.Expr, depth int) shape {
	open := shape{fixed: map[string]string{}}
	if depth > maxDepth {
		return open
	}
	switch in := bare(e).(type) {
	case *parser.VectorSelector:
		for _, m := range in.LabelMatchers {
			if m.Type == labels.MatchEqual && m.Name != metricName {
				open.fixed[m.Name] = m.Value
			}
		}
		return open
	case *parser.MatrixSelector:
		return labelsOf(in.VectorSelector, depth+1)
	case *parser.SubqueryExpr:
		return labelsOf(in.Expr, depth+1)
	case *parser.UnaryExpr:
		return labelsOf(in.Expr, depth+1)
	case *parser.Call:
		switch {
		case in.Func.Name == "vector" || len(in.Args) == 0:
			return shape{fixed: map[string]string{}, closed: true}
		case in.Func.Name == "absent" || in.Func.Name == "absent_over_time":
			return absent(in.Args[0])
		case in.Func.Name == "histogram_quantile":
			inner := labelsOf(in.Args[1], depth+1)
			inner.fixed = maps.Clone(inner.fixed)
			inner.fixed["le"] = ""
			return inner
		case keeping[in.Func.Name]:
			return labelsOf(in.Args[0], depth+1)
		}
	case *parser.AggregateExpr:
		inner := labelsOf(in.Expr, depth+1)
		switch {
		case in.Op == parser.TOPK || in.Op == parser.BOTTOMK:
			return inner
		case in.Op == parser.COUNT_VALUES:
			return open
		case in.Without:
			for _, l := range in.Grouping {
				inner.fixed[l] = ""
			}
			return inner
		}
		return inner.keep(in.Grouping)
	case *parser.BinaryExpr:
		return joined(in, depth)
	}
	return open
}

// keep leaves only some labels.
func (s shape) keep(list []string) shape {
	out := shape{fixed: map[string]string{}, closed: true}
	for _, l := range list {
		if v, known := s.value(l); known {
			out.fixed[l] = v
		}
		if v, known := s.value(l); !known || v != "" {
			out.only = append(out.only, l)
		}
	}
	return out
}

// joined works out the labels of an operation's results.
func joined(in *parser.BinaryExpr, depth int) shape {
	left, right := labelsOf(in.LHS, depth+1), labelsOf(in.RHS, depth+1)
	m := in.VectorMatching
	switch {
	case in.LHS.Type() == parser.ValueTypeScalar:
		return right
	case in.RHS.Type() == parser.ValueTypeScalar || m == nil, in.Op == parser.LAND, in.Op == parser.LUNLESS:
		return left
	case in.Op == parser.LOR:
		out := shape{fixed: map[string]string{}, closed: left.closed && right.closed, only: append(slices.Clone(left.only), right.only...)}
		for l, v := range left.fixed {
			if other, known := right.value(l); known && other == v {
				out.fixed[l] = v
			}
		}
		for l, v := range right.fixed {
			if other, known := left.value(l); known && other == v {
				out.fixed[l] = v
			}
		}
		return out
	case m.Card == parser.CardManyToOne, m.Card == parser.CardOneToMany:
		many := left
		if m.Card == parser.CardOneToMany {
			many = right
		}
		many.fixed = maps.Clone(many.fixed)
		for _, l := range m.Include {
			delete(many.fixed, l)
		}
		many.only = append(slices.Clone(many.only), m.Include...)
		return many
	case m.On:
		return left.keep(m.MatchingLabels)
	}
	out := left
	out.fixed = maps.Clone(left.fixed)
	for _, l := range m.MatchingLabels {
		out.fixed[l] = ""
	}
	return out
}

// disjoint reports whether no result of one side can match one of the other,
// by which label, and what it is on each side.
func disjoint(left, right shape, m *parser.VectorMatching) (label, x, y string, apart bool) {
	if m == nil {
		return "", "", "", false
	}
	var matched []string
	if m.On {
		matched = slices.Clone(m.MatchingLabels)
	} else {
		for _, s := range []shape{left, right} {
			for l := range s.fixed {
				if !slices.Contains(m.MatchingLabels, l) {
					matched = append(matched, l)
				}
			}
		}
	}
	slices.Sort(matched)
	for _, l := range matched {
		a, known := left.value(l)
		b, also := right.value(l)
		if known && also && a != b {
			return l, a, b, true
		}
	}
	return "", "", "", false
}

// Labels is what is known of the labels that a query's results carry.
type Labels struct {
	// Fixed labels have that value on every result; an empty value means that it
	// is not set.
	Fixed map[string]string
	// Closed is true where no labels can be set but those in Fixed and in Open.
	Closed bool
	Open   []string
}

// Labels works out the labels of the query's results.
func (q *Query) Labels() Labels {
	s := labelsOf(q.Expr, 0)
	out := Labels{Fixed: s.fixed, Closed: s.closed}
	for _, l := range s.only {
		if _, known := s.fixed[l]; !known && !slices.Contains(out.Open, l) {
			out.Open = append(out.Open, l)
		}
	}
	slices.Sort(out.Open)
	return out
}
