package hcl

import (
	"slices"
	"sort"

	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

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
