package hcl

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// countWhy is why an instance may not be there at all.
const countWhy = "it is not known how many there are"

// module is one instance of a module: its source with what it was called with.
type module struct {
	run *run
	src *source
	// path is its address with indexes, base the one without, each with a dot
	// at its end: module.web[0]. The root's are empty.
	path, base string
	up         *module
	call       *hclsyntax.Block
	outer      *scope // of the call
	depth      int
	// perhaps is Unknown where the module may not be there.
	perhaps   value
	providers map[string]string // its names of providers to the root's
	given     map[string]value  // the root's variables, as files set them
	known     map[string]value  // what was worked out already
	weight    map[string]int
	busy      map[string]bool
	expanded  map[string][]*instance
	kids      map[string]*kids
}

// instance is one of the instances of a resource.
type instance struct {
	suffix string
	scope  *scope
	count  value
	body   *value
}

// kids are the instances of a module that another one calls.
type kids struct {
	list []*module
	// shape is Scalar for a single one, List for count, Object for for_each,
	// Unknown where it is not known how many there are.
	shape model.Kind
	keys  []string
	why   value
}

// memo works a name out once. One that leads back to itself is not known.
func (m *module) memo(name string, at fact.Location, work func() value) value {
	if v, done := m.known[name]; done {
		m.run.steps -= m.weight[name] / 16
		return v
	}
	if m.busy[name] {
		m.run.problem(at, "%s%s leads back to itself; break the circle", m.base, name)
		return failed(at, "%s leads back to itself", name)
	}
	m.busy[name] = true
	v, weight := m.bounded(work())
	delete(m.busy, name)
	m.known[name], m.weight[name] = v, weight
	return v
}

// root returns what a name at the beginning of a traversal stands for, and the
// steps that are left.
func (m *module) root(t hcl.Traversal, s *scope) (v value, rest hcl.Traversal) {
	at := place(t.SourceRange())
	head := t.RootName()
	if v, found, closed := s.find(head); found {
		return v, t[1:]
	} else if closed {
		return failed(at, "the template is not given %s", head), nil
	}
	name := func(i int) (string, bool) {
		if i >= len(t) {
			return "", false
		}
		switch st := t[i].(type) {
		case hcl.TraverseAttr:
			return st.Name, true
		case hcl.TraverseIndex:
			if k := scalarOf(st.Key, at); k.Kind == model.Scalar {
				return k.Text, true
			}
		}
		return "", false
	}
	second, ok := name(1)
	switch head {
	case "var", "local", "module", "data", "ephemeral", "path", "terraform", "tofu", "each", "count", "self", "resource":
		if !ok {
			return unknown(at, "%s is used as a whole", head), nil
		}
	}
	switch head {
	case "var":
		return m.variable(second, at), t[2:]
	case "local":
		return m.local(second, at), t[2:]
	case "module":
		return m.child(second, t, at)
	case "path":
		switch second {
		case "module":
			return text(m.run.relative(m.src.dir), at), t[2:]
		case "root":
			return text(".", at), t[2:]
		}
		return unknown(at, "path.%s depends on where Terraform is run", second), t[2:]
	case "terraform", "tofu":
		return unknown(at, "%s.%s is known only where it is run", head, second), t[2:]
	case "each", "count", "self":
		return unknown(at, "%s.%s is known only where it is applied", head, second), t[2:]
	case "data", "ephemeral", "resource":
		third, ok := name(2)
		if !ok {
			return unknown(at, "all of %s.%s are meant", head, second), nil
		}
		key := second + "." + third
		if head != "resource" {
			key = head + "." + key
		}
		return m.resource(key, at), t[3:]
	}
	if !ok {
		m.run.problem(at, "%s is no name that is known here; a text stands in quotes: %q", head, head)
		return failed(at, "%s is no name that is known here", head), nil
	}
	return m.resource(head+"."+second, at), t[2:]
}

func (m *module) variable(name string, at fact.Location) value {
	decl := m.src.variables[name]
	if decl == nil {
		m.undeclared(at, m.src.broken, "variable %s is not declared in %s%s; add `variable %q {}` or mend the name", name, m.dir(), near(name, m.src.variables), name)
		return failed(at, "variable %s is not declared", name)
	}
	return m.memo("var."+name, at, func() value {
		v, set := value{}, false
		if m.up == nil {
			v, set = m.given[name]
		} else if a := m.call.Body.Attributes[name]; a != nil {
			v, set = m.up.eval(a.Expr, m.outer), true
		}
		a := decl.Body.Attributes["default"]
		if set && v.Kind == model.Null && a != nil && literalText(exprOf(decl.Body, "nullable")) == "false" {
			set = false
		}
		switch {
		case set:
		case a != nil:
			v = m.eval(a.Expr, nil)
		case m.up != nil:
			m.run.problem(place(m.call.TypeRange), "module %s is not given %s, which %s demands", m.call.Labels[0], name, show(place(decl.TypeRange)))
			return failed(at, "variable %s of module %s is not given", name, m.call.Labels[0])
		default:
			v = unknown(place(decl.TypeRange), "variable %s has no value in these files", name)
		}
		v = typed(v, exprOf(decl.Body, "type"), m)
		if sensitive, _ := m.eval(exprOf(decl.Body, "sensitive"), nil).Bool(false); sensitive {
			v = hidden(v, "variable "+name+" is sensitive")
		}
		return v
	})
}

// hidden returns a value whose content is not to be seen.
func hidden(v value, why string) value {
	if !v.Present() {
		return v
	}
	return madeOf(unknown(v.At, "%s", why), v.AllRefs())
}

func exprOf(body *hclsyntax.Body, name string) hclsyntax.Expression {
	if a := body.Attributes[name]; a != nil {
		return a.Expr
	}
	return nil
}

func (m *module) dir() string {
	if m.src.dir == "." {
		return "this folder"
	}
	return m.run.r.tree.Show(m.src.dir)
}

// near returns a hint at a name that is almost the same.
func near[T any](name string, known map[string]T) string {
	best, least := "", 3
	for _, k := range sortedKeys(known) {
		if d := decode.Distance(name, k); d < least && d < len(k) {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return ", which has " + best
}

func (m *module) local(name string, at fact.Location) value {
	a := m.src.locals[name]
	if a == nil {
		m.undeclared(at, m.src.broken, "local %s is not set in %s%s; set it in a locals block or mend the name", name, m.dir(), near(name, m.src.locals))
		return failed(at, "local %s is not set", name)
	}
	return m.memo("local."+name, at, func() value { return m.eval(a.Expr, nil) })
}

// yield returns what a module yields under a name.
func (m *module) yield(name string, at fact.Location) value {
	b := m.src.outputs[name]
	return m.memo("output."+name, at, func() value {
		v := m.eval(exprOf(b.Body, "value"), nil)
		if sensitive, _ := m.eval(exprOf(b.Body, "sensitive"), nil).Bool(false); sensitive {
			v = hidden(v, "output "+name+" is sensitive")
		}
		return v
	})
}

// child returns what a module that this one calls yields, and the steps that
// are left. Single outputs are worked out alone: two modules may well take
// something from each other.
func (m *module) child(name string, t hcl.Traversal, at fact.Location) (v value, rest hcl.Traversal) {
	b := m.src.modules[name]
	rest = t[2:]
	if b == nil {
		m.undeclared(at, m.src.broken, "module %s is not called in %s%s; add the module block or mend the name", name, m.dir(), near(name, m.src.modules))
		return failed(at, "module %s is not called", name), nil
	}
	address := "module." + name
	k := m.children(name)
	switch k.shape {
	case model.Absent:
		return value{Kind: model.Unknown, Refs: []string{m.base + address}, Why: m.base + address + " is not in these files", At: at}, nil
	case model.Scalar:
		return k.list[0].output(rest, at)
	case model.List, model.Object:
		if i := k.index(rest); i >= 0 {
			return k.list[i].output(rest[1:], at)
		}
	}
	if k.shape == model.List {
		v = value{Kind: model.List, At: at}
		for _, c := range k.list {
			v.Items = append(v.Items, c.outputs(at))
		}
		return v, rest
	}
	if k.shape == model.Object {
		v = value{Kind: model.Object, At: at, Fields: map[string]value{}}
		for i, c := range k.list {
			v.Fields[k.keys[i]] = c.outputs(at)
		}
		return v, rest
	}
	v = unknown(at, "%s", orElse(k.why.Why, countWhy))
	for _, c := range k.list {
		if len(rest) > 0 {
			if _, index := rest[0].(hcl.TraverseIndex); index {
				rest = rest[1:]
			}
		}
		one, _ := c.output(rest, at)
		v = madeOf(v, one.AllRefs())
	}
	return v, nil
}

// index returns which of the instances a traversal goes on with, or -1.
func (k *kids) index(rest hcl.Traversal) int {
	if len(rest) == 0 {
		return -1
	}
	st, ok := rest[0].(hcl.TraverseIndex)
	if !ok {
		return -1
	}
	key := scalarOf(st.Key, fact.Location{})
	if k.shape == model.Object {
		return slices.Index(k.keys, key.Text)
	}
	if i, whole := key.Int(-1); whole && i >= 0 && i < len(k.list) {
		return i
	}
	return -1
}

// output returns the output with which a traversal goes on, or all of them.
func (m *module) output(rest hcl.Traversal, at fact.Location) (value, hcl.Traversal) {
	if len(rest) > 0 {
		if st, ok := rest[0].(hcl.TraverseAttr); ok {
			if m.src.outputs[st.Name] == nil {
				m.undeclared(place(st.SrcRange), m.src.broken, "module %s yields no %s%s; add the output or mend the name", strings.TrimSuffix(m.base, "."), st.Name, near(st.Name, m.src.outputs))
				return failed(at, "the module yields no %s", st.Name), nil
			}
			return m.yield(st.Name, at), rest[1:]
		}
	}
	return m.outputs(at), rest
}

// outputs returns all outputs of a module as an object.
func (m *module) outputs(at fact.Location) value {
	return m.memo("outputs", at, func() value {
		out := value{Kind: model.Object, At: at, Fields: make(map[string]value, len(m.src.outputs))}
		for _, name := range sortedKeys(m.src.outputs) {
			out.Fields[name] = m.yield(name, at)
		}
		return out
	})
}

// resource returns a resource or data source with all its instances.
func (m *module) resource(key string, at fact.Location) value {
	b := m.src.resources[key]
	if b == nil {
		kind, what := "resource", key
		if rest, data := strings.CutPrefix(key, "data."); data {
			kind, what = "data source", rest
		}
		m.undeclared(at, len(m.src.holes) > 0, "%s %s is not declared in %s%s; declare it or mend the name", kind, what, m.dir(), near(key, m.src.resources))
		if len(m.src.holes) > 0 {
			return unknown(at, "%s may stand in what could not be parsed", key)
		}
		return failed(at, "%s is not declared", key)
	}
	return m.memo(key, at, func() value {
		list := m.instances(key, b)
		one := func(i *instance) value {
			v := m.bodyOf(key, b, i)
			v.Kind, v.Refs = model.Unknown, []string{m.base + key}
			v.Why = m.base + key + " gives it only once it is applied"
			if b.Type != "resource" {
				v.Why = m.base + key + " is read only when it is applied"
			}
			return v
		}
		switch {
		case len(list) == 1 && list[0].count.Kind == model.Unknown:
			v := one(list[0])
			return value{Kind: model.Unknown, Refs: v.Refs, Why: countWhy, At: v.At}
		case b.Body.Attributes["count"] != nil:
			out := value{Kind: model.List, At: place(b.TypeRange)}
			for _, i := range list {
				out.Items = append(out.Items, one(i))
			}
			return out
		case b.Body.Attributes["for_each"] != nil:
			out := value{Kind: model.Object, At: place(b.TypeRange), Fields: map[string]value{}}
			for _, i := range list {
				each, _, _ := i.scope.find("each")
				out.Fields[each.Get("key").Text] = one(i)
			}
			return out
		}
		return one(list[0])
	})
}

// relative returns a folder as it is written in the root module.
func (r *run) relative(dir string) string {
	if dir == r.dir {
		return "."
	}
	from, to := strings.Split(r.dir, "/"), strings.Split(dir, "/")
	if r.dir == "." {
		from = nil
	}
	for len(from) > 0 && len(to) > 0 && from[0] == to[0] {
		from, to = from[1:], to[1:]
	}
	out := strings.Repeat("../", len(from)) + path.Join(to...)
	return strings.TrimSuffix(out, "/")
}

// undeclared reports a name that nothing declares, unless its declaration may
// stand in what could not be parsed.
func (m *module) undeclared(at fact.Location, perhaps bool, format string, args ...any) {
	if !perhaps {
		m.run.problem(at, format, args...)
	}
}

func (r *run) problem(at fact.Location, format string, args ...any) {
	p := fact.Problem{Location: at, Message: fmt.Sprintf(format, args...)}
	if !r.said[p] && len(r.said) < maxProblems {
		r.said[p] = true
		r.config.Problems = append(r.config.Problems, p)
	}
}

const maxProblems = 200
