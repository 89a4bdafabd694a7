package look

import (
	"regexp"
	"strings"
	"unicode"
)

// Span is a piece of a line: code or not.
type Span struct {
	Text string
	Code bool
}

// Spans parts a line where backticks set code; a lone backtick sets nothing.
func Spans(line string) (out []Span) {
	parts := strings.Split(Clean(line), "`")
	if len(parts)%2 == 0 {
		return []Span{{Text: strings.Join(parts, "`")}}
	}
	for i, p := range parts {
		if p != "" {
			out = append(out, Span{Text: p, Code: i%2 == 1})
		}
	}
	return out
}

// Block is a paragraph, a list or code.
type Block struct {
	// Kind is "p", "ol", "ul" or "pre".
	Kind string
	// Lines are the paragraph's text, the list's items or the lines of code.
	Lines []string
}

var item = regexp.MustCompile(`^ {0,3}(\d+\.|[-*]) +`)

// Blocks parts prose as expectations hold it into paragraphs, lists and code. It
// knows no more of Markdown than that; what it does not know is shown as it is.
func Blocks(text string) (out []Block) {
	kind := ""
	add := func(k, line string, joins bool) {
		if last := len(out) - 1; joins && last >= 0 && kind == k {
			if b := &out[last]; k == "pre" {
				b.Lines = append(b.Lines, line)
			} else {
				b.Lines[len(b.Lines)-1] += " " + line
			}
			return
		}
		kind = k
		out = append(out, Block{Kind: k, Lines: []string{line}})
	}
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(Clean(line), " ")
		fence := strings.HasPrefix(strings.TrimSpace(line), "```")
		switch mark := item.FindString(line); {
		case fence && kind == "pre":
			kind = ""
		case fence:
			kind = "pre"
			out = append(out, Block{Kind: "pre"})
		case kind == "pre":
			add("pre", line, true)
		case strings.TrimSpace(line) == "":
			if kind == "p" {
				kind = ""
			}
		case mark != "":
			list := "ul"
			if strings.Contains(mark, ".") {
				list = "ol"
			}
			text := strings.TrimPrefix(line, mark)
			if last := len(out) - 1; last >= 0 && kind == list {
				out[last].Lines = append(out[last].Lines, text)
			} else {
				add(list, text, false)
			}
		case (kind == "ol" || kind == "ul") && strings.HasPrefix(line, " "):
			add(kind, strings.TrimSpace(line), true)
		default:
			add("p", strings.TrimSpace(line), true)
		}
	}
	return out
}

// Clean makes text that stands in the user's files safe to show: characters that
// steer a terminal, or turn the direction of writing, become visible.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == unicode.ReplacementChar:
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// Cut keeps the first letters of a text that is too long for any page.
func Cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + " …"
}
