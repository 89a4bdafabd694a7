// Package readiness checks that traffic reaches only instances that can serve.
package readiness

import (
	"seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload when each container that takes traffic has a
// readiness probe that takes it out of rotation within 30 seconds.
func Check(in expect.Input) (out verdict.Findings) {
	for _, w := range in.Here.Workloads {
		switch {
		case !w.Form.Serves():
			out.Skip(w.Ref, "not-serving", "%s runs to its end and serves nobody", w.Name)
		case w.Platform.OnHosts():
			onHost(&out, in.Here, w, in.Limit("out-of-rotation"))
		case w.Platform.Cloud():
			cloud(&out, in, w)
		case !in.Here.Serving(w):
			// Without a port, a probe or a service nothing shows that it serves.
			if hole, missing := in.Here.Coverage.Missing(fact.Services); missing {
				out.Unclear(w.Ref, "may-serve", "could not tell whether %s serves: %s", w.Name, hole.Why)
				continue
			}
			out.Skip(w.Ref, "not-serving", "%s declares no port and no service selects it, so no traffic waits for it", w.Name)
		default:
			for _, c := range serving(in.Here, w) {
				judge(&out, in.Here, w, c, in.Limit("out-of-rotation"))
			}
		}
	}
	ignored(&out, in.Here)
	return out
}

// serving returns the containers that take traffic: those with ports, native
// sidecars to which a service sends, or the only main ones where a service
// selects the workload.
func serving(here *fact.Set, w *fact.Workload) []*fact.Container {
	var out []*fact.Container
	for _, c := range w.Main() {
		if len(c.Ports) > 0 || c.Readiness != nil {
			out = append(out, c)
		}
	}
	for _, c := range w.Running() {
		if c.Role == fact.Sidecar && targeted(here.ServicesFor(w), c) {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return w.Main()
	}
	return out
}

// targeted reports whether one of the services sends to a port of the container.
func targeted(services []*fact.Service, c *fact.Container) bool {
	for _, svc := range services {
		for _, p := range svc.Ports {
			for _, own := range c.Ports {
				if p.TargetName != "" && p.TargetName == own.Name || p.TargetName == "" && p.Target == own.Number {
					return true
				}
			}
		}
	}
	return false
}

// judge holds a probe to so many seconds in which an instance that cannot serve
// may stay in rotation.
func judge(out *verdict.Findings, here *fact.Set, w *fact.Workload, c *fact.Container, slowest int) {
	p := c.Readiness
	switch {
	case p == nil && onlyMetrics(c):
		out.Skip(c.Ref, "metrics-only", "%s opens nothing but ports for metrics and probes", w.Title(c))
	case p == nil && w.ReadinessGates > 0:
		out.Unclear(c.Ref, "gate-only", "%s has no readiness probe but a readiness gate, which another controller decides", w.Title(c))
	case p == nil:
		out.Fail(c.Ref, "no-probe", "%s has no readiness probe, so traffic reaches it before it can serve", w.Title(c))
	case p.Method == "":
		out.Fail(p.Ref, "asks-nothing", "the readiness probe of %s names no way to ask, so Kubernetes refuses it", w.Title(c))
	case p.Method != "exec" && p.Port == 0:
		out.Fail(p.Ref, "no-such-port", "the readiness probe of %s names a port that the container does not declare, so it never gets ready", w.Title(c))
	case p.Within() > slowest:
		out.Fail(p.Ref, "too-slow", "%s stays in rotation for up to %d s after it fails (%d x %d s); at most %d s", w.Title(c), p.Within(), p.Failures, p.Period, slowest)
	default:
		out.Pass(c.Ref, "probe", "%s leaves rotation within %d s of failing (%s)", w.Title(c), p.Within(), question(p))
		if store, _ := stores.Of(w); p.Method == "tcp" && store.Kind == "" {
			out.Note(p.Ref, "bare-port", "%s is asked only whether its port is open, which it stays while every answer is an error", w.Title(c))
		}
	}
}

// ignored fails services that send to instances whether they are ready or not.
// Headless ones let members find each other before they serve.
func ignored(out *verdict.Findings, here *fact.Set) {
	for _, svc := range here.Services {
		if svc.NotReady && !svc.Headless && len(here.WorkloadsOf(svc)) > 0 {
			out.Fail(svc.Ref, "ignores-readiness", "Service %s sends to instances that are not ready (publishNotReadyAddresses)", svc.Name)
		}
	}
}

// onlyMetrics reports whether all of a container's ports are for metrics and
// probes, as far as their names tell.
func onlyMetrics(c *fact.Container) bool {
	for _, p := range c.Ports {
		if p.TakesTraffic() {
			return false
		}
	}
	return len(c.Ports) > 0
}

func question(p *fact.Probe) string {
	if p.Path == "" || p.Method == "exec" {
		return p.Method
	}
	return p.Method + " " + p.Path
}
