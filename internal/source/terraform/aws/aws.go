// Package aws turns resources of Amazon Web Services into facts. It is handed a
// configuration in which everything that is not known says so, and keeps that:
// a part of a fact that is not known is listed as such, and a resource of which
// it is not known whether it exists leaves a hole.
package aws

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// Facts adds what the configuration says of AWS to a set.
func Facts(c *model.Config, into *fact.Set) {
	r := &reader{c: c, into: into, open: map[string]bool{}}
	r.networks()
	r.balancers()
	r.services()
	r.functions()
	r.machines()
	r.scaling()
	r.rollouts()
	r.access()
	r.stores()
	r.backups()
	r.secrets()
	r.certificates()
	r.logs()
	r.spending()
}

// reader goes through one configuration, topic by topic.
type reader struct {
	c    *model.Config
	into *fact.Set
	// open lists the resources for which a hole was left already.
	open map[string]bool
}

// of returns the managed resources of some types that surely exist. One of
// which that is not known leaves a hole of the kinds that it might yield.
func (r *reader) of(kinds []fact.Kind, types ...string) []*model.Resource {
	var out []*model.Resource
	for _, res := range r.c.Of(types...) {
		if res.Count.Known() {
			out = append(out, res)
		} else {
			r.hole(res, kinds, "whether there is "+res.Base+because(res.Count))
		}
	}
	return out
}

// hole says what of a resource is not known, once.
func (r *reader) hole(res *model.Resource, kinds []fact.Kind, what string) {
	key := res.Base + " " + what
	if r.open[key] {
		return
	}
	r.open[key] = true
	r.into.Coverage.Holes = append(r.into.Coverage.Holes, fact.Hole{Kinds: kinds, Why: what, Location: res.At})
}

// because ends a sentence about something that is not known.
func because(v model.Value) string { return " is not known before it is applied" + reason(v) }

// reason returns ", for ..." where it is known why.
func reason(v model.Value) string {
	if v.Why == "" {
		return ""
	}
	return ", for " + v.Why
}

// why returns the reason for which a value is not known, which is never empty.
func why(v model.Value) string {
	if v.Why != "" {
		return v.Why
	}
	return "it is made of what only applying tells"
}

// referred returns the resources of some types that a value is made of, and
// those whose given attribute is its text.
func (r *reader) referred(v model.Value, attribute string, types ...string) []*model.Resource {
	refs := v.AllRefs()
	texts, _ := v.Strings()
	var out []*model.Resource
	for _, res := range r.c.Resources {
		if !slices.Contains(types, res.Type) {
			continue
		}
		name, known := res.Body.Get(attribute).String()
		if slices.Contains(refs, res.Base) || attribute != "" && known && name != "" && slices.Contains(texts, name) {
			out = append(out, res)
		}
	}
	return out
}

// one returns the only such resource, or nil.
func (r *reader) one(v model.Value, attribute string, types ...string) *model.Resource {
	if list := r.referred(v, attribute, types...); len(list) > 0 && sameBase(list) {
		return list[0]
	}
	return nil
}

// sameBase reports whether all are instances of one resource.
func sameBase(list []*model.Resource) bool {
	for _, res := range list {
		if res.Base != list[0].Base {
			return false
		}
	}
	return true
}

// name returns what the resource is called: as written where that is known, or
// as Terraform names it.
func name(res *model.Resource, attributes ...string) string {
	for _, a := range append(attributes, "name") {
		if text, known := res.Body.Get(a).String(); known && text != "" {
			return text
		}
	}
	last := res.Address[strings.LastIndexByte(res.Address, '.')+1:]
	if strings.ContainsAny(res.Address, "[") || last == "" {
		return res.Name + index(res.Address)
	}
	return last
}

// index returns the index at the end of an address.
func index(address string) string {
	if at := strings.LastIndexByte(address, '['); at >= 0 && strings.HasSuffix(address, "]") {
		return address[at:]
	}
	return ""
}

// text returns a scalar that is known, or an empty string.
func text(v model.Value) string {
	t, _ := v.String()
	return t
}

// truth returns a yes or no as far as it is known.
func truth(v model.Value, absent bool) fact.Truth {
	yes, known := v.Bool(absent)
	t := fact.Truth{Known: known, Yes: yes && known, At: v.At}
	if !known {
		t.Why = why(v)
	}
	return t
}

// number returns a whole number, or what holds where none is written; ok is
// false where it is not known.
func number(v model.Value, absent int) (n int, ok bool) { return v.Int(absent) }

// nested returns the blocks of a name, each an object.
func nested(v model.Value) []model.Value {
	var out []model.Value
	for _, b := range v.Each() {
		if b.Kind == model.Object {
			out = append(out, b)
		}
	}
	return out
}

// kinds is short for a list of kinds.
func kinds(list ...fact.Kind) []fact.Kind { return list }
