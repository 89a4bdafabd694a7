// Package migrated says what migrations do to a store that is in use: what they
// lock, write anew or lose, and what cannot work. It follows the tables through
// all migrations of a set, for what is small or new locks nobody out.
package migrated

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
)

// freshFor is how long after its creation a table is taken for one that the same
// release brings.
const freshFor = 7 * 24 * time.Hour

// table is what earlier migrations say of one.
type table struct {
	by      *fact.Migration
	columns map[string]string
	checks  map[string]*check
}

type check struct {
	condition string
	valid     bool
}

// tables are those of a set as far as they are known.
type tables map[string]*table

func (t tables) of(name string) *table {
	if t[name] == nil {
		t[name] = &table{}
	}
	if t[name].columns == nil {
		t[name].columns = map[string]string{}
	}
	if t[name].checks == nil {
		t[name].checks = map[string]*check{}
	}
	return t[name]
}

// apply follows a change.
func (t tables) apply(m *fact.Migration, c *fact.SchemaChange) {
	if c.Table == "" {
		return
	}
	switch c.Verb {
	case fact.CreateTable:
		if old := t[c.Table]; old != nil && old.by != nil && c.Guarded {
			return // it is there
		}
		n := &table{by: m, columns: map[string]string{}, checks: map[string]*check{}}
		for name, kind := range c.Columns {
			n.columns[name] = kind
		}
		t[c.Table] = n
	case fact.DropTable:
		delete(t, c.Table)
	case fact.RenameTable:
		t[c.To] = t[c.Table]
		if t[c.To] == nil {
			t[c.To] = &table{}
		}
		delete(t, c.Table)
	case fact.AddColumn, fact.AlterType:
		t.of(c.Table).columns[strings.ToLower(c.Name)] = c.Type
	case fact.RenameColumn:
		n := t.of(c.Table)
		n.columns[strings.ToLower(c.To)] = n.columns[strings.ToLower(c.Name)]
	case fact.AddConstraint:
		if c.Constraint == "check" {
			t.of(c.Table).checks[strings.ToLower(c.Name)] = &check{condition: c.Condition, valid: !c.NotValid}
		}
	case fact.Validate:
		if k := t.of(c.Table).checks[strings.ToLower(c.Name)]; k != nil {
			k.valid = true
		}
	}
}

// fresh reports whether a table is one that the migration itself brings, or one
// that was brought with it a few days before.
func (t tables) fresh(name string, m *fact.Migration) bool {
	n := t[name]
	if n == nil || n.by == nil {
		return false
	}
	if n.by == m {
		return true
	}
	return !n.by.Written.IsZero() && !m.Written.IsZero() && m.Written.Sub(n.by.Written) <= freshFor
}

// notNull reports whether a valid check says already that a column holds no null.
func (t tables) notNull(name, column string) bool {
	n := t[name]
	if n == nil {
		return false
	}
	for _, k := range n.checks {
		if k.valid && strings.Contains(strings.ReplaceAll(k.condition, "\"", ""), strings.ToLower(column)+" is not null") {
			return true
		}
	}
	return false
}

var sized = regexp.MustCompile(`^([a-z ]+)\((\d+)(?:,(\d+))?\)$`)

// widens tells whether a change of type leaves the rows as they are; known is false
// where the type before is not known and decides.
func widens(from, to string) (yes, known bool) {
	from, to = plain(from), plain(to)
	switch {
	case from == "" && (to == "text" || to == "varchar" || strings.HasPrefix(to, "varchar(") || strings.HasPrefix(to, "numeric") || to == "citext" || to == "inet"):
		return false, false
	case from == "":
		return false, true
	case from == to:
		return true, true
	}
	f, t := sized.FindStringSubmatch(from), sized.FindStringSubmatch(to)
	switch {
	case (to == "text" || to == "varchar") && (from == "text" || from == "varchar" || f != nil && f[1] == "varchar"):
		return true, true
	case to == "citext" && (from == "text" || from == "varchar"), to == "inet" && from == "cidr":
		return true, true
	case f != nil && t != nil && f[1] == t[1] && (f[1] == "varchar" || f[1] == "numeric" || f[1] == "varbit"):
		a, _ := strconv.Atoi(f[2])
		b, _ := strconv.Atoi(t[2])
		return b >= a && f[3] == t[3], true
	case f != nil && f[1] == "numeric" && to == "numeric", strings.HasPrefix(from, "timestamp") && strings.HasPrefix(to, "timestamp(") && sized.FindString(from) == "":
		return f != nil, true
	}
	return false, true
}

// plain gives a type its one name.
func plain(kind string) string {
	kind = strings.TrimSpace(strings.ToLower(kind))
	for _, r := range [][2]string{{"character varying", "varchar"}, {"decimal", "numeric"}, {"timestamp without time zone", "timestamp"}, {"timestamp with time zone", "timestamptz"},
		{"int4", "integer"}, {"int8", "bigint"}, {"bool ", "boolean "}, {"double precision", "float8"}, {", ", ","}} {
		kind = strings.ReplaceAll(kind, r[0], r[1])
	}
	switch kind {
	case "int":
		return "integer"
	case "bool":
		return "boolean"
	}
	return kind
}
