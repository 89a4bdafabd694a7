// Package migration reads how the shape of stored data changes: the migrations of
// the tools that are common, in their order, with what there is of a way back. It
// runs nothing of what it reads and never leaves the tree.
package migration

import (
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/ddl"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Bounds. A migration of more than some megabytes holds rows, not the shape of
// tables; the largest public set known to us has about 3,000 files.
const (
	maxFile  = 4 << 20
	maxFiles = 20_000
	maxAll   = 128 << 20
	maxSteps = 4_000 // files of one set of which the statements are read
)

// Request says what to read.
type Request struct {
	// Root on disk; Shown is what places in reports start with.
	Root, Shown string
	// Files below the root that may belong to migrations, and Settings in which
	// tools and frameworks name their store, sorted.
	Files, Settings []string
	// Modules are the build files of the tree, which name the libraries in use.
	Modules []string
}

// Reading is what was read.
type Reading struct {
	Sets     []*fact.MigrationSet
	Problems []fact.Problem
	Holes    []fact.Hole
}

// reader looks through the folders of a tree.
type reader struct {
	Request
	root *os.Root
	// names are the candidates of each folder.
	names map[string][]string
	// known are files that were read.
	known map[string]string
	spent int
	taken map[string]bool
	out   Reading
}

// Read reads the migrations of a tree. What cannot be read is a problem and a
// hole; the others are read all the same.
func Read(req Request) Reading {
	root, err := os.OpenRoot(req.Root)
	if err != nil {
		return Reading{} // said where the tree was walked
	}
	defer root.Close()
	r := &reader{Request: req, root: root, names: map[string][]string{}, known: map[string]string{}, taken: map[string]bool{}}
	if len(r.Files) > maxFiles {
		r.lose(".", 0, "has %d files that may be migrations; only the first %d are read: name a smaller path", len(r.Files), maxFiles)
		r.Files = r.Files[:maxFiles]
	}
	for _, f := range r.Files {
		dir := path.Dir(f)
		r.names[dir] = append(r.names[dir], path.Base(f))
	}
	for _, find := range []func(){r.prisma, r.diesel, r.flyway, r.alembic, r.django, r.sqlFolders, r.unreadTools} {
		r.guard(find)
	}
	for _, s := range r.out.Sets {
		r.dress(s)
	}
	slices.SortStableFunc(r.out.Sets, func(a, b *fact.MigrationSet) int { return strings.Compare(a.Folder, b.Folder) })
	return r.out
}

// guard keeps what goes wrong with one tool from what is read of the others.
func (r *reader) guard(find func()) {
	defer func() {
		if p := recover(); p != nil {
			r.lose(".", 0, "holds migrations that cannot be read: %v", p)
		}
	}()
	find()
}

// folders lists the folders with candidates, sorted.
func (r *reader) folders() []string {
	var out []string
	for dir := range r.names {
		out = append(out, dir)
	}
	slices.Sort(out)
	return out
}

// text returns what a file says; ok is false where it cannot be read.
func (r *reader) text(rel string) (content string, ok bool) {
	if s, found := r.known[rel]; found {
		return s, true
	}
	content, why := r.content(rel, maxFile)
	if why != "" {
		r.lose(rel, 0, "%s", why)
		return "", false
	}
	r.known[rel] = content
	return content, true
}

// peek returns what a file says that need not be there.
func (r *reader) peek(rel string) string {
	if s, found := r.known[rel]; found {
		return s
	}
	content, why := r.content(rel, maxFile)
	if why == "" {
		r.known[rel] = content
	}
	return content
}

func (r *reader) content(rel string, most int) (content, why string) {
	file, err := r.root.Open(filepath.FromSlash(rel))
	if err != nil {
		return "", "cannot be read: it is not there, or is a link out of the tree"
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return "", "cannot be read: it is no file"
	}
	if info.Size() > int64(most) {
		return "", fmt.Sprintf("has %d MB; migrations above %d MB are not read: load rows from somewhere else than the migrations", info.Size()>>20, most>>20)
	}
	if r.spent += int(info.Size()); r.spent > maxAll {
		return "", fmt.Sprintf("is not read: the migrations before it hold %d MB already; name a smaller path", maxAll>>20)
	}
	data, err := io.ReadAll(io.LimitReader(file, int64(most)))
	if err != nil {
		return "", "cannot be read"
	}
	return strings.ToValidUTF8(string(data), "\uFFFD"), ""
}

// lose records what may hold a migration and was not read.
func (r *reader) lose(rel string, line int, format string, args ...any) {
	at := fact.Location{File: r.show(rel), Line: line}
	message := fmt.Sprintf(format, args...)
	says, _, _ := strings.Cut(message, ": ")
	r.out.Problems = append(r.out.Problems, fact.Problem{Location: at, Message: message})
	r.out.Holes = append(r.out.Holes, fact.Hole{Kinds: []fact.Kind{fact.Migrations}, Location: at, Why: path.Base(at.File) + " " + says})
}

func (r *reader) show(rel string) string {
	if r.Shown == "" {
		return rel
	}
	return path.Join(r.Shown, rel)
}

// set begins the migrations of a folder.
func (r *reader) set(engine, folder string) *fact.MigrationSet {
	s := &fact.MigrationSet{Engine: engine, Folder: folder}
	s.Ref = fact.Ref{Subject: "migrations " + folder, Location: fact.Location{File: r.show(folder)}}
	return s
}

// keep keeps a set in which something was found.
func (r *reader) keep(s *fact.MigrationSet) {
	if len(s.Migrations) == 0 {
		return
	}
	r.out.Sets = append(r.out.Sets, s)
}

// migration begins one migration of a set.
func (r *reader) migration(s *fact.MigrationSet, version, name string, files ...string) *fact.Migration {
	m := &fact.Migration{Version: version, Name: name, Files: files}
	m.Ref = s.Ref.Within("migration " + m.Title())
	m.Location = fact.Location{File: r.show(files[0])}
	m.BackAt = m.Location
	s.Migrations = append(s.Migrations, m)
	return m
}

// rise reads the way up of a migration from a text of SQL.
func (r *reader) rise(s *fact.MigrationSet, m *fact.Migration, src, rel string, line int) ddl.Script {
	script := ddl.Read(src, s.Dialect, r.show(rel), line, m.Statements)
	r.broken(rel, script)
	if m.Statements == 0 {
		m.Head = script.Head
	}
	m.Statements += len(script.Statements)
	m.Changes = append(m.Changes, script.Changes...)
	return script
}

func (r *reader) broken(rel string, script ddl.Script) {
	if b := script.Broken; b != nil {
		r.lose(rel, b.Line, "cannot be read from here on: %s", b.Says)
	}
}

// back judges a text of SQL that is to take a migration back.
func (r *reader) back(s *fact.MigrationSet, m *fact.Migration, src, rel string, line int) {
	script := ddl.Read(src, s.Dialect, r.show(rel), line, 0)
	r.broken(rel, script)
	m.BackAt = fact.Location{File: r.show(rel), Line: line}
	m.Back = fact.BackEmpty
	for _, st := range script.Statements {
		if !st.Idle() {
			m.Back = fact.BackWritten
		}
	}
	if m.Back == fact.BackEmpty {
		m.Reason = reasonIn(ddl.Comments(src, s.Dialect))
	}
}
