// Package loadtest checks that a load test has shown room above the expected peak.
package loadtest

import (
	"fmt"
	"path"
	"strconv"
	"time"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check compares the results of load tests with the expected peak. The newest that
// tells anything decides: it saw most of what the service is now.
func Check(in expect.Input) (out verdict.Findings) {
	if !in.First(func(s *fact.Set) bool { return s.Rung != fact.Declared }) {
		return out
	}
	var performance *fact.Performance
	if in.Declared != nil {
		performance = in.Declared.Performance
	}
	var decided *judged
	var open []judged
	for _, set := range in.All {
		for _, run := range set.LoadRuns {
			j := judge(in, performance, run)
			switch {
			case j.outcome == verdict.Unclear:
				open = append(open, j)
			case decided == nil || run.Ran.After(decided.run.Ran):
				decided = &j
			}
		}
	}
	switch {
	case decided != nil && decided.outcome == verdict.Fail:
		out.Fail(decided.run.Ref, decided.rule, "%s", decided.says)
	case decided != nil:
		out.Pass(decided.run.Ref, decided.rule, "%s", decided.says)
		if n := decided.run; n.Closed {
			out.Note(n.Ref, "closed-loop", "%s waits for each answer before it asks again: where the service stalls, its figures are too good", n.Tool)
		}
	}
	for _, j := range open {
		if decided == nil {
			out.Unclear(j.run.Ref, j.rule, "%s", j.says)
		} else {
			out.Note(j.run.Ref, j.rule, "%s", j.says)
		}
	}
	return out
}

// judged is what one result shows.
type judged struct {
	run        *fact.LoadRun
	outcome    verdict.Outcome
	rule, says string
}

func judge(in expect.Input, p *fact.Performance, run *fact.LoadRun) judged {
	name := fmt.Sprintf("%s's result in %s", run.Tool, path.Base(run.File))
	unclear := func(rule, format string, args ...any) judged {
		return judged{run, verdict.Unclear, rule, name + " " + fmt.Sprintf(format, args...)}
	}
	switch days := in.Limit("result-days"); {
	case run.Dropped > 0:
		return unclear("late", "is inconclusive: %d requests were never sent, for %s itself was too slow", run.Dropped, run.Tool)
	case run.Ran.IsZero():
		return unclear("undated", "does not say when it ran, and nothing else does")
	case run.Ran.After(in.AsOf.Add(24 * time.Hour)):
		return unclear("future", "is dated %s, which is yet to come", expect.Day(run.Ran))
	case run.Ran.AddDate(0, 0, days).Before(in.AsOf):
		return unclear("old", "is of %s; what is older than %d days says little of what runs now", expect.Day(run.Ran), days)
	case p == nil || p.Peak <= 0:
		return unclear("no-peak", "reached %s requests a second; nobody says which peak is expected (`performance.peak`)", amount(run.Rate))
	case run.Rate <= 0 || run.Requests == 0:
		return unclear("no-rate", "does not say how many requests a second it reached")
	}
	needed := p.Peak * float64(in.Limit("headroom")) / 100
	reached := fmt.Sprintf("%s requests a second (%s, on %s)", amount(run.Rate), run.Tool, expect.Day(run.Ran))
	if says := breaks(p, run); says != "" {
		if run.Rate <= needed {
			return judged{run, verdict.Fail, "breaks", fmt.Sprintf("at %s %s; %s a second are needed", reached, says, amount(needed))}
		}
		return unclear("beyond", "went beyond what is needed, to %s a second, where %s; what holds at %s is not shown", amount(run.Rate), says, amount(needed))
	}
	if run.Rate < needed {
		return unclear("too-low", "shows %s a second; 1.3 times the peak of %s is %s", amount(run.Rate), amount(p.Peak), amount(needed))
	}
	unproven := latencies(p, run)
	if unproven != "" {
		return unclear("no-latency", "does not tell %s", unproven)
	}
	return judged{run, verdict.Pass, "holds", fmt.Sprintf("%s were answered%s; %s are needed", reached, slowest(run), amount(needed))}
}

// breaks returns which criterion a result does not keep; empty where it keeps all
// that it tells about.
func breaks(p *fact.Performance, run *fact.LoadRun) string {
	share := 100 * float64(run.Failed) / float64(run.Requests)
	allowed, stated := 1.0, false // of a hundred, where nobody says
	for _, c := range p.Criteria {
		if c.Errors > 0 && (!stated || c.Errors < allowed) {
			allowed, stated = c.Errors, true
		}
	}
	if share > allowed {
		return fmt.Sprintf("%.2f %% of the requests failed, more than %g %%", share, allowed)
	}
	for _, c := range p.Criteria {
		if at, known := exact(run.Latencies, c.Percentile); known && c.Limit > 0 && at > c.Limit {
			return fmt.Sprintf("p%g was %s, longer than %s", c.Percentile, at.Round(time.Millisecond/10), c.Limit)
		}
	}
	return ""
}

// exact returns the latency at a percentile, or at the next lower one that is known,
// where that alone breaks a limit.
func exact(list []fact.LatencyAt, percentile float64) (at time.Duration, known bool) {
	for _, l := range list {
		if l.Percentile <= percentile+1e-9 {
			at, known = l.Within, true
		}
	}
	return at, known
}

// latencies returns which criterion a result tells nothing about.
func latencies(p *fact.Performance, run *fact.LoadRun) string {
	for _, c := range p.Criteria {
		if l, known := fact.At(run.Latencies, c.Percentile); !known || c.Limit > 0 && l.Within > c.Limit {
			return fmt.Sprintf("whether p%g stays within %s", c.Percentile, c.Limit)
		}
	}
	return ""
}

func slowest(run *fact.LoadRun) string {
	if l, known := fact.At(run.Latencies, 99); known {
		return fmt.Sprintf(", p%g within %s", l.Percentile, l.Within.Round(time.Millisecond/100))
	}
	return ""
}

func amount(n float64) string { return strconv.FormatFloat(n, 'f', min(1, decimals(n)), 64) }

func decimals(n float64) int {
	if n >= 100 || n == float64(int64(n)) {
		return 0
	}
	return 1
}
