package assess

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/compose"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

// maxProjects bounds the compose files that are read: collections of examples
// have hundreds.
const maxProjects = 300

// readContainers reads Dockerfiles, and the compose files that run what they
// build.
func readContainers(ctx context.Context, tree *repo.Tree, o Options) reading {
	out := readDockerfiles(ctx, tree, o)
	builds := map[string]*fact.ImageBuild{}
	for _, set := range out.sets {
		for _, b := range set.Builds {
			builds[set.Bundle] = b
		}
	}
	var sets []*fact.Set
	for _, p := range projects(tree) {
		if ctx.Err() != nil || len(sets) == maxProjects {
			break
		}
		sets = append(sets, out.project(tree, p, builds))
	}
	bundles.MarkVariants(sets)
	for _, s := range sets {
		if s.ProductionLike && aside(s.Bundle+"/"+s.Variant) && slices.ContainsFunc(sets, func(t *fact.Set) bool { return t.ProductionLike && !aside(t.Bundle+"/"+t.Variant) }) {
			s.ProductionLike = false
		}
	}
	out.sets = append(out.sets, sets...)
	return out
}

// project is a list of compose files that are deployed together, as a variant
// of their folder.
type project struct {
	folder, variant string
	files           []string
}

// project reads one.
func (r *reading) project(tree *repo.Tree, p project, builds map[string]*fact.ImageBuild) *fact.Set {
	got := compose.Read(compose.Project{
		Files: p.files, Kept: tree.Kept, Show: tree.Show,
		Read: func(rel string) ([]byte, error) {
			if !tree.Within(rel) {
				return nil, errors.New("there is no such file in the tree")
			}
			return tree.Content(rel, compose.MaxFile)
		},
		Build: func(rel string) *fact.ImageBuild { return builds[rel] },
	})
	set := &fact.Set{Bundle: p.folder, Variant: p.variant, Source: "compose", Rung: fact.Configured, ProductionLike: true}
	set.Add(&got.Facts)
	r.problems = append(r.problems, got.Problems...)
	if len(set.Workloads) > 0 {
		r.files++
	}
	if len(got.Idle) > 0 {
		r.assumptions = append(r.assumptions, fmt.Sprintf("not judged, because %s starts them only when a profile asks for them: %s", tree.Show(p.files[0]), list(got.Idle)))
	}
	if got.Mounts != "" && bundles.OtherEnvironment(p.variant, path.Base(p.files[0])) {
		got.Mounts = ""
	}
	switch {
	case got.Mounts != "":
		set.Developers = got.Mounts
	case bundles.Production(p.variant) || bundles.Production(p.folder):
	case slices.Contains(strings.Split(p.folder, "/"), "hack"):
		set.Developers = "among scripts for developers"
	case program(tree) && onlyStores(set):
		set.Developers = "data stores alone, beside the program that is tried with them"
	}
	return set
}

// onlyStores reports whether all that a set runs are data stores that others built.
func onlyStores(set *fact.Set) bool {
	for _, w := range set.Workloads {
		if _, ok := stores.Of(w); !ok || slices.ContainsFunc(w.Containers, func(c fact.Container) bool { return c.Build != nil }) {
			return false
		}
	}
	return len(set.Workloads) > 0
}

// projects groups the tree's compose files as docker compose puts them
// together: a base with its override, and other files over the base where they
// only add to it.
func projects(tree *repo.Tree) []project {
	folders := map[string][]string{}
	var order []string
	for _, f := range tree.Files[repo.Compose] {
		dir := path.Dir(f)
		if folders[dir] == nil {
			order = append(order, dir)
		}
		folders[dir] = append(folders[dir], f)
	}
	var out []project
	for _, dir := range order {
		out = append(out, inFolder(tree, dir, folders[dir])...)
	}
	return out
}

func inFolder(tree *repo.Tree, dir string, files []string) []project {
	base, over := "", ""
	var others []string
	for _, name := range []string{"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"} { // docker compose's own order
		if f := path.Join(dir, name); base == "" && slices.Contains(files, f) {
			base = f
		}
	}
	for _, f := range files {
		switch stem := strings.TrimSuffix(path.Base(f), path.Ext(f)); {
		case f == base:
		case (stem == "compose.override" || stem == "docker-compose.override") && base != "" && over == "":
			over = f
		default:
			others = append(others, f)
		}
	}
	var out []project
	if base != "" {
		p := project{folder: dir, variant: path.Base(base), files: []string{base}}
		if over != "" {
			p.variant += " and " + path.Base(over)
			p.files = append(p.files, over)
		}
		out = append(out, p)
	}
	for _, f := range others {
		p := project{folder: dir, variant: path.Base(f), files: []string{f}}
		if base != "" && partial(tree, f) {
			p.variant = path.Base(base) + " with " + path.Base(f)
			p.files = []string{base, f}
		}
		out = append(out, p)
	}
	if len(out) == 1 && !bundles.OtherEnvironment(out[0].variant) {
		out[0].variant = ""
	}
	return out
}

// partial reports whether a compose file names a service that says neither what
// it runs nor whom it extends, so that it only adds to another file.
func partial(tree *repo.Tree, file string) bool {
	data, err := tree.Content(file, compose.MaxFile)
	return err == nil && compose.Partial(tree.Show(file), data)
}

// settleDevelopers leaves out what is for developers or for other ways to run
// the service than its own: compose files and Procfiles beside something that
// deploys, unless they are named for production.
func (g *group) settleDevelopers() {
	var platform *fact.Set
	operated := map[string]bool{} // sources that a unit starts
	for _, s := range g.sets {
		for _, w := range s.Workloads {
			if !s.ProductionLike {
				continue
			}
			switch w.Platform {
			case fact.Compose, fact.Procfile, fact.Systemd:
			default:
				if platform == nil {
					platform = s
				}
			}
			for _, by := range w.Starts {
				operated[by] = true
			}
		}
	}
	var left []string
	for _, s := range g.sets {
		name := s.Bundle
		if s.Variant != "" {
			name = path.Join(s.Bundle, s.Variant)
		} else if len(s.Workloads) > 0 {
			name = s.Workloads[0].File
		}
		switch {
		case g.service != nil && listed(g.service, techniqueOf(s.Source)) != nil:
			s.ProductionLike = true // the manifest names it
		case !s.ProductionLike:
		case s.Source == "compose" && operated["compose"]:
		case (s.Source == "compose" || s.Source == "procfile") && platform != nil && !bundles.Production(s.Variant) && !bundles.Production(s.Bundle):
			s.ProductionLike, s.Developers = false, "beside what deploys"
			left = append(left, name+" (beside "+platform.Source+", which deploys)")
		case s.Developers != "":
			s.ProductionLike = false
			left = append(left, name+" ("+s.Developers+")")
		}
	}
	if len(left) > 0 {
		slices.Sort(left)
		g.assumptions = append(g.assumptions, "taken for development and not judged: "+list(left))
	}
}
