// Package validation checks that lint, schema checks and policy run before a
// merge and are able to stop it.
package validation

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/derive/bundles"
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
	if !before && !works(in.Here.Pipelines) {
		out.Unclear(first, "no-ci-here", "none of the pipelines here builds, tests or checks (%s), so what runs before a merge stands elsewhere or nowhere", whenAll(in.Here.Pipelines))
		return out
	}
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
		codeUnlinted(&out, in.Here)
		required(&out, in, stopping)
	}
	return out
}

// works reports whether a pipeline builds, tests or checks: then this is where the
// repository's checks run.
func works(list []*fact.Pipeline) bool {
	found := false
	for _, p := range list {
		p.Does(func(*fact.PipelineJob, *fact.PipelineStep, *fact.Deed) { found = true },
			fact.Lints, fact.ChecksSchema, fact.JudgesPolicy, fact.TestsUnits, fact.TestsParts, fact.TestsWhole, fact.Builds, fact.PushesImage, fact.Deploys, fact.Plans)
	}
	return found
}

// demands lists what is asked for: schema checks and policy only where there are
// files that they can look at.
func demands(in expect.Input) []demand {
	// Spelling, documents and the pipelines' own files are not what runs.
	what := []string{"code", "manifests", "charts", "terraform", "images", "settings", "hosts", "compose", "cloud", "alerts"}
	out := []demand{{kind: fact.Lints, over: what, rule: "lint", lacks: "no step before a merge lints"}}
	var kubernetes, terraform bool
	for _, set := range in.All {
		if bundles.Aside(set.Bundle) {
			continue // what explains or tests is not deployed
		}
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
