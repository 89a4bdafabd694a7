package noplaintextsecrets

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// stacks judges what is written into infrastructure as code. What the readers of
// workloads judge by themselves, such as a container's environment, is left to
// them.
func stacks(out *verdict.Findings, here *fact.Set) {
	known := map[fact.Location]bool{}
	for _, w := range here.Workloads {
		for _, c := range w.All() {
			for _, e := range c.Env {
				known[e.At] = true
			}
		}
	}
	for _, s := range here.Stacks {
		clean := true
		for _, l := range s.Leaks {
			clean = false
			if !known[l.At] || l.At.Line == 0 {
				out.Fail(s.Ref.At(l.At).Within(l.Key), "literal-in-code", "%s holds %s in plain text", l.Key, l.Smell)
			}
		}
		if clean {
			out.Pass(s.Ref, "clean-code", "no default, variable file or attribute of %s holds a secret", s.Name)
		}
	}
	for _, f := range here.StateFiles {
		switch {
		case f.Encrypted:
			out.Pass(f.Ref, "encrypted-state", "the state in %s is encrypted", f.File)
		case f.Secrets > 0:
			out.Fail(f.Ref, "secret-in-state", "%s holds %s in plain text, as every state does", f.File, count(f.Secrets, "value that is a secret by its name"))
		case f.Resources > 0:
			out.Unclear(f.Ref, "state-in-tree", "%s is the state of %s; a state holds every value in plain text, and none of these is a secret by its name", f.File, count(f.Resources, "resource"))
		}
	}
}
