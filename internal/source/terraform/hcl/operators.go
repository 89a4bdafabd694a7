package hcl

import (
	"math/big"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

func (m *module) binary(e *hclsyntax.BinaryOpExpr, s *scope) value {
	at := place(e.SrcRange)
	a := m.eval(e.LHS, s)
	switch e.Op {
	case hclsyntax.OpLogicalAnd, hclsyntax.OpLogicalOr:
		decides := e.Op == hclsyntax.OpLogicalOr // what decides alone
		if t, known := a.Bool(false); known && a.Present() && t == decides {
			return truth(decides, at)
		}
		b := m.eval(e.RHS, s)
		if t, known := b.Bool(false); known && b.Present() && (t == decides || a.Kind == model.Scalar) {
			return truth(t, at)
		}
		return neither(a, b, at)
	}
	b := m.eval(e.RHS, s)
	switch e.Op {
	case hclsyntax.OpEqual, hclsyntax.OpNotEqual:
		if a.Kind == model.Unknown || b.Kind == model.Unknown || !certain(a) || !certain(b) {
			if a.Kind != model.Unknown && b.Kind != model.Unknown && (a.Kind == model.Null || b.Kind == model.Null) {
				return truth(e.Op == hclsyntax.OpNotEqual, at) // a list with unknown items is not null
			}
			return neither(doubt(a), doubt(b), at)
		}
		return madeOf(madeOf(truth(same(a, b) == (e.Op == hclsyntax.OpEqual), at), a.Refs), b.Refs)
	}
	x, y := float(a), float(b)
	if x == nil || y == nil {
		return neither(a, b, at)
	}
	refs := append(a.Refs[:len(a.Refs):len(a.Refs)], b.Refs...)
	switch e.Op {
	case hclsyntax.OpGreaterThan:
		return truth(x.Cmp(y) > 0, at)
	case hclsyntax.OpGreaterThanOrEqual:
		return truth(x.Cmp(y) >= 0, at)
	case hclsyntax.OpLessThan:
		return truth(x.Cmp(y) < 0, at)
	case hclsyntax.OpLessThanOrEqual:
		return truth(x.Cmp(y) <= 0, at)
	}
	z := new(big.Float).SetPrec(512)
	switch e.Op {
	case hclsyntax.OpAdd:
		z.Add(x, y)
	case hclsyntax.OpSubtract:
		z.Sub(x, y)
	case hclsyntax.OpMultiply:
		z.Mul(x, y)
	case hclsyntax.OpDivide, hclsyntax.OpModulo:
		if y.Sign() == 0 {
			return failed(at, "it divides by zero")
		}
		z.Quo(x, y)
		if e.Op == hclsyntax.OpModulo {
			if z.MantExp(nil) > 256 {
				return unknown(at, "its numbers are too large")
			}
			whole, _ := z.Int(nil)
			z.Sub(x, new(big.Float).SetPrec(512).Mul(y, new(big.Float).SetPrec(512).SetInt(whole)))
		}
	default:
		return unknown(at, "it uses an operator that is not known here")
	}
	return madeOf(value{Kind: model.Scalar, Type: model.NumberType, Text: decimal(z), At: at}, refs)
}

func (m *module) unary(e *hclsyntax.UnaryOpExpr, s *scope) value {
	at := place(e.SrcRange)
	v := m.eval(e.Val, s)
	if e.Op == hclsyntax.OpLogicalNot {
		if t, known := v.Bool(false); known && v.Present() {
			return madeOf(truth(!t, at), v.Refs)
		}
		return neither(v, v, at)
	}
	f := float(v)
	if f == nil {
		return neither(v, v, at)
	}
	return madeOf(value{Kind: model.Scalar, Type: model.NumberType, Text: decimal(new(big.Float).SetPrec(512).Neg(f)), At: at}, v.Refs)
}

// neither is the result where one of two values is unknown, or no number.
func neither(a, b value, at fact.Location) value {
	for _, v := range []value{a, b} {
		if v.Kind == model.Unknown {
			out := unknown(at, "%s", v.Why)
			out.Failed = v.Failed
			return madeOf(madeOf(out, a.AllRefs()), b.AllRefs())
		}
	}
	return failed(at, "its parts do not fit together")
}

// float returns a number, also one that is written as text; nil for all else.
func float(v value) *big.Float {
	if v.Kind != model.Scalar || len(v.Text) > 200 {
		return nil
	}
	f, _, err := big.ParseFloat(v.Text, 10, 512, big.ToNearestEven)
	if err != nil || f.IsInf() || f.MantExp(nil) > 4096 || f.MantExp(nil) < -4096 {
		return nil
	}
	return f
}

// decimal writes a number as Terraform does where it becomes text.
func decimal(f *big.Float) string {
	if exp := f.MantExp(nil); f.IsInf() || exp > 4096 || exp < -4096 {
		return f.Text('g', 20)
	}
	if f.IsInt() {
		return f.Text('f', 0)
	}
	return f.Text('f', -1)
}
