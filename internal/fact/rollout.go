package fact

import (
	"maps"
	"slices"
)

// Rollout is a progressive delivery: how a new build reaches its users.
type Rollout struct {
	Ref
	Namespace, Name string
	// Engine is argo-rollouts, flagger, knative or kruise; guard for one that the
	// manifest describes and that stands nowhere else.
	Engine string
	// TargetKind and TargetName name the workload that it rolls out; for an
	// Argo Rollout with pods of its own that is the Rollout itself.
	TargetKind, TargetName string
	// Replaces is true where the rollout runs the instances in the target's
	// place (workloadRef), and then Replicas is how many.
	Replaces bool
	Replicas int
	// Manner is canary, blue-green, ab-test or split; empty where none is written.
	Manner   string
	MannerAt Location
	Steps    []Step
	// FirstShare is the percentage of traffic or instances that the new build
	// reaches first; -1 where it cannot be told.
	FirstShare int
	FirstAt    Location
	// Routed is true where something splits traffic by weight; without it
	// shares are made up of whole instances.
	Routed bool
	// Analyses names the analysis templates that watch, whenever they run.
	Analyses []AnalysisUse
	// Background is the step from which an analysis watches all the time; -1
	// where none does.
	Background int
	// Checks are the metrics that the rollout itself evaluates (Flagger).
	Checks []Measure
	// Hooks counts web hooks that may hold a step back or fail it (Flagger).
	Hooks int
	// SkipsAnalysis is true where the analysis is switched off.
	SkipsAnalysis bool
	// AutoPromote is true for blue-green that switches without a person.
	AutoPromote bool
	// KeepsOld is how long in seconds the old colour stays after the switch,
	// the engine's default included.
	KeepsOld   int
	KeepsOldAt Location
	// Deadline in seconds and AbortsOnDeadline tell what happens when
	// instances never become ready: a failed health check that rolls back by
	// itself, or not.
	Deadline         int
	AbortsOnDeadline bool
	// Unknown ends "how it moves to a new build is not known, for ..."; empty
	// where it is.
	Unknown string
	// Autoscaler names the autoscaler of the target that Flagger repeats for
	// the copy that serves; empty where it repeats none.
	Autoscaler string
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

// Ungated returns the first step that gives the new build a share of traffic
// which no analysis judges before the next share: neither an analysis among
// the steps, nor one in the background during a pause that ends by itself or
// by a person.
func (r *Rollout) Ungated() (Step, bool) {
	for i, s := range r.Steps {
		if s.Share <= 0 || s.Share >= 100 {
			continue
		}
		judged := false
		for j := i + 1; j < len(r.Steps) && r.Steps[j].Share < 0; j++ {
			judged = judged || r.Steps[j].Analysis || r.Steps[j].Pause && r.Background >= 0 && r.Background <= j
		}
		if !judged {
			return s, true
		}
	}
	return Step{}, false
}

// AnalysisUse is a rollout's use of an analysis template.
type AnalysisUse struct {
	// Kind is AnalysisTemplate, ClusterAnalysisTemplate or MetricTemplate.
	Kind string
	// Namespace is empty for the rollout's own.
	Namespace, Name string
	// When is background, step, pre-promotion or post-promotion.
	When string
	// DryRun lists the metrics that run without consequence; "*" for all.
	DryRun []string
	At     Location
}

// Analysis is a set of measures with thresholds that a rollout evaluates.
type Analysis struct {
	Ref
	Kind, Namespace, Name string
	Measures              []Measure
	// Includes names templates whose measures are evaluated as well.
	Includes []AnalysisUse
}

// Measure is one metric of an analysis.
type Measure struct {
	Name string
	// Signal is errors, latency, health or empty where the query tells none.
	Signal string
	// Provider is the kind of system that is asked: prometheus, job, web.
	Provider string
	// Threshold is the condition as written; empty where nothing is compared.
	Threshold string
	// Query that yields the figure, in PromQL; empty where another system is asked,
	// or the template has it.
	Query string
	// For is how long in seconds the figure is beyond its bound before the build goes
	// back; 0 where a single look is enough, -1 where nothing says.
	For int
	// Template is where the query stands when it is not the measure's own.
	Template *AnalysisUse
	At       Location
}

// MeasuresOf returns everything that a rollout evaluates with consequence, and
// the templates that it names but that are not in the set.
func (s *Set) MeasuresOf(r *Rollout) (measures []Measure, missing []AnalysisUse) {
	for _, m := range r.Checks {
		if m.Template != nil && m.Signal == "" {
			if t := s.Analysis(r.Namespace, *m.Template); t == nil {
				missing = append(missing, *m.Template)
			} else if len(t.Measures) > 0 {
				m.Signal, m.Provider = t.Measures[0].Signal, t.Measures[0].Provider
			}
		}
		measures = append(measures, m)
	}
	seen := map[*Analysis]bool{}
	var add func(uses []AnalysisUse, dry []string)
	add = func(uses []AnalysisUse, dry []string) {
		for _, use := range uses {
			t := s.Analysis(r.Namespace, use)
			if t == nil {
				missing = append(missing, use)
				continue
			}
			if seen[t] {
				continue
			}
			seen[t] = true
			dry := append(append([]string(nil), dry...), use.DryRun...)
			for _, m := range t.Measures {
				if !slices.Contains(dry, "*") && !slices.Contains(dry, m.Name) {
					measures = append(measures, m)
				}
			}
			add(t.Includes, dry)
		}
	}
	add(r.Analyses, nil)
	return measures, missing
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

// PrimaryLabels returns the labels of the copy that serves in a Deployment's
// place under Flagger; false where none does. Flagger appends -primary to the
// first label of a short list that the selector names, by default this one. The
// Deployment itself has instances only while a new build is tried.
func (s *Set) PrimaryLabels(w *Workload) (map[string]string, bool) {
	r := s.RolloutFor(w)
	if r == nil || r.Engine != "flagger" || w.Kind != "Deployment" {
		return nil, false
	}
	for _, key := range []string{"app", "name", "app.kubernetes.io/name"} {
		if value := w.Matches[key]; value != "" {
			labels := map[string]string{}
			maps.Copy(labels, w.PodLabels)
			labels[key] = value + "-primary"
			return labels, true
		}
	}
	return nil, false
}

// RolledElsewhere returns a rollout that names a workload of this kind and name,
// has none beside it, and stands in another set or leaves open whether its
// namespace is the workload's; or nil.
func (s *Set) RolledElsewhere(all []*Set, w *Workload) *Rollout {
	for _, set := range all {
		for _, r := range set.Rollouts {
			if r.TargetName == w.Name && (r.TargetKind == "" || r.TargetKind == w.Kind) &&
				MayMeet(r.Namespace, w.Namespace) && set.Workload(w.Kind, r.Namespace, w.Name) == nil {
				return r
			}
		}
	}
	return nil
}

// Analysis returns the analysis template of that name, or nil. A namespace
// that the use leaves out is the rollout's.
func (s *Set) Analysis(namespace string, use AnalysisUse) *Analysis {
	if use.Namespace != "" {
		namespace = use.Namespace
	}
	for _, a := range s.Analyses {
		if a.Name == use.Name && a.Kind == use.Kind && (a.Kind == "ClusterAnalysisTemplate" || a.Namespace == namespace) {
			return a
		}
	}
	return nil
}
