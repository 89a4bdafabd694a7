package document

import (
	"bytes"
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"seaworthy.dev/seaworthy/internal/fact"
)

// maxNest bounds how deep lists and quotes are followed; deeper ones are no text
// that a person reads.
const maxNest = 40

// markdown reads the page as GitHub does.
func (p *page) markdown() {
	p.tame()
	root := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(p.src))
	p.blocksOf(root, 0)
}

// tame blanks out what only serves to keep the parser busy: quotes and lists that
// are nested deeper than anybody reads, and long rows of marks, for which its effort
// grows with the square of their number. Lines stay.
func (p *page) tame() {
	tamed := false
	own := func() {
		if !tamed {
			p.src, tamed = bytes.Clone(p.src), true
		}
	}
	for from := 0; from < len(p.src); {
		end := bytes.IndexByte(p.src[from:], '\n')
		if end < 0 {
			end = len(p.src) - from
		}
		line := p.src[from : from+end]
		deep, at := 0, 0
	marks:
		for ; at < len(line); at++ {
			switch c := line[at]; {
			case c == ' ' || c == '\t' || c >= '0' && c <= '9' || c == '.' || c == ')':
			case c == '>' || c == '-' || c == '*' || c == '+':
				deep++
			default:
				break marks
			}
		}
		if deep > maxNest && bytes.Count(line[:at], []byte(">")) > maxNest/2 {
			own()
			blankOut(p.src[from : from+at])
		}
		row := 0
		for i := range line {
			if i > 0 && line[i] == line[i-1] && strings.IndexByte("[]!*_~<>()`&|", line[i]) >= 0 {
				if row++; row == 200 {
					own()
					blankOut(p.src[from+i-row : from+len(line)])
					break
				}
			} else {
				row = 0
			}
		}
		from += end + 1
	}
}

func blankOut(text []byte) {
	for i := range text {
		text[i] = ' '
	}
}

// start returns the offset at which a block stands.
func start(n ast.Node) int {
	if n.Pos() >= 0 {
		return n.Pos()
	}
	if n.Type() == ast.TypeBlock && n.Lines().Len() > 0 {
		return n.Lines().At(0).Start
	}
	if c := n.FirstChild(); c != nil {
		return start(c)
	}
	return 0
}

// blocksOf takes the blocks below a node.
func (p *page) blocksOf(n ast.Node, depth int) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		p.blockOf(c, depth)
	}
}

func (p *page) blockOf(n ast.Node, depth int) {
	line := p.line(start(n))
	switch x := n.(type) {
	case *ast.Heading:
		heading := p.inline(n, line, false)
		p.open(x.Level, strings.Join(strings.Fields(heading), " "), line)
		p.inline(n, line, true) // links of a heading belong to its section
	case *ast.FencedCodeBlock:
		language := ""
		if x.Info != nil {
			language = string(x.Info.Segment.Value(p.src))
		}
		p.block(line, language, p.raw(n))
	case *ast.CodeBlock:
		p.block(line, "", p.raw(n))
	case *ast.HTMLBlock:
		text := p.raw(n)
		if x.HasClosure() {
			text += string(x.ClosureLine.Value(p.src))
		}
		p.html(line, text)
	case *extast.Table:
		p.table(x, line)
	case *ast.List:
		p.list(x, depth)
	case *ast.Paragraph, *ast.TextBlock:
		p.text(line, p.inline(n, line, true), false, 0)
	default:
		if depth < maxNest {
			p.blocksOf(n, depth+1)
		}
	}
}

func (p *page) raw(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		b.Write(s.Value(p.src))
	}
	return b.String()
}

// list takes the items of a list, and its steps where it counts.
func (p *page) list(x *ast.List, depth int) {
	if depth >= maxNest {
		return
	}
	number, own := x.Start, 0
	for c := x.FirstChild(); c != nil; c = c.NextSibling() {
		line := p.line(start(c))
		s := p.here(line)
		texts, blocks, links := len(s.Texts), len(s.Blocks), len(s.Links)
		item, nested, box := "", false, false
		for b := c.FirstChild(); b != nil; b = b.NextSibling() {
			switch b := b.(type) {
			case *ast.Paragraph, *ast.TextBlock:
				at := p.line(start(b))
				_, isBox := b.FirstChild().(*extast.TaskCheckBox)
				box = box || isBox
				words := p.inline(b, at, true)
				if item == "" {
					item = words
				}
				n := 0
				if x.IsOrdered() {
					n = number
				}
				p.text(at, words, true, n)
			case *ast.List:
				nested = nested || b.IsOrdered()
				p.list(b, depth+1)
			default:
				p.blockOf(b, depth+1)
			}
		}
		_ = texts
		if (x.IsOrdered() || box) && !nested && strings.TrimSpace(item) != "" {
			if own == 0 {
				p.lists++
				own = p.lists
			}
			step := fact.Instruction{Line: line, Number: number, Text: strings.Join(strings.Fields(item), " "), List: own}
			step.Judged = judged(step.Text)
			step.Scripted = len(s.Blocks) > blocks || command(step.Text) || toScript(s.Links[links:])
			if s == p.section { // no heading stands within an item
				s.Steps = append(s.Steps, step)
			}
		}
		number++
	}
}

// table takes a table's cells.
func (p *page) table(x *extast.Table, line int) {
	t := &fact.Table{Line: line}
	for row := x.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			cells = append(cells, strings.Join(strings.Fields(p.inline(c, p.line(start(row)), true)), " "))
		}
		if _, isHead := row.(*extast.TableHeader); isHead {
			t.Header = cells
		} else {
			t.Rows = append(t.Rows, cells)
		}
	}
	s := p.here(line)
	s.Tables = append(s.Tables, t)
}

// inline returns the text below a node. With links, those are taken down.
func (p *page) inline(n ast.Node, line int, links bool) string {
	var b strings.Builder
	p.spans(&b, n, line, links, 0)
	return b.String()
}

func (p *page) spans(b *strings.Builder, n ast.Node, line int, links bool, depth int) {
	if depth > maxNest {
		return
	}
	at := func(c ast.Node) int {
		if c.Pos() >= 0 {
			return p.line(c.Pos())
		}
		return line
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch x := c.(type) {
		case *ast.Text:
			value := string(x.Segment.Value(p.src))
			if strings.ContainsRune(value, '&') {
				value = html.UnescapeString(value)
			}
			if strings.ContainsRune(value, '\\') {
				value = unescape.ReplaceAllString(value, "$1")
			}
			b.WriteString(value)
			if x.SoftLineBreak() || x.HardLineBreak() {
				b.WriteByte('\n')
			}
		case *ast.String:
			b.Write(x.Value)
		case *ast.CodeSpan:
			b.WriteByte('`')
			for t := x.FirstChild(); t != nil; t = t.NextSibling() {
				if t, is := t.(*ast.Text); is {
					b.Write(t.Segment.Value(p.src))
				}
			}
			b.WriteByte('`')
		case *ast.Link:
			var inner strings.Builder
			p.spans(&inner, x, line, links, depth+1)
			if links {
				p.link(at(x), string(x.Destination), inner.String(), false)
			}
			b.WriteString(inner.String())
		case *ast.Image:
			var inner strings.Builder
			p.spans(&inner, x, line, false, depth+1)
			if links {
				p.link(at(x), string(x.Destination), inner.String(), true)
			}
			b.WriteString(inner.String())
		case *ast.AutoLink:
			url := string(x.URL(p.src))
			if links {
				p.link(at(x), url, url, false)
			}
			b.Write(x.Label(p.src))
		case *ast.RawHTML:
			for i := range x.Segments.Len() {
				s := x.Segments.At(i)
				if tag := string(s.Value(p.src)); links {
					p.tag(at(x), tag)
				}
			}
			b.WriteByte(' ')
		case *extast.TaskCheckBox:
		default:
			p.spans(b, c, line, links, depth+1)
		}
	}
}

// unescape takes the backslash from what Markdown lets one escape.
var unescape = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")

var (
	anyTag    = regexp.MustCompile(`<[^<>]*>`)
	attribute = regexp.MustCompile(`(?i)\b(id|name|href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')`)
	comments  = regexp.MustCompile(`(?s)<!--.*?(?:-->|\z)`)
	htmlHead  = regexp.MustCompile(`(?is)<h([1-6])\b[^>]*>(.*?)</h[1-6]>`)
)

// tag takes anchors, links and pictures of an HTML tag.
func (p *page) tag(line int, tag string) {
	for _, m := range attribute.FindAllStringSubmatch(tag, -1) {
		value := html.UnescapeString(m[2] + m[3])
		switch strings.ToLower(m[1]) {
		case "id", "name":
			p.anchors[value] = true
		case "href":
			p.link(line, value, "", false)
		case "src":
			p.link(line, value, "", true)
		}
	}
}

// html takes what a block of HTML shows.
func (p *page) html(line int, block string) {
	block = comments.ReplaceAllStringFunc(block, func(c string) string { return strings.Repeat("\n", strings.Count(c, "\n")) })
	if m := htmlHead.FindStringSubmatch(block); m != nil {
		p.open(int(m[1][0]-'0'), strings.Join(strings.Fields(html.UnescapeString(anyTag.ReplaceAllString(m[2], " "))), " "), line)
	}
	at := line
	for part := range strings.Lines(block) {
		for _, tag := range anyTag.FindAllString(part, -1) {
			p.tag(at, tag)
		}
		at++
	}
	p.text(line, html.UnescapeString(anyTag.ReplaceAllString(block, " ")), false, 0)
}
