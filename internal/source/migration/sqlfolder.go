package migration

import (
	"path"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Names of files by which tools know migrations.
var (
	paired   = regexp.MustCompile(`^(\d+)[_-](.+)\.(up|down)(?:\.(\w+))?\.sql$`)
	doUndo   = regexp.MustCompile(`^(\d+)\.(do|undo)\.?(.*)\.sql$`)
	numbered = regexp.MustCompile(`^(\d+)[_-]?(.*)\.sql$`)
)

// about is how folders of migrations are called.
var about = regexp.MustCompile(`(?i)(?:^|/)[\w.-]*(?:migrat|evolutions)[\w.-]*(?:/|$)`)

// sqlFolders reads the folders of plain SQL: what is marked within the files, pairs
// of files, and numbered ones.
func (r *reader) sqlFolders() {
	for _, dir := range r.folders() {
		var names []string
		pairs, undone, counted := 0, 0, 0
		for _, n := range r.names[dir] {
			if !strings.HasSuffix(n, ".sql") || r.taken[path.Join(dir, n)] {
				continue
			}
			names = append(names, n)
			switch {
			case paired.MatchString(n):
				pairs++
			case doUndo.MatchString(n):
				undone++
			case numbered.MatchString(n):
				counted++
			}
		}
		switch {
		case pairs > 0 && pairs >= counted:
			r.pairs(dir, names)
		case undone > 1:
			r.doUndo(dir, names)
		case counted > 0:
			if m := r.markersOf(dir, names); m != nil {
				r.marked(dir, names, m)
			} else if r.has(dir, "atlas.sum") {
				r.atlas(dir, names)
			} else if about.MatchString(dir) {
				r.plain(dir, names)
			}
		}
	}
}

func (r *reader) has(dir, name string) bool {
	for _, n := range r.names[dir] {
		if n == name {
			return true
		}
	}
	return false
}

// pairs reads N_name.up.sql and N_name.down.sql, as golang-migrate, sqlx and bun
// have them.
func (r *reader) pairs(dir string, names []string) {
	s := r.set("golang-migrate", dir)
	if r.uses(dir, "Cargo.toml", "sqlx") {
		s.Engine = "sqlx"
	}
	r.dialect(s, names)
	type way struct{ up, down string }
	ways := map[string]*way{}
	var order []string
	for _, n := range names {
		m := paired.FindStringSubmatch(n)
		if m == nil {
			continue
		}
		key := m[1] + "\x00" + m[2]
		if ways[key] == nil {
			ways[key] = &way{}
			order = append(order, key)
		}
		if m[3] == "up" {
			ways[key].up = n
		} else {
			ways[key].down = n
		}
	}
	// The number joins the two ways, whatever each is called.
	for _, key := range order {
		version, _, _ := strings.Cut(key, "\x00")
		if ways[key].up != "" && ways[key].down == "" {
			for _, other := range order {
				if o := ways[other]; strings.HasPrefix(other, version+"\x00") && o.up == "" && o.down != "" {
					ways[key].down, o.down = o.down, ""
				}
			}
		}
	}
	for _, key := range order {
		version, name, _ := strings.Cut(key, "\x00")
		w := ways[key]
		switch {
		case w.up == "" && w.down == "":
			continue
		case w.up == "":
			flaw(s, fact.OrphanedDown, nil, "version "+version, "%s takes back a migration that is not there: %s_%s.up.sql", w.down, version, name)
			s.Flaws[len(s.Flaws)-1].Location = fact.Location{File: r.show(path.Join(dir, w.down))}
			continue
		}
		up := path.Join(dir, w.up)
		m := r.migration(s, version, name, up)
		r.taken[up] = true
		text, ok := r.text(up)
		if !ok {
			m.Opaque = "it cannot be read"
		}
		script := r.rise(s, m, text, up, 1)
		// The file is sent as one: several statements are one transaction of
		// PostgreSQL, unless they say otherwise.
		if !script.Transacts && s.Engine == "sqlx" {
			m.Whole = fact.Truth{Known: true, Yes: !strings.HasPrefix(strings.TrimSpace(text), "-- no-transaction"), At: m.Location}
		} else if !script.Transacts && s.Dialect == "postgresql" {
			m.Whole = fact.Truth{Known: true, Yes: m.Statements > 1, At: m.Location}
		}
		m.Back = fact.BackMissing
		if w.down == "" {
			continue
		}
		down := path.Join(dir, w.down)
		r.taken[down] = true
		m.Files = append(m.Files, down)
		if text, ok := r.text(down); ok {
			r.back(s, m, text, down, 1)
		} else {
			m.Back = fact.BackUnknown
		}
	}
	byNumber(s)
	r.keep(s)
}

// doUndo reads N.do.name.sql and N.undo.name.sql, as Postgrator has them.
func (r *reader) doUndo(dir string, names []string) {
	s := r.set("Postgrator", dir)
	r.dialect(s, names)
	back := map[string]string{}
	for _, n := range names {
		if m := doUndo.FindStringSubmatch(n); m != nil && m[2] == "undo" {
			back[m[1]] = n
		}
	}
	for _, n := range names {
		f := doUndo.FindStringSubmatch(n)
		if f == nil || f[2] != "do" {
			continue
		}
		rel := path.Join(dir, n)
		m := r.migration(s, f[1], f[3], rel)
		text, _ := r.text(rel)
		r.rise(s, m, text, rel, 1)
		m.Back = fact.BackMissing
		if n := back[f[1]]; n != "" {
			down := path.Join(dir, n)
			m.Files = append(m.Files, down)
			text, _ := r.text(down)
			r.back(s, m, text, down, 1)
		}
	}
	byNumber(s)
	r.keep(s)
}

// plain reads numbered files without a mark of any tool: sqlx's simple form, and
// what many programs apply by themselves.
func (r *reader) plain(dir string, names []string) {
	s := r.set("numbered SQL files", dir)
	s.ForwardOnly = "files of this form have no place for a way back"
	switch {
	case r.uses(dir, "Cargo.toml", "sqlx"):
		s.Engine = "sqlx"
	case strings.HasSuffix("/"+dir, "/supabase/migrations"):
		s.Engine, s.Dialect, s.DialectFrom = "Supabase", "postgresql", "Supabase"
		s.ForwardOnly = "Supabase applies migrations forward only"
	case r.has(path.Join(dir, "meta"), "_journal.json"):
		s.Engine, s.ForwardOnly = "Drizzle", "Drizzle applies migrations forward only"
	}
	r.forward(s, dir, names)
}

// forward reads numbered files that have no way back.
func (r *reader) forward(s *fact.MigrationSet, dir string, names []string) {
	r.dialect(s, names)
	for _, n := range names {
		f := numbered.FindStringSubmatch(n)
		if f == nil {
			continue
		}
		rel := path.Join(dir, n)
		text, ok := r.text(rel)
		m := r.migration(s, f[1], f[2], rel)
		if !ok {
			m.Opaque = "it cannot be read"
		}
		script := r.rise(s, m, text, rel, 1)
		switch {
		case script.Transacts:
		case s.Engine == "sqlx":
			m.Whole = fact.Truth{Known: true, Yes: !strings.HasPrefix(strings.TrimSpace(text), "-- no-transaction"), At: m.Location}
		case s.Engine == "Atlas":
			m.Whole = fact.Truth{Known: true, Yes: !strings.Contains(text, "atlas:txmode none"), At: m.Location}
		}
		m.Back, m.Reason = fact.BackMissing, reasonIn(comments(text, s.Dialect))
		r.taken[rel] = true
	}
	byNumber(s)
	r.keep(s)
}
