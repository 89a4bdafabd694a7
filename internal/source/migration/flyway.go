package migration

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// versioned is a name as Flyway reads it: prefix, version, two underscores, name.
var versioned = regexp.MustCompile(`^([VUB])(\d+(?:[._]\d+)*)__(.+)\.sql$`)

// repeated is a migration that Flyway applies again whenever it changes.
var repeated = regexp.MustCompile(`^R__(.+)\.sql$`)

// flyway reads V1__name.sql with U1__name.sql and R__name.sql. Folders below one
// location are one set, for Flyway looks into them.
func (r *reader) flyway() {
	found := map[string][]string{}
	var order []string
	for _, dir := range r.folders() {
		strong := false
		for _, n := range r.names[dir] {
			strong = strong || versioned.MatchString(n)
		}
		for _, n := range r.names[dir] {
			if !versioned.MatchString(n) && !repeated.MatchString(n) {
				continue
			}
			home := r.location(dir)
			if !strong && home == dir && found[home] == nil {
				continue // R__ alone says too little
			}
			if found[home] == nil {
				order = append(order, home)
			}
			found[home] = append(found[home], path.Join(dir, n))
		}
	}
	for _, home := range order {
		r.flywaySet(home, found[home])
	}
}

// location returns the folder from which Flyway would read a folder's files.
func (r *reader) location(dir string) string {
	home := dir
	for up := dir; up != "." && up != "/"; up = path.Dir(up) {
		if vendors.MatchString(path.Base(up)) {
			return up
		}
		switch path.Base(up) {
		case "migration", "migrations":
			home = up
		}
	}
	return home
}

func (r *reader) flywaySet(home string, files []string) {
	s := r.set("Flyway", home)
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimPrefix(f, home+"/"))
	}
	r.dialect(s, names)
	undo := map[string]string{}
	undos := false
	for _, f := range files {
		if m := versioned.FindStringSubmatch(base(f)); m != nil && m[1] == "U" {
			undo[version(m[2])] = f
			undos = true
		}
	}
	if !undos {
		s.ForwardOnly = "Flyway has no way back but undo scripts, which its free edition does not run"
	}
	known := map[string]bool{}
	for _, f := range files {
		r.taken[f] = true
		text, ok := r.text(f)
		if m := repeated.FindStringSubmatch(base(f)); m != nil {
			step := r.migration(s, "", m[1], f)
			step.Repeatable, step.Back = true, fact.BackNotAsked
			r.rise(s, step, text, f, 1)
			continue
		}
		m := versioned.FindStringSubmatch(base(f))
		if m[1] == "U" {
			continue
		}
		v := version(m[2])
		step := r.migration(s, v, strings.ReplaceAll(m[3], "_", " "), f)
		known[v] = true
		if !ok {
			step.Opaque = "it cannot be read"
		}
		r.rise(s, step, text, f, 1) // Flyway itself keeps CONCURRENTLY out of a transaction
		step.Back, step.Reason = fact.BackMissing, reasonIn(comments(text, s.Dialect))
		if m[1] == "B" {
			step.Back = fact.BackNotAsked
		}
		if down := undo[v]; down != "" {
			step.Files = append(step.Files, down)
			if text, ok := r.text(down); ok {
				r.back(s, step, text, down, 1)
			}
		}
	}
	for _, v := range sorted(undo) {
		if !known[v] {
			flaw(s, fact.OrphanedDown, nil, "version "+v, "%s takes back version %s, which is not there", base(undo[v]), v)
			s.Flaws[len(s.Flaws)-1].Location = fact.Location{File: r.show(undo[v])}
		}
	}
	slices.SortStableFunc(s.Migrations, func(a, b *fact.Migration) int {
		switch {
		case a.Repeatable != b.Repeatable:
			if a.Repeatable {
				return 1
			}
			return -1
		case a.Repeatable:
			return strings.Compare(a.Name, b.Name)
		}
		return versions(a.Version, b.Version)
	})
	for i, m := range s.Migrations {
		if i > 0 && m.Version != "" && versions(s.Migrations[i-1].Version, m.Version) == 0 && base(m.Files[0])[0] == base(s.Migrations[i-1].Files[0])[0] {
			flaw(s, fact.DuplicateVersion, m, "version "+m.Version, "%s and %s have the same version, so Flyway refuses to start", base(s.Migrations[i-1].Files[0]), base(m.Files[0]))
		}
	}
	r.keep(s)
}

// version writes a version of Flyway with dots.
func version(s string) string { return strings.ReplaceAll(s, "_", ".") }

// versions compares versions part by part, as numbers.
func versions(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(x), len(y)) {
		var p, q string
		if i < len(x) {
			p = strings.TrimLeft(x[i], "0")
		}
		if i < len(y) {
			q = strings.TrimLeft(y[i], "0")
		}
		if len(p) != len(q) {
			return len(p) - len(q)
		}
		if c := strings.Compare(p, q); c != 0 {
			return c
		}
	}
	return 0
}

func sorted[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
