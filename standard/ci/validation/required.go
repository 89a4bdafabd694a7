package validation

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// required says whether the git host demands the jobs before a merge. Where no
// rule of the default branch stands as code, that is decided at the host and
// cannot be told from files.
func required(out *verdict.Findings, in expect.Input, jobs []*fact.PipelineJob) {
	here := in.Here
	rules, several := defaultRules(in.All)
	if several {
		out.Unclear(jobs[0].Ref, "not-required", "rules of several repositories stand here as code, and which of them is this one cannot be told")
		return
	}
	if len(rules) == 0 {
		out.Unclear(jobs[0].Ref, "not-required", "nothing here shows that the git host demands job %s before a merge: no rule of the default branch stands as code", jobs[0].Name)
		return
	}
	var checks, workflows []string
	enforced := rules[0]
	for _, r := range rules {
		if r.Enforced {
			checks, workflows = append(checks, r.Checks...), append(workflows, r.Workflows...)
			enforced = r
		}
	}
	if len(workflows) > 0 && len(checks) == 0 {
		out.Unclear(enforced.Ref, "not-required", "the rule of %s demands the run of %s; whether that is what holds job %s is decided at the git host", strings.Join(enforced.Branches, ", "), strings.Join(workflows, ", "), jobs[0].Name)
		return
	}
	if len(checks) == 0 {
		out.Fail(enforced.Ref, "requires-nothing", "the rule of %s demands no check, so a merge goes through whatever job %s says", strings.Join(enforced.Branches, ", "), jobs[0].Name)
		return
	}
	covered := cover(here, checks)
	for _, j := range jobs {
		if !covered[j] {
			out.Fail(enforced.Ref.Within("job "+j.Name), "other-checks", "the rule of %s demands %s, and not job %s", strings.Join(enforced.Branches, ", "), strings.Join(checks, ", "), j.Shown)
			return
		}
	}
	if len(enforced.Bypass) > 0 {
		out.Note(enforced.Ref, "bypass", "the rule of %s may be passed by: %s", strings.Join(enforced.Branches, ", "), strings.Join(enforced.Bypass, ", "))
	}
	out.Pass(enforced.Ref, "required", "the rule of %s demands %s before a merge", strings.Join(enforced.Branches, ", "), strings.Join(checks, ", "))
}

// defaultRules returns the rules for default branches; several is true where they
// belong to more than one repository.
func defaultRules(all []*fact.Set) (rules []*fact.BranchRule, several bool) {
	for _, set := range all {
		for _, r := range set.BranchRules {
			if !r.Default() {
				continue
			}
			several = several || len(rules) > 0 && r.Repository != "" && rules[0].Repository != "" && r.Repository != rules[0].Repository
			rules = append(rules, r)
		}
	}
	return rules, several
}

// cover returns the jobs that are demanded: by their own name, or because one that
// is demanded needs them.
func cover(here *fact.Set, checks []string) map[*fact.PipelineJob]bool {
	out := map[*fact.PipelineJob]bool{}
	for _, p := range here.Pipelines {
		var add func(j *fact.PipelineJob)
		add = func(j *fact.PipelineJob) {
			if out[j] {
				return
			}
			out[j] = true
			for _, other := range p.Jobs {
				if slices.Contains(j.Needs, other.Name) || slices.ContainsFunc(j.Needs, func(n string) bool { return strings.HasPrefix(other.Name, n+" / ") }) {
					add(other)
				}
			}
		}
		for _, j := range p.Jobs {
			if slices.ContainsFunc(checks, func(c string) bool { return named(c, p, j) }) {
				add(j)
			}
		}
	}
	return out
}

// named reports whether the name of a check is that of a job; those of a matrix
// carry its values behind their name, older ones the workflow's name in front.
func named(check string, p *fact.Pipeline, j *fact.PipelineJob) bool {
	check = strings.TrimPrefix(check, p.Name+" / ")
	for _, name := range []string{j.Shown, j.Name} {
		if check == name || strings.HasPrefix(check, name+" (") {
			return true
		}
	}
	return false
}
