// Package burn recognises alert rules that watch how fast an error budget burns:
// shares of bad events over a long and a short window, held against a factor times
// the budget, as The Site Reliability Workbook writes them
// (https://sre.google/workbook/alerting-on-slos/), and as Sloth and Pyrra generate
// them. Shares may be written out or recorded, of bad events or of good ones, as a
// fraction or in percent.
package burn

import (
	"math/big"
	"slices"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"seaworthy.dev/seaworthy/internal/derive/promql"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Look is one comparison: the share of bad events over a window with a threshold.
type Look struct {
	// Window over which; zero where it is not known.
	Window time.Duration
	// Threshold is the share of bad events, Factor how many times the budget that
	// is, as the rule writes it; nil where it writes a single number.
	Threshold, Factor *big.Rat
	// Ratio is what is compared, the same for all windows.
	Ratio Ratio
}

// Budget returns the budget that the rule itself names; nil where it names none.
func (l Look) Budget() *big.Rat {
	if l.Factor == nil || l.Factor.Sign() == 0 {
		return nil
	}
	return new(big.Rat).Quo(l.Threshold, l.Factor)
}

// Ratio is a share of events.
type Ratio struct {
	// Key is the same for ratios that differ in their window only.
	Key string
	// Part and Whole are what is divided; nil where the recording stands elsewhere.
	Part, Whole parser.Expr
	// Records are the names of the recordings through which it is read, Labels what
	// chooses among them.
	Records []string
	Labels  map[string]string
}

// Rule is an alternative of an alert's condition: all of its looks must hold.
type Rule struct {
	Alert *fact.Alert
	Looks []Look
}

// Long and Short return the longest and the shortest window.
func (r Rule) Long() (d time.Duration) {
	for _, l := range r.Looks {
		d = max(d, l.Window)
	}
	return d
}

// Short returns the shortest window.
func (r Rule) Short() time.Duration {
	d := r.Looks[0].Window
	for _, l := range r.Looks {
		d = min(d, l.Window)
	}
	return d
}

// Reader knows the recordings that rules read.
type Reader struct {
	records map[string][]record
	// steps counts what was looked at of one condition: recordings that read each
	// other could keep it busy for ever.
	steps int
}

type record struct {
	labels map[string]string
	expr   parser.Expr
}

// New returns a reader that knows the recordings of sets.
func New(sets []*fact.Set) *Reader {
	r := &Reader{records: map[string][]record{}}
	seen := map[string]bool{}
	for _, s := range sets {
		for _, one := range s.Recordings {
			key := one.Name + "\x00" + one.Expression
			if seen[key] || len(r.records[one.Name]) >= maxAlternatives {
				continue
			}
			seen[key] = true
			if q, err := promql.Parse(one.Expression); err == nil {
				r.records[one.Name] = append(r.records[one.Name], record{one.Labels, q.Expr})
			}
		}
	}
	return r
}

// Bounds on what is worked out of one condition, and how far recordings of
// recordings are followed.
const (
	maxAlternatives = 64
	maxDepth        = 40
	maxSteps        = 20_000
)

// Of returns the alternatives of an alert's condition that watch a budget: those
// that hold one ratio over two windows, or against a product of a factor and a
// budget.
func (r *Reader) Of(a *fact.Alert) (out []Rule) {
	q, err := promql.Parse(a.Expression)
	if err != nil {
		return nil
	}
	r.steps = 0
	for _, looks := range r.alternatives(q.Expr, 0) {
		for _, same := range apart(looks) {
			pairs := len(same) > 1 && same[0].Window != same[1].Window
			product := slices.ContainsFunc(same, func(l Look) bool { return l.Factor != nil })
			if pairs && small(same) || product {
				out = append(out, Rule{a, same})
			}
		}
	}
	return out
}

// small reports whether every threshold can be one of a budget: less than all
// events, and more than none. Shares of disks and processors are held against
// larger ones, over one window.
func small(looks []Look) bool {
	return !slices.ContainsFunc(looks, func(l Look) bool { return l.Threshold.Sign() <= 0 || l.Threshold.Cmp(big.NewRat(1, 1)) >= 0 })
}

// apart sorts looks by what they compare, and leaves one for each window: the
// strictest.
func apart(looks []Look) (out [][]Look) {
	for _, l := range looks {
		i := slices.IndexFunc(out, func(list []Look) bool { return list[0].Ratio.Key == l.Ratio.Key })
		if i < 0 {
			out = append(out, []Look{l})
			continue
		}
		if !slices.ContainsFunc(out[i], func(o Look) bool { return o.Window == l.Window }) {
			out[i] = append(out[i], l)
		}
	}
	for _, list := range out {
		slices.SortStableFunc(list, func(a, b Look) int { return int(min(1, max(-1, b.Window-a.Window))) })
	}
	return out
}

// alternatives returns what must hold together, once for each way in which the
// condition can hold.
func (r *Reader) alternatives(e parser.Expr, depth int) [][]Look {
	if r.spent(depth) {
		return nil
	}
	switch in := bare(e).(type) {
	case *parser.AggregateExpr:
		return r.alternatives(in.Expr, depth+1)
	case *parser.Call:
		if len(in.Args) > 0 && (in.Func.Name == "label_replace" || in.Func.Name == "label_join") {
			return r.alternatives(in.Args[0], depth+1)
		}
	case *parser.BinaryExpr:
		switch {
		case in.Op == parser.LOR:
			both := append(r.alternatives(in.LHS, depth+1), r.alternatives(in.RHS, depth+1)...)
			return both[:min(len(both), maxAlternatives)]
		case in.Op == parser.LAND:
			return crossed(r.alternatives(in.LHS, depth+1), r.alternatives(in.RHS, depth+1))
		case in.Op == parser.LUNLESS:
			return r.alternatives(in.LHS, depth+1)
		case in.Op.IsComparisonOperator():
			if l, ok := r.look(in); ok {
				return [][]Look{{l}}
			}
			return r.alternatives(in.LHS, depth+1) // (share > threshold) > on() ...
		case in.Op == parser.MUL: // joins labels of another series
			if left := r.alternatives(in.LHS, depth+1); len(left) > 0 {
				return left
			}
			return r.alternatives(in.RHS, depth+1)
		}
	}
	return nil
}

// spent counts a step, and reports whether there were enough.
func (r *Reader) spent(depth int) bool {
	r.steps++
	return depth > maxDepth || r.steps > maxSteps
}

// crossed joins each of one side with each of the other; a side that says nothing
// of shares asks for something else besides.
func crossed(a, b [][]Look) (out [][]Look) {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	for _, x := range a {
		for _, y := range b {
			if len(out) < maxAlternatives {
				out = append(out, slices.Concat(x, y))
			}
		}
	}
	return out
}

// bare takes parentheses off.
func bare(e parser.Expr) parser.Expr {
	for {
		switch in := e.(type) {
		case *parser.ParenExpr:
			e = in.Expr
		case *parser.StepInvariantExpr:
			e = in.Expr
		default:
			return e
		}
	}
}
