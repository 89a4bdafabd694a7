package assess

import (
	"context"
	"slices"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/leaks"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

// readLeaks searches the tree, and its history where that is wanted, for
// secrets: unless nothing that is judged asks for them, for it takes its time.
func readLeaks(ctx context.Context, tree *repo.Tree, o Options) (out reading) {
	if !slices.ContainsFunc(o.Expectations, func(e *expect.Expectation) bool { return slices.Contains(e.Needs, fact.Leaks) }) {
		return out
	}
	files, complete := tree.Everything()
	found := leaks.Read(ctx, leaks.Request{
		Root: tree.Root, Shown: tree.Shown, Files: files, History: o.History, CacheFolder: o.CacheFolder, Progress: o.Progress,
	})
	set := &fact.Set{
		Bundle: ".", Source: "leaks", Rung: fact.Configured, ProductionLike: true,
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
