package process

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/fact"
)

// longestLine is how many words of a shell's script are looked at.
const longestLine = 2000

// Arguments finds the words of a command line that look like secrets: by their
// form, as name=value, or as a value behind --name. Words with spaces in them
// are lines for a shell.
func Arguments(words []string, at func(i int) fact.Location) []fact.Env {
	var out []fact.Env
	for i, word := range words {
		if inner := strings.Fields(word); len(inner) > 1 {
			inner = inner[:min(len(inner), longestLine)]
			out = append(out, Arguments(inner, func(int) fact.Location { return at(i) })...)
			continue
		}
		word = strings.Trim(word, `"'`)
		name, value, found := strings.Cut(word, "=")
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		switch {
		case found:
			value = strings.Trim(value, `"';`)
		case strings.HasPrefix(word, "-") && !strings.HasPrefix(next, "-"):
			value = strings.Trim(next, `"';`)
		default:
			name, value = "", word
		}
		name = strings.TrimLeft(name, "-")
		if strings.ContainsAny(value, "`") || strings.HasPrefix(value, "$") {
			continue // the shell fills it in
		}
		if smell := secrecy.Of(name, value); smell != "" {
			out = append(out, fact.Env{Name: name, Origin: fact.Argument, Smell: smell, At: at(i)})
		}
	}
	return out
}
