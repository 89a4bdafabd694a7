package assess

import (
	"context"
	"slices"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/leaks"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

const leaksSource = "leaks"

// share gives each service the secrets that leaked in its folders, and those in
// nobody's to all.
func (f *found) share(set *fact.Set, groups []*group) {
	for i, g := range groups {
		mine := *set
		mine.Coverage.Holes = slices.Clone(set.Coverage.Holes)
		mine.Leaks = nil
		for _, l := range set.Leaks {
			owners := f.land.of(f.rel(l.File), ofAnything)
			if len(owners) == 0 || slices.Contains(owners, i) {
				mine.Leaks = append(mine.Leaks, l)
			}
		}
		g.sets = append(g.sets, &mine)
	}
}

// readLeaks searches the tree, and its history where that is wanted, for
// secrets: unless nothing that is judged asks for them, for it takes its time.
func readLeaks(ctx context.Context, tree *repo.Tree, o Options) (out reading) {
	if !slices.ContainsFunc(o.Expectations, func(e *expect.Expectation) bool { return slices.Contains(e.Needs, fact.Leaks) }) {
		return out
	}
	files, complete := tree.Everything()
	found := leaks.Read(ctx, leaks.Request{
		Root: tree.Root, Shown: tree.Shown, Files: files, History: o.History, Skips: repo.Skipped, CacheFolder: o.CacheFolder, Progress: o.Progress,
	})
	set := &fact.Set{
		Bundle: ".", Source: leaksSource, Rung: fact.Configured, ProductionLike: true,
		Leaks: found.Leaks, LeakScans: found.Scans, Coverage: fact.Coverage{Holes: found.Holes},
	}
	if !complete {
		set.Coverage.Holes = append(set.Coverage.Holes, fact.Hole{
			Kinds: []fact.Kind{fact.Leaks}, Why: "the tree has more files than are searched for secrets", Location: fact.Location{File: tree.Show(".")},
		})
	}
	out.sets, out.problems = []*fact.Set{set}, found.Problems
	return out
}
