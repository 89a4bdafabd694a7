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

// readOwners reads catalogs and CODEOWNERS.
func readOwners(_ context.Context, tree *repo.Tree, _ Options) reading {
	var out reading
	holes := out.catalogs(tree)
	holes = append(holes, out.codeOwners(tree)...)
	for _, h := range tree.Holes {
		// A folder that was not opened may hold a catalog; a file that may not
		// be read is told by its name.
		if !repo.IsManifest(h.File) || repo.Classify(h.File) == repo.Catalogs {
			h.Kinds = []fact.Kind{fact.Owners}
			holes = append(holes, h)
		}
	}
	if len(holes) > 0 || len(out.declared.Owners) > 0 {
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

// codeOwners reads the file of owners that counts for the tree, and says who
// owns what is judged here.
func (out *reading) codeOwners(tree *repo.Tree) []fact.Hole {
	place, found := codeowners.Find(tree.Root)
	if !found {
		return nil
	}
	root, err := filepath.Abs(tree.Root)
	if err != nil {
		return nil
	}
	prefix, err := filepath.Rel(place.Top, root)
	if err != nil {
		return nil
	}
	prefix = filepath.ToSlash(prefix)
	up := strings.Repeat("../", strings.Count(prefix, "/")+1)
	if prefix == "." {
		up = ""
	}
	shown := path.Join(tree.Shown, up, place.Rel)
	rules := codeowners.Load(place, shown)
	out.problems = append(out.problems, rules.Problems...)
	out.declared.Owners = append(out.declared.Owners, rules.Claims(files(tree, prefix), shown)...)
	return rules.Holes
}

// files lists what the tree holds, by path from the repository's root: what is
// read, but no file that only says who owns the rest.
func files(tree *repo.Tree, prefix string) []string {
	var out []string
	add := func(rel string) { out = append(out, path.Join(prefix, rel)) }
	for _, f := range tree.Manifests {
		add(f.Path)
	}
	for technology, list := range tree.Files {
		if technology == repo.CodeOwners || technology == repo.Catalogs {
			continue
		}
		for _, f := range list {
			add(f)
		}
	}
	for _, dir := range tree.Charts {
		add(path.Join(dir, "Chart.yaml"))
	}
	for _, dir := range tree.Kustomizations {
		add(path.Join(dir, "kustomization.yaml"))
	}
	slices.Sort(out)
	real := slices.DeleteFunc(slices.Clone(out), func(f string) bool { return bundles.Aside(strings.TrimPrefix(f, prefix+"/")) })
	if len(real) > 0 {
		return real
	}
	if len(out) == 0 {
		add("seaworthy.yaml") // nothing here is read: ask for the folder itself
	}
	return out
}

// claimed adds the set that stands for owners where none of the files that were
// read made one, and somebody is named nevertheless.
func (f *found) claimed() {
	if len(f.declared.Owners) > 0 && !slices.ContainsFunc(f.sets, func(s *fact.Set) bool { return s.Source == owner.Source }) {
		f.sets = append(f.sets, &fact.Set{Bundle: ".", Source: owner.Source, Rung: fact.Configured, ProductionLike: true})
	}
}

// spreadOwners tells every set what could not be read of owners.
func (f *found) spreadOwners() {
	var holes []fact.Hole
	for _, s := range f.sets {
		if s.Source == owner.Source {
			holes = append(holes, s.Coverage.Holes...)
		}
	}
	for _, s := range f.sets {
		if s.Source != owner.Source && len(holes) > 0 {
			s.Coverage.Holes = append(s.Coverage.Holes, holes...)
		}
	}
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
