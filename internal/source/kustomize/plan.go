package kustomize

import (
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// planner works a plan out.
type planner struct {
	tree  *tree
	plan  *Plan
	known map[string]*kustomization // by folder; nil for a folder without one
	files map[string]*file
	said  map[fact.Problem]bool
}

// Read plans what to render below a folder on disk, which reports show under
// the name shown. The folders are those with a kustomization file, relative to
// it, in any order. The error is for a folder that cannot be opened; what is
// wrong below it is a problem of the plan.
func Read(root, shown string, folders []string) (*Plan, error) {
	plan := &Plan{Consumed: map[string]bool{}, shown: shown}
	if len(folders) == 0 {
		return plan, nil
	}
	t, err := openTree(root)
	if err != nil {
		return nil, err
	}
	defer t.root.Close()
	p := &planner{tree: t, plan: plan, known: map[string]*kustomization{}, files: map[string]*file{}, said: map[fact.Problem]bool{}}
	folders = slices.Clone(folders)
	sort.Strings(folders)
	folders = slices.Compact(folders)
	for _, folder := range folders {
		p.load(folder)
	}
	p.foreign()
	for _, folder := range p.roots(folders) {
		p.root(p.known[folder])
	}
	family(plan.Roots)
	sort.Strings(plan.Components)
	return plan, nil
}

// foreign lists files that are not what their name says, and keeps the
// manifests beside a kustomization that could not be read from being taken
// for objects, since some may be patches.
func (p *planner) foreign() {
	for folder, k := range p.known {
		switch {
		case k == nil:
		case k.foreign:
			p.plan.Manifests = append(p.plan.Manifests, k.file)
		case k.lost:
			for _, name := range p.tree.names(folder) {
				if slices.Contains(fileNames(), name) {
					continue
				}
				switch strings.ToLower(path.Ext(name)) {
				case ".yaml", ".yml", ".json":
					p.plan.Consumed[path.Join(folder, name)] = true
				}
			}
		}
	}
	sort.Strings(p.plan.Manifests)
}

// roots returns the folders that nothing includes. Folders that only each
// other, or an unused component, include follow: the first of them stands for
// the rest.
func (p *planner) roots(folders []string) []string {
	included := map[string]bool{}
	for _, k := range p.known {
		if k == nil {
			continue
		}
		for _, i := range k.folders {
			included[i.folder] = true
		}
	}
	reached := map[string]bool{}
	var reach func(folder string)
	reach = func(folder string) {
		k := p.known[folder]
		if k == nil || reached[folder] {
			return
		}
		reached[folder] = true
		for _, i := range k.folders {
			reach(i.folder)
		}
	}
	var out []string
	for _, unincluded := range []bool{true, false} {
		for _, folder := range folders {
			k := p.known[folder]
			if k == nil || k.foreign || k.component() || reached[folder] || unincluded && included[folder] {
				continue
			}
			out = append(out, folder)
			reach(folder)
		}
	}
	for _, folder := range folders {
		if k := p.known[folder]; k != nil && k.component() && !reached[folder] {
			p.plan.Components = append(p.plan.Components, folder)
		}
	}
	sort.Strings(out)
	return out
}

// family makes variants of roots that stand side by side on the same base.
func family(roots []*Root) {
	byParent := map[string][]*Root{}
	var parents []string
	for _, r := range roots {
		r.Bundle = r.Folder
		if r.Folder == "." {
			continue
		}
		parent := path.Dir(r.Folder)
		if byParent[parent] == nil {
			parents = append(parents, parent)
		}
		byParent[parent] = append(byParent[parent], r)
	}
	for _, parent := range parents {
		families := related(byParent[parent])
		for _, members := range families {
			bundle := parent
			if len(families) > 1 {
				bundle = firstShared(members)
			}
			for _, r := range members {
				r.Bundle, r.Variant = bundle, path.Base(r.Folder)
			}
		}
	}
}

// related returns the groups of at least two roots that share bases, directly
// or through each other.
func related(roots []*Root) [][]*Root {
	group := make([]int, len(roots))
	for i := range roots {
		group[i] = i
		for j := range i {
			if shares(roots[i], roots[j]) {
				from, to := group[i], group[j]
				for n := range i + 1 {
					if group[n] == from {
						group[n] = to
					}
				}
			}
		}
	}
	members := map[int][]*Root{}
	for i, r := range roots {
		members[group[i]] = append(members[group[i]], r)
	}
	var out [][]*Root
	for i := range roots {
		if len(members[i]) > 1 {
			out = append(out, members[i])
		}
	}
	return out
}

func shares(a, b *Root) bool {
	for k := range a.reach {
		if b.reach[k] {
			return true
		}
	}
	return false
}

func firstShared(roots []*Root) string {
	var shared []string
	for k := range roots[0].reach {
		if roots[1].reach[k] || len(roots) > 2 && slices.ContainsFunc(roots[2:], func(r *Root) bool { return r.reach[k] }) {
			shared = append(shared, k.folder)
		}
	}
	sort.Strings(shared)
	if len(shared) == 0 { // related only through the others
		return path.Dir(roots[0].Folder)
	}
	return shared[0]
}

// report adds a problem to the plan unless another root brought it.
func (p *planner) report(problems ...fact.Problem) {
	for _, problem := range problems {
		if !p.said[problem] {
			p.said[problem] = true
			p.plan.Problems = append(p.plan.Problems, problem)
		}
	}
}

// root collects everything that one root is built from.
func (p *planner) root(k *kustomization) {
	r := &Root{Folder: k.folder, File: k.doc.File, files: map[string]*file{}, whole: map[string]bool{}, cuts: edits{}, reach: map[*kustomization]bool{}, broken: k.lost}
	g := &gatherer{planner: p, root: r, seen: map[visit]affix{}}
	g.visit(k, affix{}, resource)
	p.bases(k, r.reach)
	if g.size > maxRoot || len(r.files) > maxFiles || len(g.seen) > maxVisits {
		at := fact.Location{File: r.File}
		message := fmt.Sprintf("includes more than %d MiB, %d files or %d kustomizations, so it is not rendered", maxRoot>>20, maxFiles, maxVisits)
		problem := fact.Problem{Location: at, Message: message}
		p.report(problem)
		r.Holes = append(r.Holes, fact.Hole{Location: at, Why: why(at, message)})
		r.broken = true
	}
	p.plan.Roots = append(p.plan.Roots, r)
}

// bases collects what a kustomization is built on, components left out: that
// two share those does not make them variants of one thing.
func (p *planner) bases(k *kustomization, into map[*kustomization]bool) {
	for _, i := range k.folders {
		if other := p.known[i.folder]; i.entry.role == resource && other != nil && !into[other] {
			into[other] = true
			p.bases(other, into)
		}
	}
}

// affix is what is put around the names of objects.
type affix struct{ prefix, suffix string }

func (a affix) inside(prefix, suffix string) affix {
	return affix{a.prefix + prefix, suffix + a.suffix}
}

// member is a kustomization of a root, with what may be put around the names
// of the objects that it reads itself.
type member struct {
	*kustomization
	affixes []affix
}

type visit struct {
	folder string
	around affix
}

// gatherer walks through what a root includes.
type gatherer struct {
	*planner
	root  *Root
	seen  map[visit]affix
	stack []string
	size  int64
}

// visit takes a kustomization in and returns what is put around the names of
// the objects that it reads itself; those of a component are put around all
// that its user had read before, too.
func (g *gatherer) visit(k *kustomization, around affix, as role) affix {
	key := visit{k.folder, around}
	if known, found := g.seen[key]; found || len(g.seen) > maxVisits {
		return known
	}
	g.seen[key] = around
	g.inspect(k)
	g.report(k.problems...)
	m := g.member(k)
	g.stack = append(g.stack, k.folder)
	defer func() { g.stack = g.stack[:len(g.stack)-1] }()

	inner := around.inside(k.typed.NamePrefix, k.typed.NameSuffix)
	for _, i := range slices.Backward(k.folders) {
		if i.entry.role == component && g.open(k, i) {
			inner = g.visit(g.known[i.folder], inner, component)
		}
	}
	for _, i := range k.folders {
		switch {
		case i.entry.role == component || !g.open(k, i):
		case i.entry.role == plugin:
			g.visit(g.known[i.folder], affix{}, plugin)
		default:
			g.visit(g.known[i.folder], inner, as)
		}
	}
	g.seen[key] = inner
	if !slices.Contains(m.affixes, inner) {
		m.affixes = append(m.affixes, inner)
	}
	return inner
}

func (g *gatherer) member(k *kustomization) *member {
	for _, m := range g.root.members {
		if m.kustomization == k {
			return m
		}
	}
	m := &member{kustomization: k}
	g.root.members = append(g.root.members, m)
	g.root.Holes = append(g.root.Holes, k.holes...)
	for _, u := range k.files {
		if u.entry.role != resource {
			g.root.whole[u.name] = true
		}
		f := g.files[u.name]
		if f == nil || g.root.files[u.name] != nil {
			continue
		}
		g.root.files[u.name] = f
		g.size += int64(len(f.data))
		g.root.Holes = append(g.root.Holes, f.holes...)
	}
	return m
}

// open reports whether an include can be followed: not where it leads back to
// what is being rendered, and not where there is nothing to be read.
func (g *gatherer) open(k *kustomization, i include) bool {
	other := g.known[i.folder]
	if k.cut[i.entry.key] || g.root.cuts[k.folder][i.entry.key] {
		return false
	}
	leave := func(format string, args ...any) {
		g.root.cuts.cut(k.folder, i.entry.key)
		one := kustomization{}
		one.trouble(k.doc.At(i.entry.node), format, args...)
		g.report(one.problems...)
		g.root.Holes = append(g.root.Holes, one.holes...)
	}
	if other.lost {
		g.root.cuts.cut(k.folder, i.entry.key)
		g.report(other.problems...)
		g.root.Holes = append(g.root.Holes, other.holes...)
		return false
	}
	for _, above := range g.stack {
		if within(above, i.folder) {
			leave("names %s, which leads back to %s, which includes this file; kustomize refuses the circle", i.entry.text, above)
			return false
		}
	}
	if len(g.stack) > maxDepth {
		leave("names %s, which is more than %d kustomizations deep", i.entry.text, maxDepth)
		return false
	}
	return true
}
