package conf

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Block is one of Alloy's: a component, or a part of one.
type Block struct {
	// Name as written, with its dots; Label is the text behind it.
	Name, Label string
	Line        int
	Attrs       []Attr
	Blocks      []*Block
}

// Attr is an assignment.
type Attr struct {
	Key   string
	Value Value
	Line  int
}

// ValueKind is what a value is.
type ValueKind int

// The kinds of values. Other is what is worked out when Alloy runs.
const (
	Other  ValueKind = iota
	String           // a text
	Word             // a number, true, false, null
	Ref              // a name with dots: what another component exports
	List             // what stands in brackets
	Object           // what stands in braces: Keys name the items
	Call             // a function's name, with its arguments as items
)

// Value is an expression.
type Value struct {
	Kind  ValueKind
	Text  string
	Items []Value
	Keys  []string
	Line  int
}

// Get returns the value of a key; nothing where there is none.
func (b *Block) Get(key string) Value {
	for _, a := range b.Attrs {
		if a.Key == key {
			return a.Value
		}
	}
	return Value{}
}

// All returns the blocks of that name within b.
func (b *Block) All(name string) (out []*Block) {
	for _, in := range b.Blocks {
		if in.Name == name {
			out = append(out, in)
		}
	}
	return out
}

// River parses a configuration of Alloy, or of Grafana Agent in flow mode.
// https://grafana.com/docs/alloy/latest/get-started/configuration-syntax/
func River(text string) (*Block, *Error) {
	p := &river{text: text, line: 1}
	root := &Block{Line: 1}
	p.next()
	p.body(root, 0, "")
	if p.err != nil {
		return nil, p.err
	}
	return root, nil
}

// river reads tokens: a name, a text in quotes (told by quoted), or one sign.
type river struct {
	text   string
	at     int
	line   int
	token  string
	quoted bool
	start  int // the line of the token
	items  int
	err    *Error
}

func (p *river) fail(format string, args ...any) {
	if p.err == nil {
		p.err = wrong(p.start, format, args...)
	}
	p.token, p.quoted, p.at = "", false, len(p.text)
}

// next moves to the next token; it is empty at the end.
func (p *river) next() {
	p.space()
	p.token, p.quoted, p.start = "", false, p.line
	if p.at >= len(p.text) {
		return
	}
	switch c := p.text[p.at]; {
	case c == '"':
		p.string()
	case c == '`':
		end := strings.IndexByte(p.text[p.at+1:], '`')
		if end < 0 {
			p.fail("a text in backticks does not end")
			return
		}
		p.token, p.quoted = p.text[p.at+1:p.at+1+end], true
		p.line += strings.Count(p.token, "\n")
		p.at += end + 2
	case word(rune(c)) || c >= utf8.RuneSelf:
		from := p.at
		for p.at < len(p.text) && (word(rune(p.text[p.at])) || p.text[p.at] >= utf8.RuneSelf) {
			p.at++
		}
		p.token = p.text[from:p.at]
	default:
		p.token = p.text[p.at : p.at+1]
		p.at++
	}
}

func word(r rune) bool { return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r) }

func (p *river) space() {
	for p.at < len(p.text) {
		rest := p.text[p.at:]
		switch {
		case rest[0] == '\n':
			p.line++
			p.at++
		case rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r':
			p.at++
		case strings.HasPrefix(rest, "//"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest)
			}
			p.at += end
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest, "*/")
			if end < 0 {
				p.start = p.line
				p.fail("a comment does not end")
				return
			}
			p.line += strings.Count(rest[:end], "\n")
			p.at += end + 2
		default:
			return
		}
	}
}

func (p *river) string() {
	var out strings.Builder
	for i := p.at + 1; i < len(p.text); i++ {
		switch c := p.text[i]; c {
		case '"':
			p.token, p.quoted, p.at = out.String(), true, i+1
			return
		case '\n':
			p.fail("a text in quotes does not end in its line")
			return
		case '\\':
			if i++; i < len(p.text) {
				switch e := p.text[i]; e {
				case 'n':
					out.WriteByte('\n')
				case 't':
					out.WriteByte('\t')
				case '"', '\\', '\'':
					out.WriteByte(e)
				default:
					out.WriteByte('\\')
					out.WriteByte(e)
				}
			}
		default:
			out.WriteByte(c)
		}
	}
	p.fail("a text in quotes does not end")
}

// sign reports whether the token is that sign.
func (p *river) sign(s string) bool { return !p.quoted && p.token == s }

// body reads attributes and blocks up to the sign that ends it.
func (p *river) body(into *Block, depth int, end string) {
	for p.err == nil {
		switch {
		case p.sign(end):
			return
		case p.token == "" && !p.quoted:
			if end != "" {
				p.fail("the block %s of line %d does not end; it lacks }", into.Name, into.Line)
			}
			return
		case depth > maxDepth:
			p.fail("blocks stand more than %d deep", maxDepth)
			return
		case p.sign(","), p.sign(";"):
			p.next()
			continue
		}
		if p.items++; p.items > maxItems {
			p.fail("there are more than %d entries", maxItems)
			return
		}
		name, line := p.token, p.start
		if p.quoted || name == "" || !word(rune(name[0])) && name[0] < utf8.RuneSelf {
			p.fail("%q stands where a block or a setting should start", short(name))
			return
		}
		for p.next(); p.sign("."); p.next() {
			p.next()
			name += "." + p.token
		}
		if p.sign("=") {
			p.next()
			into.Attrs = append(into.Attrs, Attr{Key: name, Value: p.value(depth + 1), Line: line})
			continue
		}
		b := &Block{Name: name, Line: line}
		if p.quoted {
			b.Label = p.token
			p.next()
		}
		if !p.sign("{") {
			p.fail("%s is neither a block, which { opens, nor a setting, which = gives a value", short(name))
			return
		}
		p.next()
		p.body(b, depth+1, "}")
		p.next()
		into.Blocks = append(into.Blocks, b)
	}
}

// value reads an expression. One with operators is Other, with what it joins as
// its items.
func (p *river) value(depth int) Value {
	v := p.operand(depth)
	for p.err == nil && !p.quoted && p.token != "" && strings.Contains("+-*/%<>=!&|?^", p.token) {
		for p.err == nil && !p.quoted && p.token != "" && strings.Contains("+-*/%<>=!&|?^", p.token) {
			p.next()
		}
		if p.items++; p.items > maxItems {
			p.fail("there are more than %d entries", maxItems)
		}
		v = Value{Items: []Value{v, p.operand(depth)}, Line: v.Line}
	}
	return v
}

func (p *river) operand(depth int) Value {
	v := Value{Line: p.start}
	if p.items++; p.items > maxItems || depth > maxDepth {
		p.fail("there are more than %d entries, or they stand more than %d deep", maxItems, maxDepth)
		return v
	}
	switch {
	case p.quoted:
		v.Kind, v.Text = String, p.token
		p.next()
	case p.sign("["):
		v.Kind = List
		v.Items = p.list("]", depth)
	case p.sign("("):
		p.next()
		v = p.value(depth + 1)
		if !p.sign(")") {
			p.fail("a bracket is not closed")
		}
		p.next()
	case p.sign("-"), p.sign("!"):
		p.next()
		v = Value{Items: []Value{p.operand(depth + 1)}, Line: v.Line}
	case p.sign("{"):
		v.Kind = Object
		p.object(&v, depth)
	case p.token != "" && (word(rune(p.token[0])) || p.token[0] >= utf8.RuneSelf):
		v.Kind, v.Text = Ref, p.token
		p.next()
		p.access(&v, depth)
		if v.Kind == Ref && !strings.Contains(v.Text, ".") {
			v.Kind = Word
		}
	default:
		p.fail("a value is missing")
	}
	return v
}

// access reads what follows a name: .field, ["key"], (arguments).
func (p *river) access(v *Value, depth int) {
	for p.err == nil {
		switch {
		case p.sign("."):
			p.next()
			v.Text += "." + p.token
			p.next()
		case p.sign("["):
			if in := p.list("]", depth); len(in) == 1 {
				v.Text += "." + in[0].Text
			}
		case p.sign("("):
			v.Kind = Call
			v.Items = p.list(")", depth)
		default:
			return
		}
	}
}

// list reads values up to the sign that ends them.
func (p *river) list(end string, depth int) (out []Value) {
	for p.next(); p.err == nil && !p.sign(end); {
		if p.token == "" && !p.quoted {
			p.fail("a list does not end; it lacks %s", end)
			return out
		}
		out = append(out, p.value(depth+1))
		switch {
		case p.sign(","):
			p.next()
		case p.sign("."): // the three dots of a call
			for p.sign(".") {
				p.next()
			}
		case !p.sign(end):
			p.fail("values of a list need a comma between them")
		}
	}
	p.next()
	return out
}

func (p *river) object(v *Value, depth int) {
	for p.next(); p.err == nil && !p.sign("}"); {
		if p.token == "" && !p.quoted {
			p.fail("an object does not end; it lacks }")
			return
		}
		key := p.token
		if p.next(); !p.sign("=") && !p.sign(":") {
			p.fail("the key %s lacks its value", short(key))
			return
		}
		p.next()
		v.Keys = append(v.Keys, key)
		v.Items = append(v.Items, p.value(depth+1))
		if p.sign(",") {
			p.next()
		}
	}
	p.next()
}
