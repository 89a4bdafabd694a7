package progressiverollout

import (
	"path"

	"seaworthy.dev/seaworthy/internal/derive/release"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// judge holds a rollout against the bar: a first step of at most so many percent
// of traffic, and analysis that decides about each step.
func judge(out *verdict.Findings, here *fact.Set, w *fact.Workload, r *fact.Rollout, largest int) {
	ref := r.Ref.At(r.MannerAt)
	switch {
	case r.SkipsAnalysis:
		out.Fail(ref, "skips-analysis", "%s promotes every build of %s without analysis", release.Title(r), w.Name)
	case r.Unknown != "":
		out.Unclear(ref, "share-unknown", "how %s moves %s to a new build is not known, for %s", release.Title(r), w.Name, r.Unknown)
	case r.Manner == "rolling":
		cloud(out, here, w)
	case r.Manner == "unknown", r.Manner == "canary" && r.FirstShare < 0 && w.Platform.Cloud():
		out.Unclear(ref, "share-unknown", "%s moves traffic of %s to a new build in shares that are not known before it is applied", release.Title(r), w.Name)
	case r.Manner == "blue-green":
		blueGreen(out, w, r)
	case r.Manner == "canary" && (r.Engine == "argo-rollouts" || r.Engine == "guard") && len(r.Steps) == 0:
		out.Fail(ref, "no-steps", "the canary of %s has no steps, so it is a plain rolling update", w.Name)
	case r.Manner == "canary":
		canary(out, here, w, r, largest)
	case r.Manner == "ab-test":
		out.Unclear(ref, "share-unknown", "%s chooses who meets a new build of %s by their requests; which share that is cannot be told", release.Title(r), w.Name)
	case r.Manner == "split":
		out.Fail(ref, "manual-split", "%s splits its traffic by fixed percentages, and no analysis decides when they change", w.Name)
	default:
		out.Fail(ref, "no-steps", "%s says neither canary nor blue-green for %s", release.Title(r), w.Name)
	}
}

func canary(out *verdict.Findings, here *fact.Set, w *fact.Workload, r *fact.Rollout, largest int) {
	sound, first := true, r.Ref.At(r.FirstAt)
	instances := here.Instances(w)
	switch {
	case r.FirstShare > largest:
		sound = false
		out.Fail(first, "first-step-too-big", "a new build of %s meets %d %% of traffic first; at most %d %%", w.Name, r.FirstShare, largest)
	case !r.Routed && instances > 0 && 100 > largest*(instances+1):
		sound = false
		out.Fail(first, "coarse-share", "nothing routes by weight, so %d %% of the %d instances of %s is one instance with %d %% of traffic; at most %d %%",
			r.FirstShare, instances, w.Name, (100+instances-1)/instances, largest)
	}
	switch step, found := r.Ungated(); {
	case found:
		sound = false
		out.Fail(r.Ref.At(step.At), "ungated-step", "at %d %% of traffic no analysis judges the new build of %s before it gets more", step.Share, w.Name)
	case r.Engine == "cloud-deploy":
		sound = false
		out.Unclear(r.Ref.At(r.MannerAt), "hooks-only", "%s verifies each share of %s by what its skaffold.yaml names; whether that looks at answers to users cannot be told", release.Title(r), w.Name)
	case r.Engine == "flagger" && len(r.Checks) == 0 && r.Hooks > 0:
		sound = false
		out.Unclear(r.Ref.At(r.MannerAt), "hooks-only", "%s judges %s by web hooks alone; what they look at cannot be told", release.Title(r), w.Name)
	case r.Engine == "flagger" && len(r.Checks) == 0:
		sound = false
		out.Fail(r.Ref.At(r.MannerAt), "ungated-step", "%s gives a new build of %s more traffic on a schedule and reads no metric", release.Title(r), w.Name)
	}
	if sound && r.Engine == "guard" {
		out.Pass(w.Ref, "guard-steps", "%s gives a new build of %s %d %% of traffic first and holds each share against thresholds; that acts where the guard carries the deploy out, of which files show nothing",
			path.Base(r.File), w.Name, r.FirstShare)
	} else if sound {
		out.Pass(w.Ref, "judged-steps", "%s gives a new build of %s %d %% of traffic first and lets analysis decide about each step", release.Title(r), w.Name, r.FirstShare)
	}
}

// blueGreen demands analysis before the switch, and the old colour after it.
func blueGreen(out *verdict.Findings, w *fact.Workload, r *fact.Rollout) {
	before := len(r.Checks) > 0
	for _, a := range r.Analyses {
		before = before || a.When == "pre-promotion"
	}
	ref := r.Ref.At(r.MannerAt)
	switch {
	case !before && r.Hooks > 0:
		out.Unclear(ref, "hooks-only", "%s judges %s by web hooks alone; what they look at cannot be told", release.Title(r), w.Name)
	case !before && !r.AutoPromote:
		out.Fail(ref, "promotes-unjudged", "a person decides when all traffic of %s switches to a new build; no analysis runs before", w.Name)
	case !before:
		out.Fail(ref, "promotes-unjudged", "all traffic of %s switches to a new build as soon as it is ready; no analysis runs before", w.Name)
	case r.KeepsOld == 0:
		out.Fail(r.Ref.At(r.KeepsOldAt), "old-colour-gone", "the old colour of %s is removed at the switch, so there is no way back", w.Name)
	default:
		out.Pass(w.Ref, "judged-steps", "%s runs analysis before all traffic of %s switches, and keeps the old colour", release.Title(r), w.Name)
	}
}
