package risk

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v3"

	"seaworthy.dev/seaworthy/internal/decode"
)

// errFlow is for files that cannot be edited line by line.
var errFlow = errors.New("is written in flow style ({...}); write one field a line, then run it again")

// editor changes a file line by line, so that comments, order and layout of what
// is not changed stay as they are.
type editor struct {
	file  string
	lines []string // each with its line break
	end   string   // the file's line break
	root  *decode.Node
	// inserted counts lines put in above, by the line they were put before.
	inserted map[int]int
}

func edit(file string, data []byte) (*editor, error) {
	e := &editor{file: file, end: "\n", inserted: map[int]int{}}
	if bytes.Contains(data, []byte("\r\n")) {
		e.end = "\r\n"
	}
	if len(data) > 0 && data[len(data)-1] != '\n' {
		data = append(bytes.Clone(data), e.end...)
	}
	e.lines = strings.SplitAfter(string(data), "\n")
	e.lines = e.lines[:len(e.lines)-1] // what follows the last break is nothing
	docs := decode.Split(file, data)
	if len(docs) != 1 {
		return nil, fmt.Errorf("%s holds %d documents but must hold one", file, len(docs))
	}
	if bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n\ufeff"), []byte("{")) {
		return nil, fmt.Errorf("%s %w", file, errFlow)
	}
	root, problem := docs[0].Parse()
	if problem != nil {
		return nil, fmt.Errorf("%s:%d: %s", problem.File, problem.Line, problem.Message)
	}
	e.root = root
	// Nodes count from the first line of their document.
	shift(root, docs[0].Line-1)
	return e, nil
}

func shift(n *decode.Node, by int) {
	if by == 0 {
		return
	}
	n.Line += by
	for _, c := range n.Content {
		shift(c, by)
	}
}

func (e *editor) text() []byte { return []byte(strings.Join(e.lines, "")) }

// length counts the lines of the parsed text.
func (e *editor) length() int {
	n := len(e.lines)
	for _, put := range e.inserted {
		n -= put
	}
	return n
}

// at is where a line of the parsed text stands now.
func (e *editor) at(line int) int {
	now := line - 1
	for before, n := range e.inserted {
		if before <= line {
			now += n
		}
	}
	return now
}

// insert puts lines before a line of the parsed text.
func (e *editor) insert(before int, lines ...string) {
	at := e.at(before)
	var text []string
	for _, l := range lines {
		text = append(text, l+e.end)
	}
	e.lines = append(e.lines[:at:at], append(text, e.lines[at:]...)...)
	e.inserted[before] += len(lines)
}

// replace puts a plain text in the place of a scalar that stands on one line;
// what follows it on the line stays.
func (e *editor) replace(n *decode.Node, text string) error {
	at := e.at(n.Line)
	line := e.lines[at]
	from := offset(line, n.Column)
	old := n.Value
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		old = `"` + n.Value + `"`
	case n.Style&yaml.SingleQuotedStyle != 0:
		old = "'" + n.Value + "'"
	}
	if n.Kind != yaml.ScalarNode || !strings.HasPrefix(line[from:], old) {
		return fmt.Errorf("%s:%d: %q cannot be replaced; write it plainly", e.file, n.Line, n.Value)
	}
	e.lines[at] = line[:from] + text + line[from+len(old):]
	return nil
}

// offset is where a column, counted in characters, starts.
func offset(line string, column int) int {
	at := 0
	for range column - 1 {
		_, size := utf8.DecodeRuneInString(line[at:])
		at += size
	}
	return at
}

// extend appends items, each of several lines without indentation, to the list
// of a top-level key, which is made where it is not there.
func (e *editor) extend(key string, items [][]string) error {
	if len(items) == 0 {
		return nil
	}
	list, keyNode := decode.Child(e.root, key), decode.KeyOf(e.root, key)
	last, indent := e.length()+1, 2
	switch {
	case keyNode == nil:
		e.insert(last, key+":")
	case decode.IsNull(list):
		last = e.after(keyNode)
	case list.Kind != yaml.SequenceNode:
		return fmt.Errorf("%s:%d: %s is %s but must be a list", e.file, keyNode.Line, key, decode.Shape(list))
	case len(list.Content) == 0:
		at := e.at(list.Line)
		from := offset(e.lines[at], list.Column)
		if !strings.HasPrefix(e.lines[at][from:], "[]") {
			return fmt.Errorf("%s:%d: %s %w", e.file, list.Line, key, errFlow)
		}
		e.lines[at] = strings.TrimRight(e.lines[at][:from], " ") + e.lines[at][from+2:]
		last = e.after(keyNode)
	case list.Style&yaml.FlowStyle != 0:
		return fmt.Errorf("%s:%d: %s %w", e.file, list.Line, key, errFlow)
	default:
		indent = list.Column - 1
		last = e.after(keyNode)
	}
	var lines []string
	for _, item := range items {
		for i, l := range item {
			lead := strings.Repeat(" ", indent) + "  "
			if i == 0 {
				lead = strings.Repeat(" ", indent) + "- "
			}
			lines = append(lines, lead+l)
		}
	}
	e.insert(last, lines...)
	return nil
}

// after is the line before which something can be put that ends the value of a
// top-level key: the next key's, or that after the last line. Comments in the
// first column right above the next key belong to it.
func (e *editor) after(key *decode.Node) int {
	next, above := e.length()+1, false
	for _, k := range decode.Keys(e.root) {
		if k.Line > key.Line && k.Line < next {
			next, above = k.Line, true
		}
	}
	for next-1 > key.Line {
		line := e.lines[e.at(next-1)]
		if strings.TrimSpace(line) != "" && !(above && strings.HasPrefix(line, "#")) {
			break
		}
		next--
	}
	return next
}

// Scalar writes a text as a YAML scalar on one line.
func Scalar(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	data, err := yaml.Marshal(text)
	if err != nil || bytes.Count(data, []byte("\n")) > 1 {
		return fmt.Sprintf("%q", text)
	}
	return strings.TrimSuffix(string(data), "\n")
}
