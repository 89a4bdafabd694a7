package schedule

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/discovered"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// declared compares what the manifest says of stores with what was found: a store
// that it does not name is a gap, and of one that was not found nobody can tell
// whether it is copied.
func declared(out *verdict.Findings, in expect.Input) {
	d := in.Declared
	if d == nil || d.Manifest == "" {
		return
	}
	for _, s := range discovered.Stores([]*fact.Set{in.Here}) {
		if s.Sure && entry(d, s.Name) == nil && d.NoneOf(fact.NoneStores) == nil {
			out.Lacks(s.Ref.Within("declaration"), []fact.Kind{fact.Manifest}, "undeclared-store", "%s (%s) keeps data, and %s does not name it (`- {name: %s, kind: %s}` under `stores` does)", s.Name, s.Kind, d.Manifest, s.Name, s.Kind)
		}
	}
	if !in.First(func(*fact.Set) bool { return true }) {
		return
	}
	found := discovered.Stores(in.All)
	for _, s := range d.Stores {
		there := false
		for _, f := range found {
			there = there || strings.EqualFold(f.Name, s.Name)
		}
		if !there {
			out.Unclear(s.Ref, "declared-elsewhere", "the store %s (%s) is declared and not found here, so whether it is copied could not be told", s.Name, s.Kind)
		}
	}
}

func entry(d *fact.Declarations, name string) *fact.DeclaredStore {
	for _, s := range d.Stores {
		if strings.EqualFold(s.Name, name) {
			return s
		}
	}
	return nil
}
