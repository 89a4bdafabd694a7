package plan

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// work is a plan while it is made.
type work struct {
	Service
	// now are the verdicts as they would be after the steps so far.
	now      []verdict.Verdict
	remedies map[string]*Remedy
	// needs lists for each verdict the remedies that it asks for, by key.
	needs [][]string
	// done are the remedies that are supposed to be applied, proven the verdicts
	// that are supposed to be lifted to their rung, tried those for which a step was
	// made.
	done          map[string]bool
	proven, tried []bool
	atBest        bool
}

func newWork(s Service) *work {
	w := &work{
		Service: s, now: slices.Clone(s.Verdicts), done: map[string]bool{},
		proven: make([]bool, len(s.Verdicts)), tried: make([]bool, len(s.Verdicts)),
	}
	w.remedies, w.needs = remedies(s)
	return w
}

func (w *work) standing() Standing {
	out := Standing{Score: verdict.Score(w.now), Ready: verdict.Ready(w.Tier, w.now), AtBest: w.atBest}
	for i := range w.now {
		if v := &w.now[i]; v.Severity == verdict.Blocker && v.Open() {
			out.Blockers++
		}
	}
	return out
}

// next returns the step that comes first by now; nil where nothing is left.
func (w *work) next() *Step {
	var best *Step
	for i := range w.now {
		if step := w.step(i); step != nil && (best == nil || w.compare(step, best) < 0) {
			best = step
		}
	}
	return best
}

// step returns what is to be done for a verdict by now; nil for nothing.
func (w *work) step(i int) *Step {
	v := w.now[i]
	e := w.Expectations[v.Expectation]
	switch {
	case e == nil:
		return nil
	case v.State == verdict.Short && !w.proven[i]:
		r := Remedy{Says: v.Settle, Effort: expect.Answer, Takes: expect.Minutes, asks: true}
		if r.Says == "" {
			r.Says = explain(e)
		}
		if v.Asked == fact.Proven {
			r.Effort, r.Takes = expect.Drill, expect.Drill.Takes()
		}
		return &Step{Kind: Prove, Row: &v, Remedies: []Remedy{r}, Effort: r.Effort, Takes: r.Takes, index: i}
	case !v.Open() || w.tried[i]:
		return nil
	}
	step := &Step{Kind: Settle, Row: &v, index: i}
	if v.State == verdict.Gap {
		step.Kind = Close
	}
	for _, key := range w.needs[i] {
		if w.done[key] {
			continue
		}
		r := w.remedies[key]
		if r.starts && v.State == verdict.Unknown {
			step.Kind = Start
		}
		step.Remedies = append(step.Remedies, *r)
		step.Takes, step.Effort = max(step.Takes, r.Takes), heavier(step.Effort, r.Effort)
		step.Places += len(r.Places)
	}
	if len(step.Remedies) == 0 {
		return nil
	}
	if step.Takes == expect.Minutes && step.Places > many {
		step.Takes = expect.Hours
	}
	for j := range w.now {
		if j != i && w.now[j].Open() && len(w.needs[j]) > 0 && !slices.ContainsFunc(w.needs[j], func(key string) bool {
			return !w.done[key] && !slices.Contains(w.needs[i], key)
		}) {
			step.Also = append(step.Also, &w.now[j])
		}
	}
	return step
}

// do supposes that a step is done, and fills in what it brings.
func (w *work) do(step *Step) {
	before := slices.Clone(w.now)
	if step.Kind == Prove {
		w.proven[step.index] = true
	} else {
		w.tried[step.index] = true
	}
	for _, r := range step.Remedies {
		w.atBest = w.atBest || r.asks
		if step.Kind != Prove {
			w.done[r.Says] = true
		}
		for _, at := range r.Places {
			if !slices.Contains(step.Files, at.File) {
				step.Files = append(step.Files, at.File)
			}
		}
	}
	slices.Sort(step.Files)
	for i := range w.now {
		if i == step.index || slices.ContainsFunc(step.Remedies, func(r Remedy) bool { return slices.Contains(w.needs[i], r.Says) }) {
			w.now[i] = w.suppose(w.Verdicts[i], i)
		}
	}
	w.last()
	step.Becomes, step.Also, step.After = w.now[step.index].State, nil, w.standing()
	for i := range w.now {
		if i != step.index && better(w.now[i].State, before[i].State) {
			step.Also = append(step.Also, &before[i])
		}
	}
}

// better reports whether a state says more for the row than another.
func better(a, b verdict.State) bool {
	order := []verdict.State{verdict.Gap, verdict.Unknown, verdict.Short, verdict.Waived, verdict.NotApplicable, verdict.Met}
	return slices.Index(order, a) > slices.Index(order, b)
}

// last has the rows judged again that see the verdicts on all others.
func (w *work) last() {
	if w.Last == nil {
		return
	}
	var others []verdict.Verdict
	for i := range w.now {
		if e := w.Expectations[w.now[i].Expectation]; e == nil || !e.Last {
			others = append(others, w.now[i])
		}
	}
	for i := range w.now {
		if e := w.Expectations[w.now[i].Expectation]; e != nil && e.Last && w.now[i].Open() {
			w.now[i] = w.suppose(w.Last(e, others), i)
		}
	}
}

// suppose judges a verdict anew with all that is supposed to be done by now.
func (w *work) suppose(v verdict.Verdict, i int) verdict.Verdict {
	e := w.Expectations[v.Expectation]
	if e == nil {
		return v
	}
	var findings []*verdict.Finding
	for _, f := range v.Findings {
		if open(f) && w.done[remedyOf(e, f).Says] {
			f = passing(f, f.Rung)
		}
		if w.proven[i] && f.Outcome == verdict.Pass {
			f = passing(f, v.Asked)
		}
		findings = append(findings, f)
	}
	left := slices.ContainsFunc(w.needs[i], func(key string) bool { return !w.done[key] })
	if v.Open() && !left {
		findings = append(findings, w.started(e, &v, i)...)
	}
	return e.Suppose(v, findings, w.done[mend])
}

// started returns findings as if what is not there had been made: a pass for
// each claim of which nothing was found.
func (w *work) started(e *expect.Expectation, v *verdict.Verdict, i int) (out []*verdict.Finding) {
	rung := e.Rungs[0].Rung
	if e.Has(fact.Configured) {
		rung = fact.Configured
	}
	if w.proven[i] {
		rung = v.Asked
	}
	for _, c := range lacking(e, v) {
		out = append(out, &verdict.Finding{Outcome: verdict.Pass, Claim: c.Name, Rung: rung, Message: "supposed"})
	}
	return out
}

// passing returns the finding as it would be if it passed on a rung.
func passing(f *verdict.Finding, on fact.Rung) *verdict.Finding {
	out := *f
	out.Outcome, out.Rung, out.RestsOn = verdict.Pass, max(f.Rung, on), nil
	return &out
}
