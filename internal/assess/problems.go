package assess

import (
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// settle keeps the problems of those renderings that are still there, each once
// for all variants of its bundle.
func (f *found) settle(outcomes []outcome) {
	type key struct {
		family string
		fact.Problem
	}
	var order []key
	in := map[key][]string{} // variants that have the problem
	groups := map[string][]*group{}
	variants := map[string]int{}
	for _, r := range outcomes {
		if r.set != nil && !slices.ContainsFunc(f.groups, func(g *group) bool { return slices.Contains(g.sets, r.set) }) {
			continue
		}
		for _, g := range f.members(r.owners) {
			if !slices.Contains(groups[r.family], g) {
				groups[r.family] = append(groups[r.family], g)
			}
		}
		variants[r.family]++
		for _, p := range r.problems {
			p.Message = strings.TrimSuffix(p.Message, with(r.variant))
			k := key{r.family, p}
			if in[k] == nil {
				order = append(order, k)
			}
			if !slices.Contains(in[k], r.variant) {
				in[k] = append(in[k], r.variant)
			}
		}
	}
	for _, k := range order {
		if len(in[k]) < variants[k.family] {
			k.Message += with(list(in[k]))
		}
		for _, g := range groups[k.family] {
			g.problems = append(g.problems, k.Problem)
		}
	}
}

// with is how a message ends that holds for a variant.
func with(variant string) string { return fmt.Sprintf(" (with %s)", variant) }

// sortProblems orders problems by place and leaves out what stands twice.
func sortProblems(list []fact.Problem) []fact.Problem {
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		switch {
		case a.File != b.File:
			return a.File < b.File
		case a.Line != b.Line:
			return a.Line < b.Line
		case a.Column != b.Column:
			return a.Column < b.Column
		}
		return a.Message < b.Message
	})
	list = slices.Compact(list)
	var out []fact.Problem
	for _, p := range list {
		if !told(p, list) {
			out = append(out, p)
		}
	}
	return out
}

// told reports whether a file that is missing is said where a manifest names it,
// which is where it is to be mended.
func told(p fact.Problem, list []fact.Problem) bool {
	return p.Line == 0 && strings.HasPrefix(p.Message, "is not there") && slices.ContainsFunc(list, func(other fact.Problem) bool {
		_, rest, found := strings.Cut(other.Message, " names ")
		name, _, missing := strings.Cut(rest, ", which is not there")
		return found && missing && other.Line > 0 && strings.HasSuffix("/"+p.File, "/"+strings.TrimPrefix(path.Clean(name), "../"))
	})
}
