package promql

import (
	"fmt"
	"time"

	"github.com/prometheus/prometheus/promql/parser"
)

// Fires is what can be told, without data, of when a rule fires.
type Fires int

// The answers.
const (
	// Depends: on data, as it should.
	Depends Fires = iota
	// Never: no data can make it fire.
	Never
	// Always: it fires whatever the data is, and also without any.
	Always
	// Regardless: it fires as soon as the series exist, whatever their values are.
	Regardless
	// Unconditional: it compares with nothing, so the series' being there is what
	// it fires on. That may be meant.
	Unconditional
)

// Outcome is what can be told of a rule's condition.
type Outcome struct {
	Fires Fires
	// Why is the end of "it never fires: ...".
	Why string
	// Line and Column of what decides, within the query; zero where it is all of it.
	Line, Column int
	// Constant is true where the query reads no series at all: a rule that is
	// meant to fire always, to show that alerts arrive.
	Constant bool
}

// Outcome tells whether a rule on the query can ever fire, or always does, when
// its condition must hold for that long.
func (q *Query) Outcome(hold time.Duration) (out Outcome) {
	t := &teller{text: q.Text}
	v := t.of(q.Expr, 0)
	if t.steps > maxSteps {
		return Outcome{}
	}
	out.Constant = len(q.Selectors()) == 0
	switch {
	case v.none:
		out.Fires, out.Why = Never, v.why
		out.Line, out.Column = v.line, v.column
	case v.some:
		out.Fires, out.Why = Always, "its condition holds whatever the series are"
	default:
		if op, at, yes := kept(q.Expr); yes && v.lo < 1 {
			out.Fires = Regardless
			out.Why = fmt.Sprintf("`%s bool` yields 0 where it does not hold, and a rule fires on 0 as on 1", op)
			out.Line, out.Column = Place(q.Text, int(at.PositionRange().Start))
		} else if !compares(q.Expr) {
			out.Fires, out.Why = Unconditional, "it compares with nothing and fires as long as the series are there"
		}
	}
	if out.Fires == Depends || out.Fires == Always {
		if longest, why, bounded := holds(q.Expr, 0); bounded && hold >= longest {
			return Outcome{Fires: Never, Why: fmt.Sprintf("%s, and `for` asks for %s", why, short(hold)), Constant: out.Constant}
		}
	}
	return out
}

// kept returns the comparison that keeps what it does not hold for, where it is
// the outermost one.
func kept(e parser.Expr) (op string, at parser.Expr, yes bool) {
	for range 50 {
		switch in := bare(e).(type) {
		case *parser.AggregateExpr:
			switch in.Op {
			case parser.SUM, parser.AVG, parser.MIN, parser.MAX:
				e = in.Expr
				continue
			}
			return "", nil, false
		case *parser.BinaryExpr:
			if in.ReturnBool {
				return in.Op.String(), in, true
			}
		}
		return "", nil, false
	}
	return "", nil, false
}

// compares reports whether anything in the query picks by value or by absence.
func compares(e parser.Expr) (yes bool) {
	parser.Inspect(e, func(node parser.Node, _ []parser.Node) error {
		switch in := node.(type) {
		case *parser.BinaryExpr:
			if in.Op.IsComparisonOperator() || in.Op.IsSetOperator() {
				yes = true
			}
		case *parser.Call:
			if in.Func.Name == "absent" || in.Func.Name == "absent_over_time" {
				yes = true
			}
		}
		return nil
	})
	return yes
}

// holds returns how long the condition can hold without a break, and whether
// that has an end.
func holds(e parser.Expr, depth int) (longest time.Duration, why string, bounded bool) {
	b, ok := bare(e).(*parser.BinaryExpr)
	if !ok || depth > 50 {
		return 0, "", false
	}
	switch {
	case b.Op == parser.LAND:
		left, lwhy, lb := holds(b.LHS, depth+1)
		right, rwhy, rb := holds(b.RHS, depth+1)
		if lb && (!rb || left <= right) {
			return left, lwhy, true
		}
		return right, rwhy, rb
	case b.Op == parser.LUNLESS:
		if d, same := earlier(b.LHS, b.RHS); same {
			return d + time.Nanosecond, fmt.Sprintf("after %s it is found %s earlier too and is taken out again", short(d), short(d)), true
		}
		return holds(b.LHS, depth+1)
	case b.Op == parser.EQLC && !b.ReturnBool:
		call, ok := bare(b.LHS).(*parser.Call)
		if !ok || len(call.Args) > 0 {
			return 0, "", false
		}
		if _, constant := number(b.RHS); !constant {
			return 0, "", false
		}
		for name, d := range map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day_of_week": 24 * time.Hour, "day_of_month": 24 * time.Hour, "day_of_year": 24 * time.Hour} {
			if call.Func.Name == name {
				return d, fmt.Sprintf("%s() is the same for %s", name, short(d)), true
			}
		}
	}
	return 0, "", false
}

// earlier reports whether the right side is the left one, that much earlier.
func earlier(left, right parser.Expr) (time.Duration, bool) {
	l, ok := bare(left).(*parser.VectorSelector)
	r, also := bare(right).(*parser.VectorSelector)
	if !ok || !also || l.Timestamp != nil || r.Timestamp != nil || l.StartOrEnd != 0 || r.StartOrEnd != 0 || l.OriginalOffsetExpr != nil || r.OriginalOffsetExpr != nil ||
		r.OriginalOffset <= l.OriginalOffset || l.Name != r.Name || len(l.LabelMatchers) != len(r.LabelMatchers) || !contains(l.LabelMatchers, r.LabelMatchers) {
		return 0, false
	}
	return r.OriginalOffset - l.OriginalOffset, true
}

// short writes a duration as rules do: 5m, 1h30m.
func short(d time.Duration) string {
	d = d.Round(time.Second)
	for _, unit := range []struct {
		d    time.Duration
		name string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}} {
		if d >= unit.d && d%unit.d == 0 {
			return fmt.Sprintf("%d%s", d/unit.d, unit.name)
		}
	}
	if d >= time.Hour {
		return fmt.Sprintf("%dh%s", d/time.Hour, short(d%time.Hour))
	}
	if d >= time.Minute {
		return fmt.Sprintf("%dm%s", d/time.Minute, short(d%time.Minute))
	}
	return fmt.Sprintf("%ds", d/time.Second)
}
