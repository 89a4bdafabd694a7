package driftdetection

import (
	"fmt"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/delivery"
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

// watched looks for a job that plans on a schedule and fails on a difference. One of
// another folder says nothing about this one.
func watched(out *verdict.Findings, in expect.Input, s *fact.Stack) {
	ref := s.Ref.Within("watch")
	var silent, open, elsewhere *delivery.Delivery
	for _, d := range delivery.Watches(in.All) {
		switch {
		case d.Deed.Over != "terraform":
		case !d.Covers(in.Here, s.File) && !(d.Anywhere() && alone(in)):
			elsewhere = d
		case d.Deed.Kind == fact.SeeksDrift && d.Step.When.ScheduleOpen != "":
			open = d
		case d.Deed.Kind == fact.SeeksDrift && d.Soft() == "":
			out.Pass(ref, "scheduled-plan", "%s of %s looks for differences on a schedule (%s)", d.Job.Name, d.Pipeline.File, d.Deed.Tool)
			return
		default:
			silent = d
		}
	}
	switch {
	case open != nil:
		out.Unclear(ref, "schedule-open", "%s of %s looks for differences when a schedule starts it; %s", open.Job.Name, open.Pipeline.File, open.Step.When.ScheduleOpen)
	case silent != nil:
		out.Unclear(ref, "silent-plan", "%s of %s plans on a schedule and does not fail on a difference; whether anybody sees it cannot be told", silent.Job.Name, silent.Pipeline.File)
	case elsewhere != nil:
		out.Unclear(ref, "watched-by-whom", "nothing here shows what notices a manual change to %s: %s plans on a schedule (%s), and that it plans this folder cannot be told", s.Name, elsewhere.Title(), elsewhere.Deed.Tool)
	default:
		out.Unclear(ref, "watched-by-whom", "nothing here shows what notices a manual change to %s: no pipeline plans on a schedule", s.Name)
	}
}

// alone reports whether there is one root module only, so that whoever plans one
// plans it.
func alone(in expect.Input) bool {
	folders := map[string]bool{}
	for _, set := range in.All {
		if len(set.Stacks) > 0 {
			folders[set.Bundle] = true
		}
	}
	return len(folders) == 1
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
