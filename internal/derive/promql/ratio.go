package promql

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// Ratio is a query that divides one amount of events by another.
type Ratio struct {
	// Part is divided by Whole.
	Part, Whole parser.Expr
	// Complement is true where the ratio is taken from one: 1 - part / whole.
	Complement bool
	// Within is true where Part counts some of the events that Whole counts, so
	// that the ratio lies between 0 and 1.
	Within bool
	// Factor by which the ratio is multiplied: 100 for a percentage.
	Factor float64
	// Summed is true where both are sums of rates or increases, which weigh each
	// event alike; a mean of ratios does not.
	Summed bool
}

// Ratio returns the division that the query is, through parentheses, factors
// such as 100 *, a comparison's left side and 1 - ...
func (q *Query) Ratio() (Ratio, bool) { return ratio(q.Expr, 0) }

func ratio(e parser.Expr, depth int) (Ratio, bool) {
	e = bare(e)
	b, ok := e.(*parser.BinaryExpr)
	if !ok || depth > 20 {
		return Ratio{}, false
	}
	switch b.Op {
	case parser.DIV:
		if n, ok := number(b.RHS); ok {
			r, found := ratio(b.LHS, depth+1)
			r.Factor /= n
			return r, found
		}
		if _, ok := number(b.LHS); ok {
			return Ratio{}, false
		}
		part, up := scaled(b.LHS)
		whole, down := scaled(b.RHS)
		return Ratio{Part: part, Whole: whole, Factor: up / down, Within: within(part, whole), Summed: summed(part) && summed(whole)}, true
	case parser.MUL:
		for _, side := range [][2]parser.Expr{{b.LHS, b.RHS}, {b.RHS, b.LHS}} {
			if n, ok := number(side[0]); ok {
				r, found := ratio(side[1], depth+1)
				r.Factor *= n
				return r, found
			}
		}
	case parser.SUB:
		if one, ok := bare(b.LHS).(*parser.NumberLiteral); ok && (one.Val == 1 || one.Val == 100) {
			r, found := ratio(b.RHS, depth+1)
			r.Complement = !r.Complement
			return r, found
		}
	case parser.GTR, parser.LSS, parser.GTE, parser.LTE, parser.EQLC, parser.NEQ:
		return ratio(b.LHS, depth+1)
	}
	return Ratio{}, false
}

// number returns the number that an expression is.
func number(e parser.Expr) (float64, bool) { return numberWithin(e, 20) }

func numberWithin(e parser.Expr, depth int) (float64, bool) {
	if depth == 0 {
		return 0, false
	}
	switch in := bare(e).(type) {
	case *parser.NumberLiteral:
		return in.Val, true
	case *parser.UnaryExpr:
		n, ok := numberWithin(in.Expr, depth-1)
		if in.Op == parser.SUB {
			n = -n
		}
		return n, ok
	case *parser.BinaryExpr:
		b, ok := numberWithin(in.RHS, depth-1)
		if !ok {
			return 0, false
		}
		a, ok := numberWithin(in.LHS, depth-1)
		if !ok {
			return 0, false
		}
		switch in.Op {
		case parser.ADD:
			return a + b, true
		case parser.SUB:
			return a - b, true
		case parser.MUL:
			return a * b, true
		case parser.DIV:
			return a / b, true
		}
	}
	return 0, false
}

// scaled takes factors off an expression: 100 * x, x * 60.
func scaled(e parser.Expr) (parser.Expr, float64) {
	factor := 1.0
	for range 20 {
		b, ok := bare(e).(*parser.BinaryExpr)
		if !ok || b.Op != parser.MUL {
			break
		}
		if n, ok := number(b.LHS); ok {
			e, factor = b.RHS, factor*n
		} else if n, ok := number(b.RHS); ok {
			e, factor = b.LHS, factor*n
		} else {
			break
		}
	}
	return e, factor
}

// summed reports whether an expression adds up rates or increases.
func summed(e parser.Expr) bool {
	e = orZero(e)
	switch in := e.(type) {
	case *parser.AggregateExpr:
		return (in.Op == parser.SUM || in.Op == parser.COUNT) && (in.Op == parser.COUNT || events(in.Expr))
	case *parser.BinaryExpr:
		return (in.Op == parser.ADD || in.Op == parser.SUB) && summed(in.LHS) && summed(in.RHS)
	}
	return false
}

// events reports whether an expression is a rate or increase, a recording of one
// by its name, or a sum of them.
func events(e parser.Expr) bool {
	switch in := orZero(e).(type) {
	case *parser.Call:
		return in.Func.Name == "rate" || in.Func.Name == "increase" || in.Func.Name == "irate" || in.Func.Name == "sum_over_time" || in.Func.Name == "count_over_time" ||
			in.Func.Name == "histogram_count" || in.Func.Name == "histogram_fraction"
	case *parser.AggregateExpr:
		return in.Op == parser.SUM && events(in.Expr)
	case *parser.BinaryExpr:
		return (in.Op == parser.ADD || in.Op == parser.SUB) && events(in.LHS) && events(in.RHS)
	case *parser.VectorSelector: // level:metric:operation, as recording rules are named
		return strings.Contains(in.Name, ":") && (strings.Contains(in.Name, "rate") || strings.Contains(in.Name, "increase"))
	}
	return false
}

// orZero takes off what only fills in for missing series: x or vector(0), and
// x or 0 * y.
func orZero(e parser.Expr) parser.Expr {
	e = bare(e)
	for range 20 {
		b, ok := e.(*parser.BinaryExpr)
		if !ok || b.Op != parser.LOR || !isZero(b.RHS) {
			return e
		}
		e = bare(b.LHS)
	}
	return e
}

func isZero(e parser.Expr) bool {
	switch in := bare(e).(type) {
	case *parser.NumberLiteral:
		return in.Val == 0
	case *parser.Call:
		return in.Func.Name == "vector" && len(in.Args) == 1 && isZero(in.Args[0])
	case *parser.BinaryExpr:
		return in.Op == parser.MUL && (isZero(in.LHS) || isZero(in.RHS))
	}
	return false
}

// counted is an amount of events: what it counts, how, and by which labels.
type counted struct {
	call    string
	span    parser.Expr
	metric  string
	match   []*labels.Matcher
	by      []string
	without bool
	summed  bool
}

// count takes a sum of a rate of a counter apart.
func count(e parser.Expr) (out counted, ok bool) {
	e = orZero(e)
	if sum, isSum := e.(*parser.AggregateExpr); isSum {
		if sum.Op != parser.SUM {
			return out, false
		}
		out.by, out.without, out.summed = sum.Grouping, sum.Without, true
		e = orZero(sum.Expr)
	}
	call, isCall := e.(*parser.Call)
	if !isCall || len(call.Args) != 1 || call.Func.Name != "rate" && call.Func.Name != "increase" && call.Func.Name != "irate" {
		return out, false
	}
	matrix, isMatrix := bare(call.Args[0]).(*parser.MatrixSelector)
	if !isMatrix {
		return out, false
	}
	v, isVector := matrix.VectorSelector.(*parser.VectorSelector)
	if !isVector || v.Name == "" {
		return out, false
	}
	out.call, out.span, out.metric, out.match = call.Func.Name, call.Args[0], v.Name, v.LabelMatchers
	return out, true
}

// within reports whether what part counts is provably among what whole counts:
// the same counter over the same time, chosen by the same conditions and more,
// or the buckets of a histogram among its count.
func within(part, whole parser.Expr) bool {
	p, ok := count(part)
	if !ok {
		return false
	}
	w, ok := count(whole)
	if !ok || p.call != w.call || !sameSpan(p.span, w.span) || p.without || w.without || p.summed != w.summed {
		return false
	}
	for _, label := range w.by { // a coarser part adds more up than the whole does
		if !slices.Contains(p.by, label) {
			return false
		}
	}
	bucket, isBucket := strings.CutSuffix(p.metric, "_bucket")
	if isBucket && bucket+"_count" == w.metric && exactly(p.match, "le") && p.summed {
		return contains(p.match, w.match)
	}
	counter := strings.HasSuffix(p.metric, "_total") || strings.HasSuffix(p.metric, "_count") || isBucket && exactly(p.match, "le") && exactly(w.match, "le")
	return counter && p.metric == w.metric && contains(p.match, w.match)
}

// sameSpan reports whether two ranges look at the same time.
func sameSpan(a, b parser.Expr) bool {
	x, ok := bare(a).(*parser.MatrixSelector)
	y, also := bare(b).(*parser.MatrixSelector)
	if !ok || !also || x.RangeExpr != nil || y.RangeExpr != nil || x.Range != y.Range {
		return false
	}
	v, w := x.VectorSelector.(*parser.VectorSelector), y.VectorSelector.(*parser.VectorSelector)
	return v.OriginalOffset == w.OriginalOffset && v.OriginalOffsetExpr == nil && w.OriginalOffsetExpr == nil &&
		v.Timestamp == nil && w.Timestamp == nil && v.StartOrEnd == 0 && w.StartOrEnd == 0
}

func exactly(list []*labels.Matcher, label string) bool {
	return slices.ContainsFunc(list, func(m *labels.Matcher) bool { return m.Name == label && m.Type == labels.MatchEqual })
}

// contains reports whether every condition of the whole is put to the part too.
func contains(part, whole []*labels.Matcher) bool {
	for _, m := range whole {
		if m.Name == metricName {
			continue
		}
		if !slices.ContainsFunc(part, func(o *labels.Matcher) bool {
			return o.Name == m.Name && (o.Type == m.Type && o.Value == m.Value || o.Type == labels.MatchEqual && m.Matches(o.Value))
		}) {
			return false
		}
	}
	return true
}
