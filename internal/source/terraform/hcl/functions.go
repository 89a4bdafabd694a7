package hcl

import (
	"fmt"
	"slices"
	"sort"
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

func concatLists(c *call) value {
	out := value{Kind: model.List, At: c.at}
	for _, a := range c.args {
		switch a.Kind {
		case model.List:
			for _, item := range a.Items {
				out.Items = append(out.Items, madeOf(item, a.Refs))
			}
		case model.Unknown:
			out.Kind, out.Failed = model.Unknown, out.Failed || a.Failed
			out.Why = orElse(out.Why, a.Why)
			out.Items = append(out.Items, a.Items...)
			out = madeOf(out, a.Refs)
		default:
			return c.open(c.args...)
		}
		if len(out.Items) > maxItems {
			return unknown(c.at, "it has more than %d items", maxItems)
		}
	}
	return out
}

// merge keeps what is known behind an unknown argument: nothing overrides it.
func merge(c *call) value {
	out := value{Kind: model.Object, At: c.at, Fields: map[string]value{}}
	for _, a := range c.args {
		switch a.Kind {
		case model.Object:
			for name, f := range a.Fields {
				out.Fields[name] = madeOf(f, a.Refs)
			}
		case model.Null:
		case model.Unknown:
			clear(out.Fields) // it may override them
			for name, f := range a.Fields {
				out.Fields[name] = f
			}
			out.Kind, out.Why = model.Unknown, orElse(out.Why, a.Why)
			out.Failed = out.Failed || a.Failed
			out = madeOf(out, a.Refs)
		default:
			return c.open(c.args...)
		}
		if len(out.Fields) > maxItems {
			return unknown(c.at, "it has more than %d items", maxItems)
		}
	}
	if at := c.arg(0).At; len(c.args) == 1 && at.File != "" {
		out.At = at
	}
	return out
}

func lookup(c *call) value {
	from, key := c.arg(0), c.arg(1)
	if key.Kind != model.Scalar {
		return c.open(key, from)
	}
	if f, found := from.Fields[key.Text]; found {
		return madeOf(f, from.Refs)
	}
	if from.Kind != model.Object {
		return c.open(from)
	}
	if len(c.args) > 2 {
		return c.arg(2)
	}
	return c.with(failed(c.at, "there is no %q in it", key.Text))
}

func element(c *call) value {
	list := c.arg(0)
	i, ok := c.arg(1).Int(0)
	if list.Kind != model.List || !ok || c.arg(1).Kind != model.Scalar {
		return c.open(list, c.arg(1))
	}
	if len(list.Items) == 0 {
		return c.open()
	}
	i %= len(list.Items)
	if i < 0 {
		i += len(list.Items)
	}
	return madeOf(list.Items[i], list.Refs)
}

func keysOf(c *call) value {
	keys, _, ok := elements(c.arg(0))
	if !ok || c.arg(0).Kind != model.Object {
		return c.open(c.arg(0))
	}
	return madeOf(value{Kind: model.List, Items: keys, At: c.at}, c.arg(0).Refs)
}

func valuesOf(c *call) value {
	_, values, ok := elements(c.arg(0))
	if !ok {
		return c.open(c.arg(0))
	}
	return value{Kind: model.List, Items: values, At: c.at}
}

func length(c *call) value {
	switch v := c.arg(0); v.Kind {
	case model.List:
		return madeOf(number(len(v.Items), c.at), v.Refs)
	case model.Object:
		return madeOf(number(len(v.Fields), c.at), v.Refs)
	case model.Scalar:
		return madeOf(number(len([]rune(v.Text)), c.at), v.Refs)
	default:
		return c.open(v)
	}
}

// asSet leaves each item in once, in order, where all are plain.
func asSet(v value) value {
	if v.Kind != model.List {
		return v
	}
	seen := map[string]bool{}
	var items []value
	for _, item := range v.Items {
		if item.Kind == model.Scalar {
			if seen[item.Text] {
				continue
			}
			seen[item.Text] = true
		}
		items = append(items, item)
	}
	sort.SliceStable(items, func(i, j int) bool { return items[i].Text < items[j].Text })
	v.Items = items
	return v
}

func toSet(c *call) value { return asSet(toList(c)) }

func toList(c *call) value {
	switch v := c.arg(0); v.Kind {
	case model.List, model.Null:
		return v
	default:
		return c.open(v)
	}
}

func convertTo(kind string) function {
	return func(c *call) value {
		v := scalarAs(c.arg(0), kind)
		if v.Kind == model.Scalar && (kind == "number" && v.Type != model.NumberType || kind == "bool" && v.Type != model.BoolType) {
			return c.open()
		}
		return v
	}
}

func flatten(c *call) value {
	out := value{Kind: model.List, At: c.at}
	var take func(v value, depth int) bool
	take = func(v value, depth int) bool {
		if depth > 50 || len(out.Items) > maxItems {
			return false
		}
		for _, item := range v.Items {
			switch item.Kind {
			case model.List:
				if !take(madeOf(item, v.Refs), depth+1) {
					return false
				}
			case model.Unknown:
				// It may be a list or a single item.
				if item.Fields == nil {
					out.Kind, out.Why = model.Unknown, orElse(out.Why, item.Why)
					out = madeOf(out, item.AllRefs())
				}
				out.Items = append(out.Items, item)
			default:
				out.Items = append(out.Items, madeOf(item, v.Refs))
			}
		}
		return true
	}
	if c.arg(0).Kind != model.List {
		return c.open(c.arg(0))
	}
	if !take(c.arg(0), 0) {
		return unknown(c.at, "it has more than %d items", maxItems)
	}
	if out.Kind == model.Unknown {
		out.Items = slices.DeleteFunc(out.Items, func(v value) bool { return v.Kind == model.Unknown && v.Fields == nil })
	}
	return out
}

func coalesce(c *call) value {
	for i, a := range c.args {
		switch {
		case a.Kind == model.Unknown:
			out := c.open(c.args[i:]...)
			out.Failed = a.Failed
			return out
		case a.Kind == model.Null, a.Kind == model.Absent, a.Kind == model.Scalar && a.Type == model.StringType && a.Text == "", a.Kind == model.List && len(a.Items) == 0 && c.name == "coalescelist":
			continue
		}
		return a
	}
	return c.open()
}

func compact(c *call) value {
	v := c.arg(0)
	if v.Kind != model.List {
		return c.open(v)
	}
	out := value{Kind: model.List, At: v.At, Refs: v.Refs}
	for _, item := range v.Items {
		if item.Kind == model.Null || item.Kind == model.Scalar && item.Text == "" {
			continue
		}
		if item.Kind == model.Unknown && len(item.Refs) == 0 { // it may be empty
			out.Kind, out.Why = model.Unknown, orElse(out.Why, item.Why)
			continue
		}
		out.Items = append(out.Items, item)
	}
	return out
}

func distinct(c *call) value {
	v := c.arg(0)
	if v.Kind != model.List || len(v.Items) > 2000 {
		return c.open(v)
	}
	out := value{Kind: model.List, At: v.At, Refs: v.Refs}
	for _, item := range v.Items {
		if !slices.ContainsFunc(out.Items, func(o value) bool { return certain(o) && certain(item) && same(o, item) }) {
			out.Items = append(out.Items, item)
		}
	}
	return out
}

func contains(c *call) value {
	list, item := c.arg(0), c.arg(1)
	if !certain(item) {
		return c.open(item)
	}
	if slices.ContainsFunc(list.Items, func(v value) bool {
		return same(v, item) || v.Kind == model.Scalar && item.Kind == model.Scalar && v.Text == item.Text
	}) {
		return truth(true, c.at)
	}
	if list.Kind != model.List || !certain(list) {
		return c.open(list)
	}
	return truth(false, c.at)
}

func index(c *call) value {
	list, item := c.arg(0), c.arg(1)
	if list.Kind != model.List || !certain(item) {
		return c.open(list, item)
	}
	for i, v := range list.Items {
		if !certain(v) {
			return c.open(v)
		}
		if same(v, item) {
			return number(i, c.at)
		}
	}
	return c.open()
}

func one(c *call) value {
	v := c.arg(0)
	switch {
	case v.Kind != model.List:
		return c.open(v)
	case len(v.Items) == 0:
		return value{Kind: model.Null, At: c.at}
	case len(v.Items) == 1:
		return madeOf(v.Items[0], v.Refs)
	}
	return c.open()
}

func zipmap(c *call) value {
	keys, values := c.arg(0), c.arg(1)
	if keys.Kind != model.List || values.Kind != model.List || len(keys.Items) != len(values.Items) {
		return c.open(keys, values)
	}
	out := value{Kind: model.Object, At: c.at, Fields: map[string]value{}}
	for i, k := range keys.Items {
		if k.Kind != model.Scalar {
			return c.open(k)
		}
		out.Fields[k.Text] = values.Items[i]
	}
	return out
}

func reverse(c *call) value {
	v := c.arg(0)
	if v.Kind != model.List {
		return c.open(v)
	}
	v.Items = slices.Clone(v.Items)
	slices.Reverse(v.Items)
	return v
}

func slice(c *call) value {
	v := c.arg(0)
	from, a := c.arg(1).Int(0)
	to, b := c.arg(2).Int(0)
	if v.Kind != model.List || !a || !b {
		return c.open(c.args...)
	}
	if from < 0 || to > len(v.Items) || from > to {
		return c.open()
	}
	v.Items = v.Items[from:to]
	return v
}

func union(c *call) value { return asSet(concatLists(c)) }

func all(c *call) value { return quantify(c, false) }

func anyOf(c *call) value { return quantify(c, true) }

func quantify(c *call, decides bool) value {
	v := c.arg(0)
	sure := v.Kind == model.List
	for _, item := range v.Items {
		t, known := item.Bool(false)
		if known && t == decides {
			return truth(decides, c.at)
		}
		sure = sure && known
	}
	if !sure {
		return c.open(v)
	}
	return truth(!decides, c.at)
}

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
