package decode

import "bytes"

// realign counts lines as editors and git do, at line feeds only. The parser
// counts carriage returns and Unicode's separators too, so that text pasted
// with one of them would shift every place below it.
func realign(root *Node, data []byte) {
	if !bytes.ContainsAny(data, "\r\u0085\u2028\u2029") {
		return
	}
	type start struct {
		line int
		feed bool // a line feed stands before it, so columns count from it
	}
	starts := []start{{}, {1, true}} // by the parser's lines, which count from 1
	line, odd := 1, false
	text := bytes.Runes(data)
	for i, r := range text {
		switch {
		case r == '\n':
			line++
			starts = append(starts, start{line, true})
		case r == '\r' && i+1 < len(text) && text[i+1] == '\n':
		case r == '\r', r == 0x85, r == 0x2028, r == 0x2029:
			odd = true
			starts = append(starts, start{line, false})
		}
	}
	if !odd {
		return
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
