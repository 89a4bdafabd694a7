// Package bundles says what is deployed together: it joins the files of plain
// folders, and tells environments of the same thing apart.
package bundles

import (
	"path"
	"sort"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Part is what one file yields. Path is relative to the judged path.
type Part struct {
	Path  string
	Facts *fact.Set
}

// Join groups files into bundles. A folder and all below it are one bundle as
// long as no object (kind, namespace, name) recurs among them; where one does,
// the folder's children are bundles of their own. Files of a single folder in
// which objects recur are alternatives: each becomes a variant, together with
// those files of the folder that recur nowhere. Folders that stand aside are
// not deployed together with what is around them.
func Join(parts []Part, source string, rung fact.Rung) []*fact.Set {
	root := &folder{}
	for i := range parts {
		root.insert(strings.Split(path.Dir(parts[i].Path), "/"), &parts[i])
	}
	var out []*fact.Set
	groups, aside := root.groups(".")
	for _, g := range append(groups, aside...) {
		set := &fact.Set{Bundle: g.name, Variant: g.variant, Source: source, Rung: rung, ProductionLike: true}
		for _, p := range g.parts {
			set.Add(p.Facts)
		}
		set.Coverage.Sort()
		out = append(out, set)
	}
	return out
}

type folder struct {
	name     string
	parts    []*Part
	children map[string]*folder
}

type group struct {
	name, variant string
	parts         []*Part
}

func (f *folder) insert(steps []string, p *Part) {
	if len(steps) == 0 || steps[0] == "." {
		f.parts = append(f.parts, p)
		return
	}
	child := f.children[steps[0]]
	if child == nil {
		child = &folder{name: steps[0]}
		if f.children == nil {
			f.children = map[string]*folder{}
		}
		f.children[steps[0]] = child
	}
	child.insert(steps[1:], p)
}

// groups returns the bundles of a folder, those that stand aside apart from
// the others.
func (f *folder) groups(name string) (groups, aside []group) {
	names := make([]string, 0, len(f.children))
	for n := range f.children {
		names = append(names, n)
	}
	sort.Strings(names)
	var below []group
	whole := true // nothing recurs so far
	for _, n := range names {
		in, beside := f.children[n].groups(path.Join(name, n))
		aside = append(aside, beside...)
		if standsAside(path.Base(name), n) {
			aside = append(aside, in...)
			continue
		}
		below = append(below, in...)
		whole = whole && len(in) <= 1
	}
	own := f.own(name)
	if whole && len(own) <= 1 {
		all := append([]*Part(nil), f.parts...)
		for _, g := range below {
			all = append(all, g.parts...)
		}
		if !recurs(all) {
			if len(all) == 0 {
				return nil, aside
			}
			sort.SliceStable(all, func(i, j int) bool { return all[i].Path < all[j].Path })
			return []group{{name: name, parts: all}}, aside
		}
	}
	return append(own, below...), aside
}

// own groups the files of the folder itself into layers: a file goes to the
// first layer in which none of its objects recurs.
func (f *folder) own(name string) []group {
	if len(f.parts) == 0 {
		return nil
	}
	sort.SliceStable(f.parts, func(i, j int) bool { return f.parts[i].Path < f.parts[j].Path })
	if !recurs(f.parts) {
		return []group{{name: name, parts: f.parts}}
	}
	count := map[identity]int{}
	for _, p := range f.parts {
		for id := range identities(p) {
			count[id]++
		}
	}
	var shared []*Part
	var layers []group
	var taken []map[identity]bool
	for _, p := range f.parts {
		ids := identities(p)
		alternative := false
		for id := range ids {
			alternative = alternative || count[id] > 1
		}
		if !alternative {
			shared = append(shared, p)
			continue
		}
		at := 0
		for at < len(layers) && meets(taken[at], ids) {
			at++
		}
		if at == len(layers) {
			layers = append(layers, group{name: name})
			taken = append(taken, map[identity]bool{})
		}
		layers[at].parts = append(layers[at].parts, p)
		for id := range ids {
			taken[at][id] = true
		}
	}
	for i := range layers {
		layers[i].variant = variantName(layers[i].parts, i)
		layers[i].parts = append(layers[i].parts, shared...)
	}
	return layers
}

// variantName names a variant by its file, or by its number where it has many.
func variantName(parts []*Part, i int) string {
	if len(parts) == 1 {
		return path.Base(parts[0].Path)
	}
	return path.Base(parts[0].Path) + " and " + strconv.Itoa(len(parts)-1) + " more"
}

type identity struct{ group, kind, namespace, name string }

func identities(p *Part) map[identity]bool {
	out := make(map[identity]bool, len(p.Facts.Objects))
	for _, o := range p.Facts.Objects {
		if o.Name != "" {
			out[identityOf(o)] = true
		}
	}
	return out
}

func identityOf(o *fact.Object) identity {
	return identity{apiGroup(o.APIVersion), o.Kind, o.Namespace, o.Name}
}

// apiGroup drops the version, for the same object may be written in several; the
// old home of workloads and ingresses counts as their new one.
func apiGroup(apiVersion string) string {
	g, _, found := strings.Cut(apiVersion, "/")
	if !found || g == "extensions" || g == "apps" || g == "networking.k8s.io" {
		return ""
	}
	return g
}

// recurs reports whether two different files hold the same object.
func recurs(parts []*Part) bool {
	holder := map[identity]*Part{}
	for _, p := range parts {
		for _, o := range p.Facts.Objects {
			if o.Name == "" {
				continue
			}
			id := identityOf(o)
			if first, found := holder[id]; found && first != p {
				return true
			}
			holder[id] = p
		}
	}
	return false
}

func meets(a, b map[identity]bool) bool {
	for id := range b {
		if a[id] {
			return true
		}
	}
	return false
}
