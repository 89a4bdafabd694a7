// Package delivery tells which jobs of pipelines bring a build to where it runs,
// what they apply, and whether they look at it afterwards and take it back.
package delivery

import (
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Delivery is one deed of a job that deploys.
type Delivery struct {
	Pipeline *fact.Pipeline
	Job      *fact.PipelineJob
	Step     *fact.PipelineStep
	Deed     *fact.Deed
	// Gate looks at the new build afterwards and fails the job, Back takes it back
	// without a person; nil where nothing does.
	Gate, Back *fact.Deed
}

// Ref is where the deed stands.
func (d *Delivery) Ref() fact.Ref { return d.Step.Ref.At(d.Deed.At) }

// Title names the job: "job deploy of cd".
func (d *Delivery) Title() string { return "job " + d.Job.Name + " of " + d.Pipeline.Name }

// Of lists the deliveries of all sets. A job that runs on proposals alone tries
// something and delivers nothing; one that others call is listed with them.
func Of(all []*fact.Set) []*Delivery {
	var out []*Delivery
	for _, p := range fact.PipelinesIn(all) {
		p.Does(func(j *fact.PipelineJob, s *fact.PipelineStep, d *fact.Deed) {
			w := s.When
			if w.Push || w.Tag || w.Manual || w.Schedule || w.AnyBranch && !w.Merge {
				one := &Delivery{Pipeline: p, Job: j, Step: s, Deed: d}
				one.watch()
				out = append(out, one)
			}
		}, fact.Deploys)
	}
	return out
}

// Watches lists the deeds of scheduled jobs that compare what is declared with what
// is live, and those that only make a plan.
func Watches(all []*fact.Set) []*Delivery {
	var out []*Delivery
	for _, p := range fact.PipelinesIn(all) {
		p.Does(func(j *fact.PipelineJob, s *fact.PipelineStep, d *fact.Deed) {
			if s.When.Schedule && !s.OnFailure {
				out = append(out, &Delivery{Pipeline: p, Job: j, Step: s, Deed: d})
			}
		}, fact.SeeksDrift, fact.Plans)
	}
	return out
}

// Soft says why a failure of the deed does not fail the job; empty where it does.
func (d *Delivery) Soft() string { return fact.Softened(d.Job, d.Step, d.Deed) }

// Names reports whether the deed names the workload itself: deployment/web.
func (d *Delivery) Names(w *fact.Workload) bool {
	return slices.ContainsFunc(d.Deed.Objects, func(o string) bool {
		kind, name, _ := strings.Cut(strings.ToLower(o), "/")
		return name == w.Name && (strings.HasPrefix(strings.ToLower(w.Kind), kind) || kind == "deploy" || kind == "sts" || kind == "ds" || kind == "deployments" || kind == "statefulsets")
	})
}

// watch finds what looks at the build afterwards: in the same command, later in
// the job, or in a job that waits for it.
func (d *Delivery) watch() {
	passed := false
	look := func(j *fact.PipelineJob) {
		for _, s := range j.Steps {
			for i := range s.Deeds {
				deed := &s.Deeds[i]
				passed = passed || deed == d.Deed || deed.At == d.Deed.At && deed.Tool == d.Deed.Tool
				switch {
				case !passed:
				case deed.Kind == fact.GatesHealth && fact.Softened(j, s, deed) == "" && d.Gate == nil:
					d.Gate = deed
				case deed.Kind == fact.RollsBack && d.Back == nil:
					d.Back = deed
				}
			}
		}
	}
	look(d.Job)
	passed = true
	for _, j := range d.Pipeline.Jobs {
		if slices.Contains(j.Needs, d.Job.Name) {
			look(j)
		}
	}
}

// Covers reports whether the deed names the set's folder, or the file's. Paths in
// reports carry what the user gave in front, so a target may start anywhere in one.
func (d *Delivery) Covers(set *fact.Set, file string) bool {
	folders := []string{set.Bundle, path.Join(set.Bundle, set.Variant), path.Dir(file), file}
	for _, target := range d.Deed.Targets {
		target = strings.Trim(path.Clean(target), "/")
		if target == "." || target == "" || strings.HasPrefix(target, "?") {
			continue
		}
		for _, folder := range folders {
			if strings.Contains("/"+folder+"/", "/"+target+"/") {
				return true
			}
		}
	}
	return false
}

// Anywhere reports whether what the deed applies cannot be told.
func (d *Delivery) Anywhere() bool {
	return len(d.Deed.Targets) == 0 || slices.ContainsFunc(d.Deed.Targets, func(t string) bool { return strings.HasPrefix(t, "?") })
}

// First returns the first delivery that covers a file of the set, or nil.
func First(list []*Delivery, set *fact.Set, file string) *Delivery {
	for _, d := range list {
		if d.Covers(set, file) {
			return d
		}
	}
	return nil
}
