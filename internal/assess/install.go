package assess

import (
	"context"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/helm"
	"seaworthy.dev/seaworthy/internal/source/kube"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

// install adds what the judged reconcilers install from charts. A chart of the
// tree is rendered with the values that they give it, and no longer with those
// that nobody installs it with. Any other chart becomes a bundle of which
// nothing could be read: it runs beside the rest, and must not pass unseen.
func (f *found) install(ctx context.Context, o Options, reader kube.Reader) error {
	var charts []rendering
	tree := f.tree
	by := map[string][]string{} // who installs a chart
	whole := map[string]bool{}  // charts that stay judged in their own variants
	open := map[string][]int{}  // services whose manifest leaves it open how
	for _, r := range f.judgedReleases() {
		dir, found := chartOf(tree, r.By)
		if found {
			var owned bool
			if open[dir], owned = f.open(dir); owned && len(open[dir]) == 0 {
				continue // a manifest says how it is installed
			}
		}
		switch {
		case !found:
			f.unread(r)
			continue
		case generated(r):
			if inChart(r) {
				whole[dir] = true // one of its variants is installed
			} else {
				f.miss(r, fmt.Sprintf("%s installs the chart %s with values that a generator fills in, which are not known", r.By.Title(), dir))
			}
			continue
		}
		v := variant(tree, dir, r)
		if slices.Contains(by[dir], v.Name) {
			v.Name += " of " + r.By.File
		}
		by[dir] = append(by[dir], v.Name)
		chart := chartRendering(tree, dir, v, o)
		chart.owners = open[dir]
		if r.Elsewhere != "" {
			says := fmt.Sprintf("%s also takes values from %s, which are not read", r.By.Title(), r.Elsewhere)
			chart = chart.lacking(fact.Problem{Location: r.By.Location, Message: says}, fact.Hole{Location: r.By.Location, Why: says})
		}
		charts = append(charts, chart)
	}
	if len(charts) == 0 {
		return nil
	}
	for _, dir := range slices.Sorted(maps.Keys(by)) {
		for _, g := range f.members(open[dir]) {
			g.sets = slices.DeleteFunc(g.sets, func(s *fact.Set) bool { return s.Source == "helm" && s.Bundle == dir && !whole[dir] })
			g.assumptions = append(g.assumptions, fmt.Sprintf("%s is judged as it is installed by %s", dir, list(by[dir])))
		}
	}
	outcomes := renderAll(ctx, charts, nil, reader, o.Progress)
	before := make([]int, len(f.groups))
	for i, g := range f.groups {
		before[i] = len(g.sets)
	}
	if err := f.take(outcomes); err != nil {
		return err
	}
	for i, g := range f.groups {
		for _, set := range g.sets[before[i]:] {
			set.ProductionLike = true
		}
	}
	f.settle(outcomes)
	return nil
}

// open returns the services that hold a chart and whose manifests leave it open
// how it is installed; owned is true where any service holds it.
func (f *found) open(dir string) (out []int, owned bool) {
	owners := f.land.of(dir, ofCharts)
	for _, i := range owners {
		if len(installs(f.land[i], dir)) == 0 {
			out = append(out, i)
		}
	}
	return out, len(owners) > 0
}

// judgedReleases returns the releases of judged reconcilers that are not for
// another environment than production while others are, each once.
func (f *found) judgedReleases() []kube.Release {
	judged := map[*fact.Reconciler]bool{}
	for _, g := range f.groups {
		for _, r := range fact.ReconcilersIn(judgedSets(g.sets)) {
			judged[r] = true
		}
	}
	var out, other []kube.Release
	for _, r := range f.releases {
		same := func(s kube.Release) bool { return s.By.Ref == r.By.Ref && s.By.File == r.By.File }
		switch {
		case !judged[r.By] || slices.ContainsFunc(out, same) || slices.ContainsFunc(other, same):
		case bundles.OtherEnvironment(append([]string{r.By.Name, strings.TrimPrefix(r.By.File, f.tree.Shown)}, r.Files...)...):
			other = append(other, r)
		default:
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return other
	}
	return out
}

// chartOf returns the folder of the tree in which the chart stands.
func chartOf(tree *repo.Tree, r *fact.Reconciler) (string, bool) {
	if r.Templated {
		return "", false // a generator fills in what it installs
	}
	for _, dir := range tree.Charts {
		if r.Chart != "" {
			if path.Base(dir) == path.Base(r.Chart) {
				return dir, true
			}
			continue
		}
		full, err := filepath.Abs(tree.Join(dir))
		below := strings.Trim(path.Clean("/"+r.Path), "/")
		if err == nil && below != "" && strings.HasSuffix(filepath.ToSlash(full), "/"+below) {
			return dir, true
		}
	}
	return "", false
}

// variant is the chart with the values that the release gives it.
func variant(tree *repo.Tree, dir string, r kube.Release) helm.Variant {
	v := helm.Variant{Name: r.By.Title(), Release: r.Name, Values: r.Values, Place: r.By.Location}
	for _, s := range r.Sets {
		v.Sets = append(v.Sets, helm.Set(s))
	}
	for _, file := range r.Files {
		if rooted, found := strings.CutPrefix(file, "/"); found {
			rel, err := filepath.Rel(tree.Join(dir), tree.Join(rooted))
			if err == nil {
				file = filepath.ToSlash(rel)
			}
		}
		v.Files = append(v.Files, file)
	}
	return v
}

// unread records a chart that is not in the tree as a bundle of its own, for
// charts do not join with what stands around their release.
func (f *found) unread(r kube.Release) {
	if r.By.Chart == "" && r.By.Kind != "HelmRelease" {
		return // a folder of manifests: of this repository, or judged as another
	}
	f.miss(r, fmt.Sprintf("%s installs %s, which is not here and is not fetched", r.By.Title(), named(r.By)))
}

// miss adds a bundle of which nothing is known but that it is deployed.
func (f *found) miss(r kube.Release, says string) {
	f.complain(fact.Problem{Location: r.By.Location, Message: says + "; to have it judged, render it with its values (`helm template`) into a folder and judge that too"})
	// A chart runs something; what applies the repository it is not.
	kinds := slices.DeleteFunc(fact.Kinds(), func(k fact.Kind) bool { return k == fact.Reconcilers || !(fact.Hole{}).Touches(k) })
	keep(&fact.Set{
		Bundle: r.By.Title(), Source: "helm", Rung: fact.Configured, ProductionLike: true,
		Coverage: fact.Coverage{Holes: []fact.Hole{{Kinds: kinds, Location: r.By.Location, Why: says}}},
	}, f.to(f.rel(r.By.File), ofManifests))
}

// generated reports whether a generator fills values in.
func generated(r kube.Release) bool {
	gap := func(text string) bool { return strings.Contains(text, "{{") }
	return r.By.Kind == "ApplicationSet" && (slices.ContainsFunc(r.Files, gap) || slices.ContainsFunc(r.Values, gap) ||
		slices.ContainsFunc(r.Sets, func(s kube.Set) bool { return gap(s.Name + s.Value) }))
}

// inChart reports whether all that a generator fills in is the name of one of
// the chart's own values files.
func inChart(r kube.Release) bool {
	return len(r.Values)+len(r.Sets) == 0 &&
		!slices.ContainsFunc(r.Files, func(name string) bool { return strings.HasPrefix(name, "/") || strings.HasPrefix(name, "..") })
}

// named says which chart a reconciler installs.
func named(r *fact.Reconciler) string {
	switch {
	case r.Chart != "":
		return strings.TrimSpace("the chart " + r.Chart + " " + r.Revision)
	case r.Path != "":
		return "the chart " + r.Place() + " of " + r.SourceKind + " " + r.SourceName
	}
	return "the chart of " + r.SourceKind + " " + r.SourceName
}
