package decode

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v3"
)

// parseJSON returns the nodes of a document that is JSON, or nil for any
// other. YAML is nearly a superset of JSON, but its reader refuses characters
// beyond the basic plane that are written as two escapes, and kubectl reads
// JSON as JSON too.
func parseJSON(data []byte) *Node {
	start := bytes.TrimLeft(data, " \t\r\n")
	if len(start) == 0 || start[0] != '{' && start[0] != '[' || !json.Valid(data) {
		return nil
	}
	p := jsonParser{data: data, tokens: json.NewDecoder(bytes.NewReader(data)), line: 1, column: 1}
	p.tokens.UseNumber()
	root, _ := p.value(p.next())
	return root
}

// jsonParser turns tokens into nodes. The text is known to be valid.
type jsonParser struct {
	data         []byte
	tokens       *json.Decoder
	at           int
	line, column int
}

// placed is a token with the place where it starts.
type placed struct {
	token        json.Token
	line, column int
}

func (p *jsonParser) next() placed {
	from := p.at
	token, err := p.tokens.Token()
	if err != nil {
		return placed{}
	}
	for bytes.IndexByte([]byte(" \t\r\n,:"), p.data[from]) >= 0 {
		from++
	}
	p.advance(from)
	out := placed{token, p.line, p.column}
	p.advance(int(p.tokens.InputOffset()))
	return out
}

func (p *jsonParser) advance(to int) {
	text := p.data[p.at:to]
	if last := bytes.LastIndexByte(text, '\n'); last >= 0 {
		p.line += bytes.Count(text, []byte("\n"))
		p.column = 1
		text = text[last+1:]
	}
	p.column += utf8.RuneCount(text)
	p.at = to
}

// value returns the node that starts with the token, or false for a token that
// ends what is around it.
func (p *jsonParser) value(t placed) (*Node, bool) {
	n := &Node{Kind: yaml.ScalarNode, Line: t.line, Column: t.column}
	switch v := t.token.(type) {
	case json.Delim:
		switch v {
		case '{':
			n.Kind, n.Tag = yaml.MappingNode, "!!map"
		case '[':
			n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
		default:
			return nil, false
		}
		n.Style = yaml.FlowStyle
		for {
			item, more := p.value(p.next())
			if !more {
				return n, true
			}
			n.Content = append(n.Content, item)
		}
	case string:
		n.Tag, n.Style, n.Value = "!!str", yaml.DoubleQuotedStyle, v
	case json.Number:
		n.Tag, n.Value = "!!float", v.String()
	case bool:
		n.Tag, n.Value = "!!bool", "false"
		if v {
			n.Value = "true"
		}
	default:
		n.Tag, n.Value = "!!null", "null"
	}
	return n, true
}
