package assess

import (
	"context"
	"fmt"
	"path"

	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/dockerfile"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

// readDockerfiles makes each Dockerfile a set of its own: what it builds is
// deployed by somebody else.
func readDockerfiles(_ context.Context, tree *repo.Tree, _ Options) reading {
	var out reading
	for _, name := range tree.Files[repo.Dockerfiles] {
		set := &fact.Set{Bundle: name, Source: "dockerfile", Rung: fact.Configured, ProductionLike: !asideImage(name)}
		data, err := tree.Content(name, dockerfile.MaxFile)
		if err != nil {
			out.lose(set, fact.Location{File: tree.Show(name)}, []fact.Kind{fact.Images}, "cannot be read: %v", err)
			out.sets = append(out.sets, set)
			continue
		}
		r := dockerfile.Read(tree.Show(name), data)
		if r.Build != nil {
			set.Builds = append(set.Builds, r.Build)
			out.files++
		}
		set.Coverage.Holes = append(set.Coverage.Holes, r.Holes...)
		out.problems = append(out.problems, r.Problems...)
		out.sets = append(out.sets, set)
	}
	judgeAll(out.sets)
	return out
}

// asideImage is aside for a Dockerfile.
func asideImage(name string) bool {
	return bundles.AsideImage(path.Dir(name)) || bundles.Tooling(name) || bundles.OtherEnvironment(name)
}

// aside reports whether a file is for another environment than production, or
// explains or tests what others deploy.
func aside(name string) bool {
	return bundles.Aside(path.Dir(name)) || bundles.Tooling(name) || bundles.OtherEnvironment(name)
}

// judgeAll has everything judged where nothing is production-like, but not what
// equips those who work on the code.
func judgeAll(sets []*fact.Set) {
	for _, s := range sets {
		if s.ProductionLike {
			return
		}
	}
	for _, s := range sets {
		s.ProductionLike = !bundles.Tooling(s.Bundle)
	}
}

// lose records a file that could not be read: a problem, and a hole in its set.
func (r *reading) lose(set *fact.Set, at fact.Location, kinds []fact.Kind, format string, args ...any) {
	says := fmt.Sprintf(format, args...)
	r.problems = append(r.problems, fact.Problem{Location: at, Message: says})
	set.Coverage.Holes = append(set.Coverage.Holes, fact.Hole{Kinds: kinds, Location: at, Why: path.Base(at.File) + " " + says})
}
