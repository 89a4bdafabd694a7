package hcl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// function works out a call; its arguments may be unknown in whole or in part.
type function func(c *call) value

// call is a call of a function with its arguments.
type call struct {
	m    *module
	name string
	args []value
	at   fact.Location
}

// arg returns an argument, or an absent value where there are fewer.
func (c *call) arg(i int) value {
	if i < len(c.args) {
		return c.args[i]
	}
	return value{}
}

// open is the result where an argument that matters is unknown.
func (c *call) open(because ...value) value {
	out := failed(c.at, "%s cannot take what it is given", c.name)
	for _, v := range because {
		if d := doubt(v); d.Kind == model.Unknown {
			out.Why, out.Failed = d.Why, d.Failed
			break
		}
	}
	return c.with(out)
}

// with adds the resources that the arguments are made of.
func (c *call) with(v value) value {
	for _, a := range c.args {
		v = madeOf(v, a.AllRefs())
	}
	return v
}

// functions are those that make do with values that are known in part, or that
// keep the places of what they are given. All others are those of the library.
func functions() map[string]function {
	return map[string]function{
		"concat": concatLists, "merge": merge, "lookup": lookup, "element": element, "keys": keysOf, "values": valuesOf,
		"length": length, "toset": toSet, "tolist": toList, "tomap": first, "tostring": convertTo("string"), "tonumber": convertTo("number"), "tobool": convertTo("bool"),
		"flatten": flatten, "coalesce": coalesce, "coalescelist": coalesce, "compact": compact, "distinct": distinct, "contains": contains, "index": index, "one": one,
		"zipmap": zipmap, "reverse": reverse, "slice": slice, "setunion": union, "sensitive": sensitive, "nonsensitive": first, "ephemeralasnull": first,
		"join": joinTexts, "format": format, "jsonencode": encode, "yamlencode": encode, "jsondecode": decodeText, "yamldecode": decodeText,
		"file": file, "templatefile": templateFile, "templatestring": templateString, "fileexists": fileExists, "fileset": laterThan, "filebase64": laterThan, "filemd5": laterThan, "filesha1": laterThan,
		"filesha256": laterThan, "filesha512": laterThan, "filebase64sha256": laterThan, "filebase64sha512": laterThan,
		"alltrue": all, "anytrue": anyOf,
		"timestamp": now, "plantimestamp": now, "uuid": now, "uuidv5": now, "bcrypt": now, "pathexpand": now, "abspath": now,
	}
}

func (m *module) apply(e *hclsyntax.FunctionCallExpr, s *scope) value {
	at := place(e.NameRange)
	switch e.Name {
	case "try", "can":
		return m.try(e, s)
	}
	c := &call{m: m, name: e.Name, at: at}
	for i, a := range e.Args {
		v := m.eval(a, s)
		if e.ExpandFinal && i == len(e.Args)-1 {
			if v.Kind != model.List {
				c.args = append(c.args, madeOf(unknown(at, "%s", orElse(v.Why, "what it is given is not known")), v.AllRefs()))
				continue
			}
			for _, item := range v.Items {
				c.args = append(c.args, madeOf(item, v.Refs))
			}
			continue
		}
		c.args = append(c.args, v)
	}
	for _, a := range c.args {
		if w := weigh(a, maxWeight); w > maxWeight {
			return unknown(at, "what %s is given is too large to follow", e.Name)
		} else {
			m.run.steps -= w / 4
		}
	}
	name := strings.TrimPrefix(e.Name, "core::")
	if f := m.run.r.functions[name]; f != nil {
		return f(c)
	}
	return m.library(name, c)
}

// try returns the first argument that can be worked out; can tells whether its
// argument can.
func (m *module) try(e *hclsyntax.FunctionCallExpr, s *scope) value {
	at := place(e.NameRange)
	var refs []string
	for _, a := range e.Args {
		v := m.eval(a, s)
		if e.Name == "can" {
			if d := doubt(v); d.Kind == model.Unknown && !d.Failed {
				return unknown(at, "%s", v.Why)
			} else {
				return truth(d.Kind != model.Unknown, at)
			}
		}
		if v.Kind == model.Unknown && v.Failed {
			refs = append(refs, v.Refs...)
			continue
		}
		return v
	}
	return madeOf(failed(at, "none of its alternatives can be worked out"), refs)
}

func first(c *call) value { return c.arg(0) }

func now(c *call) value { return c.with(unknown(c.at, "%s is known only where it is run", c.name)) }

func laterThan(c *call) value {
	return c.with(unknown(c.at, "%s is not worked out here", c.name))
}

func sensitive(c *call) value { return hidden(c.arg(0), "it is marked sensitive") }

func joinTexts(c *call) value {
	by := c.arg(0)
	if len(c.args) < 2 || by.Kind != model.Scalar {
		return c.open(c.args...)
	}
	var parts []value
	for _, list := range c.args[1:] {
		if list.Kind != model.List {
			out := c.open(list)
			if len(parts) == 0 {
				return out
			}
			parts = append(parts, by, out)
			break
		}
		for _, item := range list.Items {
			if len(parts) > 0 {
				parts = append(parts, by)
			}
			parts = append(parts, madeOf(item, list.Refs))
		}
	}
	out := concat(parts, c.at)
	return c.with(out)
}

// format keeps of a text that is not known as a whole the pieces that are.
func format(c *call) value {
	spec := c.arg(0)
	if spec.Kind != model.Scalar {
		return c.open(c.args...)
	}
	if sure := !slices.ContainsFunc(c.args, func(v value) bool { return !certain(v) }); sure {
		return c.m.library("format", c)
	}
	out := c.open(c.args[1:]...)
	literal := func(text string) value { return value{Kind: model.Scalar, Text: text, At: c.at} }
	var parts []value
	n, plain := 1, true
	for rest := spec.Text; rest != "" && plain; {
		before, verb, found := strings.Cut(rest, "%")
		parts = append(parts, literal(before))
		if !found || verb == "" {
			break
		}
		if rest = verb[1:]; verb[0] == '%' {
			parts = append(parts, literal("%"))
			continue
		}
		a := c.arg(n)
		n++
		plain = strings.IndexByte("sdv", verb[0]) >= 0 && (a.Kind == model.Scalar || a.Kind == model.Unknown)
		parts = append(parts, a)
	}
	text := concat(parts, c.at)
	if out.Text = text.Text; plain {
		out.Pieces = text.Pieces
	}
	return out
}

func decodeText(c *call) value {
	v := c.arg(0)
	if v.Encoded != nil {
		return *v.Encoded
	}
	if v.Kind != model.Scalar {
		return c.open(v)
	}
	out, err := parsedText(v.Text, v.At)
	if err != "" {
		return c.with(failed(c.at, "%s", err))
	}
	return c.with(out)
}

func encode(c *call) value {
	v := c.arg(0)
	out := value{Kind: model.Scalar, At: v.At, Encoded: &v}
	if out.At.File == "" {
		out.At = c.at
	}
	if d := doubt(v); d.Kind == model.Unknown {
		out.Kind, out.Why, out.Failed = model.Unknown, d.Why, d.Failed
		return c.with(out)
	}
	written, err := encoded(c.name, v)
	if err != nil || len(written) > maxText {
		out.Kind, out.Why = model.Unknown, fmt.Sprintf("%s cannot encode it", c.name)
		return c.with(out)
	}
	out.Text = written
	return c.with(out)
}
