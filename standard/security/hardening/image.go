package hardening

import (
	"seaworthy.dev/seaworthy/internal/derive/baseimage"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// builds judges as whom a built image runs. How it is confined is for the
// platform that runs it to say.
func builds(out *verdict.Findings, in expect.Input) {
	for _, b := range in.Here.Builds {
		s := b.Final()
		for _, c := range b.Users(in.All) {
			if c.Target != "" && c.Stage() != nil {
				s = c.Stage()
			}
		}
		if s != nil {
			user(out, in, b, s)
		}
	}
	if len(in.Here.Builds) > 0 && !runs(in) && in.First(func(s *fact.Set) bool { return len(s.Builds) > 0 }) {
		out.Unclear(in.Here.Builds[0].Ref.Within("platform"), "image-confinement", "nothing here runs the image, so whether its root is read-only, its capabilities are dropped and escalation is off is not told")
	}
}

// user judges as whom the image of a stage runs.
func user(out *verdict.Findings, in expect.Input, b *fact.ImageBuild, s *fact.BuildStage) {
	root, c := b.Root(s), s.Config
	ref := b.Ref.Within("user")
	switch {
	case c.UserOpen != "":
		out.Unclear(ref.At(c.UserAt), "image-user-open", "the user of %s is build argument %s, which has no default", b.Name, c.UserOpen)
	case baseimage.IsRoot(c.User):
		if !refused(out, in, b, ref.At(c.UserAt)) {
			out.Fail(ref.At(c.UserAt), "image-root", "the image of %s runs as root (USER %s)", b.Name, c.User)
		}
	case c.User != "" && !baseimage.Numeric(c.User):
		out.Pass(ref.At(c.UserAt), "image-user", "the image of %s runs as %s", b.Name, c.User)
		out.Note(ref.At(c.UserAt), "image-user-name", "%s names its user (%s); where a pod asks for runAsNonRoot, the kubelet takes only a number", b.Name, c.User)
	case c.User != "":
		out.Pass(ref.At(c.UserAt), "image-user", "the image of %s runs as user %s", b.Name, c.User)
	case !c.Entry.Set && (root.Scratch || baseimage.Idle(root.Base)) && len(b.Users(in.All)) == 0:
		out.Unclear(ref.At(s.Location), "image-no-program", "%s names neither a program to start nor a USER, and nothing here runs it: it may be a tool of the build", b.Name)
	case root.Open != "":
		out.Unclear(ref.At(s.Location), "image-user-open", "%s names no USER, and its base is build argument %s, which has no default", b.Name, root.Open)
	case root.Scratch:
		if !refused(out, in, b, ref.At(s.Location)) {
			out.Fail(ref.At(s.Location), "image-root", "%s starts from scratch and names no USER, so its image runs as root", b.Name)
		}
	case baseimage.UserOf(root.Base) == baseimage.NonRoot:
		out.Pass(ref.At(root.Location), "image-user", "the image of %s runs as the user of %s, which is not root", b.Name, root.Base.Raw)
	case baseimage.UserOf(root.Base) == baseimage.Root:
		if !refused(out, in, b, ref.At(s.Location)) {
			out.Fail(ref.At(s.Location), "image-root", "%s names no USER, and %s runs as root", b.Name, root.Base.Raw)
		}
	default:
		out.Unclear(ref.At(s.Location), "image-user-open", "%s names no USER; as whom %s runs is not told here", b.Name, root.Base.Raw)
	}
}

// refused notes what the platform corrects: where whatever runs here says by
// itself that it is not root, the image's own user does not count.
func refused(out *verdict.Findings, in expect.Input, b *fact.ImageBuild, at fact.Ref) bool {
	users := b.Users(in.All)
	for _, c := range users {
		if c.User == "" || baseimage.IsRoot(c.User) {
			return false
		}
	}
	if len(users) == 0 && !demanded(in.All) {
		return false
	}
	out.Note(at, "image-root-refused", "the image of %s runs as root by itself; whatever runs here says that it is not root", b.Name)
	return true
}

// demanded reports whether pods run here, and each of them refuses root.
func demanded(all []*fact.Set) bool {
	found := false
	for _, set := range all {
		for _, w := range set.Workloads {
			if w.Platform != fact.Kubernetes || w.Windows {
				continue
			}
			found = true
			for _, b := range w.Breaches {
				if b.Check == "runAsNonRoot" || b.Check == "runAsUser" {
					return false
				}
			}
		}
	}
	return found
}

// runs reports whether a workload is here that says how it is confined.
func runs(in expect.Input) bool {
	for _, set := range in.All {
		if len(set.Workloads) > 0 {
			return true
		}
	}
	return false
}
