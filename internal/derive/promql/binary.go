package promql

import (
	"math"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"
)

// binary works out what an operation on two sides can yield.
func (t *teller) binary(in *parser.BinaryExpr, depth int) values {
	left, right := t.of(in.LHS, depth+1), t.of(in.RHS, depth+1)
	if t.steps > maxSteps {
		return anything()
	}
	vectors := in.LHS.Type() == parser.ValueTypeVector && in.RHS.Type() == parser.ValueTypeVector
	filled := in.VectorMatching != nil && (in.VectorMatching.FillValues.LHS != nil || in.VectorMatching.FillValues.RHS != nil)
	switch in.Op {
	case parser.LOR:
		switch {
		case left.none && right.none:
			return left
		case left.none:
			return right
		case right.none:
			return left
		}
		return values{lo: math.Min(left.lo, right.lo), hi: math.Max(left.hi, right.hi), nan: left.nan || right.nan, some: left.some || right.some}
	case parser.LUNLESS:
		if !left.none && !right.none {
			left.some = false
		}
		return left
	}
	if filled {
		return anything()
	}
	switch {
	case left.none:
		return left
	case right.none:
		return right
	}
	some := left.some && right.some
	if vectors {
		a, b := labelsOf(in.LHS, 0), labelsOf(in.RHS, 0)
		if label, x, y, apart := disjoint(a, b, in.VectorMatching); apart {
			return t.empty(in, "no series on the left of `%s` has a match on the right: the label %s is %s on the left and %s on the right", in.Op, label, said(x), said(y))
		}
		some = some && a.bare() && b.bare()
	}
	if in.Op == parser.LAND {
		left.some = some
		return left
	}
	if in.Op.IsComparisonOperator() {
		return t.compare(in, left, right, some)
	}
	out := arithmetic(in.Op, left, right)
	if in.Op == parser.DIV {
		if r, ok := ratio(in, 0); ok && (r.Within || known(r.Part, r.Whole)) && r.Factor > 0 && !r.Complement {
			out.lo, out.hi = 0, r.Factor
		}
	}
	out.some = some
	return out
}

func said(value string) string {
	if value == "" {
		return "not set"
	}
	return `"` + value + `"`
}

// compare works out what a comparison leaves over.
func (t *teller) compare(in *parser.BinaryExpr, left, right values, some bool) values {
	possible, certain := compared(in.Op, left, right)
	certain = certain && !left.nan && !right.nan
	if in.ReturnBool {
		out := between(0, 1)
		switch {
		case !possible:
			out.hi = 0
		case certain:
			out.lo = 1
		}
		out.some = some
		return out
	}
	if !possible {
		return t.empty(in, "%s", t.impossible(in, left, right))
	}
	out := left
	if in.LHS.Type() == parser.ValueTypeScalar {
		out = right
	} else {
		switch in.Op {
		case parser.GTR, parser.GTE:
			out.lo = math.Max(left.lo, right.lo)
		case parser.LSS, parser.LTE:
			out.hi = math.Min(left.hi, right.hi)
		case parser.EQLC:
			out.lo, out.hi = math.Max(left.lo, right.lo), math.Min(left.hi, right.hi)
		}
		if in.Op != parser.NEQ {
			out.nan = false
		}
	}
	out.some = some && certain
	return out
}

// compared reports whether the comparison can hold, and whether it must.
func compared(op parser.ItemType, a, b values) (possible, certain bool) {
	switch op {
	case parser.GTR:
		return a.hi > b.lo, a.lo > b.hi
	case parser.GTE:
		return a.hi >= b.lo, a.lo >= b.hi
	case parser.LSS:
		return a.lo < b.hi, a.hi < b.lo
	case parser.LTE:
		return a.lo <= b.hi, a.hi <= b.lo
	case parser.EQLC:
		return a.lo <= b.hi && b.lo <= a.hi, a.lo == a.hi && b.lo == b.hi && a.lo == b.lo
	case parser.NEQ:
		same := a.lo == a.hi && b.lo == b.hi && a.lo == b.lo && !a.nan && !b.nan
		return !same, a.hi < b.lo || b.hi < a.lo
	}
	return true, false
}

// impossible says why a comparison never holds.
func (t *teller) impossible(in *parser.BinaryExpr, left, right values) string {
	name, v, limit := t.words(in.LHS), left, right
	if left.lo == left.hi && right.lo != right.hi {
		name, v, limit = t.words(in.RHS), right, left
	}
	what := "lies between " + write(v.lo) + " and " + write(v.hi)
	switch {
	case v.lo == v.hi:
		what = "is always " + write(v.lo)
	case math.IsInf(v.hi, 1):
		what = "is at least " + write(v.lo)
	case math.IsInf(v.lo, -1):
		what = "is at most " + write(v.hi)
	}
	out := "`" + name + "` " + what
	if limit.lo == limit.hi {
		op := in.Op.String()
		if limit == left {
			return out + ", so `" + write(limit.lo) + " " + op + "` it never holds"
		}
		return out + ", so `" + op + " " + write(limit.lo) + "` never holds"
	}
	return out + ", so the comparison never holds"
}

// words returns an expression as it is written, shortened.
func (t *teller) words(e parser.Expr) string {
	at := e.PositionRange()
	if at.Start < 0 || int(at.End) > len(t.text) || at.Start >= at.End {
		return "the expression"
	}
	text := strings.Join(strings.Fields(t.text[at.Start:at.End]), " ")
	if r := []rune(text); len(r) > 80 {
		return string(r[:77]) + "..."
	}
	return text
}

// arithmetic returns the range of an operation on two ranges.
func arithmetic(op parser.ItemType, a, b values) values {
	out := values{lo: math.Inf(-1), hi: math.Inf(1), nan: a.nan || b.nan}
	wide := math.IsInf(a.lo, 0) || math.IsInf(a.hi, 0) || math.IsInf(b.lo, 0) || math.IsInf(b.hi, 0)
	out.nan = out.nan || wide
	switch op {
	case parser.ADD:
		out.lo, out.hi = a.lo+b.lo, a.hi+b.hi
	case parser.SUB:
		out.lo, out.hi = a.lo-b.hi, a.hi-b.lo
	case parser.MUL:
		out.lo, out.hi = hull(a.lo*b.lo, a.lo*b.hi, a.hi*b.lo, a.hi*b.hi)
	case parser.DIV:
		switch {
		case b.lo > 0 || b.hi < 0:
			out.lo, out.hi = hull(a.lo/b.lo, a.lo/b.hi, a.hi/b.lo, a.hi/b.hi)
		case a.lo >= 0 && b.lo >= 0:
			out.lo, out.nan = 0, true
		default:
			out.nan = true
		}
	case parser.MOD:
		out.nan = true
		if b.lo == b.hi && b.lo > 0 {
			out.lo, out.hi = -b.hi, b.hi
			if a.lo >= 0 {
				out.lo = 0
			}
		}
	case parser.POW:
		out.nan = true
		if a.lo >= 0 {
			out.lo = 0
		}
	default:
		out.nan = true
	}
	if math.IsNaN(out.lo) {
		out.lo = math.Inf(-1)
	}
	if math.IsNaN(out.hi) {
		out.hi = math.Inf(1)
	}
	return out
}

// hull returns the smallest and the largest; what is no number (zero times
// infinity) counts as zero.
func hull(list ...float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, f := range list {
		if math.IsNaN(f) {
			f = 0
		}
		lo, hi = math.Min(lo, f), math.Max(hi, f)
	}
	return lo, hi
}

// known reports whether one metric is by its definition a part of another, with
// the same labels: as the node exporter and the kubelet define them (2026-11;
// https://github.com/prometheus/node_exporter, https://kubernetes.io/docs/reference/instrumentation/metrics/).
func known(part, whole parser.Expr) bool {
	p, ok := bare(part).(*parser.VectorSelector)
	w, also := bare(whole).(*parser.VectorSelector)
	if !ok || !also || p.OriginalOffset != w.OriginalOffset || p.OriginalOffsetExpr != nil || w.OriginalOffsetExpr != nil || p.Timestamp != nil || w.Timestamp != nil {
		return false
	}
	for _, pair := range [][2]string{
		{"node_filesystem_avail_bytes", "node_filesystem_size_bytes"}, {"node_filesystem_free_bytes", "node_filesystem_size_bytes"},
		{"node_filesystem_files_free", "node_filesystem_files"}, {"node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes"},
		{"node_memory_MemFree_bytes", "node_memory_MemTotal_bytes"},
		{"kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes"}, {"kubelet_volume_stats_used_bytes", "kubelet_volume_stats_capacity_bytes"},
	} {
		if p.Name == pair[0] && w.Name == pair[1] {
			return true
		}
	}
	return false
}
