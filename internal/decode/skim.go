package decode

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v3"
)

// Limits on what Skim keeps of a document.
const (
	maxSkimmed   = 200_000
	maxSkimDepth = 64
	maxSkimText  = 64 << 10
)

// Skimmed is what Skim kept of a document.
type Skimmed struct {
	Root *Node
	// Cut says what was left out beyond what was asked for; empty for nothing.
	Cut string
}

// Skim returns the nodes of a JSON document without the values of keys that are
// not kept, which are stepped over and cost nothing: large documents are
// mostly made of what nobody asks for. Keep is given a key and the key
// above it. The error says where the document is no valid JSON.
func Skim(doc Document, keep func(above, key string) bool) (Skimmed, error) {
	data := doc.Data
	if !json.Valid(data) {
		var check json.RawMessage
		return Skimmed{}, broken(data, json.Unmarshal(data, &check))
	}
	s := skimmer{data: data, keep: keep, line: 1, column: 1}
	root := s.value("", 0)
	return Skimmed{Root: root, Cut: s.cut}, nil
}

// Broken is where a document is no valid JSON.
type Broken struct {
	Line    int
	Message string
}

// Error returns the message with its line.
func (b *Broken) Error() string { return fmt.Sprintf("line %d: %s", b.Line, b.Message) }

func broken(data []byte, err error) error {
	out := &Broken{Line: 1, Message: err.Error()}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at := max(0, min(int(syntax.Offset)-1, len(data)))
		out.Line = 1 + strings.Count(string(data[:at]), "\n")
	}
	return out
}

// skimmer walks through text that is known to be valid.
type skimmer struct {
	data []byte
	keep func(above, key string) bool
	at   int
	// line and column stand at seen.
	seen, line, column int
	nodes              int
	cut                string
}

func (s *skimmer) space() {
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case ' ', '\t', '\r', '\n', ',', ':':
			s.at++
		default:
			return
		}
	}
}

// place moves line and column on to where the skimmer stands.
func (s *skimmer) place() (line, column int) {
	for ; s.seen < s.at; s.seen++ {
		switch c := s.data[s.seen]; {
		case c == '\n':
			s.line, s.column = s.line+1, 1
		case c&0xC0 != 0x80: // the first byte of a character
			s.column++
		}
	}
	return s.line, s.column
}

// value reads the value at which the skimmer stands; nil where it had to leave it
// out.
func (s *skimmer) value(above string, depth int) *Node {
	s.space()
	if s.at >= len(s.data) {
		return nil
	}
	if s.nodes++; s.nodes > maxSkimmed || depth > maxSkimDepth {
		s.cut = fmt.Sprintf("it holds more than %d values", maxSkimmed)
		if depth > maxSkimDepth {
			s.cut = fmt.Sprintf("its values nest more than %d deep", maxSkimDepth)
		}
		s.skip()
		return nil
	}
	line, column := s.place()
	n := &Node{Kind: yaml.ScalarNode, Line: line, Column: column}
	switch c := s.data[s.at]; c {
	case '{':
		n.Kind, n.Tag, n.Style = yaml.MappingNode, "!!map", yaml.FlowStyle
		s.object(n, above, depth)
	case '[':
		n.Kind, n.Tag, n.Style = yaml.SequenceNode, "!!seq", yaml.FlowStyle
		s.at++
		for s.space(); s.data[s.at] != ']'; s.space() {
			if item := s.value(above, depth+1); item != nil {
				n.Content = append(n.Content, item)
			}
		}
		s.at++
	case '"':
		n.Tag, n.Style, n.Value = "!!str", yaml.DoubleQuotedStyle, s.text()
	default:
		from := s.at
		s.skip()
		switch n.Value = string(s.data[from:s.at]); c {
		case 't', 'f':
			n.Tag = "!!bool"
		case 'n':
			n.Tag = "!!null"
		default:
			n.Tag = "!!float"
		}
	}
	return n
}

func (s *skimmer) object(n *Node, above string, depth int) {
	s.at++
	for s.space(); s.data[s.at] != '}'; s.space() {
		line, column := s.place()
		key := s.text()
		s.space()
		if !s.keep(above, key) {
			s.skip()
			continue
		}
		value := s.value(key, depth+1)
		if value == nil {
			continue
		}
		n.Content = append(n.Content, &Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: key, Line: line, Column: column}, value)
	}
	s.at++
}

// text reads a string.
func (s *skimmer) text() string {
	from := s.at
	plain := s.string()
	raw := s.data[from:s.at]
	out := ""
	if plain && utf8.Valid(raw) {
		out = string(raw[1 : len(raw)-1])
	} else if json.Unmarshal(raw, &out) != nil {
		return ""
	}
	if len(out) > maxSkimText {
		s.cut = fmt.Sprintf("it holds a text of %d KiB", len(out)>>10)
		out = strings.ToValidUTF8(out[:maxSkimText], "")
	}
	return out
}

// string steps over a string; plain is true where nothing in it is escaped.
func (s *skimmer) string() (plain bool) {
	plain = true
	for s.at++; s.data[s.at] != '"'; s.at++ {
		if s.data[s.at] == '\\' {
			plain = false
			s.at++
		}
	}
	s.at++
	return plain
}

// skip steps over a value.
func (s *skimmer) skip() {
	s.space()
	for depth := 0; s.at < len(s.data); {
		switch s.data[s.at] {
		case '"':
			s.string()
		case '{', '[':
			depth++
			s.at++
			continue
		case '}', ']':
			if depth == 0 { // what is around the value ends
				return
			}
			depth--
			s.at++
		case ' ', '\t', '\r', '\n', ',', ':':
			if depth == 0 {
				return
			}
			s.at++
			continue
		default:
			s.at++
			if depth > 0 {
				continue
			}
			for s.at < len(s.data) && strings.IndexByte(" \t\r\n,:]}", s.data[s.at]) < 0 {
				s.at++
			}
		}
		if depth == 0 {
			return
		}
	}
}
