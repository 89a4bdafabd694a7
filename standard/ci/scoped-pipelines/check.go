// Package scopedpipelines checks that a change runs the jobs of what it affects
// and no others.
package scopedpipelines

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// heavy are the deeds that take the time of a pipeline.
var heavy = []fact.DeedKind{fact.TestsUnits, fact.TestsParts, fact.TestsWhole, fact.Builds, fact.PushesImage}

// Check passes the pipelines of a repository with several services where each
// job that builds or tests before a merge is limited to some changes. Where there
// is one service, there is nothing to limit.
func Check(in expect.Input) (out verdict.Findings) {
	list := in.Here.Pipelines
	var all, wide, open []string
	var how, why string
	var at, openAt fact.Ref
	for _, p := range list {
		for _, j := range p.Jobs {
			if !j.When.BeforeMerge() || !takesTime(p, j) {
				continue
			}
			all = append(all, j.Name)
			switch scope := scopeOf(p, j); {
			case scope != "":
				how = scope
			case j.When.Unsettled != "":
				if open = append(open, j.Name); len(open) == 1 {
					why, openAt = j.When.Unsettled, j.Ref
				}
			default:
				if wide = append(wide, j.Name); len(wide) == 1 {
					at = j.Ref
				}
			}
		}
	}
	if len(list) == 0 {
		return out
	}
	services, others := units(in.Here)
	first := list[0].Ref
	if len(wide) == 0 {
		at = openAt
	}
	switch {
	case len(all) == 0:
		out.Unclear(beforeMerge(list), "nothing-heavy", "no job that builds or tests before a merge could be read, so what it is limited to cannot be told")
	case len(wide) == 0 && len(open) > 0 && services+others > 1:
		out.Unclear(openAt, "runs-when", "nothing in the files limits %s to what a change touches, and whether something else does cannot be told: %s", brief(open), why)
	case len(wide) == 0 && len(open) == 0:
		out.Pass(first, "scoped", "each job that builds or tests before a merge is limited to what a change touches (%s): %s", how, brief(all))
	case services > 1 && len(wide) < len(all):
		out.Fail(at, "partly-scoped", "%d of %d jobs that build or test before a merge run whatever a change touches, in a repository of %d services: %s", len(wide), len(all), services, brief(wide))
	case services > 1:
		out.Lacks(at, []fact.Kind{fact.Pipelines}, "unscoped", "every change builds and tests everything in a repository of %d services: none of the jobs (%s) is limited to what a change touches", services, brief(wide))
	case services+others > 1:
		out.Unclear(at, "how-many", "%d of %d jobs that build or test run whatever a change touches, and whether the %d folders that are built for themselves are several services cannot be told", len(wide), len(all), services+others)
	case services+others == 0:
		out.Unclear(at, "how-many", "nothing that is built for itself was found, so how many services the pipelines serve cannot be told")
	default:
		out.Pass(first, "one-service", "all of it is built as one: there is nothing to limit (how long its pipelines take is observed, not read)")
	}
	pending(&out, in.Here)
	return out
}

// beforeMerge returns the place of the first pipeline that runs before a merge.
func beforeMerge(list []*fact.Pipeline) fact.Ref {
	for _, p := range list {
		if slices.ContainsFunc(p.Jobs, func(j *fact.PipelineJob) bool { return j.When.BeforeMerge() }) {
			return p.Ref
		}
	}
	return list[0].Ref
}

func takesTime(p *fact.Pipeline, j *fact.PipelineJob) bool {
	found := false
	p.Does(func(k *fact.PipelineJob, _ *fact.PipelineStep, _ *fact.Deed) { found = found || k == j }, heavy...)
	return found
}

// scopeOf says what limits a job to some changes; empty where nothing does.
func scopeOf(p *fact.Pipeline, j *fact.PipelineJob) string {
	if len(p.Paths) > 0 {
		return "`paths` of " + p.Name
	}
	if j.Scoped != "" {
		return j.Scoped + " of job " + j.Name
	}
	for _, s := range j.Steps {
		for _, d := range s.Deeds {
			if d.Kind == fact.FindsAffected {
				return d.Tool + " in job " + j.Name
			}
		}
	}
	return ""
}

// units counts the folders with an image and a build file of their own, which are
// services, and the other ones that are built for themselves.
func units(set *fact.Set) (services, others int) {
	for _, u := range set.Units {
		if u.Image && u.Module {
			services++
		} else {
			others++
		}
	}
	return services, others
}

// pending notes demanded jobs of workflows that paths filter out as a whole: they
// never report, and the merge waits for them.
func pending(out *verdict.Findings, here *fact.Set) {
	for _, rule := range here.BranchRules {
		for _, p := range here.Pipelines {
			if p.Engine != "github-actions" || len(p.Paths) == 0 && !p.PathsIgnored || !rule.Enforced || !rule.Default() {
				continue
			}
			for _, j := range p.Jobs {
				if slices.Contains(rule.Checks, j.Shown) && j.When.Merge {
					out.Note(p.Ref.At(p.PathsAt), "stays-pending", "%s demands job %s, and a change outside the paths of %s never starts it: the merge waits for good", rule.Subject, j.Shown, p.Name)
				}
			}
		}
	}
}

func brief(names []string) string {
	names = slices.Clone(names)
	slices.Sort(names)
	names = slices.Compact(names)
	if more := len(names) - 4; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:4], ", "), more)
	}
	return strings.Join(names, ", ")
}
