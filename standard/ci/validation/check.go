// Package validation checks that lint, schema checks and policy run before a
// merge and are able to stop it.
package validation

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// demand is one of the three kinds of checks, and what it looks at.
type demand struct {
	kind fact.DeedKind
	// over lists what counts; empty for anything.
	over []string
	rule string
	// lacks says what is wrong where there is none.
	lacks string
}

// Check judges the pipelines of the repository as one: it passes each of the
// demands that a step meets before a merge with the power to stop it.
func Check(in expect.Input) (out verdict.Findings) {
	if len(in.Here.Pipelines) == 0 {
		for _, h := range in.Here.Coverage.Holes {
			if slices.Equal(h.Kinds, []fact.Kind{fact.Pipelines}) {
				out.Unclear(fact.Ref{Location: h.Location}, "unread", "%s, and no other pipeline was found", h.Why)
				break
			}
		}
		return out
	}
	before := slices.ContainsFunc(in.Here.Pipelines, func(p *fact.Pipeline) bool {
		return slices.ContainsFunc(p.Jobs, func(j *fact.PipelineJob) bool { return j.When.BeforeMerge() })
	})
	first := in.Here.Pipelines[0].Ref
	if !before {
		out.Lacks(first, []fact.Kind{fact.Pipelines}, "nothing-before-merge", "no pipeline runs before a merge: %s", whenAll(in.Here.Pipelines))
		return out
	}
	var stopping []*fact.PipelineJob
	for _, d := range demands(in) {
		if j := judge(&out, in.Here, d); j != nil {
			stopping = append(stopping, j)
		}
	}
	if len(stopping) > 0 {
		required(&out, in.Here, stopping)
	}
	return out
}

// demands lists what is asked for: schema checks and policy only where there are
// files that they can look at.
func demands(in expect.Input) []demand {
	out := []demand{{kind: fact.Lints, rule: "lint", lacks: "no step before a merge lints"}}
	var kubernetes, terraform bool
	for _, set := range in.All {
		kubernetes = kubernetes || len(set.Objects) > 0
		terraform = terraform || set.Source == "terraform"
	}
	if kubernetes {
		out = append(out, demand{kind: fact.ChecksSchema, over: []string{"manifests", "charts"}, rule: "schema", lacks: "no step before a merge checks manifests and charts against the schemas of Kubernetes"})
	}
	if terraform {
		out = append(out, demand{kind: fact.ChecksSchema, over: []string{"terraform"}, rule: "schema", lacks: "no step before a merge runs `terraform validate`"})
	}
	if kubernetes || terraform {
		out = append(out, demand{kind: fact.JudgesPolicy, rule: "policy", lacks: "no step before a merge judges manifests or Terraform by a policy"})
	}
	return out
}

// judge says whether one demand is met, and returns the job that meets it.
func judge(out *verdict.Findings, here *fact.Set, d demand) *fact.PipelineJob {
	var soft, late string
	var softRef, lateRef fact.Ref
	var stops *fact.PipelineJob
	for _, p := range here.Pipelines {
		p.Does(func(j *fact.PipelineJob, s *fact.PipelineStep, deed *fact.Deed) {
			why := fact.Softened(j, s, deed)
			switch {
			case len(d.over) > 0 && !slices.Contains(d.over, deed.Over), stops != nil, s.OnFailure:
			case !s.When.BeforeMerge():
				if late == "" {
					late, lateRef = fmt.Sprintf("%s runs in job %s of %s, but %s", deed.Tool, j.Name, p.Name, after(s.When)), s.Ref.At(deed.At)
				}
			case why != "":
				if soft == "" {
					soft, softRef = fmt.Sprintf("%s in job %s of %s cannot stop a merge: %s", titled(deed), j.Name, p.Name, why), s.Ref.At(deed.At)
				}
			default:
				stops = j
				out.Pass(s.Ref.At(deed.At).Within(d.rule), d.rule, "%s in job %s of %s runs before a merge and fails its job", titled(deed), j.Name, p.Name)
			}
		}, d.kind)
	}
	if stops != nil {
		return stops
	}
	ref := merging(here.Pipelines).Within(strings.Join(append([]string{d.rule}, d.over...), " "))
	switch unread := opaque(here.Pipelines, d.kind == fact.Lints); {
	case soft != "":
		out.Fail(softRef, "cannot-fail", "%s", soft)
	case unread != nil:
		out.Unclear(ref, "not-followed", "%s as far as could be read; what `%s` does cannot be told, because %s", d.lacks, unread.What, unread.Why)
	case late != "":
		out.Lacks(lateRef, []fact.Kind{fact.Pipelines}, "after-merge", "%s", late)
	default:
		out.Lacks(ref, []fact.Kind{fact.Pipelines}, "no-"+d.rule, "%s (%s)", d.lacks, names(here.Pipelines))
	}
	return nil
}

func titled(d *fact.Deed) string {
	if d.Via != "" {
		return d.Tool + " (by `" + d.Via + "`)"
	}
	return d.Tool
}

// opaque returns something that runs before a merge and could not be read: it may
// be what is missing. Targets of build tools may lint, but know no manifests.
func opaque(list []*fact.Pipeline, builders bool) *fact.Opaque {
	for _, p := range list {
		for _, j := range p.Jobs {
			for _, s := range j.Steps {
				for i := range s.Opaque {
					if o := &s.Opaque[i]; s.When.BeforeMerge() && (builders || !o.Builder) {
						return o
					}
				}
			}
		}
	}
	return nil
}

// merging returns the place of the first job that runs before a merge.
func merging(list []*fact.Pipeline) fact.Ref {
	for _, p := range list {
		for _, j := range p.Jobs {
			if j.When.BeforeMerge() {
				return p.Ref
			}
		}
	}
	return list[0].Ref
}

// names lists the pipelines that run before a merge.
func names(list []*fact.Pipeline) string {
	var out []string
	for _, p := range list {
		if slices.ContainsFunc(p.Jobs, func(j *fact.PipelineJob) bool { return j.When.BeforeMerge() }) {
			out = append(out, p.Name)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if more := len(out) - 4; more > 0 {
		return fmt.Sprintf("looked at %s and %d more", strings.Join(out[:4], ", "), more)
	}
	return "looked at " + strings.Join(out, ", ")
}

func whenAll(list []*fact.Pipeline) string {
	p := list[0]
	text := p.Name + " runs " + occasions(p.When)
	if more := len(list) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

func after(o fact.Occasions) string {
	if o.Push {
		return "only on what was merged"
	}
	return "only " + occasions(o)
}

func occasions(o fact.Occasions) string {
	var out []string
	for _, one := range []struct {
		is   bool
		says string
	}{{o.Push, "on what was merged"}, {o.Tag, "on tags and releases"}, {o.Schedule, "on a schedule"}, {o.Manual, "when a person asks"}, {o.Called, "when something calls it"}} {
		if one.is {
			out = append(out, one.says)
		}
	}
	if len(out) == 0 {
		return "at no time that is known"
	}
	return strings.Join(out, ", ")
}
