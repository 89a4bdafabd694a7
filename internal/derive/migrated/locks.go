package migrated

import (
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

type sayer func(k Kind, instead, format string, args ...any) (Hazard, bool)

// volatile are the functions whose values differ from row to row: a column with
// such a default is written into every row.
var volatile = regexp.MustCompile(`\b(?:gen_random_uuid|uuid_generate_v\w+|uuidv[47]|random|clock_timestamp|timeofday|nextval|gen_random_bytes|gen_salt|statement_timestamp_)\s*\(`)

// postgres says which lock a change takes and for how long, as the manual has it
// (ALTER TABLE, CREATE INDEX, Explicit Locking).
func postgres(m *fact.Migration, c *fact.SchemaChange, known tables, say sayer) (Hazard, bool) {
	const exclusive = "while nobody reads or writes it"
	switch c.Verb {
	case fact.CreateIndex:
		if !c.Concurrent {
			return say(Blocks, "CREATE INDEX CONCURRENTLY, in a migration of its own outside of a transaction", "builds the index %s on %s without CONCURRENTLY: nobody writes to %s until it is built", orUnnamed(c.Name), c.Shown, c.Shown)
		}
	case fact.Reindex:
		if !c.Concurrent {
			return say(Blocks, "REINDEX CONCURRENTLY", "rebuilds the index of %s without CONCURRENTLY: nobody writes to it meanwhile", orUnnamed(c.Shown))
		}
	case fact.Rewrite:
		return say(Blocks, "let autovacuum work, or use pg_repack", "writes the whole table %s anew %s", orUnnamed(c.Shown), exclusive)
	case fact.SetNotNull:
		if !known.notNull(c.Table, c.Name) {
			return say(Blocks, "add CHECK (... IS NOT NULL) NOT VALID, validate it in a later step, then SET NOT NULL reads nothing", "sets %s.%s NOT NULL with no valid check that says so already: PostgreSQL reads the whole table %s", c.Shown, c.Name, exclusive)
		}
	case fact.AlterType:
		from := ""
		if t := known[c.Table]; t != nil {
			from = t.columns[strings.ToLower(c.Name)]
		}
		yes, sure := widens(from, c.Type)
		switch {
		case yes && c.Using == "":
		case !sure && c.Using == "":
			h, _ := say(Blocks, "", "changes the type of %s.%s to %s: whether PostgreSQL writes the whole table anew depends on the type before, which is not here", c.Shown, c.Name, c.Type)
			h.Perhaps = true
			return h, true
		default:
			return say(Blocks, "add a column of the new type, fill it in batches, then switch", "changes the type of %s.%s to %s: PostgreSQL writes the whole table anew %s", c.Shown, c.Name, c.Type, exclusive)
		}
	case fact.AddColumn:
		switch {
		case c.Computed || volatile.MatchString(c.Default):
			return say(Blocks, "add the column without a default, set the default, then fill it in batches", "adds the column %s.%s, whose value differs from row to row: PostgreSQL writes the whole table anew %s", c.Shown, c.Name, exclusive)
		case c.NotNull && c.Default == "":
			return say(Fails, "give it a default, or add it nullable and fill it first", "adds the column %s.%s NOT NULL without a default, which fails as soon as %s holds a row", c.Shown, c.Name, c.Shown)
		case c.Constraint == "unique" || c.Constraint == "primary key":
			return say(Blocks, "build the index CONCURRENTLY and add the constraint USING INDEX", "adds the column %s.%s with an index of its own, which PostgreSQL builds %s", c.Shown, c.Name, exclusive)
		}
	case fact.AddConstraint:
		if c.NotValid || c.ByIndex {
			return Hazard{}, false
		}
		switch c.Constraint {
		case "foreign key":
			return say(Blocks, "add it NOT VALID, and VALIDATE CONSTRAINT in a later step", "adds the foreign key %s to %s without NOT VALID: nobody writes to it, nor to the table that it names, until every row is checked", orUnnamed(c.Name), c.Shown)
		case "check":
			return say(Blocks, "add it NOT VALID, and VALIDATE CONSTRAINT in a later step", "adds the check %s to %s without NOT VALID: PostgreSQL reads the whole table %s", orUnnamed(c.Name), c.Shown, exclusive)
		case "unique", "primary key":
			return say(Blocks, "build the index CONCURRENTLY and add the constraint USING INDEX", "adds the %s %s to %s without USING INDEX: PostgreSQL builds its index %s", strings.ReplaceAll(c.Constraint, "unique", "unique constraint"), orUnnamed(c.Name), c.Shown, exclusive)
		case "exclude":
			return say(Blocks, "say how long it takes, and run it when few write", "adds the exclusion constraint %s to %s: PostgreSQL builds its index %s", orUnnamed(c.Name), c.Shown, exclusive)
		}
	}
	return Hazard{}, false
}

// mysql says what InnoDB cannot do while others write, as the manual has it (Online
// DDL Operations).
func mysql(c *fact.SchemaChange, known tables, say sayer) (Hazard, bool) {
	const copies = "MySQL copies the whole table, and nobody writes to it meanwhile"
	const elsewhere = "use gh-ost or pt-online-schema-change, or say how long it takes"
	switch {
	case c.Algorithm == "copy":
		return say(Blocks, elsewhere, "asks for ALGORITHM=COPY on %s: %s", c.Shown, copies)
	case c.Lock == "exclusive" || c.Lock == "shared":
		return say(Blocks, elsewhere, "asks for LOCK=%s on %s: nobody writes to it meanwhile", strings.ToUpper(c.Lock), c.Shown)
	case c.Algorithm == "inplace" || c.Algorithm == "instant" || c.Algorithm == "nocopy" || c.Lock == "none":
		return Hazard{}, false // it fails rather than copying
	}
	switch c.Verb {
	case fact.CreateIndex:
		if c.Kind == "fulltext" || c.Kind == "spatial" {
			return say(Blocks, elsewhere, "builds a %s index on %s: nobody writes to it until it is built", c.Kind, c.Shown)
		}
	case fact.Rewrite:
		if c.Kind == "character set" {
			return say(Blocks, elsewhere, "converts %s to another character set: %s", c.Shown, copies)
		}
	case fact.AlterType:
		from := ""
		if t := known[c.Table]; t != nil {
			from = t.columns[strings.ToLower(c.Name)]
		}
		f, t := sized.FindStringSubmatch(plain(from)), sized.FindStringSubmatch(plain(c.Type))
		same := plain(from) == plain(c.Type) || strings.HasPrefix(from, "enum") && strings.HasPrefix(c.Type, "enum")
		grows := f != nil && t != nil && f[1] == "varchar" && t[1] == "varchar" && len(f[2]) <= len(t[2]) && (len(f[2]) < len(t[2]) && len(t[2]) < 3 || f[2] <= t[2])
		switch {
		case from == "":
			h, _ := say(Blocks, "", "changes %s.%s to %s: whether MySQL copies the whole table depends on the type before, which is not here", c.Shown, c.Name, c.Type)
			h.Perhaps = true
			return h, true
		case !same && !grows:
			return say(Blocks, elsewhere, "changes the type of %s.%s from %s to %s: %s", c.Shown, c.Name, from, c.Type, copies)
		}
	case fact.AddConstraint:
		if c.Constraint == "foreign key" {
			return say(Blocks, "set foreign_key_checks=0 for this statement and ask for ALGORITHM=INPLACE, once every row is known to fit", "adds the foreign key %s to %s: %s", orUnnamed(c.Name), c.Shown, copies)
		}
	}
	return Hazard{}, false
}

func orUnnamed(s string) string {
	if s == "" {
		return "(unnamed)"
	}
	return s
}
