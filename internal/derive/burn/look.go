package burn

import (
	"math/big"

	"github.com/prometheus/prometheus/promql/parser"

	"seaworthy.dev/seaworthy/internal/slo"
)

var one = big.NewRat(1, 1)

// look reads a comparison of a share with a number.
func (r *Reader) look(in *parser.BinaryExpr) (out Look, ok bool) {
	above := in.Op == parser.GTR || in.Op == parser.GTE
	below := in.Op == parser.LSS || in.Op == parser.LTE
	if !above && !below {
		return out, false
	}
	v, n := in.LHS, in.RHS
	limit, ok := r.number(n, 0)
	if !ok {
		if limit, ok = r.number(v, 0); !ok {
			return out, false
		}
		v, above = n, !above
	}
	s, ok := r.share(v, 0)
	if !ok || s.scale.Sign() == 0 {
		return out, false
	}
	// The share is what the expression yields, less what was added and divided by
	// what it was multiplied with.
	t := new(big.Rat).Sub(limit.value, s.offset)
	t.Quo(t, s.scale)
	if s.scale.Sign() < 0 {
		above = !above
	}
	if !above { // a share of good events that is too small
		t.Sub(one, t)
	}
	out = Look{Window: s.window, Threshold: t, Factor: limit.factor, Ratio: s.ratio}
	if by := new(big.Rat).Abs(s.scale); out.Factor == nil && by.Cmp(one) > 0 && by.Cmp(big.NewRat(100, 1)) != 0 {
		out.Factor = new(big.Rat).Quo(t, new(big.Rat).Inv(by)) // the recording divides by the budget
	}
	if t.Sign() <= 0 {
		return out, false
	}
	return out, true
}

// tame reports whether a number is one that people write: products of large ones
// would grow without end.
func tame(v *big.Rat) bool { return v.Num().BitLen()+v.Denom().BitLen() < 512 }

// limit is a number, with the factor by which it multiplies the smallest of its
// parts where it is a product.
type limit struct{ value, factor *big.Rat }

// number works out a constant exactly, through recordings of constants.
func (r *Reader) number(e parser.Expr, depth int) (out limit, ok bool) {
	if r.spent(depth) {
		return out, false
	}
	switch in := bare(e).(type) {
	case *parser.NumberLiteral:
		v := slo.FromFloat(in.Val)
		return limit{value: v}, v != nil && tame(v)
	case *parser.UnaryExpr:
		out, ok = r.number(in.Expr, depth+1)
		if ok && in.Op == parser.SUB {
			return limit{value: new(big.Rat).Neg(out.value)}, true
		}
		return out, ok
	case *parser.Call:
		if len(in.Args) == 1 && (in.Func.Name == "vector" || in.Func.Name == "scalar") {
			return r.number(in.Args[0], depth+1)
		}
	case *parser.AggregateExpr:
		if in.Op == parser.MAX || in.Op == parser.MIN || in.Op == parser.AVG {
			return r.number(in.Expr, depth+1)
		}
	case *parser.VectorSelector:
		for i, rec := range r.chosen(in) {
			one, known := r.number(rec.expr, depth+10)
			if !known || i > 0 && one.value.Cmp(out.value) != 0 {
				return limit{}, false
			}
			out, ok = limit{value: one.value}, true
		}
		return out, ok
	case *parser.BinaryExpr:
		a, ok := r.number(in.LHS, depth+1)
		if !ok || !tame(a.value) {
			return out, false
		}
		b, ok := r.number(in.RHS, depth+1)
		if !ok || !tame(b.value) {
			return out, false
		}
		v := new(big.Rat)
		switch in.Op {
		case parser.ADD:
			return limit{value: v.Add(a.value, b.value)}, true
		case parser.SUB: // 1 - 14.4 * 0.001
			return limit{value: v.Sub(a.value, b.value), factor: b.factor}, true
		case parser.DIV:
			if b.value.Sign() != 0 {
				return limit{value: v.Quo(a.value, b.value), factor: a.factor}, true
			}
		case parser.MUL:
			f := a.value
			if a.value.Cmp(b.value) < 0 {
				f = b.value
			}
			if a.factor != nil {
				f = a.factor
			} else if b.factor != nil {
				f = b.factor
			}
			return limit{value: v.Mul(a.value, b.value), factor: f}, true
		}
	}
	return out, false
}
