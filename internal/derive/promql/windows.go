package promql

import (
	"time"

	"github.com/prometheus/prometheus/promql/parser"
)

// Windows returns over how many lengths of time the query takes shares of events:
// two for a condition such as "above 14.4 times the budget over an hour and over
// five minutes".
func (q *Query) Windows() int {
	seen := map[time.Duration]bool{}
	parser.Inspect(q.Expr, func(n parser.Node, _ []parser.Node) error {
		b, ok := n.(*parser.BinaryExpr)
		if !ok || b.Op != parser.DIV {
			return nil
		}
		if r, is := ratio(b, 0); is && (r.Within || r.Summed) {
			if d, found := window(r.Part); found {
				seen[d] = true
			}
		}
		return nil
	})
	return len(seen)
}

// window returns the length of the first range in an expression.
func window(e parser.Expr) (d time.Duration, found bool) {
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if m, ok := n.(*parser.MatrixSelector); ok && !found {
			d, found = m.Range, true
		}
		return nil
	})
	return d, found
}
