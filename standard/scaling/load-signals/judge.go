package loadsignals

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// judge holds a workload's only autoscaler against what lets it work, with at
// least so many instances.
func judge(out *verdict.Findings, here *fact.Set, w *fact.Workload, a *fact.Autoscaler, fewest int) {
	sound := true
	fail := func(ref fact.Ref, rule, format string, args ...any) {
		sound = false
		out.Fail(ref, rule, format, args...)
	}
	if a.Paused {
		fail(a.Ref.At(a.PausedAt), "paused", "%s is paused by an annotation, so %s keeps its size whatever the load", title(a), w.Name)
	}
	switch {
	case a.Min == 0 && a.Engine == "keda" && !here.Serving(w):
		// Nobody waits for an answer: work that arrives starts an instance.
	case a.Min < fewest:
		fail(a.Ref.At(a.MinAt), "minimum-too-low", "%s lets %s shrink to %s; at least %d", title(a), w.Name, verdict.Count(a.Min, "instance"), fewest)
	}
	if a.Max >= 0 && a.Max <= a.Min {
		fail(a.Ref.At(a.MaxAt), "cannot-grow", "%s has a maximum of %d and a minimum of %d, so %s never scales out", title(a), a.Max, a.Min, w.Name)
	}
	for _, s := range a.Signals {
		if s.Utilization >= full {
			fail(a.Ref.At(s.At), "target-too-high", "%s scales out only above %d %% of the %s request, which instances need not ever exceed", title(a), s.Utilization, s.Name)
		}
		sound = requests(out, here, w, a, s) && sound
		for _, v := range here.ResizersFor(w) {
			if resource, measured := s.Reads(); measured && resizes(v, w, s) {
				fail(v.Ref, "sizes-fight", "%s changes the %s request of %s while %s scales it by use of that request", title(v), resource, w.Name, title(a))
			}
		}
	}
	if w.Platform.Cloud() && w.ReplicasSet && w.Replicas > 0 {
		fail(w.Ref.At(w.ReplicasAt), "fixed-number", "%s has a fixed number of %d, so every apply undoes what %s decided", w.Name, w.Replicas, title(a))
	} else if w.ReplicasSet && w.Replicas > 0 && a.Engine != "knative" {
		fail(w.Ref.At(w.ReplicasAt), "fixed-replicas", "%s has a fixed replicas of %d, so every deploy undoes what %s decided", w.Name, w.Replicas, title(a))
	}
	if sound {
		out.Pass(w.Ref, "scales", "%s scales %s from %d up to %s on %s", title(a), w.Name, a.Min, bound(a.Max), signals(a))
	}
	weigh(out, a)
}

// requests fails containers that lack the request with which a signal compares
// what they use. A limit counts, for it becomes the request where none is written.
func requests(out *verdict.Findings, here *fact.Set, w *fact.Workload, a *fact.Autoscaler, s fact.Signal) bool {
	resource, measured := s.Reads()
	if !measured {
		return true
	}
	var lacking []string
	at := w.Ref
	for _, c := range w.Running() {
		if s.Type == "ContainerResource" && c.Name != s.Container || c.Requests.Has(resource) || c.Limits.Has(resource) {
			continue
		}
		if len(lacking) == 0 {
			at = at.At(c.Location)
		}
		lacking = append(lacking, c.Name)
	}
	if s.Type == "ContainerResource" && w.Container(s.Container) == nil {
		out.Fail(a.Ref.At(s.At), "no-such-container", "%s reads %s of a container %s, which %s does not have", title(a), resource, s.Container, w.Name)
		return false
	}
	if len(lacking) == 0 {
		return true
	}
	names := strings.Join(lacking, ", ")
	for _, o := range here.Objects {
		if o.Kind == "LimitRange" && o.Namespace == w.Namespace {
			out.Unclear(at, "request-from-range", "%s writes no %s request for %s; whether %s fills it in was not read", w.Name, resource, names, o.Name)
			return false
		}
	}
	out.Fail(at, "no-request", "%s scales %s by its share of the %s request, but %s has none, so the share is undefined", title(a), w.Name, resource, names)
	return false
}

func resizes(v *fact.Autoscaler, w *fact.Workload, s fact.Signal) bool {
	for _, c := range w.Running() {
		if (s.Container == "" || s.Container == c.Name) && v.Changes(c.Name, s.Name) {
			return true
		}
	}
	return false
}

// weigh notes signals that rarely follow load.
func weigh(out *verdict.Findings, a *fact.Autoscaler) {
	memory, clock := len(a.Signals) > 0, len(a.Signals) > 0
	for _, s := range a.Signals {
		memory = memory && s.Name == "memory"
		clock = clock && s.Type == "cron"
	}
	switch {
	case memory:
		out.Note(a.Ref, "memory-only", "%s scales on memory alone, which few runtimes give back when load falls", title(a))
	case clock:
		out.Note(a.Ref, "clock-only", "%s scales by the clock alone and sees no load", title(a))
	}
}

func bound(n int) string {
	if n < 0 {
		return "any number"
	}
	return fact.Count(n).String()
}

func signals(a *fact.Autoscaler) string {
	var names []string
	for _, s := range a.Signals {
		name := s.Name
		if name == "" {
			name = s.Type
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return "its own signal"
	}
	return strings.Join(names, ", ")
}
