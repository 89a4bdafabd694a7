// Package gracefulshutdown checks that an instance which is told to stop has
// the signal and the time to do it well.
package gracefulshutdown

import (
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/stores"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// little is the time in seconds below which draining is worth a note.
const little = 5

// Check passes a workload whose instances get the request to stop and enough
// time, and where something lets routers know first. What only the code can
// show is left open.
func Check(in expect.Input) (out verdict.Findings) {
	for _, w := range in.Here.Workloads {
		switch {
		case !w.Form.Serves():
			out.Skip(w.Ref, "not-serving", "%s runs to its end and has no requests in flight", w.Name)
		case w.Platform.OnHosts() && onHost(&out, w):
		case w.Platform.Cloud():
			cloud(&out, in.Here, w)
		case w.Grace <= 0:
			out.Fail(w.Ref.At(w.GraceAt), "no-grace", "%s is killed at once: its grace period is %d s", w.Name, w.Grace)
		case w.Scalable && in.Here.Instances(w) == 0 && len(in.Here.AutoscalersFor(w)) == 0:
			out.Skip(w.Ref, "scaled-to-zero", "%s is scaled to zero", w.Name)
		default:
			if swallowed(&out, w) {
				continue
			}
			for _, c := range working(in.Here, w) {
				judge(&out, in.Here, w, c)
			}
		}
	}
	builds(&out, in)
	return out
}

// swallowed fails containers in which the signal to stop ends at a shell.
func swallowed(out *verdict.Findings, w *fact.Workload) bool {
	found := false
	for _, c := range w.Running() {
		if c.Command.Shell {
			found = true
			out.Fail(c.Ref.At(c.Command.At), "shell-swallows-signal", "%s runs under a shell that does not pass SIGTERM on, so it is killed after %d s", w.Title(c), w.Grace)
		}
	}
	return found
}

// working returns the containers that have something to finish: those with
// ports where the workload serves, else all main ones.
func working(here *fact.Set, w *fact.Workload) []*fact.Container {
	var out []*fact.Container
	if here.Serving(w) {
		for _, c := range w.Main() {
			if len(c.Ports) > 0 || c.Readiness != nil || c.PreStop != nil {
				out = append(out, c)
			}
		}
	}
	if len(out) == 0 {
		return w.Main()
	}
	return out
}

func judge(out *verdict.Findings, here *fact.Set, w *fact.Workload, c *fact.Container) {
	traffic, knative := here.TakesTraffic(w), strings.HasPrefix(w.APIVersion, "serving.knative.dev/")
	keeps := ""
	if store, is := stores.Of(w); is {
		keeps = store.Kind
	}
	left := w.Grace
	if c.PreStop != nil && c.PreStop.Seconds > 0 {
		left -= c.PreStop.Seconds
	}
	switch {
	case left <= 0:
		out.Fail(c.PreStop.Ref, "prestop-takes-all", "the preStop of %s takes %d s of a grace period of %d s, so nothing is left to finish requests", w.Title(c), c.PreStop.Seconds, w.Grace)
		return
	case c.Command.MayShell:
		out.Unclear(c.Ref.At(c.Command.At), "shell-may-swallow", "%s starts through %s; whether that shell hands SIGTERM to the program depends on the image", w.Title(c), c.Command.Program)
	case w.Platform.OnHosts() && keeps != "" && c.PreStop == nil:
		out.Unclear(c.Ref, "store-stop", "%s keeps data (%s) and has %d s from the request to stop until it is killed; whether it has written what it holds by then depends on its load", w.Title(c), keeps, w.Grace)
	case knative:
		out.Pass(c.Ref, "drains", "Knative's queue proxy finishes the requests of %s before it stops, within %d s", w.Name, w.Grace)
	case c.PreStop != nil && c.PreStop.Seconds < 0:
		out.Unclear(c.PreStop.Ref, "prestop-unknown", "%s runs a preStop hook (%s); how long it takes of the %d s of grace cannot be told", w.Title(c), c.PreStop.Method, w.Grace)
	case traffic && c.PreStop == nil:
		out.Unclear(c.Ref, "close-order-unknown", "%s has no %s, so only its code can show whether it keeps accepting until routers know that it goes", w.Title(c), hook(w))
	case traffic:
		out.Pass(c.Ref, "drains", "%s waits %d s before it is told to stop and has %d s left to finish", w.Title(c), c.PreStop.Seconds, left)
	case idle(c):
		out.Skip(c.Ref, "idle", "%s only waits and has nothing in flight", w.Title(c))
	case !c.Command.Set && c.PreStop == nil:
		out.Unclear(c.Ref, "entry-unknown", "the image of %s decides what starts, so whether it gets SIGTERM within its %d s cannot be told", w.Title(c), w.Grace)
	default:
		out.Pass(c.Ref, "drains", "%s gets the request to stop and has %d s to finish", w.Title(c), left)
	}
	if left < little {
		out.Note(w.Ref.At(w.GraceAt), "little-grace", "%s has %d s to finish what is in flight", w.Title(c), left)
	}
}

// idle reports whether the container runs a program that does nothing.
func idle(c *fact.Container) bool {
	switch path.Base(c.Command.Program) {
	case "sleep", "tail", "cat", "pause":
		return c.Command.Set
	}
	return false
}
