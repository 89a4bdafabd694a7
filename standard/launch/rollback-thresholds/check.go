// Package rollbackthresholds checks that the numbers at which a release goes back are
// written where the pipeline reads them, and that the process around them is told.
package rollbackthresholds

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/derive/promql"
	"seaworthy.dev/seaworthy/internal/derive/release"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload whose rollout compares errors, latency and health with
// numbers that parse and that nobody states differently elsewhere.
func Check(in expect.Input) (out verdict.Findings) {
	release.Each(&out, in.Here, func(w *fact.Workload, r *fact.Rollout) {
		judge(&out, in, w, r)
	}, func(w *fact.Workload) {
		if declared := in.Declared; declared != nil && declared.Rollout != nil && len(declared.Rollout.Checks) > 0 {
			judge(&out, in, w, declared.Rollout)
			return
		}
		if !release.Elsewhere(&out, in, w) {
			out.Lacks(w.Ref.At(w.Strategy.At), []fact.Kind{fact.Rollouts}, "no-thresholds", "no number at which a build of %s goes back stands where a pipeline reads it: a %s replaces its instances whatever they answer", w.Name, w.Kind)
		}
	})
	told(&out, in)
	return out
}

// demanded are the signals that each must have a threshold.
var demanded = []string{"errors", "latency", "health"}

// judge holds the thresholds of one rollout to the row.
func judge(out *verdict.Findings, in expect.Input, w *fact.Workload, r *fact.Rollout) {
	measures, missing := in.Here.MeasuresOf(r)
	by := map[string]fact.Measure{}
	broken := false
	open := len(missing) > 0 || r.Unknown != ""
	for _, m := range measures {
		ref := r.Ref.Within("threshold " + m.Name).At(m.At)
		switch problem, sure := query(m); {
		case m.Threshold == "":
			continue
		case problem != "" && sure:
			broken = true
			out.Fail(ref, "query-broken", "the query of %s does not parse: %s", m.Name, problem)
		case problem != "":
			open = true
			out.Unclear(ref, "query-unclear", "whether the query of %s parses depends on its arguments: %s", m.Name, problem)
		case r.Engine == "guard" && m.For < 0:
			broken = true
			out.Fail(ref, "no-duration", "%s (%s) has no duration, so a single bad sample takes a good build back", m.Name, m.Threshold)
		}
		if m.Signal == "" {
			open = true
		} else if _, found := by[m.Signal]; !found {
			by[m.Signal] = m
		}
	}
	if r.AbortsOnDeadline {
		if _, found := by["health"]; !found {
			by["health"] = fact.Measure{Name: "progress deadline", Threshold: fmt.Sprintf("%d s", r.Deadline)}
		}
	}
	differs := contradicts(out, in, r, by)
	var lacks, states []string
	for _, signal := range demanded {
		if m, found := by[signal]; found {
			states = append(states, fmt.Sprintf("%s (%s: %s)", signal, m.Name, m.Threshold))
		} else {
			lacks = append(lacks, signal)
		}
	}
	switch {
	case len(lacks) > 0 && open:
		out.Unclear(r.Ref.At(r.MannerAt), "signal-unclear", "at which %s a build of %s goes back cannot be told from what could be read of %s", strings.Join(lacks, ", "), w.Name, release.Title(r))
	case len(lacks) > 0:
		out.Lacks(r.Ref.At(r.MannerAt), []fact.Kind{fact.Rollouts}, "lacks-signal", "%s states no number of %s at which a build of %s goes back", release.Title(r), strings.Join(lacks, " and "), w.Name)
	case !broken && !differs && !open:
		out.Pass(r.Ref.At(r.MannerAt), "stated", "a build of %s goes back on %s", w.Name, strings.Join(states, ", "))
	case !broken && !differs:
		out.Unclear(r.Ref.At(r.MannerAt), "signal-unclear", "not all that %s looks at could be read", release.Title(r))
	}
}

// templated are arguments that are filled in when the analysis runs.
var templated = regexp.MustCompile(`\{\{[^}]*\}\}`)

// query returns what is wrong with the query of a measure; sure is false where it
// depends on what is filled in.
func query(m fact.Measure) (problem string, sure bool) {
	if m.Query == "" {
		return "", true
	}
	_, err := promql.Parse(m.Query)
	if err == nil {
		return "", true
	}
	if !templated.MatchString(m.Query) {
		return err.Error(), true
	}
	for _, instead := range []string{"x", "5m", "1", ""} {
		if _, again := promql.Parse(templated.ReplaceAllString(m.Query, instead)); again == nil {
			return "", true
		}
	}
	return err.Error(), false
}

// number is a number within a condition.
var number = regexp.MustCompile(`(?:[<>]=?|at most|at least|threshold)\s*([0-9]+(?:\.[0-9]+)?)`)

// bound returns the only number of a condition.
func bound(threshold string) (float64, bool) {
	all := number.FindAllStringSubmatch(threshold, -1)
	if len(all) == 0 {
		return 0, false
	}
	f, err := strconv.ParseFloat(all[len(all)-1][1], 64)
	return f, err == nil
}

// contradicts reports whether the manifest states another number than the rollout
// that acts. Shares and percents of one number are the same, and so are the good and
// the bad share of one.
func contradicts(out *verdict.Findings, in expect.Input, r *fact.Rollout, by map[string]fact.Measure) (differs bool) {
	if in.Declared == nil || in.Declared.Rollout == nil || in.Declared.Rollout == r || r.Engine == "guard" {
		return false
	}
	for _, m := range in.Declared.Rollout.Checks {
		acts, found := by[m.Signal]
		a, ok := bound(m.Threshold)
		b, ok2 := bound(acts.Threshold)
		if !found || !ok || !ok2 {
			continue
		}
		same := slices.ContainsFunc([]float64{b, b / 100, b * 100, 1 - b, 1 - b/100, 100 - b, b / 1000, b * 1000}, func(x float64) bool { return math.Abs(x-a) <= 1e-9*math.Max(1, math.Abs(a)) })
		if !same {
			differs = true
			out.Fail(in.Declared.Rollout.Ref.Within("threshold "+m.Name).At(m.At), "differs", "the manifest takes a build back at %s (%s), and %s acts at %s (%s)", m.Threshold, m.Name, release.Title(r), acts.Threshold, acts.Name)
		}
	}
	return differs
}

// told looks once for a page that tells the process.
func told(out *verdict.Findings, in expect.Input) {
	if len(out.List) == 0 || !in.First(func(s *fact.Set) bool { return len(s.Workloads) > 0 }) || !slices.ContainsFunc(out.List, func(f *verdict.Finding) bool { return f.Rule == "stated" }) {
		return
	}
	library := page.LibraryOf(in.All)
	for _, d := range library.Own {
		if page.Rollback(d) {
			out.Pass(d.Ref, "process", "%s tells what happens when a release goes back", d.Path)
			return
		}
	}
	out.Unclear(out.List[0].Ref.Within("process"), "process-untold", "no page here tells what happens when a release goes back: to which build, what becomes of the schema, who is told")
}
