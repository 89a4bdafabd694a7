package migrations

import (
	"fmt"
	"path"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/derive/migrated"
	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// judge holds one set of migrations against the row.
type judge struct {
	in      expect.Input
	set     *fact.MigrationSet
	out     *verdict.Findings
	dialect string
	newest  *fact.Migration
	// since is the day from which on migrations may still be ahead of a store.
	since time.Time
	// page tells of the way back; nil where none is named or it says nothing.
	page     *page.WayBack
	pagePath string
	open     bool // something failed or could not be told
	told     int  // how many ways back are told elsewhere than in the tool's place
}

func newJudge(in expect.Input, s *fact.MigrationSet, out *verdict.Findings) *judge {
	j := &judge{in: in, set: s, out: out, dialect: dialect(in, s)}
	j.since = in.AsOf.Add(-time.Duration(in.Limit("history-after")) * 24 * time.Hour)
	for _, m := range s.Migrations {
		if !m.Repeatable {
			j.newest = m
		}
	}
	if l := link(in); l != nil {
		j.read(l)
	}
	return j
}

// read looks for the way back on the page that the manifest names; a folder stands
// for the page within it.
func (j *judge) read(l *fact.DocLink) {
	library := page.LibraryOf(j.in.All)
	d := library.Page(l.File)
	switch {
	case l.URL || l.Beyond:
	case !l.Resolves:
		j.fail(l.Ref, "not-there", "`docs.migrations` names %s, which is not there", l.Target)
	case d == nil:
	default:
		if w, ok := page.WayBackOf(d); ok {
			j.page, j.pagePath = &w, d.Path
		} else if page.English(d) {
			j.pagePath = d.Path
		}
	}
}

func (j *judge) fail(ref fact.Ref, rule, format string, args ...any) {
	j.open = true
	j.out.Fail(ref, rule, format, args...)
}

func (j *judge) unclear(ref fact.Ref, rule, format string, args ...any) {
	j.open = true
	j.out.Unclear(ref, rule, format, args...)
}

// age is how a migration counts.
type age int

const (
	ahead   age = iota // a store may not have it yet
	history            // every store in use has it
	unsaid             // nothing tells
)

func (j *judge) age(m *fact.Migration) age {
	switch {
	case m.Repeatable:
		return ahead
	case m.Written.IsZero() && m == j.newest:
		return ahead
	case m.Written.IsZero():
		return unsaid
	case m.Written.Before(j.since):
		return history
	}
	return ahead
}

// order says what is wrong with the order.
func (j *judge) order() {
	for _, f := range j.set.Flaws {
		old := f.Migration != nil && j.age(f.Migration) == history
		switch {
		case f.Kind == fact.MissingVersion && old, f.Kind == fact.OrphanedDown:
			j.out.Note(f.Ref, string(f.Kind), "%s", f.Says)
		case f.Kind == fact.MissingVersion:
			j.unclear(f.Ref, string(f.Kind), "%s: whether a store has it cannot be told here", f.Says)
		default:
			j.fail(f.Ref, string(f.Kind), "%s", f.Says)
		}
	}
}

// waysBack says of each migration that may have to be taken back whether it can be.
func (j *judge) waysBack() {
	var without []*fact.Migration // of a tool that has no place for it
	old := 0
	for _, m := range j.set.Migrations {
		switch {
		case m.Back == fact.BackWritten, m.Back == fact.BackDerived, m.Back == fact.BackNotAsked:
			continue
		case m.Reason != "", j.spoken(m):
			j.told++
			continue
		case m.Back == fact.BackUnknown:
			j.unclear(m.Ref, "unread", "whether %s has a way back could not be read", j.name(m))
			continue
		case j.age(m) == history && m != j.newest:
			old++
			continue
		}
		if j.set.ForwardOnly != "" && m.Back == fact.BackMissing {
			without = append(without, m)
			continue
		}
		ref := m.Ref.At(m.BackAt)
		switch m.Back {
		case fact.BackEmpty:
			j.fail(ref, "no-way-back", "%s has a place for its way back without a statement in it, and says no reason", j.name(m))
		case fact.BackRefused:
			j.fail(ref, "no-way-back", "%s refuses to be taken back, and says no reason", j.name(m))
		default:
			j.fail(ref, "no-way-back", "%s has no way back, and says no reason", j.name(m))
		}
	}
	if old > 0 {
		j.out.Note(j.set.Ref, "history", "%s no way back; written before %s, they stand in every store, and nobody goes back that far", count(old, "migration has", "migrations have"), expect.Day(j.since))
	}
	if len(without) > 0 {
		j.forwardOnly(without)
	}
}

// name is how people know a migration: by its file, or by its own name where several
// share one.
func (j *judge) name(m *fact.Migration) string {
	for _, other := range j.set.Migrations {
		if other != m && other.Files[0] == m.Files[0] {
			return m.Title()
		}
	}
	switch file := path.Base(m.Files[0]); file {
	case "up.sql", "migration.sql":
		return path.Base(path.Dir(m.Files[0]))
	default:
		return file
	}
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// spoken reports whether the page speaks for a migration: it names it, or says how to
// go on without a way back.
func (j *judge) spoken(m *fact.Migration) bool {
	if j.page == nil {
		return false
	}
	if j.page.Doctrine || j.set.ForwardOnly != "" {
		return true
	}
	stem, _, _ := strings.Cut(path.Base(m.Files[0]), ".")
	return page.Names(j.page.Prose, stem) || len(m.Version) > 2 && page.Names(j.page.Prose, m.Version)
}

// forwardOnly judges migrations of a tool that keeps no way back beside them: it must
// be told on a page.
func (j *judge) forwardOnly(without []*fact.Migration) {
	last := without[len(without)-1]
	ref := j.set.Ref.At(last.Location)
	switch l := link(j.in); {
	case j.pagePath != "":
		j.fail(l.Ref, "page-silent", "%s says nothing of how a migration is taken back, and %s", j.pagePath, j.set.ForwardOnly)
	case l != nil && (l.URL || l.Beyond):
		j.unclear(l.Ref, "elsewhere", "how migrations are taken back is told at %s, which was not read; %s", l.Target, j.set.ForwardOnly)
	default:
		j.unclear(ref, "untold", "%s; how %s would be taken back is told on no page that `docs.migrations` of seaworthy.yaml names", j.set.ForwardOnly, j.name(last))
	}
}

// hazards says what a store in use suffers.
func (j *judge) hazards() {
	for _, h := range migrated.Hazards(j.set, j.dialect) {
		a := j.age(h.Migration)
		if a == history || h.Stated != "" || j.named(h) {
			continue
		}
		ref := h.Migration.Ref
		if h.Change != nil {
			ref = ref.Within(string(h.Change.Verb) + " " + strings.Trim(h.Change.Shown+"."+h.Change.Name, ".")).At(h.Change.Location)
		}
		says := h.Says
		if h.Instead != "" {
			says += " (" + h.Instead + ")"
		}
		rule := string(h.Kind)
		switch {
		case h.Kind == migrated.Renames, h.Kind == migrated.MovesAll, h.Kind == migrated.Resumable:
			j.out.Note(ref, rule, "%s", says)
		case h.Perhaps:
			j.unclear(ref, rule, "%s", says)
		case a == unsaid && h.Kind != migrated.Fails:
			j.unclear(ref, rule, "%s; whether it was applied long ago cannot be told, for neither its number nor git says when it was written", h.Says)
		default:
			j.fail(ref, rule, "%s", says)
		}
	}
	for _, m := range j.set.Migrations {
		if m.Opaque != "" && j.age(m) != history {
			j.unclear(m.Ref, "unread", "what %s does could not be read: %s", j.name(m), m.Opaque)
		}
	}
	if j.dialect == "" {
		for _, m := range j.set.Migrations {
			if j.age(m) != history && migrated.Touches(j.set, m) {
				j.unclear(m.Ref, "dialect", "%s changes a table that is in use, and nothing here says which store it is, so what it locks cannot be told", j.name(m))
				return
			}
		}
	}
}

// named reports whether the page speaks of a step: it names the migration.
func (j *judge) named(h migrated.Hazard) bool {
	if j.page == nil {
		return false
	}
	stem, _, _ := strings.Cut(path.Base(h.Migration.Files[0]), ".")
	return page.Names(j.page.Prose, stem)
}

// conclude passes a set in which nothing is open.
func (j *judge) conclude() {
	if j.open {
		return
	}
	n := len(j.set.Migrations)
	what := fmt.Sprintf("the %s of %s in %s", count(n, "migration", "migrations"), j.set.Engine, j.set.Folder)
	what = strings.Replace(what, "the 1 migration", "the one migration", 1)
	switch {
	case j.told > 0 && j.pagePath != "" && j.page != nil:
		j.out.Pass(j.set.Ref, "sound", "%s can be taken back, or %s says how to go on", what, j.pagePath)
	case j.told > 0:
		j.out.Pass(j.set.Ref, "sound", "%s can be taken back, or say why not", what)
	default:
		j.out.Pass(j.set.Ref, "sound", "%s can be taken back", what)
	}
}
