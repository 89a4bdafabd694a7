// Package piiencryption checks that stores of personal data are encrypted at
// rest and refuse clients that do not encrypt.
package piiencryption

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a store that is encrypted at rest and on the wire. While no
// inventory says what a store holds, it may hold data of persons: one that is
// not encrypted fails, one that is stays open.
func Check(in expect.Input) (out verdict.Findings) {
	for _, d := range in.Here.Databases {
		if d.Managed == nil {
			continue
		}
		inventory, declared := declaration(in.Declared, d)
		switch {
		case declared && !personal(inventory):
			out.Skip(d.Ref, "nobodys", "%s holds %s, which is no data of persons", d.Name, strings.Join(inventory.Categories, ", "))
			continue
		case !rest(&out, d), !wire(&out, d):
			continue
		case !declared:
			out.Unclear(d.Ref, "no-inventory", "%s (%s) is encrypted; whether it holds data of persons is written nowhere", d.Name, d.Engine)
			continue
		}
		out.Pass(d.Ref, "encrypted", "%s (%s), which holds %s, is encrypted at rest and refuses plain text", d.Name, d.Engine, strings.Join(inventory.Categories, ", "))
	}
	for _, d := range in.Here.Databases {
		if d.Managed == nil {
			out.Unclear(d.Ref, "volumes-unread", "how the volumes of %s (%s) are encrypted is not told here", d.Name, d.Engine)
		}
	}
	return out
}

// rest judges encryption on the disk, and reports whether it is there.
func rest(out *verdict.Findings, d *fact.Database) bool {
	e := d.Managed.Encrypted
	ref := d.Ref.At(e.At).Within("at rest")
	switch {
	case !e.Known:
		out.Unclear(ref, "rest-unknown", "whether %s (%s) is encrypted at rest is not known, for %s", d.Name, d.Engine, e.Why)
	case !e.Yes:
		out.Fail(ref, "not-encrypted", "%s (%s) is not encrypted at rest", d.Name, d.Engine)
	}
	return e.Is()
}

// wire judges whether the store refuses plain text.
func wire(out *verdict.Findings, d *fact.Database) bool {
	t := d.Managed.TLS
	ref := d.Ref.At(t.At).Within("on the wire")
	switch {
	case !t.Known:
		out.Unclear(ref, "wire-unknown", "whether %s (%s) refuses plain text is not known, for %s", d.Name, d.Engine, t.Why)
	case !t.Yes:
		out.Fail(ref, "takes-plain-text", "%s (%s) lets clients in that do not encrypt", d.Name, d.Engine)
	}
	return t.Is()
}

// declaration returns what the manifest says of the store, by its name.
func declaration(d *fact.Declarations, store *fact.Database) (*fact.DeclaredStore, bool) {
	if d == nil {
		return nil, false
	}
	for _, s := range d.Stores {
		if s.Name == store.Name && len(s.Categories) > 0 {
			return s, true
		}
	}
	return nil, false
}

// personal reports whether one of the categories is data of persons: fideslang
// keeps them below "user".
func personal(s *fact.DeclaredStore) bool {
	return slices.ContainsFunc(s.Categories, func(c string) bool { return c == "user" || strings.HasPrefix(c, "user.") })
}
