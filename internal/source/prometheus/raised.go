package prometheus

import (
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	query "seaworthy.dev/seaworthy/internal/derive/promql"
)

// says tells what a test of a query demands of an alert, where the query asks which
// alerts there are: ALERTS itself, or its count by name. One that it lists fires;
// where it asks for all alerts, any other stays silent.
func (c expressionCase) says(alert string) (fires, silent bool) {
	q, err := query.Parse(c.Text)
	if err != nil {
		return false, false
	}
	e := unwrap(q.Expr)
	if a, ok := e.(*parser.AggregateExpr); ok {
		switch a.Op {
		case parser.COUNT, parser.SUM, parser.MAX, parser.MIN, parser.GROUP:
			e = unwrap(a.Expr)
		default:
			return false, false
		}
	}
	v, ok := e.(*parser.VectorSelector)
	if !ok || v.Name != "ALERTS" {
		return false, false
	}
	all := true
	for _, m := range v.LabelMatchers {
		switch {
		case m.Name == metricName:
		case m.Name == "alertstate" && m.Type == labels.MatchEqual && m.Value == "firing":
		case m.Name == "alertname" && m.Matches(alert):
		case m.Name == "alertname":
			return false, false // it asks for others
		default:
			all = false
		}
	}
	for _, sample := range c.Expected {
		l, err := query.Experiments().ParseMetric(sample.Labels)
		if err != nil || l.Get("alertname") == "" {
			return false, false
		}
		if l.Get("alertname") == alert {
			return true, false
		}
	}
	return false, all
}

func unwrap(e parser.Expr) parser.Expr {
	for {
		p, ok := e.(*parser.ParenExpr)
		if !ok {
			return e
		}
		e = p.Expr
	}
}
