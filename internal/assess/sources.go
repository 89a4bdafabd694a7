package assess

import (
	"context"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

// reading is what one technology yields of a tree.
type reading struct {
	sets        []*fact.Set
	problems    []fact.Problem
	assumptions []string
	// declared is what people say of the service.
	declared fact.Declarations
	// files counts those in which something was found to judge.
	files int
}

// readers lists the technologies that need no rendering, each with what reads
// it. They run side by side.
func readers() []func(context.Context, *repo.Tree, Options) reading {
	return []func(context.Context, *repo.Tree, Options) reading{
		readOwners,
		terraformReader,
		readRisks,
		readLeaks,
		readPipelines,
		readContainers, // Dockerfiles and what runs their images
		readUnits,
		readProcfiles,
		readDocuments,
		readMigrations,
		readUnread,
	}
}

// readAll has every reader look through the tree. Results keep the order of the
// readers.
func readAll(ctx context.Context, tree *repo.Tree, o Options) []reading {
	list := readers()
	out := make([]reading, len(list))
	each(len(list), func(i int) { out[i] = list[i](ctx, tree, o) })
	return out
}
