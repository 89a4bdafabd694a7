// Package aws turns resources of Amazon Web Services into facts. It is handed a
// configuration in which everything that is not known says so, and keeps that:
// a part of a fact that is not known is listed as such, and a resource of which
// it is not known whether it exists leaves a hole.
package aws

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// Facts adds what the configuration says of AWS to a set.
func Facts(c *model.Config, into *fact.Set) {
	facts(c, into)
}

// facts reads topic by topic, and returns who read.
func facts(c *model.Config, into *fact.Set) *reader {
	shared := reading.New(c, into)
	r := &reader{Reader: shared, c: shared.Config, into: into}
	r.networks()
	r.balancers()
	r.gateways()
	r.services()
	r.functions()
	r.machines()
	r.scaling()
	r.rollouts()
	r.access()
	r.guarded()
	r.stores()
	r.backups()
	r.secrets()
	r.certificates()
	r.logs()
	r.spending()
	r.topics()
	r.alerts()
	r.notices()
	r.rated()
	r.clusters()
	r.unread()
	return r
}

// reader goes through one configuration, topic by topic.
type reader struct {
	*reading.Reader
	c    *model.Config
	into *fact.Set
}

// The short names by which this package knows what all clouds share.

func (r *reader) of(kinds []fact.Kind, types ...string) []*model.Resource {
	return r.Of(kinds, types...)
}
func (r *reader) hole(res *model.Resource, kinds []fact.Kind, what string) { r.Hole(res, kinds, what) }
func (r *reader) referred(v model.Value, attribute string, types ...string) []*model.Resource {
	return r.Referred(v, attribute, types...)
}
func (r *reader) one(from *model.Resource, v model.Value, attribute string, types ...string) *model.Resource {
	return r.One(from, v, attribute, types...)
}
func (r *reader) means(from, to *model.Resource, path ...string) bool {
	return r.Means(from, to, path...)
}
func (r *reader) fits(from, to *model.Resource) bool        { return r.Fits(from, to) }
func index(address string) string                           { return reading.Index(address) }
func because(v model.Value) string                          { return reading.Because(v) }
func why(v model.Value) string                              { return reading.Why(v) }
func name(res *model.Resource, attributes ...string) string { return reading.Name(res, attributes...) }
func text(v model.Value) string                             { return reading.Text(v) }
func truth(v model.Value, absent bool) fact.Truth           { return reading.Truth(v, absent) }
func nested(v model.Value) []model.Value                    { return reading.Nested(v) }

// number returns a whole number, or what holds where none is written; ok is
// false where it is not known.
func number(v model.Value, absent int) (n int, ok bool) { return v.Int(absent) }

// kinds is short for a list of kinds.
func kinds(list ...fact.Kind) []fact.Kind { return list }
