package ddl

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Script is what a text of SQL says.
type Script struct {
	Statements []Statement
	Changes    []*fact.SchemaChange
	// Head is what the comments above the first statement say.
	Head string
	// Transacts is true where it begins or ends transactions itself.
	Transacts bool
	Broken    *Broken
}

// Read reads a text: the statements of a file from one of its lines on. Changes
// are numbered on from a count of statements before.
func Read(src, dialect, file string, line, before int) Script {
	statements, broken := Split(src, dialect, line)
	out := Script{Broken: broken}
	for _, s := range statements {
		switch first := s.first(); first {
		case "BEGIN", "COMMIT", "ROLLBACK", "START", "END":
			if len(s.tokens) <= 3 || first == "START" {
				out.Transacts = true
				continue
			}
		case "SET", "SHOW", "USE", "PRAGMA", "PRINT", "SAVEPOINT", "RELEASE", "RESET", "LOCK", "UNLOCK":
			continue // they change nothing that stays
		}
		if len(out.Statements) == 0 {
			out.Head = s.Comment
		}
		out.Statements = append(out.Statements, s)
		n := before + len(out.Statements)
		for _, c := range changes(s.tokens, dialect, 0) {
			if c.Line == 0 {
				c.Line = s.Line
			}
			c.File, c.Statement, c.Says, c.Stated = file, n, s.Text(), s.Comment
			out.Changes = append(out.Changes, c)
		}
	}
	return out
}

func (s Statement) first() string {
	if len(s.tokens) == 0 || s.tokens[0].kind != word {
		return ""
	}
	return strings.ToUpper(s.tokens[0].text)
}

// Idle reports whether a statement changes nothing: SELECT 1 and the like, by
// which some leave a way back empty.
func (s Statement) Idle() bool {
	switch s.first() {
	case "SELECT", "VALUES":
		for _, t := range s.tokens {
			if t.kind == word && !t.is("SELECT") && !t.is("VALUES") && !t.is("AS") && !t.is("NULL") && !t.is("TRUE") && !t.is("WHERE") && !t.is("FALSE") {
				return len(s.tokens) < 3
			}
			if t.sign("(") && s.first() == "SELECT" {
				return false // a function may do anything
			}
		}
		return true
	case "":
		return len(s.tokens) == 0
	}
	return false
}

// maxNested bounds blocks within blocks.
const maxNested = 3

// cursor walks through the tokens of a statement.
type cursor struct {
	t       []token
	i       int
	dialect string
}

func (c *cursor) peek() token {
	if c.i < len(c.t) {
		return c.t[c.i]
	}
	return token{kind: mark}
}

func (c *cursor) end() bool { return c.i >= len(c.t) }

// accept moves on where the keywords follow, all of them.
func (c *cursor) accept(keywords ...string) bool {
	for j, k := range keywords {
		if c.i+j >= len(c.t) || !c.t[c.i+j].is(k) {
			return false
		}
	}
	c.i += len(keywords)
	return true
}

// any moves on where one of the keywords follows, and returns it.
func (c *cursor) any(keywords ...string) string {
	for _, k := range keywords {
		if c.accept(k) {
			return k
		}
	}
	return ""
}

func (c *cursor) sign(s string) bool {
	if c.peek().sign(s) {
		c.i++
		return true
	}
	return false
}

// guarded moves past IF EXISTS and IF NOT EXISTS.
func (c *cursor) guarded() bool { return c.accept("IF", "NOT", "EXISTS") || c.accept("IF", "EXISTS") }

// name takes a name, with or without a schema; key is its last part as databases
// compare it.
func (c *cursor) name() (key, shown string) {
	for {
		t := c.peek()
		if t.kind != word && t.kind != quoted && t.kind != text {
			return key, shown
		}
		c.i++
		if key = t.text; t.kind == word {
			key = strings.ToLower(key)
		}
		shown += t.text
		if !c.peek().sign(".") {
			return strings.ToLower(key), shown
		}
		c.i++
		shown += "."
	}
}

// group takes what stands between brackets and returns it without them.
func (c *cursor) group() []token {
	if !c.sign("(") {
		return nil
	}
	from, depth := c.i, 1
	for ; c.i < len(c.t); c.i++ {
		switch {
		case c.t[c.i].sign("("):
			depth++
		case c.t[c.i].sign(")"):
			if depth--; depth == 0 {
				c.i++
				return c.t[from : c.i-1]
			}
		}
	}
	return c.t[from:]
}

// rest takes all tokens up to a comma outside of brackets.
func (c *cursor) rest() []token {
	from, depth := c.i, 0
	for ; c.i < len(c.t); c.i++ {
		switch {
		case c.t[c.i].sign("("):
			depth++
		case c.t[c.i].sign(")"):
			depth--
		case depth == 0 && c.t[c.i].sign(","):
			return c.t[from:c.i]
		}
	}
	return c.t[from:]
}

// parts splits tokens at commas outside of brackets.
func parts(t []token) (out [][]token) {
	c := cursor{t: t}
	for !c.end() {
		out = append(out, c.rest())
		c.sign(",")
	}
	return out
}

// flat writes tokens in lower case with single blanks.
func flat(list []token) string {
	var b strings.Builder
	for i, t := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		if t.kind == text {
			b.WriteString("'" + t.text + "'")
		} else {
			b.WriteString(strings.ToLower(t.text))
		}
	}
	return b.String()
}

// has reports whether keywords follow each other somewhere outside of brackets.
func has(t []token, keywords ...string) bool {
	depth := 0
	for i := range t {
		switch {
		case t[i].sign("("):
			depth++
		case t[i].sign(")"):
			depth--
		case depth == 0:
			c := cursor{t: t, i: i}
			if c.accept(keywords...) {
				return true
			}
		}
	}
	return false
}

// changes says what a statement does to tables.
func changes(t []token, dialect string, depth int) []*fact.SchemaChange {
	c := &cursor{t: t, dialect: dialect}
	if len(t) == 0 {
		return nil
	}
	switch {
	case c.accept("CREATE"):
		return c.create()
	case c.accept("ALTER"):
		return c.alter()
	case c.accept("DROP"):
		return c.drop()
	case c.accept("TRUNCATE"):
		c.accept("TABLE")
		c.accept("ONLY")
		return c.names(fact.EmptyTable)
	case c.accept("DELETE", "FROM"):
		c.accept("ONLY")
		key, shown := c.name()
		if !has(c.t[c.i:], "WHERE") && !has(c.t[c.i:], "USING") && !has(c.t[c.i:], "LIMIT") && !has(c.t[c.i:], "JOIN") {
			return []*fact.SchemaChange{{Verb: fact.EmptyTable, Table: key, Shown: shown}}
		}
	case c.accept("UPDATE"):
		c.accept("ONLY")
		key, shown := c.name()
		if !has(c.t[c.i:], "WHERE") && !has(c.t[c.i:], "LIMIT") && key != "" {
			return []*fact.SchemaChange{{Verb: fact.UpdateAll, Table: key, Shown: shown}}
		}
	case c.accept("VACUUM"):
		full := c.accept("FULL")
		for _, o := range parts(c.group()) {
			full = full || has(o, "FULL") && !has(o, "FULL", "FALSE") && !has(o, "FULL", "OFF")
		}
		for c.any("FREEZE", "VERBOSE", "ANALYZE") != "" {
		}
		if full {
			key, shown := c.name()
			return []*fact.SchemaChange{{Verb: fact.Rewrite, Table: key, Shown: shown}}
		}
	case c.accept("CLUSTER"):
		c.accept("VERBOSE")
		c.group()
		key, shown := c.name()
		if c.accept("ON") { // the old form names the index first
			key, shown = c.name()
		}
		return []*fact.SchemaChange{{Verb: fact.Rewrite, Table: key, Shown: shown}}
	case c.accept("OPTIMIZE"):
		c.any("NO_WRITE_TO_BINLOG", "LOCAL")
		if c.accept("TABLE") {
			return c.names(fact.Rewrite)
		}
	case c.accept("REINDEX"):
		ch := &fact.SchemaChange{Verb: fact.Reindex}
		for _, o := range parts(c.group()) {
			ch.Concurrent = ch.Concurrent || has(o, "CONCURRENTLY")
		}
		ch.Kind = strings.ToLower(c.any("INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"))
		ch.Concurrent = c.accept("CONCURRENTLY") || ch.Concurrent
		ch.Name, ch.Shown = c.name()
		if ch.Kind == "table" {
			ch.Table = ch.Name
		}
		return []*fact.SchemaChange{ch}
	case c.accept("RENAME", "TABLE"):
		var out []*fact.SchemaChange
		for {
			key, shown := c.name()
			if !c.accept("TO") {
				return out
			}
			to, _ := c.name()
			out = append(out, &fact.SchemaChange{Verb: fact.RenameTable, Table: key, Shown: shown, To: to})
			if !c.sign(",") {
				return out
			}
		}
	case c.accept("DO"):
		return c.block(depth)
	}
	return nil
}

// names lists one change for each of the tables that follow.
func (c *cursor) names(verb fact.SchemaVerb) (out []*fact.SchemaChange) {
	guarded := c.guarded()
	for {
		c.accept("ONLY")
		key, shown := c.name()
		if key == "" {
			return out
		}
		out = append(out, &fact.SchemaChange{Verb: verb, Table: key, Shown: shown, Guarded: guarded})
		c.sign("*")
		if !c.sign(",") {
			return out
		}
	}
}

// block reads the statements of an anonymous block. What it puts together while it
// runs is not seen.
func (c *cursor) block(depth int) (out []*fact.SchemaChange) {
	if depth >= maxNested {
		return nil
	}
	for _, t := range c.t {
		if t.kind != body {
			continue
		}
		inner, _ := Split(t.text, c.dialect, t.line)
		for _, s := range inner {
			list := s.tokens
			for i := 0; i < len(list) && i < 400; i++ { // past DECLARE, BEGIN, IF ... THEN, ELSE, LOOP
				if list[i].is("BEGIN") || list[i].is("THEN") || list[i].is("ELSE") || list[i].is("LOOP") {
					list, i = list[i+1:], -1
				}
			}
			guarded := len(list) < len(s.tokens) && (has(s.tokens, "IF") || has(s.tokens, "EXCEPTION"))
			for _, ch := range changes(list, c.dialect, depth+1) {
				ch.Line, ch.Guarded = s.Line, ch.Guarded || guarded
				out = append(out, ch)
			}
		}
	}
	return out
}

// create reads CREATE TABLE and CREATE INDEX.
func (c *cursor) create() []*fact.SchemaChange {
	c.accept("OR", "REPLACE")
	from := c.i
	temporary := false
	for {
		switch c.any("GLOBAL", "LOCAL", "TEMPORARY", "TEMP", "UNLOGGED", "FOREIGN", "EXTERNAL") {
		case "TEMPORARY", "TEMP":
			temporary = true
			continue
		case "":
		default:
			continue
		}
		break
	}
	if c.accept("TABLE") {
		ch := &fact.SchemaChange{Verb: fact.CreateTable, Guarded: c.guarded()}
		ch.Table, ch.Shown = c.name()
		if temporary {
			ch.Kind = "temporary"
		}
		if c.accept("PARTITION", "OF") {
			ch.Kind = "partition"
			ch.To, _ = c.name()
			return []*fact.SchemaChange{ch}
		}
		ch.Columns = c.columns(c.group())
		return []*fact.SchemaChange{ch}
	}
	c.i = from
	ch := &fact.SchemaChange{Verb: fact.CreateIndex}
	for {
		switch k := c.any("UNIQUE", "CLUSTERED", "NONCLUSTERED", "FULLTEXT", "SPATIAL", "COLUMNSTORE", "BITMAP", "HASH"); k {
		case "FULLTEXT", "SPATIAL", "UNIQUE":
			ch.Kind = strings.ToLower(k)
			continue
		case "":
		default:
			continue
		}
		break
	}
	if !c.accept("INDEX") {
		return nil
	}
	ch.Concurrent = c.accept("CONCURRENTLY")
	ch.Guarded = c.guarded()
	if !c.peek().is("ON") {
		_, ch.Name = c.name()
	}
	if c.accept("USING") {
		c.name()
	}
	if !c.accept("ON") {
		return nil
	}
	c.accept("ONLY")
	ch.Table, ch.Shown = c.name()
	if has(c.t[c.i:], "ONLINE") || strings.Contains(flat(c.t[c.i:]), "online = on") {
		ch.Concurrent = true
	}
	ch.Algorithm, ch.Lock = online(c.t[c.i:])
	return []*fact.SchemaChange{ch}
}
