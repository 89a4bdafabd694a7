package ddl

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// columns returns the columns of a new table with their types.
func (c *cursor) columns(list []token) map[string]string {
	out := map[string]string{}
	for _, p := range parts(list) {
		if len(p) < 2 || p[0].kind != word && p[0].kind != quoted {
			continue
		}
		if p[0].kind == word {
			switch strings.ToUpper(p[0].text) {
			case "CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "KEY", "INDEX", "FULLTEXT", "SPATIAL", "LIKE", "EXCLUDE", "PERIOD":
				continue
			}
		}
		out[strings.ToLower(p[0].text)] = typeOf(p[1:])
	}
	return out
}

// ends are the words that follow the type of a column.
var ends = map[string]bool{
	"NOT": true, "NULL": true, "DEFAULT": true, "PRIMARY": true, "UNIQUE": true, "REFERENCES": true, "CHECK": true, "CONSTRAINT": true, "COLLATE": true,
	"GENERATED": true, "AUTO_INCREMENT": true, "AUTOINCREMENT": true, "COMMENT": true, "AFTER": true, "FIRST": true, "USING": true, "AS": true, "IDENTITY": true,
	"ON": true, "KEY": true, "STORAGE": true, "COMPRESSION": true, "INVISIBLE": true, "VISIBLE": true, "ENCODE": true, "ALGORITHM": true, "LOCK": true,
}

// typeOf returns the type that a column's definition begins with.
func typeOf(list []token) string {
	n, depth := 0, 0
	for n < len(list) {
		switch t := list[n]; {
		case t.sign("("):
			depth++
		case t.sign(")"):
			depth--
		case depth == 0 && t.kind == word && ends[strings.ToUpper(t.text)], depth == 0 && t.sign(","), depth == 0 && t.sign("="):
			return plainType(list[:n])
		}
		n++
	}
	return plainType(list)
}

func plainType(list []token) string {
	s := flat(list)
	for _, r := range [][2]string{{" (", "("}, {"( ", "("}, {" )", ")"}, {" ,", ","}, {", ", ","}, {" [", "["}, {"[ ", "["}, {" ]", "]"}, {" . ", "."}} {
		s = strings.ReplaceAll(s, r[0], r[1])
	}
	return strings.TrimSpace(s)
}

// online returns what MySQL's clauses ALGORITHM and LOCK ask for.
func online(list []token) (algorithm, lock string) {
	for i := range list {
		value := func() string {
			j := i + 1
			if j < len(list) && list[j].sign("=") {
				j++
			}
			if j < len(list) && list[j].kind == word {
				return strings.ToLower(list[j].text)
			}
			return ""
		}
		switch {
		case list[i].is("ALGORITHM"):
			algorithm = value()
		case list[i].is("LOCK"):
			lock = value()
		}
	}
	return algorithm, lock
}

// drop reads what is taken away for good.
func (c *cursor) drop() []*fact.SchemaChange {
	switch {
	case c.accept("TABLE"), c.accept("FOREIGN", "TABLE"):
		return c.names(fact.DropTable)
	case c.accept("TEMPORARY", "TABLE"):
		return nil
	case c.accept("SCHEMA"), c.accept("DATABASE"):
		out := c.names(fact.DropTable)
		for _, ch := range out {
			ch.Kind = "schema"
		}
		return out
	case c.accept("INDEX"):
		ch := &fact.SchemaChange{Verb: fact.DropIndex, Concurrent: c.accept("CONCURRENTLY"), Guarded: c.guarded()}
		_, ch.Name = c.name()
		if c.accept("ON") {
			ch.Table, ch.Shown = c.name()
		}
		return []*fact.SchemaChange{ch}
	}
	return nil
}

// alter reads ALTER TABLE with each of its actions.
func (c *cursor) alter() (out []*fact.SchemaChange) {
	c.any("ONLINE", "OFFLINE", "IGNORE")
	if !c.accept("TABLE") {
		return nil
	}
	guarded := c.guarded()
	c.accept("ONLY")
	table, shown := c.name()
	c.sign("*")
	if !c.accept("WITH", "CHECK") { // SQL Server
		c.accept("WITH", "NOCHECK")
	}
	algorithm, lock := online(c.t[c.i:])
	for !c.end() {
		from := c.i
		list := c.rest()
		for _, ch := range action(list, c.dialect) {
			ch.Table, ch.Shown, ch.Algorithm, ch.Lock = table, shown, algorithm, lock
			ch.Guarded = ch.Guarded || guarded
			out = append(out, ch)
		}
		c.sign(",")
		if c.i == from {
			break
		}
	}
	return out
}

// action reads one action of ALTER TABLE.
func action(list []token, dialect string) []*fact.SchemaChange {
	c := &cursor{t: list, dialect: dialect}
	one := func(ch *fact.SchemaChange) []*fact.SchemaChange { return []*fact.SchemaChange{ch} }
	switch {
	case c.accept("ADD"):
		return c.add()
	case c.accept("DROP"):
		if c.any("CONSTRAINT", "INDEX", "KEY", "PRIMARY", "FOREIGN", "CHECK", "PARTITION", "EXPRESSION", "PERIOD") != "" {
			return nil
		}
		c.accept("COLUMN")
		ch := &fact.SchemaChange{Verb: fact.DropColumn, Guarded: c.guarded()}
		c.sign("(")
		_, ch.Name = c.name()
		return one(ch)
	case c.accept("RENAME"):
		switch {
		case c.any("TO", "AS") != "":
			to, _ := c.name()
			return one(&fact.SchemaChange{Verb: fact.RenameTable, To: to})
		case c.any("CONSTRAINT", "INDEX", "KEY") != "":
			return nil
		}
		c.accept("COLUMN")
		_, name := c.name()
		if !c.accept("TO") { // MySQL's RENAME new_name
			return one(&fact.SchemaChange{Verb: fact.RenameTable, To: strings.ToLower(name)})
		}
		_, to := c.name()
		return one(&fact.SchemaChange{Verb: fact.RenameColumn, Name: name, To: to})
	case c.accept("ALTER"):
		if c.any("INDEX", "CONSTRAINT", "CHECK") != "" {
			return nil
		}
		c.accept("COLUMN")
		return c.column()
	case c.accept("MODIFY"):
		c.accept("COLUMN")
		c.sign("(")
		_, name := c.name()
		return one(&fact.SchemaChange{Verb: fact.AlterType, Name: name, Type: typeOf(c.t[c.i:]), NotNull: has(c.t[c.i:], "NOT", "NULL")})
	case c.accept("CHANGE"):
		c.accept("COLUMN")
		_, name := c.name()
		_, to := c.name()
		ch := &fact.SchemaChange{Verb: fact.AlterType, Name: name, Type: typeOf(c.t[c.i:]), NotNull: has(c.t[c.i:], "NOT", "NULL")}
		if !strings.EqualFold(name, to) {
			return []*fact.SchemaChange{ch, {Verb: fact.RenameColumn, Name: name, To: to}}
		}
		return one(ch)
	case c.accept("CONVERT", "TO"):
		return one(&fact.SchemaChange{Verb: fact.Rewrite, Kind: "character set"})
	case c.accept("VALIDATE", "CONSTRAINT"):
		_, name := c.name()
		return one(&fact.SchemaChange{Verb: fact.Validate, Name: name})
	case c.accept("SET", "TABLESPACE"), c.accept("SET", "LOGGED"), c.accept("SET", "UNLOGGED"), c.accept("SET", "ACCESS", "METHOD"), c.accept("ENGINE"):
		return one(&fact.SchemaChange{Verb: fact.Rewrite})
	}
	return nil
}

// add reads what an ADD adds: columns, constraints or indexes.
func (c *cursor) add() []*fact.SchemaChange {
	if c.accept("PARTITION") || c.accept("PERIOD") {
		return nil
	}
	if c.peek().sign("(") { // several columns in brackets
		var out []*fact.SchemaChange
		for _, p := range parts(c.group()) {
			out = append(out, (&cursor{t: p, dialect: c.dialect}).add()...)
		}
		return out
	}
	name := ""
	if c.accept("CONSTRAINT") {
		c.guarded()
		if t := c.peek(); !(t.is("CHECK") || t.is("FOREIGN") || t.is("UNIQUE") || t.is("PRIMARY")) {
			_, name = c.name()
		}
	}
	switch k := c.any("CHECK", "FOREIGN", "UNIQUE", "PRIMARY", "EXCLUDE", "INDEX", "KEY", "FULLTEXT", "SPATIAL"); k {
	case "":
	case "INDEX", "KEY", "FULLTEXT", "SPATIAL":
		c.any("INDEX", "KEY")
		guarded := c.guarded()
		if !c.peek().sign("(") {
			_, name = c.name()
		}
		kind := ""
		if k == "FULLTEXT" || k == "SPATIAL" {
			kind = strings.ToLower(k)
		}
		return []*fact.SchemaChange{{Verb: fact.CreateIndex, Name: name, Kind: kind, Guarded: guarded}}
	default:
		rest := c.t[c.i:]
		ch := &fact.SchemaChange{Verb: fact.AddConstraint, Name: name, NotValid: has(rest, "NOT", "VALID") || has(rest, "NOT", "ENFORCED"), ByIndex: has(rest, "USING", "INDEX")}
		switch k {
		case "CHECK":
			ch.Constraint, ch.Condition = "check", flat(c.group())
		case "FOREIGN":
			ch.Constraint = "foreign key"
		case "PRIMARY":
			ch.Constraint = "primary key"
		default:
			ch.Constraint = strings.ToLower(k)
		}
		return []*fact.SchemaChange{ch}
	}
	if name != "" {
		return nil
	}
	c.accept("COLUMN")
	ch := &fact.SchemaChange{Verb: fact.AddColumn, Guarded: c.guarded()}
	if c.peek().sign("(") {
		return c.add()
	}
	_, ch.Name = c.name()
	rest := c.t[c.i:]
	ch.Type = typeOf(rest)
	ch.NotNull = has(rest, "NOT", "NULL") || has(rest, "PRIMARY", "KEY")
	ch.Computed = has(rest, "GENERATED") && !has(rest, "VIRTUAL") || strings.HasSuffix(ch.Type, "serial") || strings.HasPrefix(ch.Type, "serial") || has(rest, "IDENTITY")
	for i := range rest {
		if rest[i].is("DEFAULT") {
			ch.Default = flat(value(rest[i+1:]))
			break
		}
	}
	out := []*fact.SchemaChange{ch}
	switch { // a constraint of the column's own
	case has(rest, "REFERENCES"):
		ch.Constraint = "foreign key"
	case has(rest, "UNIQUE"):
		ch.Constraint = "unique"
	case has(rest, "PRIMARY", "KEY"):
		ch.Constraint = "primary key"
	}
	return out
}

// value returns the expression of a default.
func value(list []token) []token {
	n, depth := 0, 0
	for n < len(list) {
		switch t := list[n]; {
		case t.sign("("):
			depth++
		case t.sign(")"):
			depth--
		case depth == 0 && n > 0 && t.kind == word && ends[strings.ToUpper(t.text)]:
			return list[:n]
		}
		n++
	}
	return list
}

// column reads ALTER COLUMN.
func (c *cursor) column() []*fact.SchemaChange {
	_, name := c.name()
	switch {
	case c.accept("SET", "DATA", "TYPE"), c.accept("TYPE"):
		ch := &fact.SchemaChange{Verb: fact.AlterType, Name: name, Type: typeOf(c.t[c.i:])}
		for i := c.i; i < len(c.t); i++ {
			if c.t[i].is("USING") {
				ch.Using = flat(c.t[i+1:])
				break
			}
		}
		return []*fact.SchemaChange{ch}
	case c.accept("SET", "NOT", "NULL"):
		return []*fact.SchemaChange{{Verb: fact.SetNotNull, Name: name}}
	case c.any("SET", "DROP", "ADD", "RESET", "RESTART") != "":
		return nil
	}
	if t := c.peek(); t.kind == word || t.kind == quoted { // SQL Server: ALTER COLUMN name type
		return []*fact.SchemaChange{{Verb: fact.AlterType, Name: name, Type: typeOf(c.t[c.i:]), NotNull: has(c.t[c.i:], "NOT", "NULL")}}
	}
	return nil
}
