package report

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/plan"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// planned returns what a plan for a service is made from. Where only a part of
// the standard was judged, what rests on all of it stays as it is.
func (r *Report) planned(s *assess.Service) plan.Service {
	out := plan.Service{Tier: s.Tier, Verdicts: s.Verdicts, Expectations: r.Expectations}
	if len(s.Verdicts) >= r.Total {
		out.Last = s.Again
	}
	return out
}

// placesOf says where a remedy is applied: the first place, and how many more.
func placesOf(r *plan.Remedy) string {
	if len(r.Places) == 0 {
		return ""
	}
	text := position(r.Places[0])
	if n := len(r.Places) - 1; n > 0 {
		text += " and " + verdict.Count(n, "more place")
	}
	return text
}

// scoreOf says what the score would be: "46", or "up to 46" where it rests on
// answers that are not known.
func scoreOf(s plan.Standing) string {
	if s.AtBest {
		return fmt.Sprintf("up to %d", s.Score)
	}
	return fmt.Sprint(s.Score)
}

// outlook sums a plan up: how many steps of which length, and which of them makes
// the service ready.
func outlook(steps []*plan.Step, now plan.Standing) string {
	if len(steps) == 0 {
		return "Nothing is left to do."
	}
	takes := map[expect.Takes]int{}
	ready := -1
	for i, s := range steps {
		takes[s.Takes]++
		if s.After.Ready && ready < 0 {
			ready = i
		}
	}
	var parts []string
	for _, t := range []expect.Takes{expect.Minutes, expect.Hours, expect.Days} {
		if takes[t] > 0 {
			parts = append(parts, fmt.Sprintf("%d of %s", takes[t], t))
		}
	}
	text := fmt.Sprintf("%s: %s", verdict.Count(len(steps), "step"), strings.Join(parts, ", "))
	switch {
	case now.Ready:
	case ready < 0:
		text += "; they alone do not make it ready"
	case steps[ready].After.AtBest:
		text += fmt.Sprintf("; ready after step %d, if what is not known yet turns out well", ready+1)
	default:
		text += fmt.Sprintf("; ready after step %d", ready+1)
	}
	return text + "."
}

// shared lists the files that several of the steps change, the most frequent
// first: "deploy/web.yaml (steps 1, 4 and 7)".
func shared(steps []*plan.Step) (out []string) {
	const most = 5
	in := map[string][]int{}
	var files []string
	for i, s := range steps {
		for _, f := range s.Files {
			if in[f] == nil {
				files = append(files, f)
			}
			in[f] = append(in[f], i+1)
		}
	}
	slices.SortStableFunc(files, func(a, b string) int { return len(in[b]) - len(in[a]) })
	for _, f := range files {
		if len(in[f]) > 1 && len(out) < most {
			out = append(out, fmt.Sprintf("%s (steps %s)", f, numbers(in[f])))
		}
	}
	return out
}

func numbers(list []int) string {
	var parts []string
	for _, n := range list {
		parts = append(parts, fmt.Sprint(n))
	}
	return strings.Join(parts, ", ")
}

// cut limits a list of steps; no limit keeps them all.
func cut(steps []*plan.Step, limit int) []*plan.Step {
	if limit > 0 && len(steps) > limit {
		return steps[:limit]
	}
	return steps
}
