package liveness

import (
	"seaworthy.dev/seaworthy/internal/derive/baseimage"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// onHost judges what docker compose, Swarm or systemd runs: something must start
// it again when it ends, and something must notice and end it when it hangs.
func onHost(out *verdict.Findings, w *fact.Workload, slowest int) {
	r := w.Recovery
	if r == nil {
		out.Unclear(w.Ref, "restart-untold", "what starts %s again when it ends or hangs is not told by a %s", w.Name, w.Kind)
		return
	}
	ends := restarts(out, w, r)
	hangs := false
	if w.Platform == fact.Systemd {
		hangs = watchdog(out, w, r, slowest)
	} else {
		hangs = checked(out, w, r, slowest)
	}
	if ends && hangs {
		within := r.Within
		for _, c := range w.Main() {
			if within == 0 && c.Readiness != nil {
				within = c.Readiness.Within()
			}
		}
		out.Pass(w.Ref, "recovers", "a hang of %s is noticed within %d s, and %s starts it again", w.Name, within, r.Hangs)
	}
}

// restarts fails what nothing starts again.
func restarts(out *verdict.Findings, w *fact.Workload, r *fact.Recovery) bool {
	ref := w.Ref.At(r.At).Within("restart")
	switch r.Restarts {
	case "never":
		out.Fail(ref, "no-restart", "nothing starts %s again when it ends: it has no %s", w.Name, policy(w))
		return false
	case "":
		out.Unclear(ref, "restart-untold", "whether something starts %s again when it ends is not told", w.Name)
		return false
	case "on-failure":
		if w.Platform == fact.Compose && w.Kind == fact.ComposeService {
			out.Note(ref, "not-at-boot", "%s does not start again with its host (restart: on-failure)", w.Name)
		}
	}
	if r.Limit > 0 && r.LimitWithin > 0 && w.Platform == fact.Systemd {
		out.Note(ref, "gives-up", "after %s within %d s systemd gives %s up and leaves it down", verdict.Count(r.Limit, "start"), r.LimitWithin, w.Name)
	}
	if r.Limit > 0 && r.LimitWithin == 0 {
		out.Note(ref, "gives-up", "after %s %s is given up and stays down", verdict.Count(r.Limit, "restart"), w.Name)
	}
	return true
}

// policy is what the platform calls a setting by which it starts things again.
func policy(w *fact.Workload) string {
	if w.Platform == fact.Systemd {
		return "Restart= for that"
	}
	return "restart policy"
}

// checked judges the health check of a container and what acts on it.
func checked(out *verdict.Findings, w *fact.Workload, r *fact.Recovery, slowest int) bool {
	for _, c := range w.Main() {
		ref := w.Ref.Within("hang")
		switch p := c.Readiness; {
		case p == nil && baseimage.NoCheck(c):
			out.Fail(ref, "no-health-check", "%s has no health check, so a hang lasts until somebody restarts it", w.Name)
			return false
		case r.Hangs == "" && p == nil:
			out.Fail(ref, "unhealthy-stays", "nothing restarts %s when it hangs: it names no health check, and Docker would only mark it unhealthy", w.Name)
			return false
		case r.Hangs == "":
			out.Fail(ref.At(p.Location), "unhealthy-stays", "Docker marks %s unhealthy within %d s and leaves it as it is; nothing here restarts it", w.Name, p.Within())
			return false
		case p == nil:
			out.Unclear(ref, "image-may-check", "%s names no health check; its image may have one", w.Name)
			return false
		case p.Method == "":
			out.Fail(ref.At(p.Location), "no-health-check", "the health check of %s sets times and names no test, and its image has none", w.Name)
			return false
		case p.Within() > slowest:
			out.Fail(ref.At(p.Location), "check-too-slow", "a hang of %s is noticed only after %d s (%d x %d s); at most %d s", w.Name, p.Within(), p.Failures, p.Period, slowest)
			return false
		}
	}
	return true
}

// watchdog judges whether systemd notices that a service hangs.
func watchdog(out *verdict.Findings, w *fact.Workload, r *fact.Recovery, slowest int) bool {
	ref := w.Ref.At(r.HangsAt).Within("hang")
	switch {
	case r.Hangs == "" && r.Within > 0 && r.Restarts == "":
		return false // said already: what restarts it is not told
	case r.Hangs == "" && r.Within > 0:
		out.Fail(ref, "watchdog-no-restart", "systemd notices that %s hangs (WatchdogSec), but its Restart does not start it again after that", w.Name)
	case r.Hangs == "":
		out.Fail(ref, "no-watchdog", "systemd does not notice that %s hangs: it sets no WatchdogSec", w.Name)
	case r.Within > slowest:
		out.Fail(ref, "check-too-slow", "a hang of %s is noticed only after %d s (WatchdogSec); at most %d s", w.Name, r.Within, slowest)
	default:
		return true
	}
	return false
}
