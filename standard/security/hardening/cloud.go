package hardening

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// cloud judges what a cloud runs by what its own settings leave open; the
// source says where each is broken.
func cloud(out *verdict.Findings, w *fact.Workload) {
	if w.Platform == fact.Lambda {
		out.Skip(w.Ref, "sandboxed", "Lambda runs %s without root, in a machine of its own whose root is read-only", w.Name)
		return
	}
	if w.Platform.Hosted() {
		out.Unclear(w.Ref, "image-decides", "%s keeps %s in a sandbox of its own; as whom the process runs there is for its image to say", w.Platform.Title(), w.Name)
		return
	}
	if _, unread := w.Unknown.Any(fact.Contents); unread {
		return // the set's coverage says why
	}
	clean := true
	for _, b := range w.Breaches {
		clean = false
		ref := w.Ref.At(b.At).Within(b.Check)
		if b.Unknown != "" {
			out.Unclear(ref, "setting-unknown", "whether %s %s is not known, for %s", w.Name, b.Detail, b.Unknown)
			continue
		}
		out.Fail(ref, b.Rule, "%s %s", subject(w, b), b.Detail)
	}
	clean = readOnly(out, w) && clean
	switch {
	case !clean:
	case w.Platform == fact.Machines:
		out.Unclear(w.Ref, "process-unknown", "as whom the process on the machines of %s runs, and what it may do, is not told here", w.Name)
	default:
		out.Pass(w.Ref, "hardened", "%s runs as a user other than root, without capabilities and with a read-only root", w.Name)
	}
}

// subject names the container that a breach is about, if it is about one.
func subject(w *fact.Workload, b fact.Breach) string {
	for _, c := range w.All() {
		if len(b.Check) > len(c.Name) && b.Check[len(b.Check)-len(c.Name):] == c.Name && c.Name != w.Name && c.Name != "" {
			return c.Name + " of " + w.Name
		}
	}
	return w.Name
}
