package readiness

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/derive/baseimage"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// onHost judges what docker compose, Swarm or systemd runs: it must say when it
// can serve, and whoever needs it must wait for that.
func onHost(out *verdict.Findings, here *fact.Set, w *fact.Workload, slowest int) {
	switch {
	case w.Platform == fact.Systemd:
		unit(out, here, w)
	case w.Platform == fact.Procfile:
		out.Unclear(w.Ref, "ready-untold", "a Procfile does not tell when %s can serve; whatever runs it decides", w.Name)
	case !here.Serving(w) && !awaited(here, w):
		out.Skip(w.Ref, "not-serving", "%s opens no port and nothing waits for it, so no traffic does either", w.Name)
	default:
		for _, c := range w.Main() {
			container(out, here, w, c, slowest)
		}
	}
}

func awaited(here *fact.Set, w *fact.Workload) bool {
	return slices.ContainsFunc(here.Workloads, func(o *fact.Workload) bool {
		return slices.ContainsFunc(o.Awaits, func(a fact.Await) bool { return a.For == w.Name })
	})
}

func container(out *verdict.Findings, here *fact.Set, w *fact.Workload, c *fact.Container, slowest int) {
	p := c.Readiness
	switch {
	case p == nil && baseimage.NoCheck(c):
		out.Fail(w.Ref, "no-health-check", "%s has no health check, so whatever needs it meets it before it can serve", w.Name)
		return
	case p == nil:
		out.Unclear(w.Ref, "image-may-check", "%s names no health check; its image may have one", w.Name)
		return
	case p.Method == "":
		out.Fail(p.Ref, "no-health-check", "the health check of %s sets times and names no test, and its image has none", w.Name)
		return
	case p.Within() > slowest:
		out.Fail(p.Ref, "check-too-slow", "%s counts as healthy for up to %d s after it fails (%d x %d s); at most %d s", w.Name, p.Within(), p.Failures, p.Period, slowest)
		return
	}
	sound := true
	if w.Kind != fact.SwarmService { // Swarm reads no depends_on
		for _, o := range here.Workloads {
			for _, a := range o.Awaits {
				if a.For == w.Name && a.Until == "started" {
					sound = false
					out.Fail(o.Ref.At(a.At).Within("wait for "+w.Name), "not-awaited", "%s starts as soon as %s has started, not when it is healthy", o.Name, w.Name)
				}
			}
		}
	}
	if sound {
		out.Pass(w.Ref, "health-check", "%s says within %d s whether it can serve", w.Name, p.Within())
	}
}

// unit judges a service of systemd by what it waits for before it counts as
// started.
func unit(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	for _, c := range w.Main() {
		switch {
		case c.Readiness != nil:
			out.Pass(w.Ref.At(c.Readiness.Location), "notifies", "%s counts as started when it says so itself (Type=notify)", w.Name)
			return
		case w.Socket != "":
			out.Pass(w.Ref, "socket", "%s holds the connections of %s until it takes them", w.Socket, w.Name)
			return
		}
	}
	if awaited(here, w) {
		out.Fail(w.Ref, "not-notified", "systemd takes %s for started as soon as its process runs, and other units here start after it; it does not notify (Type=notify)", w.Name)
		return
	}
	out.Unclear(w.Ref, "ready-untold", "systemd takes %s for started as soon as its process runs; whether anything sends to it before it can serve is not told", w.Name)
}
