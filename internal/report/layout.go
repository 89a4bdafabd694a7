package report

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// paint wraps a text into an SGR code where colours are allowed.
func (t *text) paint(code, s string) string {
	if !t.o.Color || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

var painted = regexp.MustCompile("\x1b\\[[0-9;]*m")

// plain takes the paint off again.
func plain(s string) string { return painted.ReplaceAllString(s, "") }

// typewriter spells the signs of typography in ASCII.
var typewriter = strings.NewReplacer("–", "-", "—", "-", "‘", "'", "’", "'", "“", `"`, "”", `"`, "…", "...", "·", "|", "→", "->", "×", "x", "≥", ">=", "≤", "<=", "\u00a0", " ")

// clean makes text that stands in the user's files safe to show: characters
// that steer a terminal, or turn the direction of writing, become visible.
func (t *text) clean(s string) string {
	mark := '\ufffd'
	if t.o.ASCII {
		mark = '?'
		s = typewriter.Replace(s)
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == unicode.ReplacementChar:
			return mark
		}
		return r
	}, s)
}

// columns returns how many columns of a terminal a text takes: two for each
// wide character, none for accents that stand on the one before.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += columnsOf(r)
	}
	return n
}

func columnsOf(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 2
	}
	return 1
}

// wrap breaks a text into lines of at most width columns, at spaces where it
// can.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && columns(line)+1+columns(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " " + word
			continue
		}
		parts := chunk(word, width)
		lines = append(lines, parts[:len(parts)-1]...)
		line = parts[len(parts)-1]
	}
	return append(lines, line)
}

// chunk cuts a word that is wider than the column.
func chunk(s string, width int) []string {
	var out []string
	start, used := 0, 0
	for i, r := range s {
		if n := columnsOf(r); used+n > width && i > start {
			out = append(out, s[start:i])
			start, used = i, n
		} else {
			used += n
		}
	}
	return append(out, s[start:])
}

// wrapPath breaks a path after its slashes where it can.
func wrapPath(s string, width int) []string {
	var lines []string
	line := ""
	for _, step := range strings.SplitAfter(s, "/") {
		if line != "" && columns(line)+columns(step) > width {
			lines = append(lines, line)
			line = ""
		}
		parts := chunk(line+step, width)
		lines = append(lines, parts[:len(parts)-1]...)
		line = parts[len(parts)-1]
	}
	return append(lines, line)
}
