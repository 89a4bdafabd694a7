// Package inventory tells what lies in a store, by what people say of it: in the
// manifest, and in inventories of their own.
package inventory

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/fideslang"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Holding is what lies in a store, as somebody says.
type Holding struct {
	// Categories in the words of fideslang, each once.
	Categories []string
	// Declared is the store in the manifest; nil where that does not name it.
	Declared *fact.DeclaredStore
	// By is where the categories are written.
	By fact.Ref
}

// Personal reports whether data of persons lies in the store.
func (h Holding) Personal() bool { return fideslang.Personal(h.Categories) }

// Impersonal reports whether all that lies in it is known to be no data of persons.
func (h Holding) Impersonal() bool { return fideslang.Impersonal(h.Categories) }

// Says lists the categories for a reader.
func (h Holding) Says() string {
	const most = 4
	if more := len(h.Categories) - most; more > 1 {
		return strings.Join(h.Categories[:most], ", ") + ", ..."
	}
	return strings.Join(h.Categories, ", ")
}

// Of returns what lies in the store of a name; ok is false where nobody says.
func Of(d *fact.Declarations, all []*fact.Set, name string) (h Holding, ok bool) {
	dataset := name
	if d != nil {
		for _, s := range d.Stores {
			if s.Name != name {
				continue
			}
			h.Declared, h.By, h.Categories = s, s.Ref, slices.Clone(s.Categories)
			if s.Dataset != "" {
				dataset = s.Dataset
			}
		}
	}
	for _, set := range all {
		for _, i := range set.Inventories {
			if i.Store == "" || plain(i.Store) != plain(dataset) {
				continue
			}
			if len(h.Categories) == 0 {
				h.By = i.Ref
			}
			for _, c := range i.Categories {
				if !slices.Contains(h.Categories, c) {
					h.Categories = append(h.Categories, c)
				}
			}
		}
	}
	return h, len(h.Categories) > 0
}

// plain levels the ways in which names are written: keys of Fides have no dashes.
func plain(name string) string {
	return strings.NewReplacer("_", "-", ".", "-", " ", "-").Replace(strings.ToLower(name))
}

// Homeless returns the inventories of data of persons that belong to no store of
// the names.
func Homeless(d *fact.Declarations, all []*fact.Set, names []string) (out []*fact.Inventory) {
	known := map[string]bool{}
	for _, n := range names {
		known[plain(n)] = true
	}
	if d != nil {
		for _, s := range d.Stores {
			known[plain(s.Name)], known[plain(s.Dataset)] = true, true
		}
	}
	for _, set := range all {
		for _, i := range set.Inventories {
			if i.Store != "" && !known[plain(i.Store)] && fideslang.Personal(i.Categories) {
				known[plain(i.Store)] = true
				out = append(out, i)
			}
		}
	}
	return out
}
