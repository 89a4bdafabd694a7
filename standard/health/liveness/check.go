// Package liveness checks that a hung instance is recognised and restarted, by
// a question of its own.
package liveness

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a container that has a liveness probe which is not its readiness
// probe and acts within a minute.
func Check(in expect.Input) (out verdict.Findings) {
	for _, w := range in.Here.Workloads {
		if !w.Form.Serves() {
			out.Skip(w.Ref, "not-serving", "%s runs to its end; a deadline of the job stops one that hangs", w.Name)
			continue
		}
		if w.Platform.OnHosts() {
			onHost(&out, w, in.Limit("restart"))
			continue
		}
		if w.Platform.Cloud() {
			cloud(&out, w, in.Limit("restart"))
			continue
		}
		working := workers(w)
		for _, c := range w.Running() {
			switch {
			case c.Liveness != nil:
				judge(&out, w, c, in.Limit("restart"))
			case working[c.Name]:
				out.Fail(c.Ref, "no-probe", "%s has no liveness probe, so a hang lasts until somebody restarts it", w.Title(c))
			default:
				out.Note(c.Ref, "helper-unprobed", "%s has no liveness probe; it opens no port, so it is taken for a helper", w.Title(c))
			}
		}
	}
	return out
}

// workers returns the names of the containers that do the workload's work:
// those with ports or probes, or all main ones where none has any. Nobody asks
// a worker of a queue for a page, but its hang stops the queue all the same.
func workers(w *fact.Workload) map[string]bool {
	out := map[string]bool{}
	for _, c := range w.Main() {
		if len(c.Ports) > 0 || c.Readiness != nil || c.Liveness != nil {
			out[c.Name] = true
		}
	}
	if len(out) == 0 {
		for _, c := range w.Main() {
			out[c.Name] = true
		}
	}
	return out
}

// judge holds a probe to so many seconds in which a hang may go unnoticed.
func judge(out *verdict.Findings, w *fact.Workload, c *fact.Container, slowest int) {
	p := c.Liveness
	switch {
	case p.Method == "":
		out.Fail(p.Ref, "asks-nothing", "the liveness probe of %s names no way to ask, so Kubernetes refuses it", w.Title(c))
	case p.Method != "exec" && p.Port == 0:
		out.Fail(p.Ref, "no-such-port", "the liveness probe of %s names a port that the container does not declare, so it restarts for ever", w.Title(c))
	case c.Readiness != nil && p.Same(c.Readiness):
		out.Fail(p.Ref, "same-as-readiness", "%s has one question for readiness and liveness (%s), so whatever takes it out of rotation also restarts it", w.Title(c), question(p))
	case p.Within() > slowest:
		out.Fail(p.Ref, "too-slow", "a hang of %s is noticed only after %d s (%d x %d s); at most %d s", w.Title(c), p.Within(), p.Failures, p.Period, slowest)
	case c.Startup == nil && p.Delay > slowest:
		out.Fail(p.Ref, "delay-for-startup", "%s waits %d s before its first question instead of having a startup probe, so a hang at the start goes unnoticed that long", w.Title(c), p.Delay)
	default:
		out.Pass(c.Ref, "probe", "a hang of %s is noticed within %d s (%s)", w.Title(c), p.Within(), question(p))
		weigh(out, w, c, slowest)
	}
}

// weigh notes what makes a sound probe less useful.
func weigh(out *verdict.Findings, w *fact.Workload, c *fact.Container, slowest int) {
	p, grace := c.Liveness, w.Grace
	if p.Grace >= 0 {
		grace = p.Grace
	}
	path := strings.ToLower(p.Path)
	switch {
	case p.Method == "http" && (strings.Contains(path, "ready") || strings.HasSuffix(path, "/actuator/health")):
		out.Note(p.Ref, "may-ask-dependencies", "%s asks %s, whose name suggests that dependencies decide the answer; a liveness probe asks the process alone", w.Title(c), p.Path)
	case p.Within()+grace > slowest:
		out.Note(p.Ref, "grace-delays-restart", "a frozen %s is killed up to %d s after it hangs: %d s to notice and %d s of grace; a terminationGracePeriodSeconds of the probe shortens that", w.Title(c), p.Within()+grace, p.Within(), grace)
	}
}

func question(p *fact.Probe) string {
	switch {
	case p.Method == "tcp":
		return "tcp " + fact.Count(p.Port).String()
	case p.Path == "" || p.Method == "exec":
		return p.Method
	}
	return p.Method + " " + p.Path
}
