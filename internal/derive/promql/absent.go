package promql

import (
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// absent works out the labels of the one result that says that there is no
// series: Prometheus takes them from the equalities of a plain choice of series,
// and gives none where anything else is asked for.
func absent(e parser.Expr) shape {
	out := shape{fixed: map[string]string{}, closed: true}
	e = bare(e)
	if m, ok := e.(*parser.MatrixSelector); ok {
		e = m.VectorSelector
	}
	v, ok := e.(*parser.VectorSelector)
	if !ok {
		return out
	}
	seen := map[string]bool{}
	for _, m := range v.LabelMatchers {
		switch {
		case m.Name == metricName:
		case m.Type == labels.MatchEqual && !seen[m.Name]:
			out.fixed[m.Name] = m.Value
		default: // asked for twice, or otherwise than by equality
			delete(out.fixed, m.Name)
		}
		seen[m.Name] = true
	}
	for name := range out.fixed {
		out.only = append(out.only, name)
	}
	return out
}
