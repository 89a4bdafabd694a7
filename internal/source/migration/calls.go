package migration

import (
	"regexp"
	"strings"
)

// call is a call within a program in Python, as far as its arguments are literals.
type call struct {
	name string
	args []string
	// pos is where it begins in the text.
	pos int
}

// pythonCalls finds the calls whose names a pattern matches, the arguments parted at
// their commas. What is never closed ends the list.
func pythonCalls(text string, name *regexp.Regexp) (out []call) {
	for at := 0; at < len(text) && len(out) < maxSteps; {
		m := name.FindStringSubmatchIndex(text[at:])
		if m == nil {
			return out
		}
		begin, end := at+m[0], at+m[1]
		args, after, closed := arguments(text, end)
		if !closed {
			return out
		}
		out = append(out, call{name: text[at+m[2] : at+m[3]], args: args, pos: begin})
		at = max(after, end)
	}
	return out
}

// arguments parts what stands behind an opening parenthesis, up to the one that
// closes it.
func arguments(text string, begin int) (args []string, after int, closed bool) {
	depth, from := 0, begin
	add := func(to int) {
		if one := strings.TrimSpace(text[from:to]); one != "" {
			args = append(args, one)
		}
	}
	for i := begin; i < len(text); i++ {
		switch c := text[i]; c {
		case '#':
			if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
				i += n
			} else {
				i = len(text)
			}
		case '\'', '"':
			i = quoted(text, i) - 1
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth == 0 {
				add(i)
				return args, i + 1, true
			}
			depth--
		case ',':
			if depth == 0 {
				add(i)
				from = i + 1
			}
		}
	}
	return args, len(text), false
}

// quoted returns the place behind a text in quotes that begins at a place.
func quoted(text string, at int) int {
	quote := text[at : at+1]
	if strings.HasPrefix(text[at:], strings.Repeat(quote, 3)) {
		quote = strings.Repeat(quote, 3)
	}
	for i := at + len(quote); i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case strings.HasPrefix(text[i:], quote):
			return i + len(quote)
		case text[i] == '\n' && len(quote) == 1:
			return i
		}
	}
	return len(text)
}

// wrapped is how a literal of SQL is handed on in Python.
var wrapped = regexp.MustCompile(`^(?:sa\.|sqlalchemy\.|textwrap\.)?(?:text|dedent|DDL)\(\s*((?s:.*))\)$`)

// literal returns the text of a string literal, or of several that stand side by
// side; ok is false for anything that only running tells.
func literal(arg string) (text string, ok bool) {
	arg = strings.TrimSpace(arg)
	if m := wrapped.FindStringSubmatch(arg); m != nil {
		arg = strings.TrimSpace(m[1])
	}
	for arg != "" {
		begin := strings.IndexAny(arg, `'"`)
		if begin < 0 || strings.Trim(strings.ToLower(arg[:begin]), "rub") != "" {
			return "", false
		}
		arg = arg[begin:]
		end := quoted(arg, 0)
		width := 1
		if strings.HasPrefix(arg, `"""`) || strings.HasPrefix(arg, "'''") {
			width = 3
		}
		if end < 2*width {
			return "", false
		}
		text += arg[width : end-width]
		arg = strings.TrimSpace(strings.TrimRight(strings.TrimSpace(arg[end:]), ","))
	}
	return text, true
}

// keyword returns an argument that is handed by name.
func keyword(args []string, name string) (value string, found bool) {
	for _, a := range args {
		if key, rest, is := strings.Cut(a, "="); is && strings.TrimSpace(key) == name && !strings.HasPrefix(rest, "=") {
			return strings.TrimSpace(rest), true
		}
	}
	return "", false
}

// argument returns a literal that is handed in its place, or by name.
func argument(args []string, place int, name string) string {
	if v, found := keyword(args, name); found {
		text, _ := literal(v)
		return text
	}
	if place < len(args) {
		text, _ := literal(args[place])
		return text
	}
	return ""
}

// function returns the body of a function of Python that stands at the margin, and
// where it begins; ok is false where there is none.
func function(text, name string) (body string, begin int, ok bool) {
	m := regexp.MustCompile(`(?m)^(?:async )?def ` + name + `\([^)]*\)[^:\n]*:`).FindStringIndex(text)
	if m == nil {
		return "", 0, false
	}
	rest := text[m[1]:]
	if next := regexp.MustCompile(`(?m)^[^\s#)]`).FindStringIndex(rest[min(1, len(rest)):]); next != nil {
		rest = rest[:next[0]+1]
	}
	return rest, m[1], true
}

// remark is a comment or a text that stands alone in Python.
var remark = regexp.MustCompile(`(?s)#[^\n]*|^\s*"""(.*?)"""|^\s*'''(.*?)'''`)

// idle reports whether a body of Python does nothing.
func idle(body string) bool {
	for _, l := range strings.Split(remark.ReplaceAllString(body, ""), "\n") {
		switch strings.TrimSpace(l) {
		case "", "pass", "...", "return", "return None":
		default:
			return false
		}
	}
	return true
}

// remarks lists what the comments of Python say.
func remarks(body string) (out []string) {
	for _, one := range remark.FindAllString(body, 200) {
		out = append(out, strings.Trim(strings.TrimSpace(one), "#\"' \n"))
	}
	return out
}
