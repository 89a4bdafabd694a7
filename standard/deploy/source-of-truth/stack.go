package sourceoftruth

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/delivery"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// infrastructure judges infrastructure as code: where its state is kept, what
// fixes the versions that it takes from elsewhere, and what applies it.
func infrastructure(out *verdict.Findings, in expect.Input) {
	for _, s := range in.Here.Stacks {
		if s.Engine == "cloudformation" { // keeps its state itself, and takes nothing from elsewhere
			continue
		}
		state(out, s)
		providers(out, s)
		modules(out, s)
		applied(out, in, s)
	}
	for _, f := range in.Here.StateFiles {
		out.Fail(f.Ref, "state-in-tree", "%s is a state file: what somebody else applies is not in it, and the next to apply undoes that", f.File)
	}
}

func state(out *verdict.Findings, s *fact.Stack) {
	ref := s.Ref.At(s.BackendAt).Within("state")
	switch {
	case !s.BackendKnown:
		out.Unclear(ref, "state-elsewhere", "the plan %s does not say where its state is kept", s.Name)
	case s.Backend == "" && s.Partial:
		out.Unclear(ref, "state-elsewhere", "a part of %s cannot be parsed, and may say where its state is kept", s.Name)
	case s.Backend == "" && s.Wrapper != "":
		out.Unclear(ref, "state-elsewhere", "%s adds the place of the state of %s when it is applied, and is not read", s.Wrapper, s.Name)
	case s.Backend == "" && !s.Configured:
		out.Unclear(ref, "stack-or-module", "%s names neither a backend nor a provider's settings; whether it is applied or is a module for others cannot be told", s.Name)
	case s.Backend == "":
		out.Fail(ref, "local-state", "%s names no backend, so its state is a file on the disk of whoever applies it", s.Name)
	case s.Backend == "local":
		out.Fail(ref, "local-state", "%s keeps its state in a local file", s.Name)
	case s.Locking == fact.LocksNothing:
		out.Fail(ref, "unlocked-state", "nothing locks the state of %s in %s, so two that apply at once overwrite each other", s.Name, s.Backend)
	case s.Locking == fact.LocksUnclear:
		out.Unclear(ref, "state-elsewhere", "whether the state of %s in %s is locked is not written here", s.Name, s.Backend)
	default:
		out.Pass(ref, "remote-state", "%s keeps its state in %s, which locks it", s.Name, s.Backend)
	}
}

func providers(out *verdict.Findings, s *fact.Stack) {
	ref := s.Ref.Within("providers")
	var loose []string
	for _, p := range s.Providers {
		if !p.Exact {
			loose = append(loose, p.Name+" "+named(p.Version, "in any version"))
		}
	}
	switch {
	case s.Locked:
		out.Pass(ref, "locked", "a lock file fixes the providers of %s", s.Name)
	case !s.BackendKnown, s.Backend == "" && !s.Configured, s.Wrapper != "", s.Partial:
		// a plan, a module or a generated root, whose lock stands elsewhere; or what
		// could not be parsed, which is said already
	case len(loose) == 0 && len(s.Providers) > 0:
		out.Pass(ref, "locked", "%s names one version of each of its providers", s.Name)
	case len(loose) == 0:
		out.Fail(ref, "no-lock-file", "no .terraform.lock.hcl stands beside %s, and it names no versions of its providers", s.Name)
	default:
		out.Fail(ref.At(s.Providers[0].At), "no-lock-file", "no .terraform.lock.hcl stands beside %s, so what is newest is taken: %s", s.Name, strings.Join(loose, ", "))
	}
}

func modules(out *verdict.Findings, s *fact.Stack) {
	fixed := 0
	for _, m := range s.Modules {
		ref := s.Ref.At(m.At).Within(m.Name)
		switch {
		case m.Exact:
			fixed++
		case m.Version == "" && unversioned(m.Source):
			out.Unclear(ref, "module-elsewhere", "whether %s (%s) stays the same cannot be told", m.Name, named(m.Source, "a source that is not known"))
		case m.Version == "":
			out.Fail(ref, "unpinned-module", "%s takes %s without a version", m.Name, m.Source)
		case strings.ContainsAny(m.Version, "<>~!=,* 0123456789") && !strings.Contains(m.Source, "?"):
			out.Note(ref, "module-range", "%s takes %s in any version that fits %s, and no lock file covers modules", m.Name, m.Source, m.Version)
		default:
			out.Fail(ref, "unpinned-module", "%s follows %s of %s, which moves without a change here", m.Name, m.Version, before(m.Source))
		}
	}
	if fixed > 0 {
		out.Pass(s.Ref.Within("modules"), "modules-pinned", "%s takes modules from elsewhere at one version each (%d)", s.Name, fixed)
	}
}

// unversioned reports whether a source knows no versions: an archive under an
// address of its own, or something that is worked out.
func unversioned(source string) bool {
	return source == "" || strings.HasPrefix(source, "/") || strings.HasPrefix(source, "s3::") || strings.HasPrefix(source, "gcs::") ||
		strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://")
}

func before(source string) string {
	address, _, _ := strings.Cut(source, "?")
	return address
}

// applied looks for a pipeline that applies the infrastructure.
func applied(out *verdict.Findings, in expect.Input, s *fact.Stack) {
	ref := s.Ref.Within("apply")
	var elsewhere *delivery.Delivery
	for _, d := range delivery.Of(in.All) {
		switch {
		case d.Deed.Over != "terraform":
		case d.Covers(in.Here, s.File), d.Anywhere() && alone(in):
			deliver(out, ref, d, s.Name)
			return
		default:
			elsewhere = d
		}
	}
	if elsewhere != nil {
		out.Unclear(ref, "applied-by-whom", "nothing here shows what applies %s: %s applies Terraform (%s), and that it applies this folder cannot be told", s.Name, elsewhere.Title(), elsewhere.Deed.Tool)
		return
	}
	out.Unclear(ref, "applied-by-whom", "nothing here shows what applies %s: no pipeline runs `terraform apply`", s.Name)
}

// alone reports whether there is one root module only, so that whoever applies
// one applies it.
func alone(in expect.Input) bool {
	folders := map[string]bool{}
	for _, set := range in.All {
		if len(set.Stacks) > 0 {
			folders[set.Bundle] = true
		}
	}
	return len(folders) == 1
}
