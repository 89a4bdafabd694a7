package gracefulshutdown

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// onHost judges how docker compose, Swarm or systemd stop a workload; false
// leaves the rest to what holds for every platform.
func onHost(out *verdict.Findings, w *fact.Workload) bool {
	switch {
	case w.Platform == fact.Procfile:
		out.Unclear(w.Ref, "stop-untold", "a Procfile does not tell how %s is asked to stop and how much time it has; whatever runs it decides", w.Name)
	case kills(w.StopSignal):
		out.Fail(w.Ref.At(w.StopAt), "stop-kills", "%s is asked to stop by %s, which no process can handle", w.Name, w.StopSignal)
	case w.Abandons:
		out.Fail(w.Ref.At(w.StopAt), "left-behind", "systemd leaves the processes of %s behind when it stops them (KillMode=none)", w.Name)
	case w.Grace == 0:
		out.Fail(w.Ref.At(w.GraceAt), "no-stop-time", "%s is killed at once: it has 0 s to stop", w.Name)
	case w.Platform != fact.Systemd:
		return false
	case w.Socket != "":
		out.Pass(w.Ref, "drains", "%s keeps taking connections while %s stops, within %s", w.Socket, w.Name, length(w))
	default:
		out.Unclear(w.Ref, "close-order-unknown", "systemd asks %s to stop and gives it %s; only its code can show whether it finishes what is in flight", w.Name, length(w))
	}
	return true
}

func length(w *fact.Workload) string {
	if w.Grace < 0 {
		return "all the time it takes"
	}
	return verdict.Count(w.Grace, "second")
}

// hook is what the platform calls a command that runs before a stop.
func hook(w *fact.Workload) string {
	if w.Platform == fact.Compose {
		return "pre_stop hook"
	}
	return "preStop"
}
