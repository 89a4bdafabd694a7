package hardening

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/baseimage"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// onHost judges how docker compose, Swarm or systemd confine a workload.
func onHost(out *verdict.Findings, w *fact.Workload) {
	if w.Platform == fact.Procfile {
		out.Unclear(w.Ref, "confinement-untold", "a Procfile does not tell how %s is confined; whatever runs it decides", w.Name)
		return
	}
	clean := true
	for _, b := range w.Breaches {
		clean = false
		out.Fail(w.Ref.At(b.At).Within(b.Check), b.Rule, "%s %s", w.Name, b.Detail)
	}
	for _, c := range w.Main() {
		if w.Platform == fact.Systemd && strings.Contains(c.User, "%") {
			// Specifiers are filled in when an instance is started: %i may be root.
			clean = false
			out.Unclear(w.Ref.Within("user"), "unit-user-untold", "as whom %s runs is told when it is started (User=%s)", w.Name, c.User)
		}
		if w.Platform != fact.Compose {
			continue
		}
		if !c.ReadOnlyRoot {
			clean = false
			out.Fail(w.Ref.At(c.ReadOnlyRootAt).Within("root"), "container-writable", "%s can write to its own root file system", w.Name)
		}
		clean = composeUser(out, w, c) && clean
	}
	switch {
	case !clean:
	case w.Platform == fact.Systemd:
		out.Pass(w.Ref, "unit-confined", "%s runs as no root, gains no privileges, keeps no capabilities, sees the system read-only and has its system calls filtered", w.Name)
	default:
		out.Pass(w.Ref, "container-confined", "%s runs as no root, without capabilities or escalation, on a read-only root", w.Name)
	}
}

// composeUser judges as whom a container runs; an image that is built here is
// judged at its Dockerfile.
func composeUser(out *verdict.Findings, w *fact.Workload, c *fact.Container) bool {
	ref := w.Ref.Within("user")
	switch {
	case baseimage.IsRoot(c.User):
		out.Fail(ref, "container-root", "%s runs as root (user: %s)", w.Name, c.User)
	case c.User != "":
		return true
	case c.Build != nil:
		s := c.Stage()
		if s == nil || s.Config.UserOpen != "" {
			return false
		}
		if s.Config.User == "" {
			return baseimage.UserOf(c.Build.Root(s).Base) == baseimage.NonRoot
		}
		return !baseimage.IsRoot(s.Config.User)
	case c.Built:
		out.Unclear(ref, "container-user-untold", "%s names no user, and the Dockerfile of its image was not read", w.Name)
	case baseimage.UserOf(c.Image) == baseimage.NonRoot:
		return true
	case baseimage.UserOf(c.Image) == baseimage.Root:
		out.Fail(ref, "container-root", "%s names no user, and %s runs as root", w.Name, c.Image.Raw)
	default:
		out.Unclear(ref, "container-user-untold", "%s names no user; as whom %s runs is not told here", w.Name, c.Image.Raw)
	}
	return false
}
