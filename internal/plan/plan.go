// Package plan orders what there is to do for a service: what stands in the way
// of readiness first, then what weighs more, then what takes less. It supposes
// each step done and has the verdicts judged anew, so that what a step brings is
// no estimate.
package plan

import (
	"cmp"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Service is what a plan is made for.
type Service struct {
	Tier     int
	Verdicts []verdict.Verdict
	// Expectations by id; a verdict whose expectation is missing gets no step.
	Expectations map[string]*expect.Expectation
	// Last judges a row that sees the verdicts on all others; nil leaves such rows
	// as they are.
	Last func(e *expect.Expectation, others []verdict.Verdict) verdict.Verdict
}

// Kind is what a step does.
type Kind int

// The kinds of steps.
const (
	// Close mends what fails.
	Close Kind = iota
	// Settle answers what could not be told.
	Settle
	// Start makes what is not there, or says where it stands.
	Start
	// Prove lifts what is right to the rung that is asked.
	Prove
)

// String returns the kind's name in reports.
func (k Kind) String() string { return [...]string{"close", "settle", "start", "prove"}[k] }

// Step is one thing to do.
type Step struct {
	Kind Kind
	// Row is the expectation for whose sake the step is done, Also lists others
	// that it lifts as well.
	Row  *verdict.Verdict
	Also []*verdict.Verdict
	// Remedies are what is to be done, one after the other.
	Remedies []Remedy
	Effort   expect.Effort
	Takes    expect.Takes
	// Places counts the places to be changed, Files lists where they stand, sorted.
	Places int
	Files  []string
	// Becomes is the row's verdict with the step done, After what holds for the
	// service with this step and all before it.
	Becomes verdict.State
	After   Standing

	index int // of the row
}

// Standing is how a service stands.
type Standing struct {
	Score, Blockers int
	Ready           bool
	// AtBest is true where it holds only if what was not known turns out well.
	AtBest bool
}

// Of returns the steps for a service in their order and how the service stands
// now.
func Of(s Service) (steps []*Step, now Standing) {
	w := newWork(s)
	now = w.standing()
	for step := w.next(); step != nil; step = w.next() {
		w.do(step)
		steps = append(steps, step)
	}
	return steps, now
}

// First returns the first n steps of a plan: it does not look further.
func First(s Service, n int) (steps []*Step) {
	w := newWork(s)
	for len(steps) < n {
		step := w.next()
		if step == nil {
			break
		}
		w.do(step)
		steps = append(steps, step)
	}
	return steps
}

// compare orders two steps: what keeps the service from being ready comes first,
// then what weighs more, takes less, is known to be wrong, lifts more rows, and
// touches fewer places. The standard's order decides the rest.
func (w *work) compare(a, b *Step) int {
	return cmp.Or(
		-cmp.Compare(weight(a.Bars(w.Tier)), weight(b.Bars(w.Tier))),
		cmp.Compare(b.Row.Severity, a.Row.Severity),
		cmp.Compare(a.Takes, b.Takes),
		cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(len(b.Also), len(a.Also)),
		cmp.Compare(len(a.Remedies), len(b.Remedies)),
		cmp.Compare(a.Places, b.Places),
		cmp.Compare(a.Effort, b.Effort),
	)
}

// Bars reports whether the step is about a row that keeps a service of the tier
// from being ready.
func (s *Step) Bars(tier int) bool {
	return s.Row.Severity == verdict.Blocker && (s.Row.Open() || tier == 1 && s.Row.State == verdict.Short)
}

func weight(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
