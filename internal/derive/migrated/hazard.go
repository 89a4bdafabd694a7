package migrated

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/ddl"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Kind is what is wrong with a change.
type Kind string

// What can be wrong with a change.
const (
	Blocks    Kind = "blocks"    // others wait for as long as the table is large
	Drops     Kind = "drops"     // what is lost cannot be brought back
	Fails     Kind = "fails"     // it cannot work
	Renames   Kind = "renames"   // the build before does not find it any more
	MovesAll  Kind = "moves-all" // every row changes in one statement
	Resumable Kind = "half-way"  // stopped half-way, it cannot simply run again
)

// Hazard is what a migration does that hurts a store in use.
type Hazard struct {
	Kind      Kind
	Migration *fact.Migration
	Change    *fact.SchemaChange
	// Says is the whole sentence, Instead what to do.
	Says, Instead string
	// Perhaps is true where it depends on what is not here.
	Perhaps bool
	// Stated is the comment that says how long it takes, or why it is safe.
	Stated string
}

// Judged reports whether what locks is known for a dialect.
func Judged(dialect string) bool {
	return dialect == ddl.PostgreSQL || dialect == ddl.MySQL || dialect == ddl.MariaDB
}

// Harmless reports whether a dialect has no such locks: nothing but one process
// writes to it, or it changes tables beside their use.
func Harmless(dialect string) bool {
	return dialect == ddl.SQLite || dialect == ddl.Cockroach || dialect == ddl.ClickHouse
}

// Touches reports whether a migration changes a table that was there before it, in
// a way that some stores lock for.
func Touches(s *fact.MigrationSet, m *fact.Migration) bool {
	known := tables{}
	for _, other := range s.Migrations {
		for _, c := range other.Changes {
			if other == m && !known.fresh(c.Table, m) {
				switch c.Verb {
				case fact.CreateIndex, fact.AlterType, fact.SetNotNull, fact.AddConstraint, fact.Rewrite:
					return true
				}
			}
			known.apply(other, c)
		}
		if other == m {
			return false
		}
	}
	return false
}

// Hazards lists what the migrations of a set do that hurts, in their order.
func Hazards(s *fact.MigrationSet, dialect string) (out []Hazard) {
	known := tables{}
	for _, m := range s.Migrations {
		remade := remadeIn(m)
		for _, c := range m.Changes {
			h, found := hazard(s, m, c, dialect, known, remade)
			if found {
				h.Migration, h.Change = m, c
				h.Stated = stated(m, c, h.Kind)
				out = append(out, h)
			}
			known.apply(m, c)
		}
		if h, found := halfWay(m, dialect); found {
			out = append(out, h)
		}
	}
	return out
}

// remadeIn lists the tables that a migration makes anew: created, or renamed into
// place.
func remadeIn(m *fact.Migration) map[string]bool {
	out := map[string]bool{}
	for _, c := range m.Changes {
		switch c.Verb {
		case fact.CreateTable:
			out[c.Table] = true
		case fact.RenameTable:
			out[c.To] = true
		}
	}
	return out
}

func hazard(s *fact.MigrationSet, m *fact.Migration, c *fact.SchemaChange, dialect string, known tables, remade map[string]bool) (h Hazard, found bool) {
	file := path.Base(c.File)
	fresh := known.fresh(c.Table, m)
	say := func(k Kind, instead, format string, args ...any) (Hazard, bool) {
		return Hazard{Kind: k, Says: file + " " + fmt.Sprintf(format, args...), Instead: instead}, true
	}
	if dialect == ddl.PostgreSQL && c.Concurrent && m.Whole.Is() && (c.Verb == fact.CreateIndex || c.Verb == fact.DropIndex || c.Verb == fact.Reindex) {
		return say(Fails, "give it a migration of its own, outside of a transaction", "runs `%s`, which PostgreSQL refuses within a transaction, and %s puts this migration in one", c.Says, s.Engine)
	}
	switch c.Verb {
	case fact.DropTable:
		switch {
		case c.Kind == "temporary" || fresh || remade[c.Table] || c.Guarded && known[c.Table] == nil:
		case c.Kind == "schema":
			return say(Drops, "", "drops the schema %s with all that it holds", c.Shown)
		default:
			return say(Drops, "", "drops the table %s, whose rows no way back brings back", c.Shown)
		}
		return h, false
	case fact.DropColumn:
		if !fresh && !remade[c.Table] {
			return say(Drops, "", "drops the column %s.%s, whose values no way back brings back", c.Shown, c.Name)
		}
		return h, false
	case fact.EmptyTable:
		if !fresh && !remade[c.Table] {
			return say(Drops, "", "deletes every row of %s, which no way back brings back", c.Shown)
		}
		return h, false
	case fact.RenameTable:
		if !fresh && !remade[c.Table] && !c.Guarded && known[c.Table] != nil {
			return say(Renames, "", "renames the table %s to %s, which the build before does not know", c.Shown, c.To)
		}
		return h, false
	case fact.RenameColumn:
		if !fresh {
			return say(Renames, "", "renames the column %s.%s to %s, which the build before does not know", c.Shown, c.Name, c.To)
		}
		return h, false
	case fact.UpdateAll:
		if !fresh {
			return say(MovesAll, "", "changes every row of %s in one statement", c.Shown)
		}
		return h, false
	}
	if fresh {
		return h, false
	}
	switch dialect {
	case ddl.PostgreSQL:
		return postgres(m, c, known, say)
	case ddl.MySQL, ddl.MariaDB:
		return mysql(c, known, say)
	}
	return h, false
}

var (
	// sizes are the words by which people say how long a step takes, and why that
	// is no harm.
	sizes = regexp.MustCompile(`(?i)\b(?:lock\w*|block\w*|rewrit\w*|scan\w*|small|tiny|empty|few|rows?|seconds?|minutes?|hours?|ms|downtime|maintenance|window|tak(?:es|en|ing)|duration|fast|instant\w*|quick\w*|short|brief\w*|size|safe|cheap|no traffic|unused|new table|offline|in use)\b|squawk-ignore|atlas:nolint|strong_migrations`)
	// reasons are the words by which people say why something may go.
	reasons = regexp.MustCompile(`(?i)\b(?:unused|no longer|not (?:used|read|written|needed|referenced)|never|obsolete|deprecated|nobody|nothing|moved|copied|replaced|since|release[ds]?|dead|legacy|removed|safe|back(?:ed)?[- ]?up|archiv\w+|migrated|superseded|duplicate\w*|derived|cache|contract|previous|before|expand)\b|squawk-ignore|atlas:nolint`)
	// generated is what tools write above statements, whatever these do.
	generated = regexp.MustCompile(`(?i)you are about to (?:drop|alter)|will be lost|warnings:|^\W*(?:drop|alter|create|add|rename|redefine)\s*(?:table|index|column|foreign ?key|enum|tables)?\W*$`)
)

// stated returns what is said at a change, or above the whole migration, of how
// long it takes or why nothing is lost.
func stated(m *fact.Migration, c *fact.SchemaChange, k Kind) string {
	words := sizes
	if k == Drops || k == Renames {
		words = reasons
	}
	for _, text := range []string{c.Stated, m.Head} {
		for line := range strings.SplitSeq(text, "\n") {
			if generated.MatchString(line) {
				text = strings.Replace(text, line, "", 1)
			}
		}
		text = strings.TrimSpace(text)
		if words.MatchString(text) && len(strings.Fields(text)) >= 4 || strings.Contains(text, "squawk-ignore") || strings.Contains(text, "atlas:nolint") {
			return text
		}
	}
	return ""
}

// halfWay says what happens to a migration that stops within.
func halfWay(m *fact.Migration, dialect string) (h Hazard, found bool) {
	if m.Statements < 2 || len(m.Changes) < 2 {
		return h, false
	}
	bare := 0
	for _, c := range m.Changes[:len(m.Changes)-1] {
		if !c.Guarded && c.Verb != fact.UpdateAll && c.Verb != fact.EmptyTable && c.Statement != m.Changes[len(m.Changes)-1].Statement {
			bare++
		}
	}
	if bare == 0 {
		return h, false
	}
	file := path.Base(m.Files[0])
	switch {
	case dialect == ddl.MySQL, dialect == ddl.MariaDB, dialect == ddl.Oracle:
		return Hazard{Kind: Resumable, Migration: m, Says: fmt.Sprintf("%s holds %d statements, each of which %s commits at once: stopped within, it keeps the first ones and cannot simply run again", file, m.Statements, name(dialect))}, true
	case m.Whole.IsNot():
		return Hazard{Kind: Resumable, Migration: m, Says: fmt.Sprintf("%s holds %d statements outside of a transaction: stopped within, it keeps the first ones and cannot simply run again", file, m.Statements)}, true
	}
	return h, false
}

// name is how a dialect's store is called.
func name(dialect string) string {
	switch dialect {
	case ddl.PostgreSQL:
		return "PostgreSQL"
	case ddl.MySQL:
		return "MySQL"
	case ddl.MariaDB:
		return "MariaDB"
	case ddl.Oracle:
		return "Oracle"
	}
	return dialect
}
