package aws

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// exposed joins stores with the security groups that guard them: a store is
// open to the world where it has a public address and a rule lets everyone in.
func (r *reader) exposed() {
	var open *model.Resource // a store of which it is not known what guards it
	for _, d := range r.into.Databases {
		m := d.Managed
		if m == nil {
			continue
		}
		for _, res := range r.c.Resources {
			if res.Address != m.Address || res.Data {
				continue
			}
			for _, field := range []string{"vpc_security_group_ids", "security_group_ids"} {
				if v := res.Body.Get(field); len(v.AllRefs()) == 0 && (!v.Known() || slices.ContainsFunc(v.Each(), func(i model.Value) bool { return !i.Known() })) {
					open = res
				}
				for _, g := range r.referred(res.Body.Get(field), "id", "aws_security_group") {
					r.guards(g.Address, d)
				}
			}
		}
	}
	r.unheard(open)
}

// guards notes that a group guards a store.
func (r *reader) guards(group string, d *fact.Database) {
	for _, p := range r.into.Policies {
		if p.Subject == group {
			p.Guards = append(p.Guards, d.Name)
			switch {
			case !d.Managed.Public.Is() || d.Managed.PublicBy != "":
			case p.OpenToWorld():
				d.Managed.PublicBy = "it has a public address, and " + p.Name + " lets everyone in"
			default:
				d.Managed.PublicBy = "it has a public address, and only " + p.Name + " narrows who may connect"
			}
		}
	}
}

// unheard drops the outward rules of groups that guard nothing but stores: a
// store answers, and opens no connection of its own.
func (r *reader) unheard(open *model.Resource) {
	for _, p := range r.into.Policies {
		switch {
		case len(p.Guards) == 0 && open != nil && !r.worn(p):
			p.Egress = false
			r.hole(open, kinds(fact.Policies), "which groups guard "+open.Address+" is not known before it is applied")
		case len(p.Guards) == 0:
		case r.worn(p):
			p.Guards = nil // it means others too
		default:
			p.Egress = false
		}
	}
}

// worn reports whether a workload is a member of the group.
func (r *reader) worn(p *fact.Policy) bool {
	for _, w := range r.into.Workloads {
		if p.Selects.Matches(w.PodLabels) {
			return true
		}
	}
	return false
}
