package fact

// Rollout is a progressive delivery: how a new build reaches its users.
type Rollout struct {
	Ref
	Namespace, Name string
	// Engine is argo-rollouts, flagger, gateway-api or knative.
	Engine string
	// TargetKind and TargetName name the workload that it rolls out; for an
	// Argo Rollout that is the Rollout itself.
	TargetKind, TargetName string
	// Manner is canary, blue-green or mirror; empty where none is written.
	Manner string
	Steps  []Step
	// FirstShare is the percentage of traffic or instances that the new build
	// reaches first; -1 where it cannot be told.
	FirstShare int
	FirstAt    Location
	// Analyses names the analysis templates that watch, whenever they run.
	Analyses []AnalysisUse
	// Checks are the metrics that the rollout itself evaluates (Flagger).
	Checks []Measure
	// Gated is true where every step waits for automated analysis.
	Gated bool
	// AutoPromote is true for blue-green that switches without a person.
	AutoPromote bool
	// KeepsOld is how long in seconds the old colour stays; -1 where not
	// written (the engine's default applies).
	KeepsOld int
	// Deadline and AbortsOnDeadline tell what happens when instances never
	// become ready: a failed health check that rolls back by itself.
	Deadline         int
	AbortsOnDeadline bool
}

// Step is one step of a canary.
type Step struct {
	// Share of traffic in percent after the step; -1 where it does not change.
	Share int
	// Pause is true where the step waits; Forever where it waits for a person.
	Pause, Forever bool
	Seconds        int
	// Analysis is true where the step runs an analysis.
	Analysis bool
	At       Location
}

// AnalysisUse is a rollout's use of an analysis template.
type AnalysisUse struct {
	Name    string
	Cluster bool // a ClusterAnalysisTemplate
	// When is background, step, pre-promotion or post-promotion.
	When string
	At   Location
}

// Analysis is a set of measures with thresholds that a rollout evaluates.
type Analysis struct {
	Ref
	Namespace, Name string
	Cluster         bool
	Measures        []Measure
}

// Measure is one metric of an analysis.
type Measure struct {
	Name string
	// Signal is errors, latency, health or empty where the query tells none.
	Signal string
	// Query as written, with the provider's name.
	Query, Provider string
	// Threshold is the condition as written; empty where there is none.
	Threshold string
	At        Location
}

// RolloutFor returns the progressive delivery of a workload, or nil.
func (s *Set) RolloutFor(w *Workload) *Rollout {
	for _, r := range s.Rollouts {
		if r.Namespace == w.Namespace && r.TargetName == w.Name && (r.TargetKind == "" || r.TargetKind == w.Kind) {
			return r
		}
	}
	return nil
}

// Analysis returns the analysis template of that name, or nil.
func (s *Set) Analysis(namespace string, use AnalysisUse) *Analysis {
	for _, a := range s.Analyses {
		if a.Name == use.Name && a.Cluster == use.Cluster && (a.Cluster || a.Namespace == namespace) {
			return a
		}
	}
	return nil
}

// Reconciler applies a place in a repository to the world, again and again.
type Reconciler struct {
	Ref
	Namespace, Name string
	// Engine is argo-cd or flux.
	Engine string
	// Repository and Revision say what is applied; Path is the folder in it,
	// Chart the name of a chart instead.
	Repository, Revision, Path, Chart string
	// Pinned is true where Revision is a commit, a tag, or an exact version.
	Pinned bool
	// Automated is true where it applies without a person.
	Automated bool
	// Corrects tells whether a manual change is put back: yes, warn, no.
	Corrects string
	// Ignores lists differences that it is told not to see.
	Ignores   []string
	Suspended bool
	At        Location
}
