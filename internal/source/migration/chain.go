package migration

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// chained puts migrations into the order in which each names those before it, and
// finds what is wrong with that: names that nobody has, rings, and, where one end is
// asked for, several ends.
func chained(s *fact.MigrationSet, parents map[*fact.Migration][]string, oneEnd bool) {
	byVersion := map[string]*fact.Migration{}
	for _, m := range s.Migrations {
		if other := byVersion[m.Version]; other != nil {
			flaw(s, fact.DuplicateVersion, m, "version "+m.Version, "%s and %s have the same name, so %s takes neither", base(other.Files[0]), base(m.Files[0]), s.Engine)
			continue
		}
		byVersion[m.Version] = m
	}
	// The beginning of a name stands for the name, as Alembic has it.
	find := func(name string) *fact.Migration {
		if m := byVersion[name]; m != nil {
			return m
		}
		var found *fact.Migration
		for version, m := range byVersion {
			if len(name) >= 4 && strings.HasPrefix(version, name) {
				if found != nil {
					return nil
				}
				found = m
			}
		}
		return found
	}
	followed := map[*fact.Migration]bool{}
	before := map[*fact.Migration][]*fact.Migration{}
	for _, m := range s.Migrations {
		for _, name := range parents[m] {
			if p := find(name); p != nil {
				followed[p] = true
				before[m] = append(before[m], p)
			} else {
				flaw(s, fact.MissingParent, m, "parent "+name, "%s comes after %s, which is not there", base(m.Files[0]), name)
			}
		}
	}
	var order, ends []*fact.Migration
	done := map[*fact.Migration]bool{}
	for len(order) < len(s.Migrations) {
		grown := len(order)
		for _, m := range s.Migrations {
			if !done[m] && !slices.ContainsFunc(before[m], func(p *fact.Migration) bool { return !done[p] }) {
				done[m] = true
				order = append(order, m)
			}
		}
		if len(order) == grown {
			for _, m := range s.Migrations {
				if !done[m] {
					flaw(s, fact.Cycle, m, "ring", "%s comes after itself, by way of what it names as the one before it", base(m.Files[0]))
					return
				}
			}
		}
	}
	s.Migrations = order
	for _, m := range order {
		if !followed[m] {
			ends = append(ends, m)
		}
	}
	if oneEnd && len(ends) > 1 {
		var names []string
		for _, m := range ends {
			names = append(names, base(m.Files[0]))
		}
		flaw(s, fact.SeveralHeads, ends[len(ends)-1], "heads", "%d migrations have none after them (%s), so %s does not know which is the newest", len(ends), strings.Join(names, ", "), s.Engine)
	}
}
