package promql

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// identity are labels that say whose a series is: two amounts of events of which
// one is a part of the other agree in them.
var identity = []string{"job", "namespace", "service", "service_name", "app", "application", "cluster", "deployment", "container", "env", "environment", "destination_service", "destination_workload"}

// Apart says why what one query counts cannot be a part of what another counts;
// empty where it may be one. Only what the series' names and labels show is said.
func Apart(part, whole *Query) string {
	if strings.Join(strings.Fields(part.Text), "") == strings.Join(strings.Fields(whole.Text), "") {
		return "both queries are the same, so the share never changes"
	}
	p, ok := only(part.Expr)
	w, also := only(whole.Expr)
	if !ok || !also {
		return ""
	}
	same := family(p.Name) == family(w.Name) && p.Name != ""
	for _, m := range w.LabelMatchers {
		if m.Name == metricName || m.Name == "le" || m.Name == "quantile" || m.Value == "" && m.Type == labels.MatchNotEqual {
			continue
		}
		if !same && !slices.Contains(identity, m.Name) {
			continue
		}
		i := slices.IndexFunc(p.LabelMatchers, func(o *labels.Matcher) bool { return o.Name == m.Name })
		switch {
		case i < 0 && same:
			return fmt.Sprintf("all events are chosen by %s, the part of them is not, so it counts events that do not belong to the whole", m)
		case i >= 0 && m.Type == labels.MatchEqual && p.LabelMatchers[i].Type == labels.MatchEqual && m.Value != p.LabelMatchers[i].Value && slices.Contains(identity, m.Name):
			return fmt.Sprintf("the part is chosen by %s, the whole by %s", p.LabelMatchers[i], m)
		}
	}
	return ""
}

// family takes the endings off that the series of one histogram have.
func family(name string) string {
	for _, ending := range []string{"_bucket", "_count"} {
		if base, found := strings.CutSuffix(name, ending); found {
			return base
		}
	}
	return name
}

// only returns the one choice of series in an expression; ok is false where there
// are none or several.
func only(e parser.Expr) (v *parser.VectorSelector, ok bool) {
	n := 0
	parser.Inspect(orZero(e), func(node parser.Node, _ []parser.Node) error {
		if s, is := node.(*parser.VectorSelector); is {
			v = s
			n++
		}
		return nil
	})
	return v, n == 1
}

// SeriesBySeries reports whether two queries keep the labels of one counter, so that
// dividing them divides each series of the part by itself.
func SeriesBySeries(part, whole *Query) bool {
	p, ok := count(part.Expr)
	w, also := count(whole.Expr)
	return ok && also && !p.summed && !w.summed && p.metric == w.metric
}

// MeanOfRatios reports whether a query takes the mean of shares, over series or over
// time: then a quiet moment weighs as much as a busy one.
func (q *Query) MeanOfRatios() bool {
	found := false
	parser.Inspect(q.Expr, func(n parser.Node, _ []parser.Node) error {
		switch in := n.(type) {
		case *parser.AggregateExpr:
			found = found || in.Op == parser.AVG && shares(in.Expr)
		case *parser.Call:
			found = found || in.Func.Name == "avg_over_time" && len(in.Args) == 1 && shares(in.Args[0])
		}
		return nil
	})
	return found
}

// shares reports whether an expression yields shares of events: divisions of
// amounts of events, or recordings that are called ratios.
func shares(e parser.Expr) bool {
	found := false
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		switch in := n.(type) {
		case *parser.BinaryExpr:
			if in.Op == parser.DIV {
				part, _ := scaled(in.LHS)
				whole, _ := scaled(in.RHS)
				found = found || (events(part) || summed(part)) && (events(whole) || summed(whole))
			}
		case *parser.VectorSelector:
			found = found || strings.Contains(in.Name, ":") && strings.Contains(in.Name, "ratio")
		}
		return nil
	})
	return found
}

// Apart says why the part of a ratio cannot be a part of its whole; empty where it
// may be one.
func (r Ratio) Apart() string {
	return Apart(&Query{Text: r.Part.String(), Expr: r.Part}, &Query{Text: r.Whole.String(), Expr: r.Whole})
}
