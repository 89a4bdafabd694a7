// Package reading holds what the readers of every cloud share: they are handed a
// configuration in which everything that is not known says so, and keep that. A
// part of a fact that is not known is listed as such, and a resource of which it
// is not known whether it exists leaves a hole.
package reading

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// Reader goes through one configuration, topic by topic.
type Reader struct {
	Config *model.Config
	Into   *fact.Set
	// open lists what holes were left for already, read the types that were asked
	// for.
	open, read map[string]bool
}

// New returns a reader that adds to a set. It tells the instances of modules
// apart.
func New(c *model.Config, into *fact.Set) *Reader {
	return &Reader{Config: Apart(c), Into: into, open: map[string]bool{}, read: map[string]bool{}}
}

// Of returns the managed resources of some types that surely exist. One of
// which that is not known leaves a hole of the kinds that it might yield.
func (r *Reader) Of(kinds []fact.Kind, types ...string) []*model.Resource {
	for _, t := range types {
		r.read[t] = true
	}
	var out []*model.Resource
	for _, res := range r.Config.Of(types...) {
		if res.Count.Known() {
			out = append(out, res)
		} else {
			r.Hole(res, kinds, "whether there is "+res.Base+Because(res.Count))
		}
	}
	return out
}

// Hole says what of a resource is not known, once.
func (r *Reader) Hole(res *model.Resource, kinds []fact.Kind, what string) {
	key := res.Base + " " + what
	if r.open[key] {
		return
	}
	r.open[key] = true
	r.Into.Coverage.Holes = append(r.Into.Coverage.Holes, fact.Hole{Kinds: kinds, Why: what, Location: res.At})
}

// Unread leaves a hole for each type of resource that runs something or holds
// data and that no reader reads.
func (r *Reader) Unread(kinds []fact.Kind, types ...string) {
	for _, t := range types {
		if list := r.Config.Of(t); len(list) > 0 {
			r.Hole(list[0], kinds, NotRead(list))
		}
	}
}

// Referred returns the resources of some types that a value is made of, and
// those whose given attribute is its text.
func (r *Reader) Referred(v model.Value, attribute string, types ...string) []*model.Resource {
	refs := v.AllRefs()
	texts, _ := v.Strings()
	var out []*model.Resource
	for _, res := range r.Config.Resources {
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

// One returns the only such resource, or nil. Of several instances it is the one
// with the index of the resource that refers to them; the others are not told
// apart where they are alike.
func (r *Reader) One(from *model.Resource, v model.Value, attribute string, types ...string) *model.Resource {
	list := r.Referred(v, attribute, types...)
	if len(list) == 0 || !sameBase(list) {
		return nil
	}
	if from != nil {
		for _, res := range list {
			if Index(res.Address) == Index(from.Address) {
				return res
			}
		}
	}
	return list[0]
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

// Provider returns the configuration of the resource's provider, or of the one
// of the given name; an absent value where there is none here.
func (r *Reader) Provider(res *model.Resource, name string) model.Value {
	if res.Provider != "" {
		name = res.Provider
	}
	for _, p := range r.Config.Providers {
		if p.Name == name {
			return p.Body
		}
	}
	return model.Value{}
}

// Labels returns the tags of a resource with those that its provider gives to
// all, and why some are not known; empty where all are.
func Labels(values ...model.Value) (out map[string]string, unknown string) {
	out = map[string]string{}
	for _, v := range values {
		if !v.Known() {
			unknown = Why(v)
		}
		for key, value := range v.Fields {
			if t, known := value.String(); known {
				out[key] = t
			} else {
				unknown = Why(value)
			}
		}
	}
	return out, unknown
}

// Labelled gives a workload the tags of its resource as labels.
func Labelled(w *fact.Workload, at fact.Location, values ...model.Value) {
	labels, unknown := Labels(values...)
	w.Labels = labels
	if unknown != "" {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Tags, Why: unknown, At: at})
	}
}
