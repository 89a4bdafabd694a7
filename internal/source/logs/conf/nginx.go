package conf

import "strings"

// Directive is one of nginx': a name, its arguments, and what stands in its braces.
type Directive struct {
	Name  string
	Args  []string
	Line  int
	Block []Directive
}

// Nginx parses a configuration of nginx.
// https://nginx.org/en/docs/beginners_guide.html#conf_structure
func Nginx(text string) ([]Directive, *Error) {
	p := &nginx{text: text, line: 1}
	out, err := p.block(0, 0)
	return out, err
}

type nginx struct {
	text     string
	at, line int
	count    int
}

// block reads directives up to the brace that ends them; opened is its line.
func (p *nginx) block(depth, opened int) (out []Directive, err *Error) {
	if depth > maxDepth {
		return nil, wrong(p.line, "blocks stand more than %d deep", maxDepth)
	}
	var d Directive
	for {
		word, sign, err := p.token()
		if err != nil {
			return out, err
		}
		if p.count++; p.count > maxItems {
			return out, wrong(p.line, "there are more than %d words", maxItems)
		}
		switch sign {
		case 0: // the end
			if depth > 0 {
				return out, wrong(p.line, "the block of line %d does not end; it lacks }", opened)
			}
			if d.Name != "" {
				return out, wrong(d.Line, "%s lacks its semicolon", short(d.Name))
			}
			return out, nil
		case 'w':
			if d.Name == "" {
				d.Name, d.Line = word, p.line
			} else {
				d.Args = append(d.Args, word)
			}
		case ';':
			if d.Name != "" {
				out = append(out, d)
			}
			d = Directive{}
		case '{':
			line := p.line
			if d.Block, err = p.block(depth+1, line); err != nil {
				return out, err
			}
			out, d = append(out, d), Directive{}
		case '}':
			if depth == 0 {
				return out, wrong(p.line, "a brace closes nothing")
			}
			if d.Name != "" {
				return out, wrong(d.Line, "%s lacks its semicolon", short(d.Name))
			}
			return out, nil
		}
	}
}

// token returns a word, a sign, or 0 at the end.
func (p *nginx) token() (word string, sign byte, err *Error) {
	for p.at < len(p.text) {
		c := p.text[p.at]
		switch {
		case c == '\n':
			p.line++
			p.at++
		case c == ' ' || c == '\t' || c == '\r':
			p.at++
		case c == '#':
			for p.at < len(p.text) && p.text[p.at] != '\n' {
				p.at++
			}
		case c == ';' || c == '{' || c == '}':
			p.at++
			return "", c, nil
		case c == '"' || c == '\'':
			start := p.line
			var b strings.Builder
			for p.at++; p.at < len(p.text) && p.text[p.at] != c; p.at++ {
				if p.text[p.at] == '\\' && p.at+1 < len(p.text) {
					p.at++
				}
				if p.text[p.at] == '\n' {
					p.line++
				}
				b.WriteByte(p.text[p.at])
			}
			if p.at >= len(p.text) {
				return "", 0, wrong(start, "a text in quotes does not end")
			}
			p.at++
			return b.String(), 'w', nil
		default:
			from := p.at
			for p.at < len(p.text) && !strings.ContainsRune(" \t\r\n;{}", rune(p.text[p.at])) || p.at > from && p.at < len(p.text) && p.text[p.at] == '{' && p.text[p.at-1] == '$' {
				if p.text[p.at] == '{' { // ${name}
					for p.at < len(p.text) && p.text[p.at] != '}' && p.text[p.at] != '\n' {
						p.at++
					}
					if p.at < len(p.text) && p.text[p.at] == '\n' {
						break
					}
				}
				if p.at < len(p.text) && p.text[p.at] == '\\' {
					p.at++
				}
				if p.at < len(p.text) {
					if p.text[p.at] == '\n' {
						break
					}
					p.at++
				}
			}
			return p.text[from:p.at], 'w', nil
		}
	}
	return "", 0, nil
}
