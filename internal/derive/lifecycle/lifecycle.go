// Package lifecycle knows in which Kubernetes versions an API is served: the
// table of k8s.io/api, and a sourced one for types that it no longer has.
package lifecycle

import (
	"strings"
	"sync"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Latest is the newest Kubernetes version that the table speaks of.
func Latest() fact.Version { return fact.Version{Major: 1, Minor: latestMinor} }

// Life is the life of an API, as minor versions of Kubernetes 1; 0 where no
// such version is known.
type Life struct {
	Introduced, Deprecated, Removed int
	// Replacement is the API to move to: "apps/v1"; with the kind where that
	// changed too; empty where there is none or none is known.
	Replacement string
}

// State is how a Kubernetes version treats an API.
type State int

// The states.
const (
	// Foreign: not an API of Kubernetes' own, so nothing is known of it.
	Foreign State = iota
	Served
	// Deprecated is served, but its end is announced.
	Deprecated
	Removed
	// TooNew: the version is older than the API.
	TooNew
	// Never: the group is Kubernetes' own, and no version had this API.
	Never
	// Untold: the group is Kubernetes' own, but the table does not reach the
	// version, or it is an alpha API, which is served only where somebody
	// switches it on.
	Untold
)

// Of returns how a version treats an API, and the API's life where it is known.
func Of(apiVersion, kind string, version fact.Version) (State, Life) {
	group, name, found := strings.Cut(apiVersion, "/")
	if !found {
		group, name = "", apiVersion
	}
	life, known := data().lives[apiVersion+" "+kind]
	switch {
	case !known && (!own(group) || group == "" && !elsewhere(kind)):
		return Foreign, life // many tools write "v1" before kinds of their own
	case !known && (Latest().Before(version) || strings.Contains(name, "alpha")):
		return Untold, life
	case !known:
		return Never, life
	case life.Removed > 0 && version.Minor >= life.Removed && version.Major >= 1:
		return Removed, life
	case version.Minor < life.Introduced:
		return TooNew, life
	case strings.Contains(name, "alpha"):
		return Untold, life
	case life.Deprecated > 0 && version.Minor >= life.Deprecated:
		return Deprecated, life
	}
	return Served, life
}

// Elsewhere returns an API version of the same group and kind that the version
// serves, or of any group where none is written; empty if there is none.
func Elsewhere(apiVersion, kind string, version fact.Version) string {
	group, _, found := strings.Cut(apiVersion, "/")
	if !found {
		group = ""
	}
	best := ""
	for name, life := range data().lives {
		api, k, _ := strings.Cut(name, " ")
		g, _, slash := strings.Cut(api, "/")
		if !slash {
			g = ""
		}
		if k != kind || g != group && group != "" || life.Removed > 0 && version.Minor >= life.Removed || version.Minor < life.Introduced {
			continue
		}
		if best == "" || stable(api) && !stable(best) || stable(api) == stable(best) && api > best {
			best = api
		}
	}
	return best
}

func stable(api string) bool {
	return !strings.Contains(api, "alpha") && !strings.Contains(api, "beta")
}

// own reports whether the group is one of Kubernetes' own.
func own(group string) bool { return group == "" || data().groups[group] }

// elsewhere reports whether some group of Kubernetes' own has that kind.
func elsewhere(kind string) bool { return data().kinds[kind] }

// table is everything that is known, by "group/version Kind".
type table struct {
	lives         map[string]Life
	groups, kinds map[string]bool
}

// data puts the two tables together, once, when the first question comes.
var data = sync.OnceValue(func() table {
	t := table{lives: builtin(), groups: map[string]bool{}, kinds: map[string]bool{}}
	for name, life := range gone() {
		t.lives[name] = life
	}
	for name := range t.lives {
		api, kind, _ := strings.Cut(name, " ")
		if group, _, found := strings.Cut(api, "/"); found {
			t.groups[group] = true
		}
		t.kinds[kind] = true
	}
	return t
})
