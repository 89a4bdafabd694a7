package assess

import (
	"bytes"
	"fmt"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/derive/fideslang"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/fides"
)

// inventorySource is the technology of inventories of data.
const inventorySource = "fides"

// inventory is what a file of Fides yields.
type inventory struct {
	path string
	fides.Reading
}

// with reads one more document of a file; the receiver is nil before the first.
func (i *inventory) with(rel string, doc decode.Document) *inventory {
	doc.Data = bytes.Clone(doc.Data)
	found := fides.Read(doc)
	if i == nil {
		return &inventory{path: rel, Reading: found}
	}
	i.Inventories = append(i.Inventories, found.Inventories...)
	i.Categories = append(i.Categories, found.Categories...)
	i.Used = append(i.Used, found.Used...)
	i.Problems = append(i.Problems, found.Problems...)
	i.Holes = append(i.Holes, found.Holes...)
	return i
}

// inventory gives inventories to the services whom they concern, and holds all
// categories to the taxonomy with what people added to it.
func (f *found) inventory() {
	var own []string
	for _, i := range f.inventories {
		own = append(own, i.Categories...)
	}
	for _, i := range f.inventories {
		if bundles.Aside(i.path) {
			continue
		}
		f.complain(i.Problems...)
		said := map[string]bool{}
		for _, u := range i.Used {
			if !fideslang.Known(u.Category, own) && !said[u.Category] {
				said[u.Category] = true
				f.complain(fact.Problem{Location: u.At, Message: stranger(u.Category, "define it under `data_category`")})
			}
		}
		if len(i.Inventories)+len(i.Holes) == 0 {
			continue
		}
		f.groups[0].files++
		keep(&fact.Set{
			Bundle: ".", Source: inventorySource, Rung: fact.Configured, ProductionLike: true,
			Inventories: i.Inventories, Coverage: fact.Coverage{Holes: i.Holes},
		}, f.concerned(i.path))
	}
	for _, g := range f.groups {
		if g.service != nil {
			g.strangers(own)
		}
	}
}

// strangers complains about the manifest's categories that nobody knows.
func (g *group) strangers(own []string) {
	d := &g.service.Declared
	look := func(ref fact.Ref, categories []string) {
		for _, c := range categories {
			if !fideslang.Known(c, own) {
				g.problems = append(g.problems, fact.Problem{Location: ref.Location, Message: ref.Part + ": " + stranger(c, "write `none` where there is no personal data")})
			}
		}
	}
	for _, s := range d.Stores {
		look(s.Ref, s.Categories)
	}
	if d.Personal != nil {
		look(d.Personal.Ref, d.Personal.Categories)
	}
	for _, p := range d.ThirdParties {
		look(p.Ref, p.Categories)
	}
}

// stranger says that a category is none, and which may be meant.
func stranger(category, otherwise string) string {
	if near := fideslang.Nearest(category); near != "" {
		return fmt.Sprintf("%s is no data category of fideslang (did you mean %s?)", category, near)
	}
	return fmt.Sprintf("%s is no data category of fideslang; take one of https://ethyca.github.io/fideslang/, or %s", category, otherwise)
}
