package gracefulshutdown

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// builds judges whether what an image starts gets the request to stop. How much
// time it has is for the platform to say.
func builds(out *verdict.Findings, in expect.Input) {
	for _, b := range in.Here.Builds {
		s := b.Final()
		if s == nil || len(b.Users(in.All)) > 0 || replaced(in) {
			continue // judged with the workload that runs it
		}
		c, ref := s.Config, b.Ref.Within("start").At(s.Config.Entry.At)
		switch {
		case kills(c.StopSignal):
			out.Fail(b.Ref.Within("start").At(c.StopAt), "stop-kills", "%s asks for %s as the request to stop, which no process can handle", b.Name, c.StopSignal)
		case c.Entry.Shell:
			out.Fail(ref, "image-shell", "%s starts its program under a shell that does not pass the request to stop on", b.Name)
		case c.Entry.MayShell:
			out.Unclear(ref, "image-may-shell", "%s starts its program through %s; whether that shell hands the request to stop on depends on the image", b.Name, c.Entry.Program)
		case ran(in):
			// Workloads are judged by what they say themselves.
		case !c.Entry.Set || !c.EntryHere && s.Base.Raw != "":
			out.Unclear(b.Ref.Within("start"), "image-entry", "the base of %s may decide what starts, so whether it gets the request to stop cannot be told", b.Name)
		default:
			out.Unclear(ref, "image-entry", "what %s starts gets the request to stop; nothing here says how much time it then has", b.Name)
		}
	}
}

// kills reports whether a signal ends a process without asking.
func kills(signal string) bool {
	switch strings.TrimPrefix(strings.ToUpper(signal), "SIG") {
	case "KILL", "9", "STOP", "19":
		return true
	}
	return false
}

// ran reports whether a workload is here.
func ran(in expect.Input) bool {
	for _, set := range in.All {
		if len(set.Workloads) > 0 {
			return true
		}
	}
	return false
}

// replaced reports whether containers run here, and each of them says itself
// what it starts: then no image does.
func replaced(in expect.Input) bool {
	found := false
	for _, set := range in.All {
		for _, w := range set.Workloads {
			if w.Platform.OnHosts() {
				continue
			}
			for _, c := range w.Main() {
				found = true
				if !c.Command.Set {
					return false
				}
			}
		}
	}
	return found
}
