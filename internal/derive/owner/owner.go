// Package owner finds who answers for an object, by the labels and annotations
// in which people write that down.
package owner

import (
	"slices"
	"strings"
)

// keys are the names, after the last slash, under which owners are written:
// the tagging guides of the clouds (owner, team), Ambassador's a8r.io/owner,
// Datadog's tags.datadoghq.com/team, backstage.io/owner, and their spellings.
// Cost centres and the tool that manages an object are not its owner.
var keys = []string{
	"owner", "owners", "owned-by", "owner-team", "owning-team", "service-owner", "app-owner",
	"team", "team-name", "team-owner", "squad", "tribe", "contact", "maintainer", "maintainers",
}

// Named is an owner as it is written.
type Named struct {
	// Key is the label or annotation, Value what it says.
	Key, Value string
	// Placeholder is true where the value stands for an owner still to come.
	Placeholder bool
}

// In returns the owners that the maps name, the maps in their order: the owner
// or team of each comes before its contacts.
func In(maps ...map[string]string) []Named {
	var out []Named
	for _, m := range maps {
		var found []Named
		for key, value := range m {
			if Is(key) {
				value = strings.TrimSpace(value)
				found = append(found, Named{Key: key, Value: value, Placeholder: placeholder(value)})
			}
		}
		slices.SortFunc(found, func(a, b Named) int {
			if n := rank(a.Key) - rank(b.Key); n != 0 {
				return n
			}
			return strings.Compare(a.Key, b.Key)
		})
		out = append(out, found...)
	}
	return out
}

// Is reports whether a label or annotation of that name says who the owner is.
func Is(key string) bool {
	prefix, name, found := strings.Cut(key, "/")
	if !found {
		prefix, name = "", key
	}
	switch prefix {
	case "kubernetes.io", "k8s.io", "helm.sh", "meta.helm.sh":
		return false
	}
	return slices.Contains(keys, plain(name))
}

func rank(key string) int { return slices.Index(keys, plain(key[strings.LastIndexByte(key, '/')+1:])) }

// plain spells Owner_Team and owner.team as owner-team.
func plain(name string) string { return hyphens.Replace(strings.ToLower(name)) }

var hyphens = strings.NewReplacer("_", "-", ".", "-")

// placeholder reports whether a value names nobody.
func placeholder(value string) bool {
	switch v := strings.ToLower(strings.Trim(value, "<>[]{}() \t")); v {
	case "", "todo", "tbd", "fixme", "changeme", "change-me", "unknown", "none", "nobody", "n-a", "na", "null",
		"owner", "team", "owner-name", "team-name", "your-team", "your-name", "my-team", "example", "example-team",
		"xxx", "default", "helm":
		return true
	default:
		return strings.HasPrefix(v, "replace") || strings.Contains(v, "@example.")
	}
}

// Contact reports whether a key names a way to reach people, or people, rather
// than the team that owns.
func Contact(key string) bool {
	switch plain(key[strings.LastIndexByte(key, '/')+1:]) {
	case "contact", "maintainer", "maintainers":
		return true
	}
	return false
}
