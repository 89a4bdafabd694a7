package assess

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"

	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/kube"
	"seaworthy.dev/seaworthy/internal/source/kustomize"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

// found is everything that was read below a path.
type found struct {
	sets              []*fact.Set
	problems          []fact.Problem
	assumptions       []string
	files, renderings int
	// declared is what people say of the service.
	declared fact.Declarations
	// releases lists the charts that reconcilers install.
	releases []kube.Release
}

// collect walks, reads and renders.
func collect(ctx context.Context, path string, o Options) (*found, error) {
	tree, err := repo.Walk(path)
	if err != nil {
		return nil, err
	}
	plan, err := kustomize.Read(tree.Root, tree.Shown, tree.Kustomizations)
	if err != nil {
		return nil, fmt.Errorf("read the kustomizations of %s: %w", path, err)
	}
	charts, overlays := renderings(tree, plan, o)
	out := &found{problems: append(tree.Problems, plan.Problems...), renderings: len(charts) + len(overlays)}
	if n := len(plan.Components); n > 0 {
		out.assumptions = append(out.assumptions, "not judged, because no kustomization includes them: "+list(plan.Components))
	}
	reader := kube.New(o.Settings.KubeVersion, out.renderings > 0)
	var outcomes []outcome
	var wait sync.WaitGroup
	wait.Go(func() { outcomes = renderAll(ctx, charts, overlays, reader, o.Progress) })
	plain := out.plain(tree, manifests(tree, plan), reader)
	others := readAll(ctx, tree, o)
	wait.Wait()
	if err := out.take(outcomes); err != nil {
		return nil, err
	}
	out.once(append(out.sets, plain...))
	out.spread(tree)
	bundles.MarkVariants(out.sets)
	if err := out.install(ctx, tree, o, reader); err != nil {
		return nil, err
	}
	out.settle(outcomes)
	for _, r := range others {
		out.sets = append(out.sets, r.sets...)
		out.problems = append(out.problems, r.problems...)
		out.assumptions = append(out.assumptions, r.assumptions...)
		out.files += r.files
		out.declared.Add(r.declared)
	}
	out.settleDevelopers()
	return out, nil
}

// once leaves out what stands there rendered as well, and says so.
func (f *found) once(sets []*fact.Set) {
	f.sets = bundles.DropCopies(slices.Clone(sets))
	var copies []string
	for _, s := range sets {
		if slices.Contains(f.sets, s) {
			continue
		}
		for _, o := range s.Objects {
			copies = append(copies, o.File)
		}
	}
	if len(copies) > 0 {
		slices.Sort(copies)
		f.assumptions = append(f.assumptions, "not judged, because a chart or an overlay here yields the same: "+list(slices.Compact(copies)))
	}
}

// spread gives every bundle the holes of the tree, for what was not even opened
// may belong to any; only what stands aside belongs to nothing else.
func (f *found) spread(tree *repo.Tree) {
	if len(tree.Holes) > 0 && len(f.sets) == 0 {
		f.sets = []*fact.Set{{Bundle: ".", Source: "kube", Rung: fact.Configured, ProductionLike: true}}
	}
	for _, hole := range tree.Holes {
		aside := bundles.Aside(strings.TrimPrefix(hole.File, tree.Shown))
		for _, set := range f.sets {
			if !aside || bundles.Aside(set.Bundle) || len(f.sets) == 1 {
				set.Coverage.Holes = append(set.Coverage.Holes, hole)
			}
		}
	}
	for _, set := range f.sets {
		set.Coverage.Sort()
	}
}

// take keeps what renderings yield.
func (f *found) take(outcomes []outcome) error {
	for _, r := range outcomes {
		if r.err != nil {
			return r.err
		}
		f.releases = append(f.releases, r.releases...)
		if r.set != nil {
			f.sets = append(f.sets, r.set)
		}
	}
	return nil
}

// manifests lists the files that are objects as they stand: those that no
// kustomization consumes, and those that only look like one by their name.
func manifests(tree *repo.Tree, plan *kustomize.Plan) []repo.File {
	var out []repo.File
	for _, f := range tree.Manifests {
		if !plan.Consumed[f.Path] {
			out = append(out, f)
		}
	}
	for _, path := range plan.Manifests {
		out = append(out, repo.File{Path: path})
	}
	return out
}

// list names a few of many.
func list(names []string) string {
	if more := len(names) - 5; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:5], ", "), more)
	}
	return strings.Join(names, ", ")
}

// plain reads manifests as they are and groups them into bundles.
func (f *found) plain(tree *repo.Tree, files []repo.File, reader kube.Reader) []*fact.Set {
	fragments := make([]*kube.Fragment, len(files))
	// Files are large and facts are small: each worker reads into one buffer.
	buffers := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	each(len(files), func(i int) {
		buffer := buffers.Get().(*bytes.Buffer)
		defer buffers.Put(buffer)
		fragment := new(kube.Fragment)
		fragments[i] = fragment
		docs, problem, hole := tree.Read(files[i], buffer)
		if problem != nil {
			fragment.Problems = append(fragment.Problems, *problem)
		}
		if hole != nil {
			fragment.Facts.Coverage.Holes = append(fragment.Facts.Coverage.Holes, *hole)
		}
		for _, doc := range docs {
			reader.Read(doc, fragment)
		}
	})
	var parts []bundles.Part
	for i, fragment := range fragments {
		f.problems = append(f.problems, fragment.Problems...)
		f.releases = append(f.releases, fragment.Releases...)
		facts := &fragment.Facts
		if len(facts.Objects) > 0 {
			f.files++
		}
		if len(facts.Objects) > 0 || len(facts.Coverage.Holes) > 0 {
			parts = append(parts, bundles.Part{Path: files[i].Path, Facts: facts})
		}
	}
	return bundles.Join(parts, "kube", fact.Configured)
}

// assumptions says what was taken for granted, since nobody said otherwise.
func assumptions(s *Service, judged []*fact.Set) []string {
	out := []string{fmt.Sprintf("no seaworthy.yaml: judged as one service of tier %d with an unknown owner", s.Tier)}
	left := map[string]bool{}
	for _, set := range s.Sets {
		if set.ProductionLike || set.Developers != "" { // those for development are said apart
			continue
		}
		name := set.Bundle
		if set.Variant != "" {
			name += " (" + set.Variant + ")"
		}
		left[name] = true
	}
	if len(left) > 0 {
		var names []string
		for n := range left {
			names = append(names, n)
		}
		sort.Strings(names)
		out = append(out, "not judged, because they are not production's: "+list(names))
	}
	return out
}
