package plan

import (
	"encoding/json"
	"slices"
	"sort"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// configuration is the code as a plan repeats it: what refers to what.
type configuration struct {
	Providers map[string]struct {
		Name, Alias   string
		FullName      string `json:"full_name"`
		Version       string `json:"version_constraint"`
		ModuleAddress string `json:"module_address"`
		Expressions   map[string]json.RawMessage
	} `json:"provider_config"`
	Root module `json:"root_module"`
}

type module struct {
	Resources []struct {
		Address, Type, Name, Mode string
		Provider                  string `json:"provider_config_key"`
		Expressions               map[string]json.RawMessage
	}
	Calls     map[string]*call `json:"module_calls"`
	Outputs   map[string]struct{ Expression json.RawMessage }
	Variables map[string]struct {
		Default   json.RawMessage
		Sensitive bool
	}
}

type call struct {
	Source      string
	Version     string `json:"version_constraint"`
	Expressions map[string]json.RawMessage
	Module      *module
}

// place is a module with the way to it.
type place struct {
	module *module
	prefix string // module.a.
	call   *call
	up     *place
}

// configure adds to the resources what they refer to, and to the configuration
// what its code says of providers, modules and variables.
func (r *reader) configure() {
	if r.conf == nil {
		return
	}
	resources := map[string][]*model.Resource{}
	for _, res := range r.config.Resources {
		resources[res.Base] = append(resources[res.Base], res)
	}
	for _, key := range sortedKeys(r.conf.Providers) {
		p := r.conf.Providers[key]
		if p.Version != "" {
			source := strings.TrimPrefix(p.FullName, "registry.terraform.io/")
			source = strings.TrimPrefix(source, "registry.opentofu.org/")
			r.config.Required[source] = model.Value{Kind: model.Scalar, Text: p.Version, At: r.at}
		}
		out := &model.Provider{Name: strings.ReplaceAll(key, ":", "."), At: r.at, Body: model.Value{Kind: model.Object, At: r.at, Fields: map[string]model.Value{}}}
		for name, e := range p.Expressions {
			out.Body.Fields[name] = r.expression(e)
		}
		r.config.Providers = append(r.config.Providers, out)
	}
	for _, name := range sortedKeys(r.conf.Root.Variables) {
		v := r.conf.Root.Variables[name]
		r.config.Variables = append(r.config.Variables, &model.Variable{Name: name, Sensitive: v.Sensitive, At: r.at, Default: r.value(v.Default, nil, nil)})
	}
	r.module(&place{module: &r.conf.Root}, resources, 0)
}

func (r *reader) module(p *place, resources map[string][]*model.Resource, depth int) {
	if depth > 50 {
		return
	}
	for _, res := range p.module.Resources {
		for _, out := range resources[p.prefix+res.Address] {
			if key := res.Provider; key != "" {
				if _, own := r.conf.Providers[key]; !own { // inherited from the root
					key = key[strings.LastIndexByte(key, ':')+1:]
				}
				out.Provider = strings.ReplaceAll(key, ":", ".")
			}
			for name, e := range res.Expressions {
				v, found := out.Body.Fields[name]
				if !found && out.Body.Kind != model.Object {
					continue
				}
				out.Body.Fields[name] = r.refer(v, e, p)
			}
		}
	}
	for _, name := range sortedKeys(p.module.Calls) {
		c := p.module.Calls[name]
		if c == nil {
			continue
		}
		local := strings.HasPrefix(c.Source, "./") || strings.HasPrefix(c.Source, "../")
		r.config.Modules = append(r.config.Modules, &model.ModuleCall{
			Address: p.prefix + "module." + name, Source: c.Source, Version: c.Version, Read: true, Local: local, At: r.at, VersionAt: r.at,
		})
		if c.Module != nil {
			r.module(&place{module: c.Module, prefix: p.prefix + "module." + name + ".", call: c, up: p}, resources, depth+1)
		}
	}
}

// expression returns what is known of an expression of a provider.
func (r *reader) expression(raw json.RawMessage) model.Value {
	var e struct {
		Constant   json.RawMessage `json:"constant_value"`
		References []string
	}
	if json.Unmarshal(raw, &e) == nil {
		switch {
		case len(e.Constant) > 0:
			return r.value(e.Constant, nil, nil)
		case len(e.References) > 0:
			if name, isVar := strings.CutPrefix(e.References[0], "var."); isVar && len(e.References) == 1 {
				if v, given := r.given[name]; given {
					return v
				}
			}
			return model.Value{Kind: model.Unknown, Why: "the plan does not say what it is", At: r.at}
		}
	}
	var block map[string]json.RawMessage
	if json.Unmarshal(raw, &block) == nil {
		out := model.Value{Kind: model.Object, At: r.at, Fields: map[string]model.Value{}}
		for name, sub := range block {
			out.Fields[name] = r.expression(sub)
		}
		return out
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		out := model.Value{Kind: model.List, At: r.at}
		for _, sub := range list {
			out.Items = append(out.Items, r.expression(sub))
		}
		return out
	}
	return model.Value{Kind: model.Unknown, Why: "the plan does not say what it is", At: r.at}
}

// refer adds to a value the resources that its expression is made of.
func (r *reader) refer(v model.Value, raw json.RawMessage, p *place) model.Value {
	var block map[string]json.RawMessage
	if json.Unmarshal(raw, &block) == nil {
		if refs, found := block["references"]; found {
			var names []string
			if json.Unmarshal(refs, &names) == nil {
				for _, to := range resolve(names, p, 0) {
					if !slices.Contains(v.Refs, to) {
						v.Refs = append(v.Refs[:len(v.Refs):len(v.Refs)], to)
					}
				}
				return v
			}
		}
		if _, constant := block["constant_value"]; constant {
			return v
		}
		if v.Kind == model.List && len(v.Items) == 1 { // a block that may be written once
			v.Items = []model.Value{r.refer(v.Items[0], raw, p)}
			return v
		}
		if v.Kind == model.Object {
			for name, sub := range block {
				if f, found := v.Fields[name]; found {
					v.Fields[name] = r.refer(f, sub, p)
				}
			}
		}
		return v
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil && v.Kind == model.List && len(list) > 0 {
		for i := range v.Items {
			// The blocks of a dynamic one come from a single expression.
			if len(list) == len(v.Items) {
				v.Items[i] = r.refer(v.Items[i], list[i], p)
				continue
			}
			for _, sub := range list {
				v.Items[i] = r.refer(v.Items[i], sub, p)
			}
		}
	}
	return v
}

// resolve follows names through modules to resources. What a local value is
// made of, a plan does not say.
func resolve(names []string, p *place, depth int) (out []string) {
	if depth > 30 {
		return nil
	}
	add := func(more ...string) {
		for _, m := range more {
			if !slices.Contains(out, m) {
				out = append(out, m)
			}
		}
	}
	references := func(raw json.RawMessage) (list []string) {
		var e struct{ References []string }
		if json.Unmarshal(raw, &e) == nil {
			list = e.References
		}
		return list
	}
	for _, name := range names {
		steps := strings.Split(base(name), ".")
		switch {
		case len(steps) < 2:
		case steps[0] == "var":
			if p.call != nil && p.up != nil {
				add(resolve(references(p.call.Expressions[steps[1]]), p.up, depth+1)...)
			}
		case steps[0] == "module":
			c := p.module.Calls[steps[1]]
			if len(steps) > 2 && c != nil && c.Module != nil {
				inner := &place{module: c.Module, prefix: p.prefix + "module." + steps[1] + ".", call: c, up: p}
				add(resolve(references(c.Module.Outputs[steps[2]].Expression), inner, depth+1)...)
			}
		case steps[0] == "data":
			if len(steps) > 2 {
				add(p.prefix + strings.Join(steps[:3], "."))
			}
		case steps[0] == "local", steps[0] == "each", steps[0] == "count", steps[0] == "path", steps[0] == "terraform", steps[0] == "self":
		default:
			add(p.prefix + steps[0] + "." + steps[1])
		}
	}
	return out
}

// Borrow takes from the code, which stands beside a plan, what the plan does
// not say: places, and what refers to what by way of local values.
func Borrow(c *model.Config, code *model.Config) {
	byAddress, byBase := map[string]*model.Resource{}, map[string]*model.Resource{}
	for _, r := range code.Resources {
		byAddress[r.Address] = r
		if byBase[r.Base] == nil {
			byBase[r.Base] = r
		}
	}
	for _, r := range c.Resources {
		from := byAddress[r.Address]
		if from == nil {
			from = byBase[r.Base]
		}
		if from == nil {
			continue
		}
		r.At, r.Lifecycle = from.At, from.Lifecycle
		r.Body = borrow(r.Body, from.Body, from.At)
	}
	c.Backend, c.BackendAt, c.Locked, c.At, c.Version = code.Backend, code.BackendAt, code.Locked, code.At, code.Version
	for source, v := range code.Required {
		c.Required[source] = v
	}
	for _, p := range c.Providers {
		for _, q := range code.Providers {
			if p.Name == q.Name {
				p.At, p.Body = q.At, borrow(p.Body, q.Body, q.At)
			}
		}
	}
	for _, m := range c.Modules {
		for _, n := range code.Modules {
			if m.Address == n.Address {
				m.At, m.VersionAt, m.Args = n.At, n.VersionAt, n.Args
			}
		}
	}
	for _, v := range c.Variables {
		for _, w := range code.Variables {
			if v.Name == w.Name {
				v.At, v.Default, v.Value = w.At, w.Default, w.Value
			}
		}
	}
}

// borrow gives a value the places of another one that says the same.
func borrow(v, from model.Value, within fact.Location) model.Value {
	v.At = within
	if from.At.File != "" {
		v.At = from.At
	}
	for _, ref := range from.Refs {
		if !slices.Contains(v.Refs, ref) {
			v.Refs = append(v.Refs[:len(v.Refs):len(v.Refs)], ref)
		}
	}
	if v.Kind == model.Unknown || v.Kind == model.Scalar {
		if v.Encoded == nil && from.Encoded != nil && (v.Kind == model.Unknown || from.Text == v.Text) {
			v.Encoded = from.Encoded
		}
		if v.Kind == model.Unknown && v.Text == "" && from.Kind == model.Unknown {
			v.Text = from.Text
		}
	}
	for name, f := range v.Fields {
		v.Fields[name] = borrow(f, from.Get(name), v.At)
	}
	for i := range v.Items {
		var item model.Value
		switch {
		case i < len(from.Items):
			item = from.Items[i]
		case len(from.Items) > 0:
			item = from.Items[0]
		case from.Kind == model.Object: // a block that is written once
			item = from
		}
		v.Items[i] = borrow(v.Items[i], item, v.At)
	}
	return v
}

func sortedKeys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
