// Package fideslang knows the data categories of fideslang's default taxonomy, and
// which of them are data of persons.
package fideslang

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"seaworthy.dev/seaworthy/internal/decode"
)

//go:embed categories.txt
var file string

// replaced maps each category to the one that took its place; to nothing where it
// still stands.
var replaced = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(file) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] != "#" {
			out[fields[0]] = strings.Join(fields[1:], "")
		}
	}
	return out
})

// None is what stands for "no personal data" where categories are listed.
const None = "none"

// Known reports whether a category is one of the taxonomy's, or below one that
// people added. Old ones are known as well.
func Known(category string, own []string) bool {
	if _, found := replaced()[category]; found || category == None {
		return true
	}
	return slices.Contains(own, category)
}

// Nearest returns the category that is most likely meant; empty where none is
// near. Names of the first versions had two more parts than today's.
func Nearest(category string) string {
	text := strings.ToLower(strings.TrimSpace(category))
	for _, old := range []string{"user.provided.identifiable.", "user.derived.identifiable.", "user.provided.nonidentifiable.", "user.derived.nonidentifiable.", "user.provided.", "user.derived."} {
		if rest, found := strings.CutPrefix(text, old); found {
			text = "user." + rest
			break
		}
	}
	best, distance := "", max(2, len(text)/4)+1
	for name, by := range replaced() {
		if by != "" {
			continue
		}
		d := decode.Distance(text, name)
		if last := name[strings.LastIndexByte(name, '.')+1:]; d > 0 && strings.HasSuffix(text, "."+last) || text == last {
			d = 1 // the same word in another place: user.email
		}
		if d < distance || d == distance && best != "" && (len(name) < len(best) || len(name) == len(best) && name < best) {
			best, distance = name, d
		}
	}
	return best
}

// Personal reports whether one of the categories is data of persons: the taxonomy
// keeps them below "user".
func Personal(categories []string) bool {
	return slices.ContainsFunc(categories, func(c string) bool { return c == "user" || strings.HasPrefix(c, "user.") })
}

// Impersonal reports whether all of the categories are known to be no data of
// persons. One that nobody knows may be anything.
func Impersonal(categories []string) bool {
	return len(categories) > 0 && !slices.ContainsFunc(categories, func(c string) bool {
		return c != None && c != "system" && !strings.HasPrefix(c, "system.")
	})
}
