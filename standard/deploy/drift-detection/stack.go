package driftdetection

import (
	"fmt"
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// infrastructure judges infrastructure as code: a plan tells what others have
// changed, and something must look again and again.
func infrastructure(out *verdict.Findings, in expect.Input) {
	for _, s := range in.Here.Stacks {
		if s.Engine == "cloudformation" {
			out.Unclear(s.Ref, "watched-by-whom", "CloudFormation looks for drift only when it is asked to, and nothing here shows what asks it about %s", s.Name)
			continue
		}
		if len(s.Drift) > 0 {
			out.Fail(s.Ref.At(s.Drift[0].Location).Within("drift"), "drifted", "others have changed %s of %s, and nothing put them back: %s", count(len(s.Drift)), s.Name, changes(s.Drift))
		} else if s.Planned {
			out.Note(s.Ref.Within("drift"), "no-drift", "the plan of %s shows nothing that others have changed", s.Name)
		}
		watched(out, in, s)
	}
}

// watched looks for a job that plans on a schedule and fails on a difference.
func watched(out *verdict.Findings, in expect.Input, s *fact.Stack) {
	ref := s.Ref.Within("watch")
	var silent, open *fact.PipelineJob
	why := ""
	for _, set := range in.All {
		for _, p := range set.Pipelines {
			for _, j := range p.Jobs {
				for _, step := range j.Steps {
					for _, d := range step.Deeds {
						switch {
						case d.Over != "terraform" || !step.When.Schedule:
						case d.Kind == fact.SeeksDrift && step.When.ScheduleOpen != "":
							open, why = j, step.When.ScheduleOpen
						case d.Kind == fact.SeeksDrift && d.Soft == "" && step.Soft == "" && j.Soft == "":
							out.Pass(ref, "scheduled-plan", "%s of %s looks for differences on a schedule (%s)", j.Name, p.File, d.Tool)
							return
						case d.Kind == fact.SeeksDrift, d.Kind == fact.Plans:
							silent = j
						}
					}
				}
			}
		}
	}
	if open != nil {
		out.Unclear(ref, "schedule-open", "%s of %s looks for differences when a schedule starts it; %s", open.Name, open.File, why)
		return
	}
	if silent != nil {
		out.Unclear(ref, "silent-plan", "%s of %s plans on a schedule and does not fail on a difference; whether anybody sees it cannot be told", silent.Name, silent.File)
		return
	}
	out.Unclear(ref, "watched-by-whom", "nothing here shows what notices a manual change to %s: no pipeline plans on a schedule", s.Name)
}

func count(n int) string {
	if n == 1 {
		return "1 resource"
	}
	return fmt.Sprintf("%d resources", n)
}

// changes names up to three of them.
func changes(list []fact.Change) string {
	var out []string
	for i, c := range list {
		if i == 3 {
			out = append(out, fmt.Sprintf("%d more", len(list)-i))
			break
		}
		what := strings.Join(c.Fields, ", ")
		if c.Deleted {
			what = "deleted"
		}
		out = append(out, fmt.Sprintf("%s (%s)", c.Subject, what))
	}
	return strings.Join(out, ", ")
}
