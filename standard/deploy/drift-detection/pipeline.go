package driftdetection

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/delivery"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// scheduled judges jobs that compare what is declared with what is live on a
// schedule: a difference must fail the job, or somebody must hear of it otherwise.
// Those for stacks of Terraform that are here are judged there.
func scheduled(out *verdict.Findings, in expect.Input) {
	said := map[*fact.PipelineJob]bool{}
	stacks := slices.ContainsFunc(in.All, func(s *fact.Set) bool { return len(s.Stacks) > 0 })
	list := slices.DeleteFunc(delivery.Watches([]*fact.Set{in.Here}), func(d *delivery.Delivery) bool { return stacks && d.Deed.Over == "terraform" })
	for _, d := range list {
		if d.Deed.Kind != fact.SeeksDrift {
			continue
		}
		said[d.Job] = true
		if why := d.Step.When.ScheduleOpen; why != "" {
			out.Unclear(d.Ref(), "schedule-open", "%s compares when a schedule starts it (%s); %s", d.Title(), d.Deed.Tool, why)
			continue
		}
		if why := d.Soft(); why != "" {
			out.Unclear(d.Ref(), "who-is-told", "%s compares on a schedule (%s), and a difference does not fail the job (%s); whether somebody is told otherwise cannot be told", d.Title(), d.Deed.Tool, why)
			continue
		}
		out.Pass(d.Ref(), "compared", "%s compares on a schedule what is declared with what is live (%s) and fails on a difference", d.Title(), d.Deed.Tool)
	}
	for _, d := range list {
		if d.Deed.Kind == fact.Plans && !said[d.Job] {
			said[d.Job] = true
			out.Unclear(d.Ref(), "who-is-told", "%s makes a plan on a schedule (%s), which ends well whatever it finds; whether somebody reads it cannot be told", d.Title(), d.Deed.Tool)
		}
	}
}

// compared reports whether a scheduled job compares the workload's folder with
// what is live.
func compared(in expect.Input, w *fact.Workload) bool {
	for _, d := range delivery.Watches(in.All) {
		if d.Deed.Kind == fact.SeeksDrift && d.Soft() == "" && d.Step.When.ScheduleOpen == "" && strings.Contains("manifests charts", d.Deed.Over) && d.Covers(in.Here, w.File) {
			return true
		}
	}
	return false
}
