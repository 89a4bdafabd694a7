package shortlivedcredentials

import (
	"fmt"

	"seaworthy.dev/seaworthy/internal/derive/delivery"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// pipelines judges what jobs are given to reach a platform. A job that deploys
// and shows no credentials has them from a place that is not read.
func pipelines(out *verdict.Findings, in expect.Input) {
	deploying := map[*fact.PipelineJob]*delivery.Delivery{}
	for _, d := range delivery.Of(in.All) {
		if deploying[d.Job] == nil {
			deploying[d.Job] = d
		}
	}
	told := false
	for _, p := range in.Here.Pipelines {
		seen := map[string]bool{} // what a pipeline hands to every job is said once
		for _, j := range p.Jobs {
			proposal(out, p, j)
			said := given(out, p, j, seen)
			if d := deploying[j]; d != nil && !said {
				out.Unclear(d.Ref(), "ci-unseen", "%s deploys (%s), and with which credentials cannot be told: none are handed over in the job", d.Title(), d.Deed.Tool)
				said = true
			}
			told = told || said
		}
	}
	first := in.Here.Pipelines[0].Ref
	switch reconcilers := fact.ReconcilersIn(in.All); {
	case told:
	case len(reconcilers) > 0:
		out.Pass(first, "ci-no-key", "no job of the pipelines (%d) is given a key of a platform: %s deploys", len(in.Here.Pipelines), reconcilers[0].Title())
	default:
		out.Unclear(first, "no-deployer", "no job of the pipelines (%d) is given a key of a platform, and what deploys, with which credentials, is not here", len(in.Here.Pipelines))
	}
}

// given judges the credentials of a job, and reports whether it has any.
func given(out *verdict.Findings, p *fact.Pipeline, j *fact.PipelineJob, seen map[string]bool) bool {
	for _, c := range j.Credentials {
		if key := fmt.Sprint(c.What, c.Name, c.At); seen[key] {
			continue
		} else {
			seen[key] = true
		}
		ref := j.Ref.At(c.At).Within(c.What)
		name := ""
		if c.Name != "" {
			name = " (" + c.Name + ")"
		}
		switch {
		case !c.Stored:
			out.Pass(ref, "ci-issued", "job %s of %s gets %s for the run alone", j.Name, p.Name, c.What)
		case c.Unclear:
			out.Unclear(ref, "ci-kubeconfig", "job %s of %s is given %s%s, and how long it is valid cannot be told", j.Name, p.Name, c.What, name)
		default:
			out.Fail(ref, "ci-stored-key", "job %s of %s is given %s%s, which stays valid until somebody deletes it", j.Name, p.Name, c.What, name)
		}
	}
	return len(j.Credentials) > 0
}

// proposal judges jobs that run with the repository's rights on what anybody may
// propose: whoever proposes a change decides what their steps do.
func proposal(out *verdict.Findings, p *fact.Pipeline, j *fact.PipelineJob) {
	if j.ChecksOutProposal.File == "" {
		return
	}
	ref := j.Ref.At(j.ChecksOutProposal)
	if len(j.Credentials) > 0 || j.WritesAll {
		out.Fail(ref, "ci-proposal", "job %s of %s runs on pull_request_target with credentials and checks the proposed change out, so whoever proposes one can take them", j.Name, p.Name)
		return
	}
	out.Note(ref, "ci-proposal", "job %s of %s runs on pull_request_target and checks the proposed change out: its token and the secrets of its steps are within reach of whoever proposes one", j.Name, p.Name)
}
