package hcl

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// Bounds on what is made of a tree.
const (
	maxInstances = 100 // of one block
	maxModules   = 1000
	maxResources = 20_000
	maxCalls     = 20 // modules within modules
)

// expand works count and for_each out.
func (m *module) expand(body *hclsyntax.Body, s *scope) (list []*instance, shape model.Kind, why value) {
	if a := body.Attributes["count"]; a != nil {
		n := m.eval(a.Expr, s)
		i, whole := n.Int(1)
		if n.Kind != model.Scalar || !whole {
			at := place(a.SrcRange)
			n = madeOf(unknown(at, "%s", orElse(n.Why, "count is no number")), n.AllRefs())
			inner := s.with(map[string]value{"count": object(at, "index", unknown(at, countWhy))})
			return []*instance{{scope: inner, count: n}}, model.Unknown, n
		}
		for k := range min(i, maxInstances) {
			inner := s.with(map[string]value{"count": object(n.At, "index", number(k, n.At))})
			list = append(list, &instance{suffix: fmt.Sprintf("[%d]", k), scope: inner, count: n})
		}
		return list, model.List, value{}
	}
	a := body.Attributes["for_each"]
	if a == nil {
		return []*instance{{scope: s}}, model.Scalar, value{}
	}
	at := place(a.SrcRange)
	over := m.eval(a.Expr, s)
	keys, values, ok := elements(over)
	for i := range keys { // of a set, the items are the keys
		if over.Kind == model.List {
			keys[i] = values[i]
		}
		ok = ok && keys[i].Kind == model.Scalar
	}
	if !ok {
		n := madeOf(unknown(at, "%s", orElse(doubt(over).Why, countWhy)), over.AllRefs())
		v := madeOf(unknown(at, "%s", n.Why), n.Refs)
		inner := s.with(map[string]value{"each": object(at, "key", v, "value", v)})
		return []*instance{{scope: inner, count: n}}, model.Unknown, n
	}
	for i := range keys {
		if len(list) == maxInstances {
			break
		}
		inner := s.with(map[string]value{"each": object(at, "key", keys[i], "value", values[i])})
		list = append(list, &instance{suffix: "[" + strconv.Quote(keys[i].Text) + "]", scope: inner, count: number(len(keys), at)})
	}
	return list, model.Object, value{}
}

func object(at fact.Location, pairs ...any) value {
	out := value{Kind: model.Object, At: at, Fields: map[string]value{}}
	for i := 0; i < len(pairs); i += 2 {
		out.Fields[pairs[i].(string)] = pairs[i+1].(value)
	}
	return out
}

func (m *module) instances(key string, b *hclsyntax.Block) []*instance {
	if list, done := m.expanded[key]; done {
		return list
	}
	if m.busy["#"+key] {
		m.run.problem(place(b.TypeRange), "the number of %s%s depends on itself; break the circle", m.base, key)
		return []*instance{{count: failed(place(b.TypeRange), "the number of %s depends on itself", key)}}
	}
	m.busy["#"+key] = true
	list, _, _ := m.expand(b.Body, nil)
	delete(m.busy, "#"+key)
	m.expanded[key] = list
	return list
}

func (m *module) bodyOf(key string, b *hclsyntax.Block, i *instance) value {
	if i.body != nil {
		return *i.body
	}
	if m.busy[key+i.suffix+"{"] {
		m.run.problem(place(b.TypeRange), "%s%s refers to itself; break the circle", m.base, key)
		return failed(place(b.TypeRange), "%s refers to itself", key)
	}
	m.busy[key+i.suffix+"{"] = true
	v := m.body(b.Body, i.scope, 0)
	v.At = place(b.TypeRange)
	delete(m.busy, key+i.suffix+"{")
	i.body = &v
	return v
}

// meta are arguments that are about the resource as such.
func meta(name string) bool {
	switch name {
	case "count", "for_each", "provider", "providers", "depends_on", "lifecycle":
		return true
	}
	return false
}

// keyword returns the word of a provisioner that stands without quotes: when =
// destroy, on_failure = continue.
func keyword(name string, e hcl.Expression) (value, bool) {
	switch word := hcl.ExprAsKeyword(e); {
	case name == "when" && (word == "destroy" || word == "create"), name == "on_failure" && (word == "continue" || word == "fail"):
		return value{Kind: model.Scalar, Text: word, At: place(e.Range())}, true
	}
	return value{}, false
}

// body evaluates a block's content. All blocks of one type are a list.
func (m *module) body(b *hclsyntax.Body, s *scope, depth int) value {
	out := value{Kind: model.Object, Fields: make(map[string]value, len(b.Attributes)+len(b.Blocks)), At: place(b.SrcRange)}
	if depth > 50 {
		return unknown(out.At, "its blocks nest too deep")
	}
	for _, name := range sortedKeys(b.Attributes) { // in one order, for what is reported depends on it
		a := b.Attributes[name]
		if depth > 0 || !meta(name) {
			v, is := keyword(name, a.Expr)
			if !is {
				v = m.eval(a.Expr, s)
			}
			if v.At.File == "" {
				v.At = place(a.Expr.Range())
			}
			out.Fields[name] = v
		}
	}
	for _, sub := range b.Blocks {
		if depth == 0 && meta(sub.Type) {
			continue
		}
		if sub.Type == "dynamic" && len(sub.Labels) == 1 {
			m.dynamic(out.Fields, sub, s, depth)
			continue
		}
		v := m.body(sub.Body, s, depth+1)
		v.At = place(sub.TypeRange)
		for i := len(sub.Labels) - 1; i >= 0; i-- { // provisioner "local-exec"
			v = object(v.At, sub.Labels[i], v)
		}
		add(out.Fields, sub.Type, v)
	}
	return out
}

// add appends a block to those of its type.
func add(fields map[string]value, kind string, block value) {
	list := fields[kind]
	if list.Kind != model.List && list.Kind != model.Unknown {
		list = value{Kind: model.List, At: block.At}
	}
	list.Items = append(list.Items, block)
	fields[kind] = list
}

// dynamic makes blocks out of a collection. Where it is not known, the list of
// blocks is unknown and holds one of them, to show what it is made of.
func (m *module) dynamic(fields map[string]value, b *hclsyntax.Block, s *scope, depth int) {
	kind := b.Labels[0]
	var content *hclsyntax.Block
	for _, sub := range b.Body.Blocks {
		if sub.Type == "content" {
			content = sub
		}
	}
	at := place(b.TypeRange)
	if content == nil || b.Body.Attributes["for_each"] == nil {
		m.run.problem(at, "the dynamic block %q needs for_each and a content block", kind)
		list := fields[kind]
		list.Kind, list.Why, list.At = model.Unknown, "its dynamic block is not complete", at
		fields[kind] = list
		return
	}
	iterator := kind
	if a := b.Body.Attributes["iterator"]; a != nil {
		iterator = orElse(hcl.ExprAsKeyword(a.Expr), kind)
	}
	over := m.eval(b.Body.Attributes["for_each"].Expr, s)
	keys, values, ok := elements(over)
	if !ok {
		why := unknown(at, "%s", orElse(over.Why, "what its dynamic block goes over is not known"))
		each := madeOf(why, over.AllRefs())
		block := m.body(content.Body, s.with(map[string]value{iterator: object(at, "key", each, "value", each)}), depth+1)
		block.At = at
		list := fields[kind]
		list.Kind, list.Why, list.At, list.Failed = model.Unknown, why.Why, at, over.Failed
		list.Items = append(list.Items, block)
		fields[kind] = madeOf(list, over.AllRefs())
		return
	}
	if len(values) == 0 && fields[kind].Kind == model.Absent {
		fields[kind] = value{Kind: model.List, At: at}
	}
	for i := range values {
		if i >= maxInstances {
			break
		}
		if over.Kind == model.List && values[i].Kind == model.Scalar {
			keys[i] = values[i] // of a set
		}
		block := m.body(content.Body, s.with(map[string]value{iterator: object(at, "key", keys[i], "value", values[i])}), depth+1)
		block.At = at
		add(fields, kind, block)
	}
}

// children returns the instances of a module that this one calls; none where
// it is not in the tree.
func (m *module) children(name string) *kids {
	if k := m.kids[name]; k != nil {
		return k
	}
	k := &kids{}
	m.kids[name] = k
	b := m.src.modules[name]
	where := literal(b.Body, "source")
	if !local(where) {
		return k
	}
	src := m.run.r.source(path.Join(m.src.dir, where))
	if src == nil {
		return k
	}
	at := place(b.TypeRange)
	for up := m; up != nil; up = up.up {
		if up.src == src || m.depth >= maxCalls {
			m.run.problem(at, "module %s calls itself by way of %s; break the circle", name, where)
			m.run.hole(at, nil, "module %s calls itself and is not followed", name)
			return k
		}
	}
	list, shape, why := m.expand(b.Body, nil)
	k.shape, k.why = shape, why
	for _, i := range list {
		if m.run.modules++; m.run.modules > maxModules {
			m.run.hole(at, nil, "there are more than %d modules", maxModules)
			k.list, k.shape = nil, model.Absent
			return k
		}
		c := m.run.module(src)
		c.path, c.base = m.path+"module."+name+i.suffix+".", m.base+"module."+name+"."
		c.up, c.call, c.outer, c.depth = m, b, i.scope, m.depth+1
		c.perhaps = m.perhaps
		if i.count.Kind == model.Unknown {
			c.perhaps = i.count
		}
		c.providers = m.passed(b)
		k.list = append(k.list, c)
		each, _, _ := i.scope.find("each")
		k.keys = append(k.keys, each.Get("key").Text)
	}
	return k
}

// passed returns the providers that a module is handed, by its own names.
func (m *module) passed(b *hclsyntax.Block) map[string]string {
	out := map[string]string{}
	e, ok := exprOf(b.Body, "providers").(*hclsyntax.ObjectConsExpr)
	if !ok {
		for name, to := range m.providers { // those without an alias are inherited
			if !strings.Contains(name, ".") {
				out[name] = to
			}
		}
		return out
	}
	for _, item := range e.Items {
		out[traversed(item.KeyExpr)] = m.provider(traversed(item.ValueExpr))
	}
	return out
}

// provider returns the root's name of a provider's configuration.
func (m *module) provider(name string) string {
	if to := m.providers[name]; to != "" {
		return to
	}
	if m.up != nil && m.src.providers[name] != nil {
		return m.base + name
	}
	return name
}

// traversed returns a name such as aws.eu, written plainly or in quotes.
func traversed(e hclsyntax.Expression) string {
	if key, ok := e.(*hclsyntax.ObjectConsKeyExpr); ok {
		e = key.Wrapped
	}
	switch e := e.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		var steps []string
		for _, st := range e.Traversal {
			switch st := st.(type) {
			case hcl.TraverseRoot:
				steps = append(steps, st.Name)
			case hcl.TraverseAttr:
				steps = append(steps, st.Name)
			}
		}
		return strings.Join(steps, ".")
	case nil:
		return ""
	}
	return literalText(e)
}

func local(source string) bool {
	return strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../") || source == "." || source == ".."
}
