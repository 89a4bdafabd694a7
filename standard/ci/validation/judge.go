package validation

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// title tells one demand from the others.
func (d demand) title() string {
	if d.rule == "schema" {
		return d.rule + " " + strings.Join(d.over, " ")
	}
	return d.rule
}

// judge says whether one demand is met, and returns the job that meets it.
func judge(out *verdict.Findings, here *fact.Set, d demand) *fact.PipelineJob {
	var soft, late, open string
	var softRef, lateRef, openRef fact.Ref
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
			case s.When.Unsettled != "":
				if open == "" {
					open, openRef = fmt.Sprintf("%s in job %s of %s can fail its job; whether it runs before a merge cannot be told: %s", titled(deed), j.Name, p.Name, s.When.Unsettled), s.Ref.At(deed.At)
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
	ref := merging(here.Pipelines).Within(d.title())
	switch unread := opaque(here.Pipelines, d.kind == fact.Lints); {
	case open != "":
		out.Unclear(openRef.Within(d.rule), "runs-when", "%s", open)
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

// codeUnlinted notes linters that look at charts or manifests alone where code is
// built too: they are lint, and not of the code.
func codeUnlinted(out *verdict.Findings, here *fact.Set) {
	if !slices.ContainsFunc(here.Units, func(u *fact.Unit) bool { return u.Module }) || opaque(here.Pipelines, true) != nil {
		return
	}
	var tools []string
	var at fact.Ref
	for _, p := range here.Pipelines {
		code := false
		p.Does(func(_ *fact.PipelineJob, s *fact.PipelineStep, deed *fact.Deed) {
			if code = code || deed.Over == "code"; len(tools) == 0 {
				at = s.Ref.At(deed.At)
			}
			tools = append(tools, deed.Tool)
		}, fact.Lints)
		if code {
			return
		}
	}
	if len(tools) > 0 {
		slices.Sort(tools)
		out.Note(at.Within("code"), "code-unlinted", "what lints here (%s) does not look at the code that is built", strings.Join(slices.Compact(tools), ", "))
	}
}

func titled(d *fact.Deed) string {
	if d.Via != "" {
		return d.Tool + " (by `" + d.Via + "`)"
	}
	return d.Tool
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
