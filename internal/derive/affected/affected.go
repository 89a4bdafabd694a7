// Package affected works out which services a change touches: those that own a
// changed file, and those with something that depends on it.
package affected

import (
	"path"
	"slices"
	"strings"
)

// Edge says that a folder depends on another folder, or on a file.
type Edge struct {
	// From is the folder that depends. On is what it depends on.
	From, On string
	// Deep is true where everything below On counts, false where only what
	// stands in the folder itself does, tests left out: a Go package.
	Deep bool
	// How says it from the side of On: "imported by".
	How string
}

// Service is one service with the paths that it owns.
type Service struct {
	Name, Path string
	Owns       func(path string) bool
}

// Reason is why a service is touched.
type Reason struct {
	// File has changed.
	File string
	// How and By say which folder depends on it, Through which folders lie
	// between that and the service's own; all are empty where the service owns
	// the file.
	How, By string
	Through []string
	// Nobodys is true where the file belongs to no service and nothing is known
	// to depend on it, so that every service counts as touched.
	Nobodys bool
}

// rank orders reasons: own files tell most, and nobody's least.
func (r Reason) rank() int {
	switch {
	case r.Nobodys:
		return 2
	case r.By != "":
		return 1
	}
	return 0
}

// Touched is a service that a change touches, with its reasons: one for each
// changed file, its own first.
type Touched struct {
	Service
	Reasons []Reason
}

// Touch returns the services that the changed files touch, in their given order,
// and the files that belong to none of them.
func Touch(services []Service, changed []string, edges []Edge) (out []Touched, nobodys []string) {
	g := &graph{services: services, deep: map[string][]Edge{}, shallow: map[string][]Edge{}, known: map[string][]hit{}}
	for _, e := range edges {
		if e.Deep {
			g.deep[e.On] = append(g.deep[e.On], e)
		} else {
			g.shallow[e.On] = append(g.shallow[e.On], e)
		}
	}
	reasons := make([][]Reason, len(services))
	for _, file := range changed {
		hits := g.ofFile(file)
		for _, h := range hits {
			reasons[h.service] = append(reasons[h.service], h.reason(file))
		}
		if len(hits) == 0 {
			nobodys = append(nobodys, file)
			for i := range services {
				reasons[i] = append(reasons[i], Reason{File: file, Nobodys: true})
			}
		}
	}
	for i, s := range services {
		slices.SortStableFunc(reasons[i], func(a, b Reason) int { return a.rank() - b.rank() })
		if len(reasons[i]) > 0 {
			out = append(out, Touched{s, reasons[i]})
		}
	}
	return out, nobodys
}

// hit is a service that is reached, and over which folders: the first depends on
// what is asked for, the last is the service's own. None mean that the service
// owns it.
type hit struct {
	service int
	how     string
	over    []string
}

func (h hit) reason(file string) Reason {
	r := Reason{File: file, How: h.how}
	if n := len(h.over); n > 0 {
		r.By, r.Through = h.over[n-1], h.over[:n-1]
	}
	return r
}

type graph struct {
	services      []Service
	deep, shallow map[string][]Edge
	known         map[string][]hit // what folders lead to
}

// ofFile returns the services that a file leads to, each once: the nearest way.
func (g *graph) ofFile(file string) []hit {
	var out []hit
	for i, s := range g.services {
		if s.Owns(file) {
			out = append(out, hit{service: i})
		}
	}
	for _, e := range g.dependents(file, false) {
		for _, h := range g.ofFolder(e.From) {
			h.how = e.How
			out = add(out, h)
		}
	}
	slices.SortStableFunc(out, func(a, b hit) int { return a.service - b.service })
	return out
}

// add keeps the shorter of two ways to a service.
func add(list []hit, h hit) []hit {
	i := slices.IndexFunc(list, func(o hit) bool { return o.service == h.service })
	switch {
	case i < 0:
		return append(list, h)
	case len(list[i].over) > len(h.over):
		list[i] = h
	}
	return list
}

// ofFolder returns the services that a folder leads to, itself included.
func (g *graph) ofFolder(folder string) []hit {
	if hits, found := g.known[folder]; found {
		return hits
	}
	type step struct {
		folder string
		over   []string
	}
	var out []hit
	seen := map[string]bool{folder: true}
	for queue := []step{{folder, []string{folder}}}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		for i, s := range g.services {
			if s.Owns(at.folder) {
				out = add(out, hit{service: i, over: at.over})
			}
		}
		for _, e := range g.dependents(at.folder, true) {
			if !seen[e.From] {
				seen[e.From] = true
				queue = append(queue, step{e.From, append(slices.Clone(at.over), e.From)})
			}
		}
	}
	g.known[folder] = out
	return out
}

// dependents returns the edges that a file or a folder triggers.
func (g *graph) dependents(item string, folder bool) []Edge {
	var out []Edge
	switch {
	case folder:
		out = append(out, g.shallow[item]...)
	case !strings.HasSuffix(item, "_test.go"):
		out = append(out, g.shallow[path.Dir(item)]...)
	}
	for at := item; ; at = path.Dir(at) {
		out = append(out, g.deep[at]...)
		if at == "." || at == "/" {
			return out
		}
	}
}

// Match reports whether a path matches a pattern: segment by segment as shells
// match, two stars for any number of them; a pattern without a slash matches the
// last segment, and one that ends in a slash everything below.
func Match(pattern, name string) bool {
	if strings.HasSuffix(pattern, "/") {
		pattern += "**"
	}
	pattern = strings.TrimPrefix(pattern, "/")
	if !strings.Contains(pattern, "/") {
		ok, err := path.Match(pattern, path.Base(name))
		return err == nil && ok
	}
	return match(strings.Split(pattern, "/"), strings.Split(name, "/"))
}

func match(want, have []string) bool {
	switch {
	case len(want) == 0:
		return len(have) == 0
	case want[0] == "**":
		for i := range len(have) + 1 {
			if match(want[1:], have[i:]) {
				return true
			}
		}
		return false
	case len(have) == 0:
		return false
	}
	ok, err := path.Match(want[0], have[0])
	return err == nil && ok && match(want[1:], have[1:])
}
