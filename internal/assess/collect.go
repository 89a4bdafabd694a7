package assess

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/derive/shipping"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/registry"
	"seaworthy.dev/seaworthy/internal/source/alertmanager"
	"seaworthy.dev/seaworthy/internal/source/fides"
	"seaworthy.dev/seaworthy/internal/source/kube"
	"seaworthy.dev/seaworthy/internal/source/kustomize"
	"seaworthy.dev/seaworthy/internal/source/logs"
	"seaworthy.dev/seaworthy/internal/source/manifest"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

// found is everything that was read below a path.
type found struct {
	path string
	tree *repo.Tree
	land territory
	// groups holds what belongs to each service of the land; the last one holds
	// what belongs to none.
	groups []*group
	// releases lists the charts that reconcilers install.
	releases []kube.Release
	// boards are the files among the manifests that are dashboards.
	boards []boardFile
	// routing is what files of Alertmanager's own among the manifests yield.
	routing reading
	// inventories are what files of Fides among the manifests yield.
	inventories []*inventory
	// unreadable lists what is wrong with the manifests.
	unreadable []fact.Problem
}

// collect walks, reads and renders.
func collect(ctx context.Context, name string, o Options) (*found, error) {
	tree, err := repo.Walk(name)
	if err != nil {
		return nil, err
	}
	objectsOf(tree)
	plan, err := kustomize.Read(tree.Root, tree.Shown, tree.Kustomizations)
	if err != nil {
		return nil, fmt.Errorf("read the kustomizations of %s: %w", name, err)
	}
	out := newFound(name, tree, o.land)
	o.land = out.land
	if v := out.land.version(); !o.VersionGiven && v != (fact.Version{}) {
		o.Settings.KubeVersion = v // charts ask for it, and pods are held to it
	}
	charts, overlays := out.renderings(plan, o)
	out.included(plan)
	out.complain(slices.Concat(tree.Problems, plan.Problems, out.unreadable)...)
	if n := len(plan.Components); n > 0 {
		out.say("not judged, because no kustomization includes them: " + list(plan.Components))
	}
	reader := kube.New(o.Settings.KubeVersion, len(charts)+len(overlays) > 0).With(guests())
	if o.Raw {
		reader = reader.Raw()
	}
	var outcomes []outcome
	var wait sync.WaitGroup
	wait.Go(func() { outcomes = renderAll(ctx, charts, overlays, reader, o.Progress) })
	ruled, aims := out.plain(manifests(tree, plan), reader)
	others := readAll(ctx, tree, o)
	wait.Wait()
	if err := out.take(outcomes); err != nil {
		return nil, err
	}
	for i, g := range out.groups {
		g.once()
		g.spread(out.holes(i), tree.Shown)
		bundles.MarkVariants(g.sets)
	}
	if err := out.install(ctx, o, reader); err != nil {
		return nil, err
	}
	out.settle(outcomes)
	for _, r := range append(others, out.routing) {
		out.join(r)
	}
	out.ruled(ctx, ruled, o)
	out.dashboards()
	out.aims(aims)
	out.inventory()
	out.codeOwners()
	out.age(ctx)
	out.written(ctx, o.AsOf)
	if err := out.scans(o); err != nil {
		return nil, err
	}
	if err := out.results(ctx, o); err != nil {
		return nil, err
	}
	for _, g := range out.groups {
		bundles.MarkAside(g.sets, program(tree))
		for _, set := range g.sets {
			shipping.Attach(set)
		}
		g.settleDevelopers()
		out.hush(g)
	}
	return out, nil
}

// program reports whether the root of a tree builds something: then the tree is
// that of a program or a library.
func program(tree *repo.Tree) bool {
	return slices.ContainsFunc(tree.Files[repo.Modules], func(f string) bool { return path.Dir(f) == "." })
}

// hush leaves out what is wrong with the files of tests, which are often broken on
// purpose, unless something there is judged.
func (f *found) hush(g *group) {
	if slices.ContainsFunc(g.sets, func(s *fact.Set) bool { return s.ProductionLike && bundles.Tested(s.Bundle) }) {
		return
	}
	before := len(g.problems)
	g.problems = slices.DeleteFunc(g.problems, func(p fact.Problem) bool { return bundles.Tested(path.Dir(f.rel(p.File))) })
	if n := before - len(g.problems); n > 0 {
		g.assumptions = append(g.assumptions, fmt.Sprintf("not listed, because only tests read them: what is wrong with files of tests (%d times)", n))
	}
}

// included complains about overlays that a manifest lists and that are not rendered
// on their own, because others include them.
func (f *found) included(plan *kustomize.Plan) {
	for _, s := range f.land {
		for _, dir := range s.Sources.Kustomize {
			if !slices.ContainsFunc(plan.Roots, func(r *kustomize.Root) bool { return closest([]string{dir}, r.Folder) >= 0 }) {
				f.complain(fact.Problem{Location: s.Location, Message: fmt.Sprintf("sources.kustomize names %s, which holds no overlay that is built by itself; name those that are applied", dir)})
			}
		}
	}
}

// newFound reads the manifests of a tree: whose is what. Land parts one that has
// none.
func newFound(name string, tree *repo.Tree, land territory) *found {
	files, examples := described(tree)
	declared := manifest.Read(manifest.Tree{Root: tree.Root, Shown: tree.Shown}, files, registry.All())
	out := &found{path: name, tree: tree, land: declared.Services, unreadable: declared.Problems}
	if len(out.land) == 0 {
		out.land = territory{{Folder: ".", Alone: true}}
		if len(land) > 0 {
			out.land = land
		}
	}
	for _, s := range out.land {
		g := &group{}
		if len(declared.Services) > 0 {
			g.service = s
		}
		out.groups = append(out.groups, g)
	}
	out.groups = append(out.groups, &group{})
	if len(examples) > 0 {
		out.say("not read, because they stand aside: " + list(examples))
	}
	return out
}

// described returns the manifests of a tree, without those of documentation,
// examples and tests where other files stand beside these.
func described(tree *repo.Tree) (files, aside []string) {
	for _, f := range tree.Files[repo.Services] {
		if bundles.Aside(f) {
			aside = append(aside, f)
		} else {
			files = append(files, f)
		}
	}
	beside := slices.ContainsFunc(tree.Manifests, func(f repo.File) bool { return !bundles.Aside(f.Path) }) ||
		slices.ContainsFunc(slices.Concat(tree.Charts, tree.Kustomizations, tree.Files[repo.Terraform], tree.Files[repo.Compose], tree.Files[repo.Dockerfiles]), func(f string) bool { return !bundles.Aside(f) })
	if len(files) == 0 && !beside {
		return aside, nil
	}
	return files, aside
}

// to returns the groups to which a path belongs; those of nobody where no service
// names it.
func (f *found) to(rel string, how technique) []*group {
	var out []*group
	for _, i := range f.land.of(rel, how) {
		out = append(out, f.groups[i])
	}
	if len(out) == 0 {
		out = f.groups[len(f.groups)-1:]
	}
	return out
}

// rel returns a place's path below the root.
func (f *found) rel(file string) string {
	if f.tree.Shown == "" {
		return file
	}
	return strings.TrimPrefix(strings.TrimPrefix(file, f.tree.Shown), "/")
}

// complain gives each problem to the services to which its file belongs.
func (f *found) complain(problems ...fact.Problem) {
	for _, p := range problems {
		for _, g := range f.to(f.rel(p.File), ofAnything) {
			g.problems = append(g.problems, p)
		}
	}
}

// say tells the readers of the first service's report what holds for all.
func (f *found) say(assumptions ...string) {
	f.groups[0].assumptions = append(f.groups[0].assumptions, assumptions...)
}

// holes returns the holes of the tree that touch a service: those in its folders.
func (f *found) holes(i int) []fact.Hole {
	var out []fact.Hole
	for _, h := range f.tree.Holes {
		owners := f.land.of(f.rel(h.File), ofAnything)
		nobody := i == len(f.land)
		if slices.Contains(owners, i) || nobody && len(owners) == 0 {
			out = append(out, h)
		}
	}
	return out
}

// keep adds a set to each of the groups. Groups mark their sets, so each has one
// of its own.
func keep(set *fact.Set, groups []*group) {
	for i, g := range groups {
		mine := set
		if i > 0 {
			copied := *set
			copied.Coverage.Holes = slices.Clone(set.Coverage.Holes)
			mine = &copied
		}
		g.sets = append(g.sets, mine)
	}
}

// join adds what a technology yields: to the services whose folders it was found
// in, or to all where it is the whole repository's.
func (f *found) join(r reading) {
	all := f.groups[:len(f.groups)-1]
	f.address(&r.declared)
	for _, set := range r.sets {
		if set.Source == leaksSource {
			f.share(set, all)
			continue
		}
		if len(set.Pipelines) > 0 {
			f.pipelines(set, all)
			continue
		}
		if set.Source == documentsSource {
			f.documents(set, all)
			continue
		}
		if set.Source == migrationsSource {
			f.migrations(set, all)
			continue
		}
		if wide(set.Source) && set.Source != unreadSource {
			keep(set, all)
			continue
		}
		keep(set, f.to(f.placeOf(set), techniqueOf(set.Source)))
	}
	f.complain(r.problems...)
	f.say(r.assumptions...)
	f.groups[0].files += r.files
	for i, g := range all {
		g.declared.Add(f.concerning(i, r.declared))
	}
}

// placeOf returns the path by which a manifest names a set: its folder, or the
// file where a folder holds several that are listed one by one.
func (f *found) placeOf(set *fact.Set) string {
	if (set.Source == "compose" || set.Source == "systemd") && len(set.Workloads) > 0 {
		return f.rel(set.Workloads[0].File)
	}
	return set.Bundle
}

// concerns reports whether what stands at a place is said of a service: in its
// folders, in nobody's, or at the root.
func (f *found) concerns(i int, at fact.Location) bool {
	file := f.rel(at.File)
	owners := f.land.of(file, ofAnything)
	return len(owners) == 0 || path.Dir(file) == "." || slices.Contains(owners, i)
}

// pipelines gives each service the pipelines that its manifest lists, or all.
func (f *found) pipelines(set *fact.Set, all []*group) {
	for _, g := range all {
		mine := *set
		mine.Coverage.Holes = slices.Clone(set.Coverage.Holes)
		if g.service != nil && g.service.Sources.Pipelines != nil {
			mine.Pipelines = slices.DeleteFunc(slices.Clone(set.Pipelines), func(p *fact.Pipeline) bool {
				return closest(g.service.Sources.Pipelines, f.rel(p.File)) < 0
			})
		}
		g.sets = append(g.sets, &mine)
	}
}

// concerning returns what of the declarations is said of one service: what stands
// in its folders, and what stands in nobody's, unless it names another service.
func (f *found) concerning(i int, d fact.Declarations) fact.Declarations {
	if len(f.land) == 1 {
		return d
	}
	mine := func(at fact.Location) bool { return f.concerns(i, at) }
	var out fact.Declarations
	for _, o := range d.Owners {
		named := slices.IndexFunc(f.land, func(s *manifest.Service) bool { return s.Name == o.Of })
		if named == i || named < 0 && (o.Source == "codeowners" || mine(o.Location)) {
			out.Owners = append(out.Owners, o)
		}
	}
	for _, r := range d.Risks {
		if mine(r.Location) {
			out.Risks = append(out.Risks, r)
		}
	}
	for _, r := range d.Registers {
		if mine(r.Location) {
			out.Registers = append(out.Registers, r)
		}
	}
	for _, r := range d.RiskMentions {
		if mine(r.Location) {
			out.RiskMentions = append(out.RiskMentions, r)
		}
	}
	return out
}

// take keeps what renderings yield.
func (f *found) take(outcomes []outcome) error {
	for _, r := range outcomes {
		if r.err != nil {
			return r.err
		}
		f.releases = append(f.releases, r.releases...)
		for _, g := range f.members(r.owners) {
			g.renderings++
		}
		if r.set != nil {
			keep(r.set, f.members(r.owners))
		}
	}
	return nil
}

// members returns the groups of the numbered services; nobody's for none.
func (f *found) members(owners []int) []*group {
	var out []*group
	for _, i := range owners {
		out = append(out, f.groups[i])
	}
	if len(out) == 0 {
		out = f.groups[len(f.groups)-1:]
	}
	return out
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

// plain reads manifests as they are and groups them into bundles, each service's
// on their own. It returns the files that are for Prometheus.
func (f *found) plain(files []repo.File, reader kube.Reader) (ruled []*ruleFile, aims []*fact.Set) {
	watching := make([]*ruleFile, len(files))
	fragments := make([]*kube.Fragment, len(files))
	routings := make([][]*fact.Set, len(files))
	boards := make([]boardFile, len(files))
	objectives := make([][]*fact.Set, len(files))
	refused := make([][]fact.Problem, len(files))
	inventories := make([]*inventory, len(files))
	// Files are large and facts are small: each worker reads into one buffer.
	buffers := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	each(len(files), func(i int) {
		buffer := buffers.Get().(*bytes.Buffer)
		defer buffers.Put(buffer)
		fragment := new(kube.Fragment)
		fragments[i] = fragment
		docs, problem, hole := f.tree.Read(files[i], buffer)
		if problem != nil {
			fragment.Problems = append(fragment.Problems, *problem)
		}
		if hole != nil {
			fragment.Facts.Coverage.Holes = append(fragment.Facts.Coverage.Holes, *hole)
		}
		if problem == nil {
			if boards[i] = sniffDashboard(f.tree, files[i].Path, buffer.Bytes()); boards[i].found.Mine {
				return
			}
		}
		docs, watching[i] = sniffRules(files[i].Path, docs)
		for _, doc := range docs {
			if logs.Sniff(doc.Data) && doc.Head().Kind == "" {
				set, problems := logConfig(files[i].Path, f.tree.Show(files[i].Path), doc)
				routings[i], refused[i] = append(routings[i], set), append(refused[i], problems...)
				continue
			}
			if alertmanager.Sniff(doc.Data) && doc.Head().Kind == "" {
				set, problems := routingFile(files[i].Path, f.tree.Show(files[i].Path), doc)
				routings[i], refused[i] = append(routings[i], set), append(refused[i], problems...)
				continue
			}
			if set, problems := objectiveFile(files[i].Path, doc); set != nil {
				objectives[i], refused[i] = append(objectives[i], set), append(refused[i], problems...)
				continue
			}
			if fides.Sniff(doc.Data) && doc.Head().Kind == "" {
				inventories[i] = inventories[i].with(files[i].Path, doc)
				continue
			}
			reader.Read(doc, fragment)
		}
	})
	f.boards = slices.DeleteFunc(boards, func(b boardFile) bool { return !b.found.Mine })
	f.inventories = slices.DeleteFunc(inventories, func(i *inventory) bool { return i == nil })
	f.routings(slices.Concat(routings...), slices.Concat(refused...))
	for i, fragment := range fragments {
		f.releases = append(f.releases, fragment.Releases...)
		facts := &fragment.Facts
		for _, g := range f.to(files[i].Path, ofManifests) {
			g.problems = append(g.problems, fragment.Problems...)
			if len(facts.Objects) > 0 {
				g.files++
			}
			if len(facts.Objects) > 0 || len(facts.Coverage.Holes) > 0 {
				g.parts = append(g.parts, bundles.Part{Path: files[i].Path, Facts: facts})
			}
		}
	}
	return slices.DeleteFunc(watching, func(w *ruleFile) bool { return w == nil }), slices.Concat(objectives...)
}
