package assess

import (
	"context"
	"path"
	"slices"
	"time"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/git"
	"seaworthy.dev/seaworthy/internal/source/migration"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

const migrationsSource = "migrations"

// readMigrations reads how the shape of stored data changes, unless nothing that is
// judged asks for it.
func readMigrations(_ context.Context, tree *repo.Tree, o Options) (out reading) {
	if !asked(o, fact.Migrations) {
		return out
	}
	req := migration.Request{
		Root: tree.Root, Shown: tree.Shown, Files: slices.Clone(tree.Files[repo.Migrations]), Settings: slices.Clone(tree.Files[repo.StoreSettings]), Modules: tree.Files[repo.Modules],
	}
	for _, f := range tree.Manifests {
		switch {
		case repo.NamesStore(f.Path):
			req.Settings = append(req.Settings, f.Path)
		case repo.MayBeChangelog(f.Path):
			req.Files = append(req.Files, f.Path)
		}
	}
	slices.Sort(req.Settings)
	slices.Sort(req.Files)
	found := migration.Read(req)
	for _, s := range found.Sets {
		out.sets = append(out.sets, &fact.Set{
			Bundle: s.Folder, Source: migrationsSource, Rung: fact.Configured, ProductionLike: true, Migrations: []*fact.MigrationSet{s},
		})
		out.files += len(s.Migrations)
	}
	if len(out.sets) == 0 && len(found.Holes)+len(tree.Files[repo.Services]) > 0 { // to be said that there are none
		out.sets = append(out.sets, &fact.Set{Bundle: nowhere, Source: migrationsSource, Rung: fact.Configured, ProductionLike: true})
	}
	for _, set := range out.sets {
		set.Coverage.Holes = slices.Clone(found.Holes)
	}
	out.problems = found.Problems
	return out
}

// nowhere is the bundle of migrations that were not found.
const nowhere = "."

// written asks git when migrations were written whose versions do not tell.
func (f *found) written(ctx context.Context, asOf time.Time) {
	var folders []string
	var open []*fact.Migration
	for _, g := range f.groups {
		for _, set := range g.sets {
			for _, s := range set.Migrations {
				for _, m := range s.Migrations {
					if m.Written.IsZero() && !slices.Contains(open, m) {
						open = append(open, m)
						if !slices.Contains(folders, s.Folder) {
							folders = append(folders, s.Folder)
						}
					}
				}
			}
		}
	}
	if len(open) == 0 {
		return
	}
	days, _ := git.Added(ctx, path.Clean(f.tree.Root), folders, asOf.AddDate(-1, 0, 0))
	for _, m := range open {
		m.Written = days[m.Files[0]]
	}
}

// asked reports whether something that is judged rests on facts of a kind.
func asked(o Options, kind fact.Kind) bool {
	asks := func(e *expect.Expectation) bool { return slices.Contains(e.Needs, kind) }
	last := slices.ContainsFunc(o.Expectations, func(e *expect.Expectation) bool { return e.Last })
	return slices.ContainsFunc(o.Expectations, asks) || last && slices.ContainsFunc(o.Standard, asks)
}

// migrations gives a set of migrations to the services in whose folders it stands;
// what stands in nobody's changes everybody's stores.
func (f *found) migrations(set *fact.Set, all []*group) {
	owners := f.land.of(set.Bundle, ofAnything)
	if len(owners) == 0 || set.Bundle == nowhere {
		keep(set, all)
		return
	}
	groups := f.members(owners)
	for i, g := range all { // whose manifest names the folder of another's
		if g.service == nil || g.service.Declared.Docs == nil || slices.Contains(owners, i) {
			continue
		}
		if l := g.service.Declared.Docs.Migrations; l != nil && l.Folder && l.File == set.Bundle {
			groups = append(groups, g)
		}
	}
	keep(set, groups)
}
