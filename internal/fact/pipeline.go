package fact

import (
	"slices"
	"strings"
)

// Pipeline is a file by which a host of git repositories or a CI server runs
// jobs: a workflow of GitHub Actions, the pipeline of GitLab.
type Pipeline struct {
	Ref
	// Engine is github-actions, gitlab-ci, circleci, azure-pipelines or jenkins.
	Engine, Name string
	// When it runs, as far as its head says; each job may narrow it.
	When Occasions
	// Paths are the patterns to which a change must belong before it runs;
	// PathsAt is where they stand. PathsIgnored is true where patterns are given
	// that it does not run for.
	Paths        []string
	PathsIgnored bool
	PathsAt      Location
	Jobs         []*PipelineJob
}

// Occasions are the events on which something runs.
type Occasions struct {
	// Merge: on a proposed change, before it is merged. MergePrivileged is the
	// kind that runs with the secrets of the repository on whatever is proposed
	// (pull_request_target).
	Merge, MergePrivileged bool
	// Push: on what reaches the default branch; AnyBranch: on every branch, the
	// proposed ones included.
	Push, AnyBranch bool
	// Tag: on a tag or a release.
	Tag      bool
	Schedule bool
	// ScheduleOpen says in a sentence why the schedule may not start it: it stands in
	// the settings of the host, or waits for a commit. Empty where the file says that
	// it does.
	ScheduleOpen string
	// Manual: when a person asks.
	Manual bool
	// Called: by another pipeline, or by an event from outside.
	Called bool
	// Unsettled says what decides it, where that cannot be told; empty elsewhere.
	Unsettled string
}

// Any reports whether anything starts it.
func (o Occasions) Any() bool {
	return o.Merge || o.MergePrivileged || o.Push || o.Tag || o.Schedule || o.Manual || o.Called
}

// PipelineJob is one job of a pipeline.
type PipelineJob struct {
	Ref
	// Name as written; Shown is the name under which the host reports its result.
	Name, Shown string
	// Needs names the jobs that must be done before.
	Needs []string
	// When it runs: the pipeline's occasions, narrowed by the job's own rules.
	When Occasions
	// Soft says why the failure of the job does not fail the pipeline, as it is
	// written: "continue-on-error"; empty where it does. SoftAt is its place.
	Soft   string
	SoftAt Location
	// Scoped says what limits the job to some changes, as it is written; empty
	// where nothing does.
	Scoped string
	// Environment is the name under which the host protects deployments.
	Environment string
	// Manual is true where a person starts the job within its pipeline.
	Manual bool
	// WritesAll is true where the job's token may write everything.
	WritesAll   bool
	WritesAllAt Location
	// ChecksOutProposal is where a privileged job checks the proposed change out.
	ChecksOutProposal Location
	Steps             []*PipelineStep
	Credentials       []PipelineCredential
	Uses              []PipelineUse
}

// PipelineStep is one step of a job, and what it does.
type PipelineStep struct {
	Ref
	Name string
	// When it runs: the job's occasions, narrowed by the step's own condition.
	When Occasions
	// Soft as that of the job; SoftAt its place.
	Soft   string
	SoftAt Location
	// OnFailure is true where it runs because something before it failed, Always
	// where it runs whatever happened.
	OnFailure bool
	Deeds     []Deed
	// Opaque lists what it runs whose inside could not be read, as written:
	// programs of the repository, targets of build tools.
	Opaque []Opaque
}

// DeedKind is what a command or an action does.
type DeedKind string

// The kinds of deeds.
const (
	Lints         DeedKind = "lint"
	ChecksSchema  DeedKind = "schema check"
	JudgesPolicy  DeedKind = "policy"
	FindsOldAPIs  DeedKind = "deprecation check"
	TestsUnits    DeedKind = "unit tests"
	TestsParts    DeedKind = "integration tests"
	TestsWhole    DeedKind = "end-to-end tests"
	ScansForHoles DeedKind = "security scan"
	Builds        DeedKind = "build"
	PushesImage   DeedKind = "image push"
	Plans         DeedKind = "plan"
	SeeksDrift    DeedKind = "drift check"
	Deploys       DeedKind = "deploy"
	GatesHealth   DeedKind = "health gate"
	RollsBack     DeedKind = "rollback"
	FindsAffected DeedKind = "affected detection"
)

// Deed is something that a step does.
type Deed struct {
	Kind DeedKind
	// Tool is the program or action that does it, with the words that matter:
	// "kubeconform", "helm upgrade".
	Tool string
	// Over is what it looks at or changes: code, manifests, charts, terraform,
	// images, compose, pipelines, policies, cloud; empty where that is open.
	Over string
	// Soft says why its failure does not fail the step, as it is written; empty
	// where it does.
	Soft string
	// Via names what was followed to get there: "make lint".
	Via string
	// Targets lists the paths of the repository that it names.
	Targets []string
	// Share is how it gives a new build a part of the instances first, as it is
	// written: "canary, 10 %"; empty where it does not.
	Share string
	// Objects lists what it changes by name, for instance "deployment/web".
	Objects []string
	At      Location
}

// Opaque is something that a step runs whose inside could not be read.
type Opaque struct {
	// What as written, Why the end of "could not be told, because ...".
	What, Why string
	// Builder is true for a build tool's target, which may lint and test but
	// hardly knows manifests.
	Builder bool
	At      Location
}

// PipelineCredential is how a job reaches a platform.
type PipelineCredential struct {
	// What it is: "an AWS access key", "a role of AWS".
	What string
	// Name of the secret, as written; never its value.
	Name string
	// Stored is true for a key that is kept and stays valid until somebody
	// deletes it; false for one that is issued for the run.
	Stored bool
	// Unclear is true where its kind does not follow from its name.
	Unclear bool
	At      Location
}

// PipelineUse is something from elsewhere that a job runs: an action, an orb, a
// template.
type PipelineUse struct {
	Name, Version string
	// Pinned is true where the version names one content for good.
	Pinned bool
	// Host is true where the pipeline's own host publishes it.
	Host bool
	At   Location
}

// BranchRule is what the host of the repository demands of a branch, as code.
type BranchRule struct {
	Ref
	// Repository whose branch it is; empty where the rule is the repository's own.
	Repository string
	// Branches as written; "~DEFAULT_BRANCH" for the default one.
	Branches []string
	// Checks are the names of those that must pass before a merge.
	Checks []string
	// Workflows are the files whose whole run must pass before a merge.
	Workflows []string
	// Reviews is how many approvals a merge needs.
	Reviews int
	// Enforced is false where the rule is written but switched off.
	Enforced bool
	// Admins is true where administrators are bound as well.
	Admins bool
	// Bypass lists who may pass it by.
	Bypass []string
}

// Default reports whether the rule holds for the default branch, as far as
// names tell.
func (b *BranchRule) Default() bool {
	return slices.ContainsFunc(b.Branches, func(name string) bool {
		name = strings.TrimPrefix(name, "refs/heads/")
		return name == "~DEFAULT_BRANCH" || name == "~ALL" || name == "*" || name == "**" || DefaultBranch(name)
	})
}

// DefaultBranch reports whether a branch of that name usually is the default one.
func DefaultBranch(name string) bool {
	switch name {
	case "main", "master", "trunk", "default", "mainline":
		return true
	}
	return false
}

// Unit is a folder of the repository that is built for itself.
type Unit struct {
	Ref
	Dir string
	// Image is true where an image is built there, Module where a build file of a
	// language stands there; with both it is mostly a service.
	Image, Module bool
}

// PipelinesIn returns every pipeline of the sets, in the order in which they stand.
func PipelinesIn(all []*Set) []*Pipeline {
	var out []*Pipeline
	for _, s := range all {
		out = append(out, s.Pipelines...)
	}
	return out
}

// Does calls yield for each deed of one of the kinds with the job and the step
// that do it.
func (p *Pipeline) Does(yield func(j *PipelineJob, s *PipelineStep, d *Deed), kinds ...DeedKind) {
	for _, j := range p.Jobs {
		for _, s := range j.Steps {
			for i := range s.Deeds {
				if slices.Contains(kinds, s.Deeds[i].Kind) {
					yield(j, s, &s.Deeds[i])
				}
			}
		}
	}
}

// Softened says why the failure of a deed does not fail the pipeline; empty
// where it does.
func Softened(j *PipelineJob, s *PipelineStep, d *Deed) string {
	for _, why := range []string{d.Soft, s.Soft, j.Soft} {
		if why != "" {
			return why
		}
	}
	return ""
}

// BeforeMerge reports whether it runs on a change before that is merged: on the
// proposal itself, or on the branch that it comes from.
func (o Occasions) BeforeMerge() bool { return o.Merge || o.MergePrivileged || o.AnyBranch }

// Unattended reports whether what reaches the default branch, or is tagged there,
// starts it without a person.
func (o Occasions) Unattended() bool { return o.Push || o.Tag }
