package hcl

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// elements returns what a collection holds, in order; ok is false where that
// is not known.
func elements(v value) (keys, values []value, ok bool) {
	switch v.Kind {
	case model.List:
		for i, item := range v.Items {
			keys = append(keys, number(i, item.At))
			values = append(values, madeOf(item, v.Refs))
		}
		return keys, values, true
	case model.Object:
		for _, name := range v.Names() {
			keys = append(keys, text(name, v.Fields[name].At))
			values = append(values, madeOf(v.Fields[name], v.Refs))
		}
		return keys, values, true
	}
	return nil, nil, false
}

func (m *module) each(e *hclsyntax.ForExpr, s *scope) value {
	at := place(e.SrcRange)
	over := m.eval(e.CollExpr, s)
	keys, values, ok := elements(over)
	if !ok {
		out := unknown(at, "%s", orElse(over.Why, "what it goes over is no list"))
		out.Failed = over.Failed || over.Kind != model.Unknown
		// One round with an unknown item tells what it is made of.
		inner := s.with(loopNames(e, unknown(at, "%s", out.Why), madeOf(unknown(at, "%s", out.Why), over.AllRefs())))
		return madeOf(madeOf(out, over.AllRefs()), m.eval(e.ValExpr, inner).AllRefs())
	}
	if len(values) > maxItems {
		return unknown(at, "it goes over more than %d items", maxItems)
	}
	out := value{Kind: model.List, At: at}
	if e.KeyExpr != nil {
		out.Kind, out.Fields = model.Object, map[string]value{}
	}
	lose := func(v value) {
		out = madeOf(out, v.AllRefs())
		if out.Kind != model.Unknown {
			out.Kind, out.Why, out.Failed = model.Unknown, orElse(v.Why, "one of its names is not known"), v.Failed
		}
	}
	for i := range values {
		item, _ := m.bounded(values[i])
		inner := s.with(loopNames(e, keys[i], item))
		var maybe *value
		if e.CondExpr != nil {
			cond := m.eval(e.CondExpr, inner)
			truth, known := cond.Bool(false)
			if known && !truth {
				continue
			}
			if !known {
				maybe = &cond
			}
		}
		v := m.eval(e.ValExpr, inner)
		if maybe != nil {
			lose(*maybe)
			out = madeOf(out, v.AllRefs())
			continue
		}
		if e.KeyExpr == nil {
			out.Items = append(out.Items, v)
			continue
		}
		key := m.eval(e.KeyExpr, inner)
		switch {
		case key.Kind != model.Scalar:
			lose(key)
			out = madeOf(out, v.AllRefs())
		case e.Group:
			group := out.Fields[key.Text]
			group.Kind, group.At, group.Items = model.List, v.At, append(group.Items, v)
			out.Fields[key.Text] = group
		default:
			out.Fields[key.Text] = v
		}
	}
	return out
}

func loopNames(e *hclsyntax.ForExpr, key, v value) map[string]value {
	names := map[string]value{e.ValVar: v}
	if e.KeyVar != "" {
		names[e.KeyVar] = key
	}
	return names
}

// splat takes the same of every item: aws_subnet.a[*].id. What is no list counts
// as a list of one, null as an empty one.
func (m *module) splat(e *hclsyntax.SplatExpr, s *scope) value {
	at := place(e.SrcRange)
	over := m.eval(e.Source, s)
	switch over.Kind {
	case model.List:
	case model.Null, model.Absent:
		return value{Kind: model.List, At: at}
	case model.Unknown:
		if over.Fields == nil || over.Why == countWhy {
			v := m.eval(e.Each, &scope{up: s, item: &over})
			out := unknown(at, "%s", orElse(v.Why, over.Why))
			out.Failed = v.Failed
			return madeOf(madeOf(out, v.AllRefs()), over.Refs)
		}
		over = value{Kind: model.List, Items: []value{over}, At: over.At}
	default:
		over = value{Kind: model.List, Items: []value{over}, At: over.At}
	}
	out := value{Kind: model.List, At: at}
	for _, item := range over.Items {
		item = madeOf(item, over.Refs)
		out.Items = append(out.Items, m.eval(e.Each, &scope{up: s, item: &item}))
	}
	return out
}
