package assess

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/catalog"
	"seaworthy.dev/seaworthy/internal/source/codeowners"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

// readOwners reads catalogs.
func readOwners(_ context.Context, tree *repo.Tree, _ Options) reading {
	var out reading
	holes := out.catalogs(tree)
	for _, h := range tree.Holes {
		// A folder that was not opened may hold a catalog; a file that may not
		// be read is told by its name.
		if !repo.IsManifest(h.File) || repo.Classify(h.File) == repo.Catalogs {
			h.Kinds = []fact.Kind{fact.Owners}
			holes = append(holes, h)
		}
	}
	if len(holes) > 0 {
		set := &fact.Set{Bundle: ".", Source: owner.Source, Rung: fact.Configured, ProductionLike: true, Coverage: fact.Coverage{Holes: holes}}
		set.Coverage.Sort()
		out.sets = []*fact.Set{set}
	}
	return out
}

// catalogs reads the files of catalogs, and those that they name.
func (out *reading) catalogs(tree *repo.Tree) []fact.Hole {
	var r catalog.Reading
	queue := slices.DeleteFunc(slices.Clone(tree.Files[repo.Catalogs]), bundles.Aside)
	if len(queue) == 0 {
		queue = tree.Files[repo.Catalogs]
	}
	known := map[string]bool{}
	for _, f := range queue {
		known[f] = true
	}
	buffer := new(bytes.Buffer)
	for len(queue) > 0 {
		file := queue[0]
		queue = queue[1:]
		docs, problem, hole := tree.Read(repo.File{Path: file}, buffer)
		if problem != nil {
			out.problems = append(out.problems, *problem)
			hole.Kinds = []fact.Kind{fact.Owners}
			r.Holes = append(r.Holes, *hole)
			continue
		}
		before := len(r.Targets)
		claims := len(r.Owners)
		own, _ := catalog.Documents(docs)
		r.Read(own)
		if len(r.Owners) > claims {
			out.files++
		}
		for _, target := range r.Targets[before:] {
			found := targeted(tree, path.Join(path.Dir(file), target.Path))
			if len(found) == 0 {
				says := fmt.Sprintf("names %s, which is not below the judged folder; judge the folder that holds it", target.Path)
				out.problems = append(out.problems, fact.Problem{Location: target.Location, Message: says})
				r.Holes = append(r.Holes, fact.Hole{Kinds: []fact.Kind{fact.Owners}, Location: target.Location, Why: path.Base(file) + " names " + target.Path + ", which is not here"})
			}
			for _, f := range found {
				if !known[f] {
					known[f] = true
					queue = append(queue, f)
				}
			}
		}
	}
	out.problems = append(out.problems, r.Problems...)
	out.declared.Owners = append(out.declared.Owners, r.Owners...)
	return r.Holes
}

// targeted returns the files of the tree that a Location's target names: a path or
// a pattern.
func targeted(tree *repo.Tree, target string) []string {
	var out []string
	match := func(file string) {
		if ok, err := path.Match(target, file); file == target || err == nil && ok {
			out = append(out, file)
		}
	}
	for _, f := range tree.Files[repo.Catalogs] {
		match(f)
	}
	for _, f := range tree.Manifests {
		match(f.Path)
	}
	return out
}

// codeOwners reads the file of owners that counts for the tree, and says of each
// service who owns its files.
func (f *found) codeOwners() {
	place, ok := codeowners.Find(f.tree.Root)
	if !ok {
		return
	}
	root, err := filepath.Abs(f.tree.Root)
	if err != nil {
		return
	}
	prefix, err := filepath.Rel(place.Top, root)
	if err != nil {
		return
	}
	prefix = filepath.ToSlash(prefix)
	up := ""
	if prefix != "." {
		up = strings.Repeat("../", strings.Count(prefix, "/")+1)
	}
	shown := path.Join(f.tree.Shown, up, place.Rel)
	rules := codeowners.Load(place, shown)
	f.groups[0].problems = append(f.groups[0].problems, rules.Problems...)
	byGroup := f.files()
	for i, g := range f.groups[:len(f.groups)-1] {
		files := byGroup[i]
		if len(files) == 0 {
			files = []string{path.Join(f.folder(i), "seaworthy.yaml")} // nothing is read: ask for the folder
		}
		for j := range files {
			files[j] = path.Join(prefix, files[j])
		}
		g.declared.Owners = append(g.declared.Owners, rules.Claims(files, shown)...)
		if len(rules.Holes) > 0 {
			g.owners().Coverage.Holes = append(g.owners().Coverage.Holes, rules.Holes...)
		}
	}
}

// folder returns where a service stands.
func (f *found) folder(i int) string {
	if s := f.groups[i].service; s != nil {
		return s.Folder
	}
	return "."
}

// files lists what belongs to each service, by path below the root: what is
// read, but no file that only says who owns the rest. What stands aside counts
// where there is nothing else.
func (f *found) files() [][]string {
	out := make([][]string, len(f.land))
	aside := make([][]string, len(f.land))
	add := func(rel string, how technique) {
		for _, i := range f.land.of(rel, how) {
			if bundles.Aside(rel) {
				aside[i] = append(aside[i], rel)
			} else {
				out[i] = append(out[i], rel)
			}
		}
	}
	for _, file := range f.tree.Manifests {
		add(file.Path, ofManifests)
	}
	for technology, list := range f.tree.Files {
		if technology == repo.CodeOwners || technology == repo.Catalogs || technology == repo.Pages {
			continue
		}
		for _, file := range list {
			add(file, techniqueOf(string(technology)))
		}
	}
	for _, dir := range f.tree.Charts {
		add(path.Join(dir, "Chart.yaml"), ofCharts)
	}
	for _, dir := range f.tree.Kustomizations {
		add(path.Join(dir, "kustomization.yaml"), ofOverlays)
	}
	for i := range out {
		if len(out[i]) == 0 {
			out[i] = aside[i]
		}
		slices.Sort(out[i])
	}
	return out
}

// owners returns the set that stands for who owns the service; a new one where
// there is none yet.
func (g *group) owners() *fact.Set {
	for _, s := range g.sets {
		if s.Source == owner.Source {
			return s
		}
	}
	set := &fact.Set{Bundle: ".", Source: owner.Source, Rung: fact.Configured, ProductionLike: true}
	g.sets = append(g.sets, set)
	return set
}

// team returns the one team that catalogs, or else CODEOWNERS, name, with the file
// that does; empty where they name none, or several.
func (g *group) team() (name, file string) {
	if name = owner.One(g.declared.Owners); name == "" {
		return "", ""
	}
	c, _ := owner.Known(g.declared.Owners, name)
	return name, c.File
}

// owned prepares the judging of who owns what: somewhere to judge it, and what
// could not be read of it told to every set.
func (g *group) owned() {
	has := func(s *fact.Set) bool { return s.Source == owner.Source }
	if len(g.declared.Owners) == 0 && !slices.ContainsFunc(g.sets, has) {
		return
	}
	set := g.owners()
	holes := slices.Clone(set.Coverage.Holes)
	for _, s := range g.sets {
		if s != set {
			s.Coverage.Holes = append(s.Coverage.Holes, holes...)
		}
	}
	if g.service != nil {
		set.Coverage.Holes = append(set.Coverage.Holes, g.service.Holes...)
	}
	set.Coverage.Sort()
}

// objectsOf adds to the manifests those files named as a catalog's that hold
// Kubernetes objects instead: cortex.yaml may be the database's.
func objectsOf(tree *repo.Tree) {
	buffer := new(bytes.Buffer)
	before := len(tree.Manifests)
	for _, f := range tree.Files[repo.Catalogs] {
		docs, problem, _ := tree.Read(repo.File{Path: f}, buffer)
		if problem != nil {
			continue
		}
		if _, objects := catalog.Documents(docs); objects {
			tree.Manifests = append(tree.Manifests, repo.File{Path: f})
		}
	}
	if len(tree.Manifests) > before {
		slices.SortFunc(tree.Manifests, func(a, b repo.File) int { return strings.Compare(a.Path, b.Path) })
	}
}
