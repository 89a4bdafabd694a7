// Package assess judges a path: it finds what is there, has it read and
// rendered, and puts each expectation to what was found.
package assess

import (
	"context"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Options are what the user asked for.
type Options struct {
	// Tier of the service, 1 to 3.
	Tier     int
	Settings expect.Settings
	// Expectations to judge, in the order of the report.
	Expectations []*expect.Expectation
	AsOf         time.Time
	// APIVersions lists API versions beyond Kubernetes' own that the cluster
	// serves, for charts that ask.
	APIVersions []string
	// Progress is told what is rendered next, and how many renderings of all
	// are done; it may be called from several places at once. Nil means that
	// nobody watches.
	Progress func(done, total int, what string)
}

// Service is one service with its verdicts.
type Service struct {
	Name, Owner string
	Tier        int
	Path        string
	// Assumptions lists what was taken for granted, one sentence each.
	Assumptions []string
	Verdicts    []verdict.Verdict
	Sets        []*fact.Set
	Problems    []fact.Problem
	// Objects, Files and Renderings count what was read: objects in files,
	// and charts and overlays in their variants.
	Objects, Files, Renderings int
}

// Path judges what stands below a path as one service. The error is for a path
// that cannot be judged at all.
func Path(ctx context.Context, path string, o Options) (*Service, error) {
	found, err := collect(ctx, path, o)
	if err != nil {
		return nil, err
	}
	s := &Service{
		Name: name(path), Owner: "unknown", Tier: o.Tier, Path: path,
		Sets: found.sets, Problems: found.problems, Files: found.files, Renderings: found.renderings,
	}
	for _, set := range s.Sets {
		s.Objects += len(set.Objects)
	}
	judged := judgedSets(s.Sets)
	s.Assumptions = append(assumptions(s, judged), found.assumptions...)
	s.Verdicts = judge(judged, &found.declared, s.Tier, o)
	s.Problems = sortProblems(s.Problems)
	return s, nil
}

// judge puts every expectation to the facts, on all processors.
func judge(sets []*fact.Set, declared *fact.Declarations, tier int, o Options) []verdict.Verdict {
	verdicts := make([]verdict.Verdict, len(o.Expectations))
	in := expect.Input{All: sets, Declared: declared, Settings: o.Settings, AsOf: o.AsOf}
	each(len(verdicts), func(i int) {
		verdicts[i] = o.Expectations[i].Judge(tier, sets, in)
	})
	return verdicts
}

// each calls work for 0 to n-1 on all processors and waits.
func each(n int, work func(i int)) {
	var wait sync.WaitGroup
	var next atomic.Int64
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	wait.Wait()
}

// judgedSets returns the production-like sets.
func judgedSets(sets []*fact.Set) []*fact.Set {
	var out []*fact.Set
	for _, s := range sets {
		if s.ProductionLike {
			out = append(out, s)
		}
	}
	return out
}

// name is what a service is called while no manifest says so.
func name(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	return filepath.Base(abs)
}
