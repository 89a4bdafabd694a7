// Package ddl reads the SQL of migrations: it tells statements apart, in the
// dialects of the databases that are common, and says what they do to tables.
package ddl

import (
	"strings"
	"unicode/utf8"
)

// The dialects by the names of their stores.
const (
	PostgreSQL = "postgresql"
	MySQL      = "mysql"
	MariaDB    = "mariadb"
	SQLite     = "sqlite"
	SQLServer  = "sqlserver"
	Oracle     = "oracle"
	Cockroach  = "cockroachdb"
	ClickHouse = "clickhouse"
)

// likeMySQL reports whether a dialect quotes and comments as MySQL does.
func likeMySQL(dialect string) bool { return dialect == MySQL || dialect == MariaDB }

type kind uint8

const (
	word   kind = iota // a keyword or a name
	quoted             // a quoted name, without its quotes
	text               // a string
	number
	mark // a sign
	body // what stands between dollar quotes
)

// token is a piece of a statement.
type token struct {
	kind kind
	text string
	line int
}

// lexer cuts a text into tokens. What is not closed ends with the text.
type lexer struct {
	src     string
	pos     int
	line    int
	dialect string
	// open says what was begun and never ended.
	open   string
	openAt int
}

// next returns the next token or comment; ok is false at the end.
func (l *lexer) next() (t token, comment, ok bool) {
	l.blanks()
	if l.pos >= len(l.src) {
		return t, false, false
	}
	rest := l.src[l.pos:]
	t.line = l.line
	c := rest[0]
	switch {
	case strings.HasPrefix(rest, "--"), c == '#' && likeMySQL(l.dialect):
		end := strings.IndexByte(rest, '\n')
		if end < 0 {
			end = len(rest)
		}
		t.text = strings.TrimSpace(strings.TrimLeft(rest[:end], "-#"))
		l.pos += end
		return t, true, true
	case strings.HasPrefix(rest, "/*"):
		t.text = l.take(l.blockComment(rest))
		t.text = strings.TrimSpace(strings.Trim(t.text, "/*! \t\r\n"))
		return t, true, true
	case c == '\'':
		t.kind = text
		t.text = unquote(l.take(l.quote(rest, '\'', likeMySQL(l.dialect))))
	case (c == 'E' || c == 'e') && len(rest) > 1 && rest[1] == '\'' && !likeMySQL(l.dialect):
		t.kind = text
		t.text = unquote(l.take(1 + l.quote(rest[1:], '\'', true))[1:])
	case c == '"', c == '`':
		t.kind = quoted
		t.text = unquote(l.take(l.quote(rest, c, c == '"' && likeMySQL(l.dialect))))
	case c == '[' && l.bracketed(rest):
		end := strings.IndexByte(rest, ']')
		t.kind, t.text = quoted, rest[1:end]
		l.take(end + 1)
	case c == '$' && l.dialect != SQLServer:
		if tag := dollarTag(rest); tag != "" {
			t.kind = body
			end := strings.Index(rest[len(tag):], tag)
			if end < 0 {
				l.unclosed("the text that " + tag + " opens")
				t.text = rest[len(tag):]
				l.take(len(rest))
			} else {
				t.text = rest[len(tag) : len(tag)+end]
				l.take(end + 2*len(tag))
			}
			break
		}
		t.kind, t.text = mark, l.take(1)
	case letter(rest):
		end := 0
		for end < len(rest) && (letter(rest[end:]) || rest[end] >= '0' && rest[end] <= '9' || rest[end] == '$') {
			_, size := utf8.DecodeRuneInString(rest[end:])
			end += size
		}
		t.kind, t.text = word, l.take(end)
	case c >= '0' && c <= '9':
		end := 1
		for end < len(rest) && (rest[end] >= '0' && rest[end] <= '9' || rest[end] == '.' || rest[end] == 'e' || rest[end] == 'E' || rest[end] == 'x') {
			end++
		}
		t.kind, t.text = number, l.take(end)
	default:
		size := 1
		if strings.HasPrefix(rest, "::") {
			size = 2
		}
		if c >= utf8.RuneSelf {
			_, size = utf8.DecodeRuneInString(rest)
		}
		t.kind, t.text = mark, l.take(size)
	}
	return t, false, true
}

func (l *lexer) blanks() {
	for l.pos < len(l.src) {
		switch l.src[l.pos] {
		case '\n':
			l.line++
		case ' ', '\t', '\r', '\f', '\v', 0:
		case 0xEF, 0xBB, 0xBF: // a byte order mark
			if l.pos < 3 && strings.HasPrefix(l.src, "\xEF\xBB\xBF") {
				break
			}
			return
		default:
			return
		}
		l.pos++
	}
}

// take moves on by n bytes and returns them.
func (l *lexer) take(n int) string {
	s := l.src[l.pos : l.pos+n]
	l.line += strings.Count(s, "\n")
	l.pos += n
	return s
}

func (l *lexer) unclosed(what string) {
	if l.open == "" {
		l.open, l.openAt = what, l.line
	}
}

// quote returns the length of a quoted text; a doubled quote stands for itself.
func (l *lexer) quote(s string, q byte, backslash bool) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && backslash:
			i++
		case s[i] != q:
		case i+1 < len(s) && s[i+1] == q:
			i++
		default:
			return i + 1
		}
	}
	l.unclosed("the quote " + string(q))
	return len(s)
}

// blockComment returns the length of a comment; PostgreSQL's may hold others.
func (l *lexer) blockComment(s string) int {
	depth := 0
	for i := 0; i+1 < len(s); i++ {
		switch {
		case s[i] == '/' && s[i+1] == '*' && (depth == 0 || l.dialect == PostgreSQL):
			depth++
			i++
		case s[i] == '*' && s[i+1] == '/':
			i++
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	l.unclosed("the comment /*")
	return len(s)
}

// bracketed reports whether a bracket quotes a name, as SQL Server and SQLite have
// it, and is not the index of an array.
func (l *lexer) bracketed(s string) bool {
	if l.dialect != SQLServer && l.dialect != SQLite && l.dialect != "" {
		return false
	}
	end := strings.IndexAny(s[1:], "]\n")
	return end > 0 && s[end+1] == ']' && letter(s[1:])
}

// dollarTag returns the opening of a text between dollar quotes; empty where there
// is none.
func dollarTag(s string) string {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '$':
			return s[:i+1]
		case c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf || i > 1 && c >= '0' && c <= '9':
		default:
			return ""
		}
	}
	return ""
}

func letter(s string) bool {
	c := s[0]
	return c == '_' || c == '@' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

func unquote(s string) string {
	if len(s) < 2 {
		return ""
	}
	q := s[:1]
	s = s[1:]
	s = strings.TrimSuffix(s, q)
	return strings.ReplaceAll(s, q+q, q)
}

// is reports whether the token is a keyword.
func (t token) is(keyword string) bool { return t.kind == word && strings.EqualFold(t.text, keyword) }

// sign reports whether the token is a sign.
func (t token) sign(s string) bool { return t.kind == mark && t.text == s }
