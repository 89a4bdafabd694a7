package liveness

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// cloud judges what a cloud runs. ECS replaces a task that fails the check of
// its container, and one that fails that of its load balancer; a group of
// machines, one that fails what the group was told to look at.
func cloud(out *verdict.Findings, w *fact.Workload, slowest int) {
	switch w.Platform {
	case fact.Lambda:
		out.Skip(w.Ref, "invoked", "Lambda ends a call of %s that takes longer than its timeout", w.Name)
		return
	case fact.Machines:
		machines(out, w, slowest)
		return
	}
	if w.Kind == "slot" {
		return // nobody is sent there before it is swapped in
	}
	if _, unread := w.Unknown.Any(fact.Contents); unread {
		return // the set's coverage says why
	}
	working := workers(w)
	for _, c := range w.Main() {
		switch p := c.Liveness; {
		case p != nil && p.Unknown != "":
			out.Unclear(p.Ref, "check-unknown", "how the health check of %s asks is not known, for %s", w.Title(c), p.Unknown)
		case p != nil && p.Method == "":
			out.Fail(p.Ref, "names-no-command", "the health check of %s names no command, so ECS refuses it", w.Title(c))
		case p != nil && p.Within() > slowest:
			out.Fail(p.Ref, "too-slow", "a hang of %s is noticed only after %d s (%d x %d s); at most %d s", w.Title(c), p.Within(), p.Failures, p.Period, slowest)
		case p != nil:
			out.Pass(c.Ref, "probe", "a hang of %s is noticed within %d s (%s)", w.Title(c), p.Within(), question(p))
		case !working[c.Name]:
			out.Note(c.Ref, "helper-unprobed", "%s has no health check; it opens no port, so it is taken for a helper", w.Title(c))
		case w.Platform == fact.AppService:
			out.Fail(c.Ref, "no-check", "%s has no health check, so a hang lasts until somebody restarts it", w.Title(c))
		case w.Platform.Hosted():
			out.Fail(c.Ref, "no-check", "%s has no liveness probe of its own, and a port that stays open does not show a hang", w.Title(c))
		case c.Readiness != nil:
			out.Fail(c.Ref, "balancer-only", "only its load balancer looks after %s, so whatever takes it out of rotation also replaces it", w.Title(c))
		default:
			out.Fail(c.Ref, "no-check", "%s has no health check, so a hang lasts until somebody restarts it", w.Title(c))
		}
	}
}

func machines(out *verdict.Findings, w *fact.Workload, slowest int) {
	front, unknown := w.Unknown.Any(fact.FrontDoor)
	switch {
	case w.Form == fact.Bare:
		out.Unclear(w.Ref, "process-unknown", "what restarts the process on %s when it hangs is not told here", w.Name)
	case w.ReplacedBy != "":
		out.Fail(w.Ref, "balancer-only", "a machine of %s is replaced by %s, so whatever takes it out of rotation also replaces it", w.Name, w.ReplacedBy)
	case watched(w) != nil:
		replaced(out, w, watched(w), slowest)
	case unknown:
		out.Unclear(w.Ref.At(front.At), "process-unknown", "what looks after the process on the machines of %s is not told, for %s", w.Name, front.Why)
	default:
		out.Unclear(w.Ref, "process-unknown", "the group %s replaces machines that stop, not processes that hang; what restarts those is not told here", w.Name)
	}
}

// watched returns the question by which a group looks after its machines, where
// that is not the load balancer's; or nil.
func watched(w *fact.Workload) *fact.Probe {
	for _, c := range w.Main() {
		return c.Liveness
	}
	return nil
}

// replaced judges how soon a machine that hangs is replaced.
func replaced(out *verdict.Findings, w *fact.Workload, p *fact.Probe, slowest int) {
	switch {
	case p.Unknown != "":
		out.Unclear(p.Ref, "check-unknown", "how the group %s asks its machines is not known, for %s", w.Name, p.Unknown)
	case p.Within() > slowest:
		out.Fail(p.Ref, "too-slow", "a hang on a machine of %s is noticed only after %d s (%d x %d s); at most %d s", w.Name, p.Within(), p.Failures, p.Period, slowest)
	default:
		out.Pass(w.Ref, "probe", "a hang on a machine of %s is noticed within %d s (%s), and the group replaces it", w.Name, p.Within(), question(p))
	}
}
