package readiness

import (
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// cloud judges what a cloud runs: its load balancer asks, or the container's
// own check where names lead to healthy instances only.
func cloud(out *verdict.Findings, in expect.Input, w *fact.Workload) {
	here := in.Here
	front, unknown := w.Unknown.Any(fact.FrontDoor)
	_, unread := w.Unknown.Any(fact.Contents)
	switch {
	case w.Platform == fact.Lambda:
		out.Skip(w.Ref, "invoked", "Lambda hands %s a request only once an instance of it waits for one", w.Name)
	case unread:
		// The set's coverage says why.
	case !here.Serving(w) && unknown:
		out.Unclear(w.Ref.At(front.At), "may-serve", "could not tell whether %s serves: %s", w.Name, front.Why)
	case !here.Serving(w) && w.Platform == fact.Machines:
		out.Unclear(w.Ref, "may-serve", "could not tell whether %s serves: no load balancer sends to it, and what its machines run is not told here", w.Name)
	case !here.Serving(w):
		out.Skip(w.Ref, "not-serving", "%s opens no port and nothing sends to it, so no traffic waits for it", w.Name)
	default:
		for _, c := range serving(here, w) {
			asked(out, here, w, c, in.Limit("out-of-rotation"))
		}
	}
}

func asked(out *verdict.Findings, here *fact.Set, w *fact.Workload, c *fact.Container, slowest int) {
	p := c.Readiness
	switch {
	case p == nil && w.Platform == fact.CloudRun && c.Startup != nil && c.Startup.Method != "tcp":
		out.Unclear(c.Ref, "asked-once", "Cloud Run asks %s before its first request (%s) and not again, so whether one that can no longer serve leaves rotation is for its platform to say", w.Title(c), question(c.Startup))
	case p == nil && (w.Platform == fact.CloudRun || w.Platform == fact.ContainerApp):
		out.Fail(c.Ref, "port-only", "%s sends requests to %s as soon as its port is open, whether it can serve or not", w.Platform.Title(), w.Title(c))
	case p == nil && len(here.ServicesFor(w)) == 0:
		out.Unclear(c.Ref, "no-front", "%s opens a port, but nothing here sends to it; what looks whether it can serve is not told", w.Title(c))
	case p == nil:
		out.Fail(c.Ref, "not-asked", "nothing asks %s whether it can serve, so traffic reaches it before it can", w.Title(c))
	case p.Unknown != "":
		out.Unclear(p.Ref, "check-unknown", "how %s is asked whether it can serve is not known, for %s", w.Title(c), p.Unknown)
	default:
		judge(out, here, w, c, slowest)
	}
}
