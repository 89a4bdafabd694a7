package pipeline

import (
	"path"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// rules reads what the host demands of branches: .github/settings.yml as the
// Settings app applies it, and rulesets as GitHub exports them.
func (r *reader) rules(file string) {
	whole, found := r.text(file)
	at := fact.Location{File: r.shown(file)}
	unread := func(at fact.Location, message string) {
		r.out.Problems = append(r.out.Problems, fact.Problem{Location: at, Message: message})
		r.set.Coverage.Holes = append(r.set.Coverage.Holes, fact.Hole{Kinds: []fact.Kind{fact.BranchRules}, Why: path.Base(file) + " " + message, Location: at})
	}
	if !found {
		unread(at, "cannot be read: it is no text, or larger than 1 MB")
		return
	}
	doc := decode.Document{File: at.File, Line: 1, Data: []byte(whole)}
	root, problem := doc.Parse()
	if problem != nil {
		unread(problem.Location, problem.Message)
		return
	}
	for _, n := range decode.Items(decode.Child(root, "branches")) {
		r.branch(doc, n)
	}
	for _, n := range decode.Items(decode.Child(root, "rulesets")) {
		r.ruleset(doc, n)
	}
	if decode.Child(root, "rules") != nil {
		r.ruleset(doc, root)
	}
}

// branch reads a branch of .github/settings.yml.
func (r *reader) branch(doc decode.Document, n *decode.Node) {
	name := decode.Text(decode.Child(n, "name"))
	protection := decode.Follow(decode.Child(n, "protection"))
	b := &fact.BranchRule{Ref: fact.Ref{Subject: "branch rule " + name, Location: doc.At(n)}, Branches: []string{name}, Enforced: decode.IsMapping(protection)}
	checks := decode.Child(protection, "required_status_checks")
	for _, c := range decode.Items(decode.Child(checks, "contexts")) {
		b.Checks = append(b.Checks, decode.Text(c))
	}
	for _, c := range decode.Items(decode.Child(checks, "checks")) {
		b.Checks = append(b.Checks, either(c, "context"))
	}
	if reviews := decode.Child(protection, "required_pull_request_reviews"); decode.IsMapping(decode.Follow(reviews)) {
		b.Reviews = 1
		if n := decode.Child(reviews, "required_approving_review_count"); n != nil {
			b.Reviews, _ = strconv.Atoi(decode.Text(n))
		}
	}
	b.Admins = yes(decode.Child(protection, "enforce_admins"))
	if b.Enforced && !b.Admins {
		b.Bypass = []string{"administrators (enforce_admins is not true)"}
	}
	r.set.BranchRules = append(r.set.BranchRules, b)
}

// ruleset reads one ruleset.
func (r *reader) ruleset(doc decode.Document, n *decode.Node) {
	if target := decode.Text(decode.Child(n, "target")); target != "" && target != "branch" {
		return
	}
	name := decode.Text(decode.Child(n, "name"))
	b := &fact.BranchRule{Ref: fact.Ref{Subject: "ruleset " + name, Location: doc.At(n)}, Admins: true,
		Enforced: decode.Text(decode.Child(n, "enforcement")) == "active"}
	for _, ref := range decode.Items(decode.Dig(n, "conditions", "ref_name", "include")) {
		b.Branches = append(b.Branches, decode.Text(ref))
	}
	for _, ref := range decode.Items(decode.Dig(n, "conditions", "ref_name", "exclude")) {
		if name := decode.Text(ref); name == "~DEFAULT_BRANCH" || fact.DefaultBranch(strings.TrimPrefix(name, "refs/heads/")) {
			b.Branches = []string{"all but " + name}
		}
	}
	for _, rule := range decode.Items(decode.Child(n, "rules")) {
		p := decode.Child(rule, "parameters")
		switch decode.Text(decode.Child(rule, "type")) {
		case "required_status_checks":
			for _, c := range decode.Items(decode.Child(p, "required_status_checks")) {
				b.Checks = append(b.Checks, either(c, "context"))
			}
		case "workflows":
			for _, w := range decode.Items(decode.Child(p, "workflows")) {
				b.Workflows = append(b.Workflows, either(w, "path"))
			}
		case "pull_request":
			b.Reviews, _ = strconv.Atoi(decode.Text(decode.Child(p, "required_approving_review_count")))
		}
	}
	for _, actor := range decode.Items(decode.Child(n, "bypass_actors")) {
		if decode.Text(decode.Child(actor, "bypass_mode")) != "pull_request" {
			b.Bypass = append(b.Bypass, strings.TrimSpace(decode.Text(decode.Child(actor, "actor_type"))+" "+decode.Text(decode.Child(actor, "actor_id"))))
			b.Admins = false
		}
	}
	r.set.BranchRules = append(r.set.BranchRules, b)
}
