package gracefulshutdown

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// cloud judges what a cloud runs: its load balancer takes an instance out and
// lets requests finish before the instance is told to stop.
func cloud(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	updates, unknown := w.Unknown.Any(fact.Updates, fact.FrontDoor)
	_, unread := w.Unknown.Any(fact.Contents)
	traffic := here.TakesTraffic(w)
	switch {
	case w.Platform == fact.Lambda:
		out.Skip(w.Ref, "invoked", "Lambda lets each call of %s end before it stops an instance", w.Name)
	case unread:
		// The set's coverage says why.
	case w.Platform == fact.ECS && w.Grace <= 0:
		out.Fail(w.Ref.At(w.GraceAt), "no-stop-time", "%s is killed at once: its stopTimeout is %d s", w.Name, w.Grace)
	case swallowed(out, w):
	case w.Drain == 0 && w.Platform == fact.Machines && w.Kind != "Auto Scaling group":
		out.Fail(w.Ref.At(w.DrainAt), "no-drain", "requests in flight to %s are cut: its load balancer gives them 0 s to finish", w.Name)
	case w.Drain == 0:
		out.Fail(w.Ref.At(w.DrainAt), "no-drain", "requests in flight to %s are cut: its target group has a deregistration_delay of 0", w.Name)
	case mayShell(w) != nil:
		c := mayShell(w)
		out.Unclear(c.Ref.At(c.Command.At), "shell-may-swallow", "%s starts through %s; whether that shell hands SIGTERM to the program depends on the image", w.Title(c), c.Command.Program)
	case w.Drain > 0 && w.Platform == fact.Machines:
		out.Pass(w.Ref, "drains", "a machine of %s leaves rotation and has %d s to finish before it is ended", w.Name, w.Drain)
	case w.Drain > 0:
		out.Pass(w.Ref, "drains", "%s leaves rotation, has %d s to finish before it is told to stop, and %d s after that", w.Name, w.Drain, w.Grace)
	case unknown:
		out.Unclear(w.Ref.At(updates.At), "drain-unknown", "whether requests to %s may finish before it is told to stop is not known, for %s", w.Name, updates.Why)
	case w.Platform == fact.Machines:
		out.Unclear(w.Ref, "process-unknown", "what the machines of %s do when they are told to stop is not told here", w.Name)
	case traffic && w.Platform.Hosted():
		out.Unclear(w.Ref, "close-order-unknown", "%s tells %s to stop and gives it %d s; whether requests in flight end before is for its code to show", w.Platform.Title(), w.Name, w.Grace)
	case traffic:
		out.Unclear(w.Ref, "close-order-unknown", "no load balancer stands before %s, so only its code can show whether it keeps accepting until callers know that it goes", w.Name)
	default:
		for _, c := range working(here, w) {
			if !c.Command.Set {
				out.Unclear(c.Ref, "entry-unknown", "the image of %s decides what starts, so whether it gets SIGTERM within its %d s cannot be told", w.Title(c), w.Grace)
				continue
			}
			out.Pass(c.Ref, "drains", "%s gets the request to stop and has %d s to finish", w.Title(c), w.Grace)
		}
	}
}

func mayShell(w *fact.Workload) *fact.Container {
	for _, c := range w.Main() {
		if c.Command.MayShell {
			return c
		}
	}
	return nil
}
