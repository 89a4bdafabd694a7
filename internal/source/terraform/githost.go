package terraform

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// branchRules turns what the provider of GitHub demands of branches into facts. A
// rule of which the checks or the branches are not known leaves a hole.
func branchRules(c *model.Config, into *fact.Set) {
	for _, r := range c.Of("github_branch_protection", "github_branch_protection_v3", "github_repository_ruleset", "github_organization_ruleset") {
		b := &fact.BranchRule{Ref: r.Ref(), Enforced: true}
		b.Repository = first(r.Body.Get("repository_id").Refs, r.Body.Get("repository").Text)
		known := true
		if r.Type == "github_repository_ruleset" || r.Type == "github_organization_ruleset" {
			known = ruleset(b, r)
		} else {
			known = protection(b, r)
		}
		if !known {
			into.Coverage.Holes = append(into.Coverage.Holes, fact.Hole{Kinds: []fact.Kind{fact.BranchRules}, Why: "what " + r.Address + " demands is filled in elsewhere", Location: r.At})
		}
		if len(b.Branches) > 0 {
			into.BranchRules = append(into.BranchRules, b)
		}
	}
}

func first(refs []string, otherwise string) string {
	if len(refs) > 0 {
		return refs[0]
	}
	return otherwise
}

// protection reads a rule for branches that fit a pattern.
func protection(b *fact.BranchRule, r *model.Resource) bool {
	pattern, known := r.Body.Get("pattern").String()
	if r.Type == "github_branch_protection_v3" {
		pattern, known = r.Body.Get("branch").String()
	}
	if pattern != "" {
		b.Branches = []string{pattern}
	}
	checks, sure := r.Body.Get("required_status_checks", "contexts").Strings()
	more, sureToo := r.Body.Get("required_status_checks", "checks").Strings()
	b.Checks = append(checks, more...)
	if reviews := r.Body.Get("required_pull_request_reviews"); reviews.Present() {
		b.Reviews, _ = reviews.Get("required_approving_review_count").Int(1)
	}
	admins, _ := r.Body.Get("enforce_admins").Bool(false)
	if b.Admins = admins; !admins {
		b.Bypass = []string{"administrators (enforce_admins is not true)"}
	}
	return known && sure && sureToo
}

// ruleset reads a ruleset of branches; one of tags or pushes demands nothing of
// them.
func ruleset(b *fact.BranchRule, r *model.Resource) bool {
	if target, _ := r.Body.Get("target").String(); target != "" && target != "branch" {
		return true
	}
	enforcement, known := r.Body.Get("enforcement").String()
	b.Enforced = enforcement == "active"
	branches, sure := r.Body.Get("conditions", "ref_name", "include").Strings()
	b.Branches = branches
	known = known && sure
	if without, _ := r.Body.Get("conditions", "ref_name", "exclude").Strings(); len(b.Branches) > 0 {
		for _, name := range without {
			if name == "~DEFAULT_BRANCH" || fact.DefaultBranch(strings.TrimPrefix(name, "refs/heads/")) {
				b.Branches = []string{"all but " + name}
			}
		}
	}
	rules := r.Body.Get("rules")
	for _, check := range rules.Get("required_status_checks", "required_check").Each() {
		name, sure := check.Get("context").String()
		known = known && sure
		if name != "" {
			b.Checks = append(b.Checks, name)
		}
	}
	// https://registry.terraform.io/providers/integrations/github/latest/docs/resources/organization_ruleset
	for _, w := range rules.Get("required_workflows", "required_workflow").Each() {
		path, sure := w.Get("path").String()
		known = known && sure
		if path != "" {
			b.Workflows = append(b.Workflows, path)
		}
	}
	b.Reviews, _ = rules.Get("pull_request", "required_approving_review_count").Int(0)
	b.Admins = true
	for _, actor := range r.Body.Get("bypass_actors").Each() {
		if mode, _ := actor.Get("bypass_mode").String(); mode != "pull_request" {
			who, _ := actor.Get("actor_type").String()
			b.Bypass, b.Admins = append(b.Bypass, who), false
		}
	}
	return known && rules.Get("required_status_checks").Known() && rules.Get("required_workflows").Known()
}
