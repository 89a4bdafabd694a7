package ddl

import (
	"regexp"
	"strings"
)

// Statement is one statement of a text.
type Statement struct {
	// Line on which it begins, from 1, and End on which it ends.
	Line, End int
	// Comment is what the comments directly above it, within it and behind it on its
	// last line say.
	Comment string

	tokens []token
}

// Broken says what of a text could not be told apart.
type Broken struct {
	Line int
	Says string
}

// maxTokens bounds a statement; the rest of a longer one, which holds rows, is
// passed over.
const maxTokens = 20_000

// delimiter is the command of MySQL's client by which another sign ends
// statements; batch and slash are lines that end them elsewhere.
var (
	delimiter = regexp.MustCompile(`(?i)^[ \t]*DELIMITER[ \t]+(\S+)[ \t]*\r?(?:\n|$)`)
	batch     = regexp.MustCompile(`(?i)^[ \t]*GO(?:[ \t]+\d+)?[ \t]*\r?(?:\n|$)`)
	slash     = regexp.MustCompile(`^[ \t]*/[ \t]*\r?(?:\n|$)`)
	meta      = regexp.MustCompile(`^[ \t]*\\[^\n]*(?:\n|$)`)
	copied    = regexp.MustCompile(`(?m)^\\\.[ \t]*\r?(?:\n|$)`)
)

// Split tells the statements of a text apart. The dialect may be empty; line is
// that on which the text begins.
func Split(src, dialect string, line int) (out []Statement, broken *Broken) {
	s := &splitter{lexer: lexer{src: src, line: line, dialect: dialect}, ends: ";"}
	for s.pos < len(s.src) {
		if s.client() {
			continue
		}
		if !s.step() {
			break
		}
	}
	s.finish()
	if s.open != "" {
		broken = &Broken{Line: s.openAt, Says: s.open + " is never closed"}
	}
	return s.out, broken
}

type splitter struct {
	lexer
	ends string
	now  Statement
	// comments wait for the statement that they stand above.
	comments []token
	// depth counts what BEGIN and CASE opened in the body of a routine.
	depth   int
	routine bool
	long    bool
	out     []Statement
}

// client takes a command to the client that stands on a line of its own.
func (s *splitter) client() bool {
	if s.pos > 0 && s.src[s.pos-1] != '\n' {
		return false
	}
	rest := s.src[s.pos:]
	skip := func(n int) bool {
		s.finish()
		s.take(n)
		return true
	}
	empty := len(s.now.tokens) == 0
	switch m := delimiter.FindStringSubmatch(rest); {
	case m != nil && empty:
		s.ends = m[1]
		return skip(len(m[0]))
	case s.dialect == SQLServer || s.dialect == "":
		if m := batch.FindString(rest); m != "" {
			return skip(len(m))
		}
	case s.dialect == Oracle:
		if m := slash.FindString(rest); m != "" {
			return skip(len(m))
		}
	}
	if m := meta.FindString(rest); m != "" && empty && !likeMySQL(s.dialect) {
		return skip(len(m))
	}
	return false
}

// step takes one token; false at the end.
func (s *splitter) step() bool {
	before := s.pos
	for s.pos < len(s.src) && (s.src[s.pos] == ' ' || s.src[s.pos] == '\t' || s.src[s.pos] == '\r') {
		s.pos++
	}
	if s.pos < len(s.src) && s.src[s.pos] == '\n' {
		s.line++
		s.pos++
		return true
	}
	if s.ends != ";" && strings.HasPrefix(s.src[s.pos:], s.ends) {
		s.take(len(s.ends))
		s.finish()
		return true
	}
	s.pos = max(s.pos, before)
	t, comment, ok := s.lexer.next()
	switch {
	case !ok:
		return false
	case comment:
		s.comment(t)
	case s.ends == ";" && t.sign(";") && s.depth == 0:
		copying := s.copies()
		s.now.End = t.line
		s.finish()
		if copying {
			s.rows()
		}
	default:
		s.add(t)
	}
	return true
}

// comment keeps what is said of a statement: above it, within it, or behind it on
// the line on which it ended.
func (s *splitter) comment(t token) {
	if n := len(s.out); len(s.now.tokens) == 0 && n > 0 && s.out[n-1].End == t.line && len(s.comments) == 0 {
		s.out[n-1].Comment = join(s.out[n-1].Comment, t.text)
		return
	}
	s.comments = append(s.comments, t)
}

func (s *splitter) add(t token) {
	if len(s.now.tokens) == 0 {
		s.now.Line = t.line
		s.routine, s.depth = false, 0
	}
	if len(s.now.tokens) < maxTokens {
		s.now.tokens = append(s.now.tokens, t)
	} else {
		s.long = true
	}
	if t.kind != word {
		return
	}
	n := len(s.now.tokens)
	if n <= 8 && !s.routine && s.now.tokens[0].is("CREATE") {
		switch strings.ToUpper(t.text) {
		case "TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE":
			s.routine = true
		}
	}
	if n <= 2 && (s.now.tokens[0].is("DECLARE") && s.dialect == Oracle) {
		s.routine = true
	}
	if !s.routine {
		return
	}
	switch strings.ToUpper(t.text) {
	case "BEGIN", "CASE":
		if !(n > 1 && s.now.tokens[n-2].is("END")) { // END CASE
			s.depth++
		}
	case "END":
		if s.depth > 0 && !s.controls() {
			s.depth--
		}
	}
}

// controls reports whether the END that was just read closes an IF, a LOOP or the
// like, which opened nothing that is counted.
func (s *splitter) controls() bool {
	l := s.lexer
	t, comment, ok := l.next()
	if !ok || comment || t.kind != word {
		return false
	}
	switch strings.ToUpper(t.text) {
	case "IF", "LOOP", "WHILE", "REPEAT", "FOR":
		return true
	}
	return false
}

// copies reports whether the statement's rows follow it, as dumps of PostgreSQL
// have it.
func (s *splitter) copies() bool {
	t := s.now.tokens
	return len(t) > 3 && t[0].is("COPY") && t[len(t)-1].is("STDIN") && t[len(t)-2].is("FROM")
}

func (s *splitter) rows() {
	if m := copied.FindStringIndex(s.src[s.pos:]); m != nil {
		s.take(m[1])
		return
	}
	s.take(len(s.src) - s.pos)
}

// finish ends the statement.
func (s *splitter) finish() {
	if len(s.now.tokens) == 0 {
		return
	}
	if s.now.End == 0 {
		s.now.End = s.now.tokens[len(s.now.tokens)-1].line
	}
	for _, c := range s.comments {
		s.now.Comment = join(s.now.Comment, c.text)
	}
	s.out = append(s.out, s.now)
	s.now, s.comments, s.depth, s.routine = Statement{}, nil, 0, false
}

func join(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + "\n" + b
}

// Comments returns all comments of a text, in their order.
func Comments(src, dialect string) (out []string) {
	l := lexer{src: src, line: 1, dialect: dialect}
	for {
		t, comment, ok := l.next()
		if !ok {
			return out
		}
		if comment && t.text != "" {
			out = append(out, t.text)
		}
	}
}

// Text returns the statement's beginning in one line.
func (s Statement) Text() string {
	var b strings.Builder
	for i, t := range s.tokens {
		show := t.text
		switch t.kind {
		case text:
			show = "'" + short(t.text, 20) + "'"
		case quoted:
			show = `"` + t.text + `"`
		case body:
			show = "$$…$$"
		}
		glued := t.kind == mark && strings.Contains(",).(;::", t.text)
		if i > 0 && !glued && !(s.tokens[i-1].kind == mark && strings.Contains("(.::", s.tokens[i-1].text)) {
			b.WriteByte(' ')
		}
		b.WriteString(show)
		if b.Len() > 100 {
			break
		}
	}
	return short(b.String(), 90)
}

func short(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return strings.TrimSpace(string(r[:most-1])) + "…"
}
