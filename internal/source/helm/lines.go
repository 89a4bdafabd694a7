package helm

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"text/template/parse"
	"unicode"
)

// A mark is an action that is put into a template's source and writes the
// source's line into the output. Marks stand before each action, at the start
// of each stretch of text and after each line end within it, so that for every
// character of the output the line is known from the last mark before it. The
// rest of the source stays as it is, to the byte. Definitions bear no marks:
// what an include writes belongs to the line of the include.
const (
	markStart = '\U0010F8E1'
	markEnd   = '\U0010F8E2'
)

// mark returns the template's source with marks. It is not possible for a
// source that cannot be parsed or uses the marks' characters itself.
func mark(p *part) (string, bool) {
	if strings.ContainsRune(p.source, markStart) || strings.ContainsRune(p.source, markEnd) {
		return "", false
	}
	_, tree, err := parseTemplate(p)
	if err != nil {
		return "", false
	}
	m := marker{source: p.source, index: p.index}
	for i := range len(p.source) {
		if p.source[i] == '\n' {
			m.ends = append(m.ends, i)
		}
	}
	if tree.Root != nil && !m.list(tree.Root) {
		return "", false
	}
	return m.apply(), true
}

type insertion struct {
	at   int
	text string
}

type marker struct {
	source     string
	index      int
	ends       []int // where the source's lines end
	insertions []insertion
}

// line returns the line of a place in the source.
func (m *marker) line(at int) int { return 1 + sort.SearchInts(m.ends, at) }

// list marks the nodes of a list; false means that the tree does not agree
// with the source, and nothing is sure.
func (m *marker) list(l *parse.ListNode) bool {
	if l == nil {
		return true
	}
	for _, n := range l.Nodes {
		ok := true
		switch n := n.(type) {
		case *parse.TextNode:
			ok = m.text(int(n.Pos), string(n.Text))
		case *parse.ActionNode:
			ok = m.action(int(n.Pos))
		case *parse.TemplateNode:
			ok = m.action(int(n.Pos))
		case *parse.IfNode:
			ok = m.list(n.List) && m.list(n.ElseList)
		case *parse.RangeNode:
			ok = m.list(n.List) && m.list(n.ElseList)
		case *parse.WithNode:
			ok = m.list(n.List) && m.list(n.ElseList)
		}
		if !ok {
			return false
		}
	}
	return true
}

func (m *marker) text(at int, text string) bool {
	if at+len(text) > len(m.source) || m.source[at:at+len(text)] != text {
		return false
	}
	m.insert(at, "{{", m.line(at))
	for i := range len(text) {
		if text[i] == '\n' {
			m.insert(at+i+1, "{{", m.line(at+i+1))
		}
	}
	return true
}

// action marks the place before the delimiter that opens the action. If the
// action trims the text before it, so must the mark.
func (m *marker) action(at int) bool {
	if at > len(m.source) {
		return false
	}
	open := strings.LastIndex(m.source[:at], "{{")
	if open < 0 || strings.Contains(m.source[open:at], "}}") {
		return false
	}
	delim := "{{"
	if after := m.source[open+2:]; len(after) > 1 && after[0] == '-' && strings.ContainsRune(" \t\r\n", rune(after[1])) {
		delim = "{{- "
	}
	m.insert(open, delim, m.line(open))
	return true
}

func (m *marker) insert(at int, delim string, line int) {
	m.insertions = append(m.insertions, insertion{at, fmt.Sprintf("%sseaworthyMark %d %d}}", delim, m.index, line)})
}

func (m *marker) apply() string {
	sort.SliceStable(m.insertions, func(i, j int) bool { return m.insertions[i].at < m.insertions[j].at })
	var b strings.Builder
	last := 0
	for _, in := range m.insertions {
		b.WriteString(m.source[last:in.at])
		b.WriteString(in.text)
		last = in.at
	}
	b.WriteString(m.source[last:])
	return b.String()
}

// lines returns the template's line for each line of the text, read from the
// same text with marks: the line of the first character that is not white
// space. If the two differ in anything but the marks, no line is known.
func lines(text, marked string) []int {
	var out []int
	at, line, seen := 0, 0, 0
	for marked != "" {
		if rest, found := strings.CutPrefix(marked, string(markStart)); found {
			number, after, found := strings.Cut(rest, string(markEnd))
			n, err := strconv.Atoi(number)
			if !found || err != nil {
				return nil
			}
			line, marked = n, after
			continue
		}
		end := strings.IndexRune(marked, markStart)
		if end < 0 {
			end = len(marked)
		}
		if !strings.HasPrefix(text[at:], marked[:end]) {
			return nil
		}
		for _, c := range marked[:end] {
			switch {
			case c == '\n':
				out = append(out, seen)
				seen = 0
			case seen == 0 && !unicode.IsSpace(c):
				seen = line
			}
		}
		at += end
		marked = marked[end:]
	}
	if at != len(text) {
		return nil
	}
	return append(out, seen)
}
