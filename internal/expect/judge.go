package expect

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Judge runs the expectation's check on every set and applies the laws of
// judging to what it finds.
func (e *Expectation) Judge(tier int, sets []*fact.Set, input Input) verdict.Verdict {
	v := verdict.Verdict{Expectation: e.ID, Severity: e.Severity, Asked: e.Asked(tier), Settle: e.Settle}
	if e.Off != "" {
		v.State, v.Reason, v.Settle = verdict.NotApplicable, e.Off, ""
		return v
	}
	input.Tier, input.thresholds, input.maxAge = tier, e.Thresholds, e.MaxAge
	if e.Check == nil {
		v.Reason = "no source yields evidence on this yet"
		e.disclaim(&v, input)
		if slices.ContainsFunc(v.Findings, func(f *verdict.Finding) bool { return f.Outcome != verdict.Note }) {
			e.concludeAll(&v, nil)
		}
		return v
	}
	var holes []fact.Hole
	for _, set := range sets {
		if set.Rung == fact.Declared && !e.Has(fact.Declared) {
			continue // saying so is no evidence here
		}
		input.Here = set
		for _, f := range e.Check(input).List {
			f.Rung, f.Bundle, f.Variant, f.Source = set.Rung, set.Bundle, set.Variant, set.Source
			f.Claim = e.claimOf(f.Rule)
			if f.Outcome == verdict.Fail && len(f.RestsOn) > 0 {
				if h, missing := set.Coverage.Missing(f.RestsOn...); missing {
					f.Outcome = verdict.Unclear
					f.Message = fmt.Sprintf("could not tell: %s, but %s%s", f.Message, h.Why, place(h.Location))
				}
			}
			v.Findings = append(v.Findings, f)
		}
		if h, missing := set.Coverage.Missing(e.Needs...); missing && !slices.ContainsFunc(holes, func(g fact.Hole) bool { return g.Why == h.Why && g.Location == h.Location }) {
			holes = append(holes, h)
		}
	}
	slices.SortStableFunc(v.Findings, byPlace)
	v.Findings = slices.CompactFunc(v.Findings, alike)
	e.disclaim(&v, input)
	e.waive(v.Findings, input)
	if len(holes) > 0 {
		v.Unread = holes[0].Why
	}
	e.concludeAll(&v, holes)
	return v
}

// concludeAll turns findings into the state, claim by claim where there are
// several.
func (e *Expectation) concludeAll(v *verdict.Verdict, holes []fact.Hole) {
	if len(e.Requires) > 0 {
		e.concludeClaims(v, holes)
	} else {
		e.conclude(v, holes)
	}
}

// concludeClaims judges each claim on its own: the row is what the worst of
// them is, and says which that is. Claims to which nothing applies do not count
// beside others.
func (e *Expectation) concludeClaims(v *verdict.Verdict, holes []fact.Hole) {
	var worst *verdict.Verdict
	for _, c := range e.Requires {
		part := *v
		part.Asked = min(v.Asked, c.UpTo)
		part.Findings = slices.DeleteFunc(slices.Clone(v.Findings), func(f *verdict.Finding) bool { return f.Claim != c.Name })
		e.conclude(&part, holes)
		part.Reason = c.Name + ": " + part.Reason
		if worst == nil || gravity(part.State) > gravity(worst.State) || part.State == worst.State && part.Reached < worst.Reached {
			worst = &part
		}
	}
	v.State, v.Reached, v.Reason, v.Settle, v.At = worst.State, worst.Reached, worst.Reason, worst.Settle, worst.At
}

// gravity orders states by how much they say against being met.
func gravity(s verdict.State) int {
	return slices.Index([]verdict.State{verdict.NotApplicable, verdict.Met, verdict.Waived, verdict.Short, verdict.Unknown, verdict.Gap}, s)
}

// alike reports whether two findings say the same of the same place: one that
// several variants of its bundle share.
func alike(f, g *verdict.Finding) bool {
	return f.Ref == g.Ref && f.Rule == g.Rule && f.Outcome == g.Outcome && f.Rung == g.Rung && f.Message == g.Message && f.Bundle == g.Bundle
}

// conclude turns findings into the state: a failure is a gap whatever else is
// known, unless it is accepted; what could not be told keeps it from being met
// or accepted; only subjects to which it does not apply make it n/a, and only if
// everything was read.
func (e *Expectation) conclude(v *verdict.Verdict, holes []fact.Hole) {
	fails, unclear, passes, skips := pick(v.Findings, verdict.Fail), pick(v.Findings, verdict.Unclear),
		pick(v.Findings, verdict.Pass), pick(v.Findings, verdict.Skip)
	var waived []*verdict.Finding
	fails = slices.DeleteFunc(fails, func(f *verdict.Finding) bool {
		if f.Waiver != nil {
			waived = append(waived, f)
		}
		return f.Waiver != nil
	})
	v.Reached = reached(v.Findings)
	switch {
	case len(fails) > 0:
		e.leadFirst(fails)
		v.State, v.At, v.Reason = verdict.Gap, fails[0].Ref.Location, summary(fails)
		v.Settle = e.closing(fails[0])
	case len(unclear) > 0:
		v.State, v.At, v.Reason = verdict.Unknown, unclear[0].Ref.Location, summary(unclear)
		if r, found := e.Rule(unclear[0].Rule); len(unclear[0].RestsOn) > 0 { // it fails as far as could be read
			v.Settle = mend
		} else if found && r.Close != "" && r.Close != NothingToDo {
			v.Settle = r.Close
		}
		v.Reached = fact.NoRung
	case len(holes) > 0:
		v.State, v.At, v.Reason = verdict.Unknown, holes[0].Location, "could not tell: "+holes[0].Why+more(len(holes)-1)
		v.Settle = mend
		v.Reached = fact.NoRung
	case len(passes) > 0 && v.Reached < v.Asked: // what is accepted does not prove the rest
		v.State = verdict.Short
		v.Reason = fmt.Sprintf("%s, but %s is asked: %s", v.Reached, v.Asked, summary(passes))
		v.Settle = e.next(v.Asked)
	case len(waived) > 0:
		v.State, v.At, v.Reason = verdict.Waived, waived[0].Ref.Location, accepted(waived)
		v.Settle = e.closing(waived[0])
	case len(passes) > 0:
		v.State, v.Reason = verdict.Met, summary(passes)
		v.Settle = ""
	case len(skips) > 0:
		v.State, v.Reason = verdict.NotApplicable, summary(skips)
		v.Settle = ""
	default:
		v.Reason = "nothing was found to judge"
	}
}

// reached returns the lowest of the subjects' highest passing rungs; NoRung
// as soon as one subject fails.
func reached(findings []*verdict.Finding) fact.Rung {
	type subject struct{ name, part, bundle string }
	best := map[subject]fact.Rung{}
	for _, f := range findings {
		key := subject{f.Ref.Subject, f.Ref.Part, f.Bundle}
		switch f.Outcome {
		case verdict.Pass:
			best[key] = max(best[key], f.Rung)
		case verdict.Fail:
			if f.Waiver == nil {
				return fact.NoRung
			}
		}
	}
	lowest := fact.NoRung
	for _, r := range best {
		if lowest == fact.NoRung || r < lowest {
			lowest = r
		}
	}
	return lowest
}

// next says what would lift the expectation to the asked rung.
func (e *Expectation) next(asked fact.Rung) string {
	if asked == fact.Proven && len(e.ProvedBy) > 0 {
		return "run `seaworthy drill " + e.ProvedBy[0] + "`"
	}
	return e.Settle
}

// leadFirst moves the first failure of a rule that leads to the front: who
// reads one line of many should read the worst.
func (e *Expectation) leadFirst(fails []*verdict.Finding) {
	i := slices.IndexFunc(fails, func(f *verdict.Finding) bool {
		r, found := e.Rule(f.Rule)
		return found && r.Leads
	})
	if i > 0 {
		fails[0], fails[i] = fails[i], fails[0]
	}
}

// closing returns the one-line remedy of the finding's rule.
func (e *Expectation) closing(f *verdict.Finding) string {
	if r, found := e.Rule(f.Rule); found && r.Close != "" {
		return r.Close
	}
	return "`seaworthy explain " + e.ID + "` says how to close it"
}

func pick(findings []*verdict.Finding, o verdict.Outcome) []*verdict.Finding {
	var out []*verdict.Finding
	for _, f := range findings {
		if f.Outcome == o {
			out = append(out, f)
		}
	}
	return out
}

// mend settles what could not be read.
const mend = "mend what --problems lists, or add what is missing, and run again"

// summary is the first finding's message, and how many more there are.
func summary(findings []*verdict.Finding) string {
	return findings[0].Message + more(len(findings)-1)
}

func more(n int) string {
	if n < 1 {
		return ""
	}
	return fmt.Sprintf(" (and %d more)", n)
}

// byPlace orders findings by bundle and place, so that runs agree and readers
// find their way. What variants share comes to stand side by side.
func byPlace(a, b *verdict.Finding) int {
	for _, pair := range [...][2]string{{a.Bundle, b.Bundle}, {a.Ref.File, b.Ref.File}} {
		if c := strings.Compare(pair[0], pair[1]); c != 0 {
			return c
		}
	}
	if c := a.Ref.Line - b.Ref.Line; c != 0 {
		return c
	}
	if c := a.Ref.Column - b.Ref.Column; c != 0 {
		return c
	}
	for _, pair := range [...][2]string{
		{a.Ref.Subject, b.Ref.Subject}, {a.Ref.Part, b.Ref.Part}, {a.Rule, b.Rule}, {a.Message, b.Message}, {a.Variant, b.Variant},
	} {
		if c := strings.Compare(pair[0], pair[1]); c != 0 {
			return c
		}
	}
	return int(a.Outcome) - int(b.Outcome)
}

// place renders " (file:line)", or nothing where the file is not known.
func place(at fact.Location) string {
	switch {
	case at.File == "":
		return ""
	case at.Line == 0:
		return " (" + at.File + ")"
	}
	return fmt.Sprintf(" (%s:%d)", at.File, at.Line)
}
