package automatedrollback

import (
	"seaworthy.dev/seaworthy/internal/derive/delivery"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// healthOnly judges a workload that a pipeline brings out and takes back when it
// does not get healthy: two of the three signals are missing. It reports whether
// there is such a pipeline, and notes one that does not look at all.
func healthOnly(out *verdict.Findings, in expect.Input, w *fact.Workload) bool {
	for _, d := range delivery.Of(in.All) {
		if !d.Covers(in.Here, w.File) && !d.Names(w) {
			continue
		}
		if d.Back == nil {
			if d.Gate == nil {
				out.Note(d.Ref().Within(w.Name), "ungated-deploy", "%s brings out %s (%s) and does not wait for it to get healthy", d.Title(), w.Name, d.Deed.Tool)
			}
			continue
		}
		for _, signal := range []string{"errors", "latency"} {
			out.Lacks(d.Ref().Within(w.Name+" "+signal), []fact.Kind{fact.Rollouts}, "no-"+signal, "no threshold of %s takes a build of %s back: %s looks at health only (%s)", signal, w.Name, d.Title(), d.Back.Tool)
		}
		return true
	}
	return false
}

// unwatched says of pipelines that deploy what no file here describes that only
// the platform could take a bad build back.
func unwatched(out *verdict.Findings, in expect.Input) {
	if len(in.Here.Pipelines) == 0 {
		return
	}
	for _, set := range in.All {
		if len(set.Workloads) > 0 || len(set.Rollouts) > 0 {
			return
		}
	}
	said := map[*fact.PipelineJob]bool{}
	for _, d := range delivery.Of(in.All) {
		if said[d.Job] || d.Deed.Over == "terraform" {
			continue
		}
		said[d.Job] = true
		if d.Back != nil {
			out.Unclear(d.Ref(), "platform-guards", "%s deploys (%s) and takes a build back that does not get healthy (%s); whether errors and slow answers do so too is decided where it runs, and not here", d.Title(), d.Deed.Tool, d.Back.Tool)
			continue
		}
		out.Unclear(d.Ref(), "platform-guards", "%s deploys (%s) and takes nothing back; whether the platform does cannot be told", d.Title(), d.Deed.Tool)
	}
}
