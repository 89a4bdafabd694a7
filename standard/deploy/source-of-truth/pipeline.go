package sourceoftruth

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/delivery"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// delivered judges a workload whose folder a pipeline applies, and reports whether
// one does: what reached the default branch was reviewed, what stands on any other
// was not.
func delivered(out *verdict.Findings, in expect.Input, w *fact.Workload) bool {
	d := delivery.First(delivery.Of(in.All), in.Here, w.File)
	if d == nil {
		return false
	}
	deliver(out, w.Ref, d, w.Name)
	return true
}

// deliver judges on which occasions a pipeline applies the folder of something.
func deliver(out *verdict.Findings, ref fact.Ref, d *delivery.Delivery, name string) {
	when, what := d.Step.When, fmt.Sprintf("%s applies the folder of %s (%s)", d.Title(), name, d.Deed.Tool)
	switch {
	case (when.AnyBranch || when.Merge) && when.Unsettled != "":
		out.Unclear(d.Ref(), "which-branch", "%s; whether it does so from branches that nobody has reviewed cannot be told: %s", what, when.Unsettled)
	case when.AnyBranch || when.Merge:
		out.Fail(d.Ref(), "any-branch", "%s from every branch, whether it was reviewed or not", what)
	case when.Push:
		out.Pass(ref, "applied", "%s when something reaches the default branch", what)
	case when.Tag:
		out.Pass(ref, "applied", "%s when something is tagged", what)
	case d.Job.Environment != "":
		out.Unclear(d.Ref(), "by-hand", "%s only when a person starts it; whether environment %s lets them do so from any branch cannot be told", what, d.Job.Environment)
	case when.Manual:
		out.Fail(d.Ref(), "by-hand", "%s only when a person starts it, from whatever branch they choose", what)
	default:
		out.Pass(ref, "applied", "%s on a schedule", what)
	}
}

// loose notes actions of third parties that a branch or a tag names, in jobs that
// deploy or hold credentials: whoever owns them changes what such a job does.
func loose(out *verdict.Findings, here *fact.Set) {
	for _, p := range here.Pipelines {
		for _, j := range p.Jobs {
			var names []string
			var at fact.Location
			for _, u := range j.Uses {
				if u.Pinned || u.Host || u.Version == "" {
					continue
				}
				if at.File == "" {
					at = u.At
				}
				names = append(names, u.Name+"@"+u.Version)
			}
			trusted := len(j.Credentials) > 0
			p.Does(func(k *fact.PipelineJob, _ *fact.PipelineStep, _ *fact.Deed) { trusted = trusted || k == j }, fact.Deploys)
			if len(names) == 0 || !trusted {
				continue
			}
			slices.Sort(names)
			names = slices.Compact(names)
			more := ""
			if n := len(names) - 3; n > 0 {
				names, more = names[:3], fmt.Sprintf(" and %d more", n)
			}
			out.Note(j.Ref.At(at), "unpinned-action", "job %s of %s deploys or holds credentials and runs %s%s, which their owners can change at any time", j.Name, p.Name, strings.Join(names, ", "), more)
		}
	}
}
