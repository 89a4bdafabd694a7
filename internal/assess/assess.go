// Package assess judges a path: it finds what is there, has it read and
// rendered, and puts each expectation to what was found.
package assess

import (
	"cmp"
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
	// Tier of the services, 1 to 3; 0 leaves it to their manifests, and to 3 where
	// they do not say.
	Tier int
	// Settings that a manifest may say as well: its registries count where none
	// are given here, its version where VersionGiven is false.
	Settings     expect.Settings
	VersionGiven bool
	// Services are the names of those to judge; none means all.
	Services []string
	// Expectations to judge, in the order of the report.
	Expectations []*expect.Expectation
	// Raw keeps all that Kubernetes objects say, for expectations that ask.
	Raw bool
	// Standard lists every expectation, for what is judged after all others.
	Standard []*expect.Expectation
	// Policy holds what the service's team must not decide itself; nil where
	// there is none.
	Policy *policy.Policy
	AsOf   time.Time
	// Scans lists files with what scanners found, for every service.
	Scans []string
	// Results lists files and folders with what tools left behind, for every service.
	Results []string
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

	// land parts a tree without manifests; nil leaves it whole.
	land territory
}

// Service is one service with its verdicts.
type Service struct {
	Name, Owner string
	Tier        int
	Path        string
	// Manifest is the file that describes the service; empty where none does.
	Manifest, Description string
	// Declared is what people say of it.
	Declared *fact.Declarations
	// Assumptions lists what was taken for granted, one sentence each.
	Assumptions []string
	// Idle is true where nothing that was found here is run, built or brought out.
	Idle     bool
	Verdicts []verdict.Verdict
	Sets     []*fact.Set
	Problems []fact.Problem
	// Risks are the entries of the register that are about this service.
	Risks []*fact.Risk
	AsOf  time.Time
	// Objects, Files and Renderings count what was read: objects in files,
	// and charts and overlays in their variants.
	Objects, Files, Renderings int

	// input is what all rows were judged with.
	input expect.Input
}

// Again judges a row that sees the verdicts on all others once more, with other
// ones.
func (s *Service) Again(e *expect.Expectation, others []verdict.Verdict) verdict.Verdict {
	in := s.input
	in.Verdicts = others
	return e.Judge(s.Tier, whole(), in)
}

// whole is the set for which rows are judged that are about the service as a
// whole.
func whole() []*fact.Set {
	return []*fact.Set{{Bundle: ".", Source: "seaworthy", Rung: fact.Configured, ProductionLike: true}}
}

// Path judges the services that stand below a path: those that its manifests
// describe, or all of it as one. The error is for a path that cannot be judged at
// all.
func Path(ctx context.Context, path string, o Options) ([]*Service, error) {
	if o.Policy != nil {
		if err := o.Policy.Outside(path); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrPolicy, err)
		}
	}
	found, err := collect(ctx, path, o)
	if err != nil {
		return nil, err
	}
	last := len(found.groups) - 1
	nobody := found.groups[last]
	found.say(found.unclaimed(nobody)...)
	found.groups[0].problems = append(found.groups[0].problems, nobody.problems...)
	var out []*Service
	for i, g := range found.groups[:last] {
		if len(o.Services) > 0 && (g.service == nil || !slices.Contains(o.Services, g.service.Name)) {
			continue
		}
		var others []*fact.Set
		for j, h := range found.groups {
			if j != i {
				others = append(others, h.sets...)
			}
		}
		out = append(out, g.judge(path, others, o))
	}
	if len(out) == 0 {
		return nil, found.lacks(o.Services)
	}
	return out, nil
}

// NoService says that a service that was asked for is not there.
type NoService struct {
	Path, Asked string
	Found       []string
}

// Error names the services that there are.
func (e *NoService) Error() string {
	if len(e.Found) == 0 {
		return fmt.Sprintf("%s has no service %s, for there is no seaworthy.yaml; `seaworthy init` writes one", e.Path, e.Asked)
	}
	return fmt.Sprintf("%s has no service %s; there is %s", e.Path, e.Asked, list(e.Found))
}

// lacks returns an error for the first service that no manifest describes, or nil.
func (f *found) lacks(asked []string) error {
	var names []string
	for _, g := range f.groups {
		if g.service != nil {
			names = append(names, g.service.Name)
		}
	}
	for _, a := range asked {
		if !slices.Contains(names, a) {
			return &NoService{Path: f.path, Asked: a, Found: names}
		}
	}
	return nil
}

// judge puts the standard to one service. Others are the sets of what is not its
// own.
func (g *group) judge(path string, others []*fact.Set, o Options) *Service {
	s := &Service{
		Name: name(path), Owner: unknownOwner, Tier: o.Tier, Path: path, AsOf: o.AsOf, Files: g.files, Renderings: g.renderings,
	}
	settings := o.Settings
	s.Assumptions = g.identify(s, &settings, o)
	s.Assumptions = slices.Concat(s.Assumptions, g.left(), g.assumptions)
	for _, set := range g.sets {
		s.Objects += len(set.Objects) + len(set.Cloud) + len(set.Builds) + len(set.Pipelines)
		if len(set.Objects)+len(set.Cloud) == 0 {
			s.Objects += len(set.Workloads) // of compose files, units, Procfiles; those of clouds are resources
		}
	}
	g.declarations()
	g.clusters()
	g.rollOut()
	g.owned()
	s.own(&g.declared, o.Policy)
	s.Sets, s.Declared, s.Risks = g.sets, &g.declared, g.declared.Risks
	judged := judgedSets(g.sets)
	in := expect.Input{All: slices.Concat(judged, reach(others)), Declared: s.Declared, Service: s.Owned(), Settings: settings, AsOf: o.AsOf}
	if len(s.Declared.Nones) > 0 {
		in.Discovered = discoveries(judged)
	}
	s.Idle = !s.deployed(judged)
	s.judge(judged, in, o)
	s.Problems = sortProblems(g.problems)
	return s
}

// identify fills in who the service is, and returns what was taken for granted
// since nobody said otherwise, or said otherwise than the manifest.
func (g *group) identify(s *Service, settings *expect.Settings, o Options) (says []string) {
	if g.service == nil {
		s.Tier = cmp.Or(s.Tier, 3)
		whose := "with an unknown owner"
		if team, from := g.team(); team != "" {
			s.Owner, whose = team, fmt.Sprintf("that belongs to %s, as %s says", team, from)
		}
		return []string{fmt.Sprintf("no seaworthy.yaml (`seaworthy init` drafts one): one service of tier %d %s", s.Tier, whose)}
	}
	m := g.service
	s.Name, s.Manifest, s.Description = m.Name, m.File, m.Description
	says = m.Said()
	if team, from := g.team(); m.Owner != "" {
		s.Owner = m.Owner
	} else if team != "" {
		s.Owner = team
		says = append(says, fmt.Sprintf("%s names no owner: taken for %s's, as %s says", m.File, team, from))
	}
	switch {
	case o.Tier == 0:
		s.Tier = cmp.Or(m.Tier, 3)
	case m.Tier != 0 && m.Tier != o.Tier:
		says = append(says, fmt.Sprintf("judged as one of tier %d, as --tier says; %s says %d", o.Tier, m.File, m.Tier))
	}
	switch {
	case len(m.Registries) == 0:
	case len(settings.Registries) == 0:
		settings.Registries = m.Registries
	case !slices.Equal(settings.Registries, m.Registries):
		says = append(says, fmt.Sprintf("images are judged by --registries; %s approves %s", m.File, list(m.Registries)))
	}
	switch {
	case m.KubeVersion == fact.Version{}:
	case !o.VersionGiven:
		settings.KubeVersion = m.KubeVersion
	case m.KubeVersion != settings.KubeVersion:
		says = append(says, fmt.Sprintf("judged for Kubernetes %s, as --kube-version says; %s says %s", settings.KubeVersion, m.File, m.KubeVersion))
	}
	return says
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
func (s *Service) judge(sets []*fact.Set, in expect.Input, o Options) {
	s.Verdicts = make([]verdict.Verdict, len(o.Expectations))
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
	s.input = in
	for i, e := range o.Expectations {
		if e.Last {
			verdicts[i] = e.Judge(s.Tier, whole(), in)
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
