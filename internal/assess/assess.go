// Package assess judges a path: it finds what is there, has it read and
// rendered, and puts each expectation to what was found.
package assess

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/policy"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Options are what the user asked for.
type Options struct {
	// Tier of the service, 1 to 3.
	Tier     int
	Settings expect.Settings
	// Expectations to judge, in the order of the report.
	Expectations []*expect.Expectation
	// Standard lists every expectation, for what is judged after all others.
	Standard []*expect.Expectation
	// Policy holds what the service's team must not decide itself; nil where
	// there is none.
	Policy *policy.Policy
	AsOf   time.Time
	// APIVersions lists API versions beyond Kubernetes' own that the cluster
	// serves, for charts that ask.
	APIVersions []string
	// History is true where past revisions are searched for secrets too.
	History bool
	// CacheFolder is where work is kept for later runs; empty for nowhere.
	CacheFolder string
	// Progress is told what is done next ("rendering", a chart), and how many of
	// all are done; it may be called from several places at once. Nil means that
	// nobody watches.
	Progress func(doing string, done, total int, what string)
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
	// Risks are the entries of the register that are about this service.
	Risks []*fact.Risk
	AsOf  time.Time
	// Objects, Files and Renderings count what was read: objects in files,
	// and charts and overlays in their variants.
	Objects, Files, Renderings int
}

// Path judges what stands below a path as one service. The error is for a path
// that cannot be judged at all.
func Path(ctx context.Context, path string, o Options) (*Service, error) {
	if o.Policy != nil {
		if err := o.Policy.Outside(path); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrPolicy, err)
		}
	}
	found, err := collect(ctx, path, o)
	if err != nil {
		return nil, err
	}
	s := &Service{
		Name: name(path), Owner: unknownOwner, Tier: o.Tier, Path: path, AsOf: o.AsOf,
		Sets: found.sets, Problems: found.problems, Files: found.files, Renderings: found.renderings,
	}
	for _, set := range s.Sets {
		s.Objects += len(set.Objects)
	}
	judged := judgedSets(s.Sets)
	s.Assumptions = append(assumptions(s, judged), found.assumptions...)
	found.declared.Risks = risksOf(s, found.declared.Risks, o.Policy)
	s.Risks = found.declared.Risks
	s.judge(judged, &found.declared, o)
	s.Problems = sortProblems(s.Problems)
	return s, nil
}

// ErrPolicy is the mistake of judging a service by a policy that stands in its
// own tree.
var ErrPolicy = errors.New("the policy does not count")

// unknownOwner is whose a service is while nobody says so.
const unknownOwner = "unknown"

// Owned says whose the service is; the owner is empty while nobody says so.
func (s *Service) Owned() expect.Owned {
	if s.Owner == unknownOwner {
		return expect.Owned{Name: s.Name}
	}
	return expect.Owned{Name: s.Name, Owner: s.Owner}
}

// judge puts every expectation to the facts, on all processors. What is judged
// last sees the verdicts on all others, whether or not they are asked for.
func (s *Service) judge(sets []*fact.Set, declared *fact.Declarations, o Options) {
	s.Verdicts = make([]verdict.Verdict, len(o.Expectations))
	in := expect.Input{All: sets, Declared: declared, Service: s.Owned(), Settings: o.Settings, AsOf: o.AsOf}
	last := slices.ContainsFunc(o.Expectations, func(e *expect.Expectation) bool { return e.Last })
	list := slices.Clone(o.Expectations)
	for _, e := range o.Standard {
		if last && !e.Last && !slices.Contains(list, e) {
			list = append(list, e)
		}
	}
	verdicts := make([]verdict.Verdict, len(list))
	each(len(list), func(i int) {
		if !list[i].Last {
			verdicts[i] = list[i].Judge(s.Tier, sets, in)
		}
	})
	for i, e := range list {
		if !e.Last {
			in.Verdicts = append(in.Verdicts, verdicts[i])
		}
	}
	whole := []*fact.Set{{Bundle: ".", Source: "seaworthy", Rung: fact.Configured, ProductionLike: true}}
	for i, e := range o.Expectations {
		if e.Last {
			verdicts[i] = e.Judge(s.Tier, whole, in)
		}
	}
	copy(s.Verdicts, verdicts)
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
