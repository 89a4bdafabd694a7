// Package automatedrollback checks that errors, failing health and slow answers
// of a new build each take it back without a person.
package automatedrollback

import (
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/release"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload whose rollout compares errors, latency and health of
// the new build with thresholds and goes back by itself.
func Check(in expect.Input) (out verdict.Findings) {
	release.Each(&out, in.Here, func(w *fact.Workload, r *fact.Rollout) {
		guard(&out, in.Here, w, r, in.Limit("back"))
	}, func(w *fact.Workload) {
		if w.Platform.OnHosts() {
			onHost(&out, w)
			return
		}
		if w.Platform.Cloud() {
			out.Lacks(w.Ref.At(w.Strategy.At), []fact.Kind{fact.Rollouts}, "unguarded", "nothing takes a bad build of %s back: it stays until a person acts", w.Name)
			return
		}
		if !release.Elsewhere(&out, in, w) && !healthOnly(&out, in, w) {
			out.Lacks(w.Ref.At(w.Strategy.At), []fact.Kind{fact.Rollouts}, "no-guard", "nothing takes a bad build of %s back: a %s that fails stays as it is until a person acts", w.Name, w.Kind)
		}
	})
	unwatched(&out, in)
	return out
}

// demanded are the signals that each must have a threshold.
var demanded = [...]string{"errors", "latency", "health"}

// guard judges whether the rollout of a workload takes bad builds back, within
// so many seconds.
func guard(out *verdict.Findings, here *fact.Set, w *fact.Workload, r *fact.Rollout, soonest int) {
	switch {
	case r.Manner == "split":
		out.Fail(r.Ref.At(r.MannerAt), "no-guard", "nothing takes a bad build of %s back: its traffic percentages change by hand only", w.Name)
	case r.Unknown != "":
		out.Unclear(r.Ref.At(r.MannerAt), "signal-unclear", "what takes a build of %s back is not known, for %s", w.Name, r.Unknown)
	case r.Engine == "cloud-deploy" && !r.AbortsOnDeadline && len(r.Checks) < 2:
		out.Lacks(r.Ref.At(r.MannerAt), []fact.Kind{fact.Rollouts}, "no-guard", "nothing takes a bad build of %s back: no automation of %s rolls back what fails", w.Name, release.Title(r))
	case r.SkipsAnalysis:
		out.Fail(r.Ref.At(r.MannerAt), "no-guard", "%s skips its analysis, so only instances of %s that never start are taken back", release.Title(r), w.Name)
	default:
		signals(out, here, w, r, soonest)
	}
}

// signals demands a threshold for each of the three signals. What could not be
// read may hold those that are missing.
func signals(out *verdict.Findings, here *fact.Set, w *fact.Workload, r *fact.Rollout, soonest int) {
	measures, missing := here.MeasuresOf(r)
	found := map[string]string{}
	var open []string
	for _, m := range measures {
		switch {
		case m.Threshold == "":
			out.Note(r.Ref.At(m.At), "no-threshold", "%s measures %s and compares it with nothing", release.Title(r), m.Name)
		case m.Signal == "":
			open = append(open, m.Name)
		case slices.Contains(demanded[:], m.Signal) && found[m.Signal] == "":
			found[m.Signal] = m.Name
		}
	}
	if r.AbortsOnDeadline && found["health"] == "" {
		found["health"] = "progress deadline"
		if r.Deadline > soonest {
			out.Note(r.Ref, "late-deadline", "%s waits %d s for instances of %s to get ready before it goes back; %d s are the bar", release.Title(r), r.Deadline, w.Name, soonest)
		}
	}
	for _, use := range missing {
		if name := use.Kind + " " + use.Name; !slices.Contains(open, name) {
			open = append(open, name)
		}
	}
	if len(found) == 0 && len(open) == 0 {
		out.Lacks(r.Ref.At(r.MannerAt), []fact.Kind{fact.Rollouts}, "no-signals", "%s compares neither errors nor latency nor health of %s with a threshold, so nothing takes a bad build back", release.Title(r), w.Name)
		return
	}
	var lacking []string
	for _, signal := range demanded {
		if found[signal] != "" {
			continue
		}
		lacking = append(lacking, signal)
		if len(open) == 0 {
			out.Lacks(r.Ref.At(r.MannerAt).Within(signal), []fact.Kind{fact.Rollouts}, "no-"+signal, "no threshold of %s takes a build of %s back: %s looks at %s", signal, w.Name, release.Title(r), looks(found))
		}
	}
	switch {
	case len(lacking) == 0 && r.Engine == "guard":
		out.Pass(w.Ref, "guard-thresholds", "%s takes a build of %s back on errors (%s), latency (%s) and health (%s); that acts where the guard carries the deploy out, of which files show nothing",
			path.Base(r.File), w.Name, found["errors"], found["latency"], found["health"])
	case len(lacking) == 0:
		out.Pass(w.Ref, "guarded", "%s takes a build of %s back on errors (%s), latency (%s) and health (%s)", release.Title(r), w.Name, found["errors"], found["latency"], found["health"])
	case len(open) > 0:
		out.Unclear(r.Ref.At(r.MannerAt), "signal-unclear", "nothing that could be read takes a build of %s back on %s; what stands behind %s cannot be told", w.Name, strings.Join(lacking, ", "), strings.Join(open, ", "))
	}
}

func looks(found map[string]string) string {
	var out []string
	for _, signal := range demanded {
		if found[signal] != "" {
			out = append(out, signal)
		}
	}
	return strings.Join(out, " and ") + " only"
}
