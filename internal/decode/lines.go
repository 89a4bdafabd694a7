package decode

import "bytes"

// realign counts lines as editors and git do, at line feeds only. The parser
// counts carriage returns and Unicode's separators too, so that text pasted
// with one of them would shift every place below it.
func realign(root *Node, data []byte) {
	if !oddBreaks(data) {
		return
	}
	type start struct {
		line int
		feed bool // a line feed stands before it, so columns count from it
	}
	starts := []start{{}, {1, true}} // by the parser's lines, which count from 1
	line := 1
	text := bytes.Runes(data)
	for i, r := range text {
		switch {
		case r == '\n':
			line++
			starts = append(starts, start{line, true})
		case r == '\r' && i+1 < len(text) && text[i+1] == '\n':
		case r == '\r', r == 0x85, r == 0x2028, r == 0x2029:
			starts = append(starts, start{line, false})
		}
	}
	var walk func(n *Node)
	walk = func(n *Node) {
		if n.Line < len(starts) {
			at := starts[n.Line]
			n.Line = at.line
			if !at.feed {
				n.Column = 0
			}
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	walk(root)
}

// oddBreaks reports whether the text has line breaks that are no line feeds,
// with or without a carriage return before them.
func oddBreaks(data []byte) bool {
	for rest := data; ; {
		at := bytes.IndexByte(rest, '\r')
		if at < 0 {
			break
		}
		if rest = rest[at+1:]; len(rest) == 0 || rest[0] != '\n' {
			return true
		}
	}
	return bytes.Contains(data, []byte("\u0085")) || bytes.Contains(data, []byte("\u2028")) || bytes.Contains(data, []byte("\u2029"))
}
