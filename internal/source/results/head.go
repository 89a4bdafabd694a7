package results

import (
	"bytes"
	"path"
	"regexp"
	"strings"
)

// head is the beginning of a file: enough to tell its format.
type head struct {
	// name is the file's own, in lower case.
	name string
	text []byte
	// root is the name of the first element of XML, open what stands in its tag and
	// behind it; empty for everything else.
	root, open string
	// keys are those of a JSON object that its beginning shows.
	keys map[string]bool
	// line is the first line.
	line string
}

var rootElement = regexp.MustCompile(`<([A-Za-z][\w.:-]*)`)

func newHead(name string, first []byte) head {
	first = bytes.TrimPrefix(first, []byte("\xef\xbb\xbf"))
	h := head{name: strings.ToLower(path.Base(name)), text: first}
	line, _, _ := bytes.Cut(first, []byte("\n"))
	h.line = strings.TrimRight(string(line), "\r")
	switch body := bytes.TrimLeft(first, " \t\r\n"); {
	case len(body) == 0:
	case body[0] == '<':
		if m := rootElement.FindSubmatchIndex(body); m != nil {
			h.root, h.open = string(body[m[2]:m[3]]), string(body[m[3]:])
		}
	case body[0] == '{':
		h.keys = keysOf(body)
	}
	return h
}

// has reports whether the beginning of a JSON object shows all of the keys.
func (h head) has(keys ...string) bool {
	for _, k := range keys {
		if !h.keys[k] {
			return false
		}
	}
	return len(h.keys) > 0
}

// keysOf returns the keys of an object as far as its text goes, without those of
// the objects in it.
func keysOf(text []byte) map[string]bool {
	out, depth := map[string]bool{}, 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return out
			}
		case '"':
			end := i + 1
			for end < len(text) && text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			if end >= len(text) {
				return out
			}
			rest := bytes.TrimLeft(text[end+1:], " \t\r\n")
			if depth == 1 && len(rest) > 0 && rest[0] == ':' {
				out[string(text[i+1:end])] = true
			}
			i = end
		}
	}
	return out
}
