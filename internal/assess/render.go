package assess

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"seaworthy.dev/seaworthy/internal/child"
	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/helm"
	"seaworthy.dev/seaworthy/internal/source/kube"
	"seaworthy.dev/seaworthy/internal/source/kustomize"
	"seaworthy.dev/seaworthy/internal/source/manifest"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

// Jobs lists the work that is done in child processes. Every main whose
// program judges hands it to child.Serve first of all.
func Jobs() map[string]child.Handler {
	return map[string]child.Handler{helm.Job: helm.Handle, kustomize.Job: kustomize.Handle}
}

// rendering is a chart or an overlay in one variant, to be rendered.
type rendering struct {
	bundle, variant, source string
	// owners are the services to which it belongs, by their numbers.
	owners []int
	render func(ctx context.Context, w *child.Worker) (rendered, error)
}

// rendered is what it yields.
type rendered struct {
	documents []decode.Document
	problems  []fact.Problem
	holes     []fact.Hole
	// withheld lists what is yielded only on other clusters.
	withheld []helm.Withheld
	// nothing is true where there is nothing to judge, as for a library.
	nothing bool
}

// renderings lists what is to be rendered below the tree's root. A chart for which
// a manifest gives values is rendered with those; where other services hold it as
// well, also in its own variants.
func (f *found) renderings(plan *kustomize.Plan, o Options) (all, roots []rendering) {
	for _, dir := range f.tree.Charts {
		var rest []int
		for _, i := range f.land.of(dir, ofCharts) {
			list := installs(f.land[i], dir)
			for _, c := range list {
				r := chartRendering(f.tree, dir, declaredVariant(f.tree, c), o)
				r.owners = []int{i}
				all = append(all, r)
			}
			if len(list) == 0 {
				rest = append(rest, i)
			}
		}
		if len(rest) == 0 && len(f.land.of(dir, ofCharts)) > 0 {
			continue
		}
		for _, r := range variants(f.tree, dir, o) {
			r.owners = rest
			all = append(all, r)
		}
	}
	for _, root := range plan.Roots {
		roots = append(roots, rendering{bundle: root.Bundle, variant: root.Variant, source: "kustomize", owners: f.land.of(root.Folder, ofOverlays), render: func(ctx context.Context, w *child.Worker) (rendered, error) {
			r, err := plan.Render(ctx, w, root)
			if err != nil {
				return rendered{}, err
			}
			return rendered{documents: r.Documents, problems: r.Problems, holes: r.Holes}, nil
		}})
	}
	return all, roots
}

// declaredVariant is a chart with the values that a manifest gives it.
func declaredVariant(tree *repo.Tree, c manifest.Chart) helm.Variant {
	v := helm.Variant{Name: strings.Join(c.Values, ", "), Release: c.Release, Files: c.Values, Place: c.Location}
	for _, name := range slices.Sorted(maps.Keys(c.Set)) {
		v.Sets = append(v.Sets, helm.Set{Name: name, Value: c.Set[name]})
	}
	if v.Name == "" {
		v.Name = "as seaworthy.yaml installs it"
	}
	return v
}

// maxVariants bounds the values files with which one chart is rendered: more are
// rather customers' than environments'.
const maxVariants = 64

// variants lists the renderings of a chart. Of too many values files, those of
// production are taken first, and what is left out is said.
func variants(tree *repo.Tree, dir string, o Options) []rendering {
	list := helm.Variants(tree.Join(dir))
	all := len(list)
	if all <= maxVariants {
		out := make([]rendering, all)
		for i, v := range list {
			out[i] = chartRendering(tree, dir, v, o)
		}
		return out
	}
	judged := bundles.ByEnvironment(list, func(v helm.Variant) string { return v.Name })
	says := fmt.Sprintf("has %d values files, of which %d are tried, production's first", all, maxVariants)
	var missing []fact.Hole
	at := fact.Location{File: path.Join(tree.Show(dir), "Chart.yaml")}
	if judged > maxVariants {
		missing = append(missing, fact.Hole{Location: at, Why: "Chart.yaml " + says})
	}
	out := make([]rendering, maxVariants)
	for i, v := range list[:maxVariants] {
		out[i] = chartRendering(tree, dir, v, o).lacking(fact.Problem{Location: at, Message: says}, missing...)
	}
	return out
}

// lacking adds a problem to what is rendered, and what is missing with it.
func (r rendering) lacking(p fact.Problem, missing ...fact.Hole) rendering {
	render := r.render
	r.render = func(ctx context.Context, w *child.Worker) (rendered, error) {
		out, err := render(ctx, w)
		out.problems = append(out.problems, p)
		out.holes = append(out.holes, missing...)
		return out, err
	}
	return r
}

func chartRendering(tree *repo.Tree, dir string, v helm.Variant, o Options) rendering {
	chart := helm.Chart{Dir: tree.Join(dir), Root: tree.Root, Shown: tree.Show(dir), KubeVersion: o.Settings.KubeVersion, APIVersions: o.APIVersions}
	return rendering{bundle: dir, variant: v.Name, source: "helm", render: func(ctx context.Context, w *child.Worker) (rendered, error) {
		r, err := helm.Render(ctx, w, chart, v)
		return rendered{r.Documents, r.Problems, r.Holes, r.Withheld, r.Library}, err
	}}
}

// outcome is one rendering, read.
type outcome struct {
	// family is the bundle with its source, of which it is a variant.
	family, variant string
	owners          []int

	set      *fact.Set
	releases []kube.Release
	problems []fact.Problem
	err      error
}

// renderAll renders charts and overlays, each kind by a child of its own, and
// reads what they yield. Results keep the order of the renderings.
func renderAll(ctx context.Context, charts, overlays []rendering, reader kube.Reader, tell func(doing string, done, total int, what string)) []outcome {
	out := make([]outcome, len(charts)+len(overlays))
	var done atomic.Int32
	var wait sync.WaitGroup
	for _, lane := range []struct {
		list   []rendering
		worker *child.Worker
		out    []outcome
	}{
		{charts, child.New(helm.Job, helm.Limits()), out[:len(charts)]},
		{overlays, child.New(kustomize.Job, kustomize.Limits()), out[len(charts):]},
	} {
		wait.Go(func() {
			defer lane.worker.Close()
			for i, r := range lane.list {
				if tell != nil {
					tell("rendering", int(done.Load()), len(out), r.bundle)
				}
				lane.out[i] = r.read(ctx, lane.worker, reader)
				lane.out[i].family, lane.out[i].variant, lane.out[i].owners = r.source+" "+r.bundle, r.variant, r.owners
				done.Add(1)
			}
		})
	}
	wait.Wait()
	return out
}

func (r rendering) read(ctx context.Context, w *child.Worker, reader kube.Reader) outcome {
	got, err := r.render(ctx, w)
	if err != nil {
		return outcome{err: fmt.Errorf("render %s: %w", r.bundle, err)}
	}
	if got.nothing {
		return outcome{problems: got.problems}
	}
	var f kube.Fragment
	for _, doc := range got.documents {
		reader.Read(doc, &f)
	}
	set := &fact.Set{Bundle: r.bundle, Variant: r.variant, Source: r.source, Rung: fact.Configured}
	set.Add(&f.Facts)
	set.Coverage.Holes = append(set.Coverage.Holes, got.holes...)
	for _, w := range got.withheld {
		if kinds := reader.Yields(w.APIVersion, w.Kind); len(kinds) > 0 {
			at := fact.Location{File: w.File}
			says := fmt.Sprintf("%s %s is made only where the cluster serves %s, which is open", w.Kind, w.Name, strings.Join(w.APIs, " or "))
			set.Coverage.Holes = append(set.Coverage.Holes, fact.Hole{Kinds: kinds, Location: at, Why: says})
			got.problems = append(got.problems, fact.Problem{Location: at, Message: says + "; if yours does, `--api-versions " + w.APIs[0] + "` says so"})
		}
	}
	set.Coverage.Sort()
	return outcome{set: set, releases: f.Releases, problems: append(got.problems, f.Problems...)}
}
