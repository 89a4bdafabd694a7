package migration

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// stepFolder is how the folder of one migration is called.
var stepFolder = regexp.MustCompile(`^(\d[\d-]*)[_-]?(.*)$`)

// steps returns the folders below one that each hold a file, sorted.
func (r *reader) steps(dir, file string) (out []string) {
	prefix := dir + "/"
	if dir == "." {
		prefix = ""
	}
	for sub := range r.names {
		if name, below := strings.CutPrefix(sub, prefix); below && sub != "." && !strings.Contains(name, "/") && stepFolder.MatchString(name) && r.has(sub, file) {
			out = append(out, sub)
		}
	}
	slices.Sort(out)
	return out
}

// parents returns the folders above those that hold a file.
func (r *reader) parents(file string) (out []string) {
	for _, dir := range r.folders() {
		if up := path.Dir(dir); dir != "." && r.has(dir, file) && !slices.Contains(out, up) {
			out = append(out, up)
		}
	}
	return out
}

// prisma reads a folder for each migration, with migration.sql in it.
func (r *reader) prisma() {
	for _, dir := range r.parents("migration.sql") {
		if !r.has(dir, "migration_lock.toml") && path.Base(dir) != "migrations" {
			continue
		}
		s := r.set("Prisma", dir)
		s.ForwardOnly = "Prisma keeps no way back beside a migration"
		if lock := r.peek(path.Join(dir, "migration_lock.toml")); lock != "" {
			if s.Dialect = dialectIn(lock); s.Dialect != "" {
				s.DialectFrom = path.Join(dir, "migration_lock.toml")
			}
		}
		for _, sub := range r.steps(dir, "migration.sql") {
			f := stepFolder.FindStringSubmatch(path.Base(sub))
			rel := path.Join(sub, "migration.sql")
			r.taken[rel] = true
			text, ok := r.text(rel)
			if s.Dialect == "" {
				s.Dialect = bySigns([]string{text})
				s.DialectFrom = "what the migrations say"
			}
			m := r.migration(s, f[1], f[2], rel)
			if !ok {
				m.Opaque = "it cannot be read"
			}
			if script := r.rise(s, m, text, rel, 1); !script.Transacts && s.Dialect == "postgresql" {
				m.Whole = fact.Truth{Known: true, Yes: m.Statements > 1, At: m.Location} // it is sent as one
			}
			m.Back, m.Reason = fact.BackMissing, reasonIn(comments(text, s.Dialect))
			if r.has(sub, "down.sql") {
				down := path.Join(sub, "down.sql")
				r.taken[down] = true
				m.Files = append(m.Files, down)
				text, _ := r.text(down)
				r.back(s, m, text, down, 1)
			}
		}
		byNumber(s)
		r.keep(s)
	}
}

// diesel reads a folder for each migration, with up.sql and down.sql in it.
func (r *reader) diesel() {
	for _, dir := range r.parents("up.sql") {
		subs := r.steps(dir, "up.sql")
		if len(subs) == 0 || !about.MatchString(dir) && !r.uses(dir, "Cargo.toml", "diesel") {
			continue
		}
		s := r.set("diesel", dir)
		if !r.uses(dir, "Cargo.toml", "diesel") {
			s.Engine = "folders of up.sql and down.sql"
		}
		var names []string
		for _, sub := range subs {
			names = append(names, strings.TrimPrefix(sub, dir+"/")+"/up.sql")
		}
		r.dialect(s, names)
		for _, sub := range subs {
			f := stepFolder.FindStringSubmatch(path.Base(sub))
			rel := path.Join(sub, "up.sql")
			r.taken[rel] = true
			text, ok := r.text(rel)
			m := r.migration(s, f[1], f[2], rel)
			if !ok {
				m.Opaque = "it cannot be read"
			}
			if script := r.rise(s, m, text, rel, 1); !script.Transacts && s.Engine == "diesel" {
				bare := strings.Contains(strings.ReplaceAll(r.peek(path.Join(sub, "metadata.toml")), " ", ""), "run_in_transaction=false")
				m.Whole = fact.Truth{Known: true, Yes: !bare, At: m.Location}
			}
			m.Back = fact.BackMissing
			if r.has(sub, "down.sql") {
				down := path.Join(sub, "down.sql")
				r.taken[down] = true
				m.Files = append(m.Files, down)
				text, _ := r.text(down)
				r.back(s, m, text, down, 1)
			} else {
				m.Reason = reasonIn(comments(text, s.Dialect))
			}
		}
		byNumber(s)
		r.keep(s)
	}
}
