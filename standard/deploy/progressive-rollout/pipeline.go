package progressiverollout

import (
	"seaworthy.dev/seaworthy/internal/derive/delivery"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// shared returns the delivery that brings the workload's folder to a part of its
// instances first, or nil.
func shared(in expect.Input, w *fact.Workload) *delivery.Delivery {
	for _, d := range delivery.Of(in.All) {
		if d.Deed.Share != "" && (d.Covers(in.Here, w.File) || d.Names(w)) {
			return d
		}
	}
	return nil
}

// unseen says of pipelines that deploy what no file here describes that how its
// traffic moves cannot be told.
func unseen(out *verdict.Findings, in expect.Input) {
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
		if !said[d.Job] && d.Deed.Over != "terraform" {
			said[d.Job] = true
			out.Unclear(d.Ref(), "platform-shifts", "%s deploys (%s); whether a new build gets a small share of traffic first cannot be told", d.Title(), d.Deed.Tool)
		}
	}
}
