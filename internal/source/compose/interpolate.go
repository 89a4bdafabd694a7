package compose

import "strings"

// interpolate puts the defaults of variables in. A variable that has none stays
// as it is written, in braces, and is known by that; $$ is a dollar sign. Values
// of the environment are never looked at: whoever judges is not who deploys.
func interpolate(text string) string {
	if !strings.Contains(text, "$") {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); {
		if text[i] != '$' || i+1 == len(text) {
			out.WriteByte(text[i])
			i++
			continue
		}
		switch next := text[i+1]; {
		case next == '$':
			out.WriteByte('$')
			i += 2
		case next == '{':
			end := closing(text, i+2)
			if end < 0 {
				out.WriteString(text[i:])
				return out.String()
			}
			out.WriteString(braced(text[i+2 : end]))
			i = end + 1
		case isNameStart(next):
			end := i + 1
			for end < len(text) && (isNameStart(text[end]) || text[end] >= '0' && text[end] <= '9') {
				end++
			}
			out.WriteString("${" + text[i+1:end] + "}")
			i = end
		default:
			out.WriteByte('$')
			i++
		}
	}
	return out.String()
}

// closing returns the index of the brace that closes the one before start.
func closing(text string, start int) int {
	depth := 1
	for i := start; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// braced is what a variable in braces stands for while it is not set: its
// default, nothing for ${X:+y}, else itself.
func braced(inner string) string {
	at := 0
	for at < len(inner) && (isNameStart(inner[at]) || inner[at] >= '0' && inner[at] <= '9') {
		at++
	}
	name, rest := inner[:at], inner[at:]
	rest = strings.TrimPrefix(rest, ":")
	switch {
	case strings.HasPrefix(rest, "-"):
		return interpolate(rest[1:])
	case strings.HasPrefix(rest, "+"):
		return ""
	}
	return "${" + name + "}"
}

func isNameStart(c byte) bool {
	return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// open returns the first variable without a default that a text rests on;
// empty where there is none.
func open(text string) string {
	_, rest, found := strings.Cut(text, "${")
	name, _, closed := strings.Cut(rest, "}")
	if !found || !closed || name == "" || !isNameStart(name[0]) {
		return ""
	}
	return name
}
