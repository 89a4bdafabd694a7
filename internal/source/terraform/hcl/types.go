package hcl

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// typed turns a value into the type that its variable declares: scalars are
// converted, and attributes that are optional get their defaults.
func typed(v value, e hclsyntax.Expression, m *module) value {
	switch e := e.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return scalarAs(v, traversed(e))
	case *hclsyntax.TemplateExpr: // the old way: type = "string"
		return scalarAs(v, literalText(e))
	case *hclsyntax.FunctionCallExpr:
		if len(e.Args) == 0 {
			return v
		}
		switch e.Name {
		case "object":
			return typedObject(v, e.Args[0], m)
		case "list", "set", "map", "optional":
			if e.Name == "optional" || v.Kind != model.List && v.Kind != model.Object {
				if e.Name == "optional" {
					return typed(v, e.Args[0], m)
				}
				return v
			}
			if len(v.Items) > 0 {
				items := make([]value, len(v.Items))
				for i, item := range v.Items {
					items[i] = typed(item, e.Args[0], m)
				}
				v.Items = items
			}
			if len(v.Fields) > 0 {
				fields := make(map[string]value, len(v.Fields))
				for name, f := range v.Fields {
					fields[name] = typed(f, e.Args[0], m)
				}
				v.Fields = fields
			}
			if e.Name == "set" {
				v = asSet(v)
			}
		}
	}
	return v
}

func typedObject(v value, e hclsyntax.Expression, m *module) value {
	o, ok := e.(*hclsyntax.ObjectConsExpr)
	if !ok || v.Kind != model.Object {
		return v
	}
	fields := make(map[string]value, len(v.Fields))
	for name, f := range v.Fields {
		fields[name] = f
	}
	for _, item := range o.Items {
		name := m.eval(item.KeyExpr, nil).Text
		f, given := fields[name]
		call, isCall := item.ValueExpr.(*hclsyntax.FunctionCallExpr)
		if isCall && call.Name == "optional" && len(call.Args) > 0 && (!given || f.Kind == model.Null) {
			f = value{Kind: model.Null, At: v.At}
			if len(call.Args) > 1 {
				f = m.eval(call.Args[1], nil)
			}
			given = true
		}
		if given {
			fields[name] = typed(f, item.ValueExpr, m)
		}
	}
	v.Fields = fields
	return v
}

// scalarAs converts a scalar; what does not fit stays as it is.
func scalarAs(v value, kind string) value {
	if v.Kind != model.Scalar {
		return v
	}
	switch strings.TrimSpace(kind) {
	case "string":
		v.Type = model.StringType
	case "number":
		if float(v) != nil {
			v.Type = model.NumberType
		}
	case "bool":
		if v.Text == "true" || v.Text == "false" {
			v.Type = model.BoolType
		}
	}
	return v
}
