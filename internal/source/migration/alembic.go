package migration

import (
	"path"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// What Alembic writes into a revision.
// https://alembic.sqlalchemy.org/en/latest/tutorial.html#create-a-migration-script
var (
	revision     = regexp.MustCompile(`(?m)^revision\s*(?::[^=\n]+)?=\s*["']([^"'\n]+)["']`)
	downRevision = regexp.MustCompile(`(?m)^down_revision\s*(?::[^=\n]+)?=\s*(\([^)]*\)|\[[^\]]*\]|[^\n]+)`)
	labelled     = regexp.MustCompile(`(?m)^branch_labels\s*(?::[^=\n]+)?=\s*[("'\[]`)
	inQuotes     = regexp.MustCompile(`["']([^"'\n]+)["']`)
	operation    = regexp.MustCompile(`\b(?:op|batch_op)\.(\w+)\(`)
	batch        = regexp.MustCompile(`op\.batch_alter_table\(\s*["'](\w+)["']`)
)

// alembic reads revisions, each of which names the one before it.
func (r *reader) alembic() {
	for _, dir := range r.folders() {
		var s *fact.MigrationSet
		parents := map[*fact.Migration][]string{}
		branches := false
		for _, n := range r.names[dir] {
			if !strings.HasSuffix(n, ".py") {
				continue
			}
			rel := path.Join(dir, n)
			text := r.peek(rel)
			m := revision.FindStringSubmatch(text)
			down := downRevision.FindStringSubmatch(text)
			if m == nil || down == nil {
				continue
			}
			if s == nil {
				s = r.set("Alembic", dir)
				r.dialect(s, nil)
			}
			r.taken[rel] = true
			one := r.migration(s, m[1], slug(n, m[1]), rel)
			for _, p := range inQuotes.FindAllStringSubmatch(strings.SplitN(down[1], "#", 2)[0], 50) {
				parents[one] = append(parents[one], p[1])
			}
			branches = branches || labelled.MatchString(text)
			r.revised(s, one, text, rel)
		}
		if s == nil {
			continue
		}
		chained(s, parents, !branches)
		r.keep(s)
	}
}

// slug is the part of a file's name that people wrote.
func slug(file, version string) string {
	name := strings.Trim(strings.Replace(strings.TrimSuffix(file, ".py"), version, "", 1), "_-")
	return strings.ReplaceAll(name, "_", " ")
}

// revised reads the two ways of a revision.
func (r *reader) revised(s *fact.MigrationSet, m *fact.Migration, text, rel string) {
	up, begin, ok := function(text, "upgrade")
	switch {
	case !ok || strings.Contains(up, "globals()"):
		m.Back, m.Opaque = fact.BackUnknown, "it has no function upgrade that can be read"
		return
	case idle(up):
		m.Back = fact.BackNotAsked
		return
	}
	m.Whole = fact.Truth{Known: true, Yes: s.Dialect == "postgresql" && !strings.Contains(up, "autocommit_block"), At: m.Location}
	table := ""
	if b := batch.FindStringSubmatch(up); b != nil {
		table = b[1]
	}
	for _, c := range pythonCalls(up, operation) {
		at := fact.Location{File: r.show(rel), Line: lineAt(text, begin+c.pos)}
		if c.name == "batch_alter_table" {
			table = argument(c.args, 0, "table_name")
			continue
		}
		r.operated(s, m, c, table, strings.HasPrefix(up[c.pos:], "batch_op"), at, rel)
	}
	down, begin, ok := function(text, "downgrade")
	m.BackAt = fact.Location{File: r.show(rel), Line: lineAt(text, begin)}
	switch {
	case !ok:
		m.Back, m.BackAt = fact.BackMissing, m.Location
	case idle(down):
		m.Back = fact.BackEmpty
	case strings.HasPrefix(strings.TrimSpace(remark.ReplaceAllString(down, "")), "raise "):
		m.Back = fact.BackRefused
	default:
		m.Back = fact.BackWritten
	}
	if m.Back != fact.BackWritten {
		all := remarks(down)
		if at := strings.Index(down, "raise "); at >= 0 {
			if q := inQuotes.FindStringSubmatch(down[at:]); q != nil {
				all = append(all, q[1])
			}
		}
		m.Reason = reasonIn(all)
	}
}

// operated reads one operation of Alembic.
// https://alembic.sqlalchemy.org/en/latest/ops.html
func (r *reader) operated(s *fact.MigrationSet, m *fact.Migration, c call, table string, batched bool, at fact.Location, rel string) {
	change := &fact.SchemaChange{Location: at, Says: c.name, Table: table}
	shift := 1
	if batched {
		shift = 0
	} else {
		change.Table = argument(c.args, 0, "table_name")
	}
	says := func(verb fact.SchemaVerb, name string) {
		m.Statements++
		change.Verb, change.Name, change.Shown, change.Statement = verb, name, change.Table, m.Statements
		change.Table = strings.ToLower(change.Table)
		change.Says = strings.TrimSpace(c.name + " " + strings.Trim(change.Shown+"."+name, "."))
		m.Changes = append(m.Changes, change)
	}
	switch c.name {
	case "execute":
		sql, ok := "", false
		if len(c.args) > 0 {
			sql, ok = literal(c.args[0])
		}
		if !ok {
			m.Opaque = "it executes what only running tells"
			return
		}
		r.rise(s, m, sql, rel, at.Line)
	case "create_table":
		says(fact.CreateTable, "")
	case "drop_table":
		says(fact.DropTable, "")
	case "rename_table":
		change.To = strings.ToLower(argument(c.args, 1, "new_table_name"))
		says(fact.RenameTable, "")
	case "add_column":
		column := strings.Join(c.args, " ")
		change.NotNull = strings.Contains(strings.ReplaceAll(column, " ", ""), "nullable=False")
		if strings.Contains(column, "server_default") {
			change.Default = "'"
		}
		if q := inQuotes.FindAllStringSubmatch(column, 2); len(q) > shift {
			says(fact.AddColumn, q[shift][1])
		}
	case "drop_column":
		says(fact.DropColumn, argument(c.args, shift, "column_name"))
	case "alter_column":
		name := argument(c.args, shift, "column_name")
		if v, found := keyword(c.args, "nullable"); found && v == "False" {
			says(fact.SetNotNull, name)
		} else if to := argument(c.args, len(c.args), "new_column_name"); to != "" {
			change.To = to
			says(fact.RenameColumn, name)
		} else if _, found := keyword(c.args, "type_"); found {
			m.Opaque = "whether the new type of " + change.Table + "." + name + " rewrites the table depends on the old one"
		}
	case "create_index":
		change.Table = argument(c.args, shift, "table_name")
		if batched {
			change.Table = table
		}
		v, _ := keyword(c.args, "postgresql_concurrently")
		change.Concurrent = v == "True"
		says(fact.CreateIndex, argument(c.args, 0, "index_name"))
	case "create_foreign_key", "create_check_constraint", "create_unique_constraint":
		change.Constraint = map[string]string{"create_foreign_key": "foreign key", "create_check_constraint": "check", "create_unique_constraint": "unique"}[c.name]
		if !batched {
			change.Table = argument(c.args, 1, "source_table")
			if t := argument(c.args, len(c.args), "table_name"); t != "" {
				change.Table = t
			}
		}
		v, _ := keyword(c.args, "postgresql_not_valid")
		change.NotValid = v == "True"
		says(fact.AddConstraint, argument(c.args, 0, "constraint_name"))
	case "f", "get_bind", "get_context", "drop_index", "drop_constraint", "create_primary_key", "create_table_comment", "drop_table_comment", "create_exclude_constraint", "alembic_version":
	case "bulk_insert":
	default:
		m.Opaque = "it uses op." + c.name + ", which is not read"
	}
}
