package hcl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

type value = model.Value

// Bounds on evaluation.
const (
	maxDepth = 400     // expressions within expressions, references followed
	maxText  = 1 << 20 // bytes of a string
	maxItems = 20_000  // items of a list
)

// scope holds the names that an expression sees besides those of its module:
// each, count, self, and the variables of for expressions and dynamic blocks.
type scope struct {
	names map[string]value
	up    *scope
	// only is true in a template file, which sees nothing but its variables.
	only bool
	// item is what a splat stands at.
	item *value
}

func (s *scope) with(names map[string]value) *scope { return &scope{names: names, up: s} }

// maxWeight bounds what stands under one name: values share their parts, so one
// that is small to write may be endless to walk.
const maxWeight = 100_000

// weigh returns about how much a walk over a value takes; at most a bit more
// than the limit.
func weigh(v value, limit int) int {
	n := 1 + len(v.Text)/64
	for i := range v.Items {
		if n > limit {
			return n
		}
		n += weigh(v.Items[i], limit-n)
	}
	for _, f := range v.Fields {
		if n > limit {
			return n
		}
		n += weigh(f, limit-n)
	}
	if v.Encoded != nil && n <= limit {
		n += weigh(*v.Encoded, limit-n)
	}
	return n
}

// bounded takes what a value weighs off the steps that are left, and returns
// one that is not too heavy.
func (m *module) bounded(v value) (value, int) {
	w := weigh(v, maxWeight)
	m.run.steps -= w / 4
	if w > maxWeight {
		return unknown(v.At, "it is too large to follow"), 1
	}
	return v, w
}

func (s *scope) find(name string) (v value, found, closed bool) {
	for ; s != nil; s = s.up {
		if v, found := s.names[name]; found {
			return v, true, false
		}
		if s.only {
			return v, false, true
		}
	}
	return v, false, false
}

func unknown(at fact.Location, format string, args ...any) value {
	return value{Kind: model.Unknown, Why: fmt.Sprintf(format, args...), At: at}
}

// failed is what Terraform would refuse to work out, too.
func failed(at fact.Location, format string, args ...any) value {
	v := unknown(at, format, args...)
	v.Failed = true
	return v
}

func text(s string, at fact.Location) value {
	return value{Kind: model.Scalar, Text: s, At: at}
}

// madeOf returns v with further resources that it is made of.
func madeOf(v value, refs []string) value {
	for _, r := range refs {
		if !slices.Contains(v.Refs, r) {
			v.Refs = append(v.Refs[:len(v.Refs):len(v.Refs)], r)
		}
	}
	return v
}

// eval returns what is known of an expression.
func (m *module) eval(e hclsyntax.Expression, s *scope) value {
	if e == nil {
		return value{}
	}
	if m.run.depth >= maxDepth {
		return unknown(place(e.Range()), "it is nested too deep to follow")
	}
	if m.run.steps--; m.run.steps < 0 {
		m.run.exhausted = true
		return unknown(place(e.Range()), "working everything out takes too long")
	}
	m.run.depth++
	v := m.expr(e, s)
	m.run.depth--
	return v
}

func (m *module) expr(e hclsyntax.Expression, s *scope) value {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		return scalarOf(e.Val, place(e.SrcRange))
	case *hclsyntax.TemplateExpr:
		return m.template(e.Parts, s, place(e.SrcRange))
	case *hclsyntax.TemplateWrapExpr:
		return m.eval(e.Wrapped, s)
	case *hclsyntax.ParenthesesExpr:
		return m.eval(e.Expression, s)
	case *hclsyntax.ScopeTraversalExpr:
		v, rest := m.root(e.Traversal, s)
		v = m.walk(v, rest)
		if v.At.File == "" {
			v.At = place(e.SrcRange)
		}
		return v
	case *hclsyntax.RelativeTraversalExpr:
		return m.walk(m.eval(e.Source, s), e.Traversal)
	case *hclsyntax.IndexExpr:
		return step(m.eval(e.Collection, s), m.eval(e.Key, s), place(e.SrcRange))
	case *hclsyntax.FunctionCallExpr:
		return m.apply(e, s)
	case *hclsyntax.ConditionalExpr:
		return m.conditional(e, s)
	case *hclsyntax.BinaryOpExpr:
		return m.binary(e, s)
	case *hclsyntax.UnaryOpExpr:
		return m.unary(e, s)
	case *hclsyntax.TupleConsExpr:
		out := value{Kind: model.List, At: place(e.SrcRange)}
		for _, item := range e.Exprs {
			out.Items = append(out.Items, m.eval(item, s))
		}
		return out
	case *hclsyntax.ObjectConsExpr:
		return m.object(e, s)
	case *hclsyntax.ObjectConsKeyExpr:
		if name := hcl.ExprAsKeyword(e.Wrapped); name != "" && !e.ForceNonLiteral {
			return text(name, place(e.Range()))
		}
		return m.eval(e.Wrapped, s)
	case *hclsyntax.ForExpr:
		return m.each(e, s)
	case *hclsyntax.SplatExpr:
		return m.splat(e, s)
	case *hclsyntax.AnonSymbolExpr:
		for up := s; up != nil; up = up.up {
			if up.item != nil {
				return *up.item
			}
		}
		return unknown(place(e.SrcRange), "it stands for nothing")
	case *hclsyntax.TemplateJoinExpr:
		v := joined(m.eval(e.Tuple, s))
		m.run.steps -= len(v.Text) / 16
		return v
	}
	return unknown(place(e.Range()), "it cannot be parsed")
}

// template puts a string together. Of an unknown one the beginning is kept.
func (m *module) template(parts []hclsyntax.Expression, s *scope, at fact.Location) value {
	if len(parts) == 1 {
		if l, ok := parts[0].(*hclsyntax.LiteralValueExpr); ok {
			return withJSON(scalarOf(l.Val, at), nil)
		}
	}
	values := make([]value, len(parts))
	for i, p := range parts {
		values[i] = m.eval(p, s)
	}
	v := withJSON(concat(values, at), values)
	m.run.steps -= len(v.Text) / 16
	return v
}

// concat puts texts together.
func concat(parts []value, at fact.Location) value {
	out := value{Kind: model.Scalar, At: at}
	var b strings.Builder
	size := 0
	for _, p := range parts {
		out = madeOf(out, p.Refs)
		known := p.Kind == model.Scalar
		if out.Kind == model.Scalar {
			if known {
				if size += len(p.Text); size > maxText {
					out.Kind, out.Why = model.Unknown, "it is longer than 1 MB"
					continue
				}
				b.WriteString(p.Text)
				continue
			}
			out.Kind, out.Why, out.Failed = model.Unknown, p.Why, p.Failed
			switch p.Kind {
			case model.Unknown:
				if len(b.String())+len(p.Text) <= maxText {
					b.WriteString(p.Text)
				}
			default:
				out.Failed, out.Why = true, "something in it is no text"
			}
		}
	}
	out.Text = b.String()
	if out.Kind == model.Unknown {
		out.Pieces = pieces(parts)
	}
	return out
}

// maxPieces bounds the pieces of one text that are kept.
const maxPieces = 64

// pieces returns what an unknown text is put together from; nothing where that
// is too much to keep.
func pieces(parts []value) []value {
	var out []value
	for _, p := range parts {
		switch {
		case len(p.Pieces) > 0:
			out = append(out, p.Pieces...)
		case p.Kind == model.Scalar:
			out = append(out, value{Kind: model.Scalar, Text: p.Text, At: p.At})
		default:
			out = append(out, value{Kind: model.Unknown, Refs: p.Refs, Why: p.Why, At: p.At})
		}
		if len(out) > maxPieces {
			return nil
		}
	}
	return out
}

func joined(tuple value) value {
	if tuple.Kind != model.List {
		return tuple
	}
	return concat(tuple.Items, tuple.At)
}

func (m *module) object(e *hclsyntax.ObjectConsExpr, s *scope) value {
	out := value{Kind: model.Object, At: place(e.SrcRange), Fields: make(map[string]value, len(e.Items))}
	for _, item := range e.Items {
		key := m.eval(item.KeyExpr, s)
		v := m.eval(item.ValueExpr, s)
		switch key.Kind {
		case model.Scalar:
			out.Fields[key.Text] = v
		default: // the rest is known all the same
			if out.Kind == model.Object {
				out.Kind, out.Why = model.Unknown, orElse(key.Why, "one of its names is not known")
			}
			out = madeOf(out, append(key.Refs, v.AllRefs()...))
		}
	}
	return out
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func (m *module) conditional(e *hclsyntax.ConditionalExpr, s *scope) value {
	cond := m.eval(e.Condition, s)
	if truth, known := cond.Bool(false); known && cond.Present() {
		if truth {
			return m.eval(e.TrueResult, s)
		}
		return m.eval(e.FalseResult, s)
	}
	yes, no := m.eval(e.TrueResult, s), m.eval(e.FalseResult, s)
	if yes.Known() && same(yes, no) {
		return yes
	}
	out := unknown(place(e.SrcRange), "%s", orElse(cond.Why, "the condition is not known"))
	out.Failed = cond.Failed
	if yes.Kind == model.Object && no.Kind == model.Object {
		for name, f := range yes.Fields { // what both agree on is known
			if other, found := no.Fields[name]; found && same(f, other) {
				if out.Fields == nil {
					out.Fields = map[string]value{}
				}
				out.Fields[name] = f
			}
		}
	}
	return madeOf(madeOf(out, yes.AllRefs()), no.AllRefs())
}

// walk follows a traversal's steps.
func (m *module) walk(v value, steps hcl.Traversal) value {
	for _, st := range steps {
		switch st := st.(type) {
		case hcl.TraverseAttr:
			v = step(v, text(st.Name, place(st.SrcRange)), place(st.SrcRange))
		case hcl.TraverseIndex:
			v = step(v, scalarOf(st.Key, place(st.SrcRange)), place(st.SrcRange))
		default:
			return unknown(v.At, "it is written in a way that is not followed")
		}
	}
	return v
}

// step returns what stands below a value by a name or an index.
func step(v, key value, at fact.Location) value {
	var out value
	switch {
	case v.Kind == model.Unknown:
		if f, found := v.Fields[key.Text]; found && key.Kind == model.Scalar {
			out = f
			break
		}
		out = value{Kind: model.Unknown, Why: v.Why, Failed: v.Failed, At: at}
	case key.Kind != model.Scalar:
		out = unknown(at, "%s", orElse(key.Why, "its index is not known"))
		out.Failed = key.Failed
		out = madeOf(out, v.AllRefs()) // it may be any of them
	case v.Kind == model.Object:
		f, found := v.Fields[key.Text]
		if !found {
			out = failed(at, "there is no %q in it", key.Text)
			break
		}
		out = f
	case v.Kind == model.List:
		i, whole := key.Int(0)
		if !whole || key.Type != model.NumberType && key.Text == "" {
			out = failed(at, "a list has no %q", key.Text)
			break
		}
		if i < 0 || i >= len(v.Items) {
			out = failed(at, "the list has %d items and no number %d", len(v.Items), i)
			break
		}
		out = v.Items[i]
	case v.Kind == model.Null:
		out = failed(at, "it is null")
	default:
		out = failed(at, "it has no parts")
	}
	return madeOf(out, v.Refs)
}

// scalarOf returns a literal.
func scalarOf(v cty.Value, at fact.Location) value {
	switch {
	case v == cty.NilVal || v.IsNull():
		return value{Kind: model.Null, At: at}
	case !v.IsKnown():
		return unknown(at, "it is not known")
	case v.Type() == cty.String:
		return text(v.AsString(), at)
	case v.Type() == cty.Number:
		return value{Kind: model.Scalar, Type: model.NumberType, Text: decimal(v.AsBigFloat()), At: at}
	case v.Type() == cty.Bool:
		if v.True() {
			return truth(true, at)
		}
		return truth(false, at)
	}
	return unknown(at, "it is no plain value")
}

func truth(b bool, at fact.Location) value {
	return value{Kind: model.Scalar, Type: model.BoolType, Text: fmt.Sprint(b), At: at}
}

func number(i int, at fact.Location) value {
	return value{Kind: model.Scalar, Type: model.NumberType, Text: fmt.Sprint(i), At: at}
}

// same reports whether two known values are equal. Types count: "1" is not 1.
func same(a, b value) bool {
	if a.Kind != b.Kind {
		empty := func(v value) bool { return v.Kind == model.Absent || v.Kind == model.Null }
		return empty(a) && empty(b)
	}
	switch a.Kind {
	case model.Scalar:
		return a.Type == b.Type && a.Text == b.Text
	case model.List:
		return slices.EqualFunc(a.Items, b.Items, same)
	case model.Object:
		if len(a.Fields) != len(b.Fields) {
			return false
		}
		for name, f := range a.Fields {
			if other, found := b.Fields[name]; !found || !same(f, other) {
				return false
			}
		}
		return true
	}
	return a.Kind == model.Null || a.Kind == model.Absent
}

// certain reports whether a value is known with everything in it.
func certain(v value) bool {
	switch v.Kind {
	case model.Unknown:
		return false
	case model.List:
		return !slices.ContainsFunc(v.Items, func(i value) bool { return !certain(i) })
	case model.Object:
		for _, f := range v.Fields {
			if !certain(f) {
				return false
			}
		}
	}
	return true
}

// doubt returns the first unknown part of a value.
func doubt(v value) value {
	switch v.Kind {
	case model.Unknown:
		return v
	case model.List:
		for _, i := range v.Items {
			if d := doubt(i); d.Kind == model.Unknown {
				return d
			}
		}
	case model.Object:
		for _, name := range v.Names() {
			if d := doubt(v.Fields[name]); d.Kind == model.Unknown {
				return d
			}
		}
	}
	return value{}
}
