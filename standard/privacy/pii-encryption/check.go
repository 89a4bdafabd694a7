// Package piiencryption checks that stores of personal data are encrypted at
// rest, and that all who connect to them encrypt.
package piiencryption

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/discovered"
	"seaworthy.dev/seaworthy/internal/derive/edges"
	"seaworthy.dev/seaworthy/internal/derive/fideslang"
	"seaworthy.dev/seaworthy/internal/derive/inventory"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a store that is encrypted at rest, copies included, and on the wire.
// While no inventory says what a store holds, it may hold data of persons: a store
// of the cloud that is not encrypted fails, any other stays open.
func Check(in expect.Input) (out verdict.Findings) {
	for _, s := range stores(in.Here, in) {
		switch {
		case s.holding.Impersonal():
			out.Skip(s.Ref, "nobodys", "%s holds %s, which is no data of persons", s.name, s.holding.Says())
		case !s.known && s.managed() == nil:
			out.Unclear(s.Ref, "no-inventory", "whether %s holds data of persons is written nowhere%s", s.title(), s.hint(in.Here))
		default:
			before := len(out.List)
			s.rest(&out, in)
			s.copies(&out, in)
			s.wire(&out, in.Here)
			switch {
			case len(out.List) > before:
			case !s.known:
				out.Unclear(s.Ref, "no-inventory", "%s is encrypted; whether it holds data of persons is written nowhere", s.title())
			default:
				out.Pass(s.Ref, "encrypted", "%s, which holds %s, is encrypted at rest and refuses plain text", s.title(), s.holding.Says())
			}
		}
	}
	parties(&out, in)
	if in.First(func(*fact.Set) bool { return true }) {
		elsewhere(&out, in)
	}
	return out
}

// parties fails third parties to whom data of persons goes in plain text.
func parties(out *verdict.Findings, in expect.Input) {
	if in.Declared == nil {
		return
	}
	for _, e := range edges.Of(in.Here) {
		for _, p := range in.Declared.ThirdParties {
			for _, host := range p.Hosts {
				if discovered.Matches(host, e.Address.Host) && edges.WireOf(e.Address) == edges.PlainText && fideslang.Personal(p.Categories) {
					out.Fail(e.Ref(), "party-plain-text", "%s sends %s to %s in plain text (%s)", e.Client.Name, strings.Join(p.Categories, ", "), p.Name, edges.How(e.Address))
				}
			}
		}
	}
}

// elsewhere judges what people say of data of persons and what was not found here.
func elsewhere(out *verdict.Findings, in expect.Input) {
	var found []string
	for _, set := range in.All {
		for _, s := range stores(set, in) {
			found = append(found, s.name)
		}
	}
	placed := map[string]bool{}
	if d := in.Declared; d != nil {
		for _, s := range d.Stores {
			h, _ := inventory.Of(d, in.All, s.Name)
			for _, c := range h.Categories {
				placed[c] = true
			}
			if !contains(found, s.Name) && h.Personal() {
				reached(out, in, s, h)
			}
		}
		for _, p := range d.ThirdParties {
			for _, c := range p.Categories {
				placed[c] = true
			}
		}
		if d.Personal != nil {
			for _, c := range d.Personal.Categories {
				if !covered(c, placed) && fideslang.Personal([]string{c}) {
					out.Unclear(d.Personal.Ref.Within(c), "unplaced", "%s says that %s is handled; no store or third party is said to hold it", d.Manifest, c)
				}
			}
		}
	}
	for _, i := range inventory.Homeless(in.Declared, in.All, found) {
		out.Unclear(i.Ref, "homeless", "the dataset %s holds %s; in which store it lies is not told here", i.Store, inventory.Holding{Categories: i.Categories}.Says())
	}
}

// covered reports whether a category is placed, itself or by parts of it.
func covered(category string, placed map[string]bool) bool {
	for p := range placed {
		if p == category || strings.HasPrefix(p, category+".") || strings.HasPrefix(category, p+".") {
			return true
		}
	}
	return false
}

// reached judges a store of data of persons that does not stand here by those who
// connect to it under its name.
func reached(out *verdict.Findings, in expect.Input, s *fact.DeclaredStore, h inventory.Holding) {
	failed := false
	for _, set := range in.All {
		for _, e := range edges.Of(set) {
			label, _, _ := strings.Cut(e.Address.Host, ".")
			if e.Service == nil && e.Database == nil && strings.EqualFold(label, s.Name) {
				failed = client(out, set, e, s.Name, false) || failed
			}
		}
	}
	if !failed {
		out.Unclear(s.Ref, "not-found", "%s holds %s; how it is encrypted does not stand here", s.Name, h.Says())
	}
}

func contains(list []string, name string) bool {
	for _, n := range list {
		if n == name {
			return true
		}
	}
	return false
}
