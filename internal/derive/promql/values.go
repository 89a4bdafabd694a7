package promql

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// maxSteps and maxDepth bound what is worked out of one query.
const (
	maxSteps = 5000
	maxDepth = 200
)

// values is all that an expression can yield: numbers between lo and hi, and
// whether there may be none. It always says at least as much as can happen.
type values struct {
	lo, hi float64
	// nan is true where a value may be no number; a comparison with it fails.
	nan bool
	// some is true where there is always a value, none where there never is.
	some, none bool
	// why and the place say why there never is one.
	why          string
	line, column int
}

// anything is what a series can be.
func anything() values { return values{lo: math.Inf(-1), hi: math.Inf(1), nan: true} }

func between(lo, hi float64) values { return values{lo: lo, hi: hi} }

// always marks values of which there is always one.
func (v values) always() values { v.some = true; return v }

// empty is what never yields a value.
func (t *teller) empty(at parser.Node, format string, args ...any) values {
	v := values{none: true, why: fmt.Sprintf(format, args...)}
	v.line, v.column = Place(t.text, int(at.PositionRange().Start))
	return v
}

// teller works out what expressions of one query can yield.
type teller struct {
	text  string
	steps int
}

func (t *teller) of(e parser.Expr, depth int) values {
	t.steps++
	if t.steps > maxSteps || depth > maxDepth {
		t.steps = maxSteps + 1
		return anything()
	}
	switch in := bare(e).(type) {
	case *parser.NumberLiteral:
		if math.IsNaN(in.Val) {
			return values{nan: true, some: true, lo: math.Inf(-1), hi: math.Inf(1)}
		}
		return between(in.Val, in.Val).always()
	case *parser.UnaryExpr:
		v := t.of(in.Expr, depth+1)
		if in.Op == parser.SUB {
			v.lo, v.hi = -v.hi, -v.lo
		}
		return v
	case *parser.VectorSelector:
		return t.selector(in)
	case *parser.MatrixSelector:
		return t.of(in.VectorSelector, depth+1)
	case *parser.SubqueryExpr:
		v := t.of(in.Expr, depth+1)
		v.some = false
		return v
	case *parser.AggregateExpr:
		return t.aggregate(in, depth)
	case *parser.Call:
		return t.call(in, depth)
	case *parser.BinaryExpr:
		return t.binary(in, depth)
	}
	return anything()
}

// ranges lists metrics whose values are known by what writes them: Prometheus
// itself (https://prometheus.io/docs/concepts/jobs_instances/, alerting rules),
// the blackbox exporter and kube-state-metrics (docs/metrics: "1 or 0"). As of
// 2026-11.
var ranges = map[string][2]float64{
	"up": {0, 1}, "ALERTS": {1, 1}, "probe_success": {0, 1},
	"kube_node_status_condition": {0, 1}, "kube_pod_status_phase": {0, 1}, "kube_pod_status_ready": {0, 1},
	"kube_job_failed": {0, 1}, "kube_job_complete": {0, 1},
}

// selector tells what series can be, and whether its conditions exclude each other.
func (t *teller) selector(v *parser.VectorSelector) values {
	for i, m := range v.LabelMatchers {
		if m.Name == metricName && m.Type == labels.MatchEqual && m.Value == "" {
			return t.empty(v, "it asks for series without a name")
		}
		for j, other := range v.LabelMatchers {
			if i == j || m.Name != other.Name || m.Type != labels.MatchEqual {
				continue
			}
			if !other.Matches(m.Value) {
				return t.empty(v, "no series has both %s and %s", m, other)
			}
		}
	}
	out := anything()
	if r, known := ranges[v.Name]; known {
		out = between(r[0], r[1])
	}
	return out
}

func counter(name string) bool {
	return strings.HasSuffix(name, "_total") || strings.HasSuffix(name, "_count") || strings.HasSuffix(name, "_bucket")
}

func (t *teller) aggregate(in *parser.AggregateExpr, depth int) values {
	v := t.of(in.Expr, depth+1)
	if v.none {
		return v
	}
	out := v
	switch in.Op {
	case parser.SUM:
		if v.lo < 0 {
			out.lo = math.Inf(-1)
		}
		if v.hi > 0 {
			out.hi = math.Inf(1)
		}
	case parser.COUNT, parser.COUNT_VALUES:
		out = between(1, math.Inf(1))
		out.some = v.some
	case parser.GROUP:
		out = between(1, 1)
		out.some = v.some
	case parser.STDDEV, parser.STDVAR:
		out = between(0, math.Inf(1))
		out.nan, out.some = true, v.some
	case parser.AVG, parser.MIN, parser.MAX:
	case parser.TOPK, parser.BOTTOMK:
		out.some = false
	default:
		out = anything()
		out.some = false
	}
	return out
}

// clocks are functions of the evaluation's time.
var clocks = map[string][2]float64{
	"minute": {0, 59}, "hour": {0, 23}, "day_of_week": {0, 6}, "day_of_month": {1, 31}, "day_of_year": {1, 366},
	"days_in_month": {28, 31}, "month": {1, 12}, "year": {1970, math.Inf(1)},
}

func (t *teller) call(in *parser.Call, depth int) values {
	name := in.Func.Name
	if name == "time" {
		return between(0, math.Inf(1)).always()
	}
	if r, ok := clocks[name]; ok && len(in.Args) == 0 {
		return between(r[0], r[1]).always()
	}
	if len(in.Args) == 0 {
		return anything()
	}
	i := 0
	if name == "quantile_over_time" || name == "histogram_quantile" {
		i = 1
	}
	if i >= len(in.Args) {
		return anything()
	}
	arg := t.of(in.Args[i], depth+1)
	switch name {
	case "absent", "absent_over_time":
		switch {
		case arg.none:
			return between(1, 1).always()
		case arg.some:
			return t.empty(in, "%s() looks for the lack of what always has a value", name)
		}
		return between(1, 1)
	case "vector":
		return arg.always()
	case "scalar":
		arg.nan = arg.nan || !arg.some
		return arg.always()
	}
	if arg.none {
		return arg
	}
	out := arg
	switch name {
	case "rate", "increase", "irate":
		out = anything()
		if m, ok := bare(in.Args[0]).(*parser.MatrixSelector); ok {
			if v, ok := m.VectorSelector.(*parser.VectorSelector); ok && counter(v.Name) {
				out.lo = 0
			}
		}
	case "count_over_time":
		out = between(1, math.Inf(1))
	case "present_over_time":
		out = between(1, 1)
	case "changes", "resets", "timestamp":
		out = between(0, math.Inf(1))
	case "stddev_over_time", "stdvar_over_time", "exp", "sqrt":
		out = anything()
		out.lo = 0
	case "min_over_time", "max_over_time", "avg_over_time", "last_over_time", "first_over_time", "quantile_over_time":
		out.some = false
		out.nan = out.nan || name == "quantile_over_time"
		if name == "quantile_over_time" { // of no quantile it is infinite
			out.lo, out.hi = math.Inf(-1), math.Inf(1)
		}
	case "label_replace", "label_join", "sort", "sort_desc", "sort_by_label", "sort_by_label_desc":
	case "abs":
		switch {
		case arg.lo >= 0:
		case arg.hi <= 0:
			out.lo, out.hi = -arg.hi, -arg.lo
		default:
			out.lo, out.hi = 0, math.Max(-arg.lo, arg.hi)
		}
	case "ceil":
		out.lo, out.hi = math.Ceil(arg.lo), math.Ceil(arg.hi)
	case "floor":
		out.lo, out.hi = math.Floor(arg.lo), math.Floor(arg.hi)
	case "clamp_min", "clamp_max":
		limit, ok := float64(0), len(in.Args) == 2
		if ok {
			limit, ok = number(in.Args[1])
		}
		switch {
		case !ok:
			out.lo, out.hi = math.Inf(-1), math.Inf(1)
		case name == "clamp_min":
			out.lo, out.hi = math.Max(arg.lo, limit), math.Max(arg.hi, limit)
		default:
			out.lo, out.hi = math.Min(arg.lo, limit), math.Min(arg.hi, limit)
		}
	default:
		out = anything()
		if r, ok := clocks[name]; ok {
			out = between(r[0], r[1])
			out.nan = true
		}
	}
	return out
}

// write shows a number as a person writes it.
func write(f float64) string { return strconv.FormatFloat(f, 'g', 6, 64) }
