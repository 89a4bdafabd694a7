// Package noplaintextsecrets checks that no manifest holds a secret in plain
// text, and that secrets reach processes as files.
package noplaintextsecrets

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload that takes no secret from its environment, arguments
// or settings, and a secret whose values are encrypted or left open.
func Check(in expect.Input) (out verdict.Findings) {
	here := in.Here
	for _, s := range here.Secrets {
		secret(&out, here, s)
	}
	for _, s := range here.Settings {
		for _, l := range s.Leaks {
			out.Fail(s.Ref.At(l.At).Within("key "+l.Key), "secret-in-settings", "%s of %s %s holds %s", l.Key, s.Kind(), s.Name, l.Smell)
		}
	}
	for _, w := range here.Workloads {
		clean := true
		for _, c := range w.All() {
			clean = container(&out, w, c) && clean
		}
		if clean {
			out.Pass(w.Ref, "clean", "%s takes no secret from its environment or arguments", w.Name)
		}
	}
	for _, b := range here.Builds {
		build(&out, b)
	}
	stacks(&out, here)
	leaked(&out, in)
	return out
}

// container judges what one container is given.
func container(out *verdict.Findings, w *fact.Workload, c *fact.Container) bool {
	clean := true
	var handed []fact.Env
	for _, e := range c.Env {
		switch {
		case e.Origin == fact.Literal && e.Smell != "":
			clean = false
			out.Fail(c.Ref.At(e.At).Within("variable "+e.Name), "literal-variable", "variable %s of %s holds %s in plain text", e.Name, owner(w, c), e.Smell)
		case e.Origin == fact.Argument:
			clean = false
			out.Fail(c.Ref.At(e.At).Within("argument "+e.Name), "literal-argument", "%s of %s holds %s in plain text", argument(e), owner(w, c), e.Smell)
		case e.Origin == fact.Outside && !strings.HasPrefix(e.From, "${"):
			clean = false
			out.Unclear(c.Ref.At(e.At).Within("file "+e.From), "variables-elsewhere", "%s takes variables from %s, which is not kept here; whether they are secrets is not told", owner(w, c), e.From)
		case e.Unknown != "":
			clean = false
			out.Unclear(c.Ref.At(e.At).Within("variable "+e.Name), "value-unknown", "whether variable %s of %s holds a secret is not known, for %s", e.Name, owner(w, c), e.Unknown)
		case e.Origin == fact.SecretAll, e.Origin == fact.SecretKey && !secrecy.Public(e.Key):
			handed = append(handed, e)
		}
	}
	if len(handed) > 0 && w.Platform == fact.ECS {
		clean = false
		out.Fail(c.Ref.At(handed[0].At), "injected-variable", "ECS gives %s secrets as environment variables (%s)", owner(w, c), variables(handed))
	} else if len(handed) > 0 {
		clean = false
		out.Fail(c.Ref.At(handed[0].At), "secret-as-variable", "%s gets secrets as environment variables (%s)", owner(w, c), variables(handed))
	}
	return clean
}

func owner(w *fact.Workload, c *fact.Container) string {
	if c.Name == w.Name {
		return w.Name
	}
	return c.Name + " of " + w.Name
}

func argument(e fact.Env) string {
	if e.Name == "" {
		return "an argument"
	}
	return "argument " + e.Name
}

func variables(list []fact.Env) string {
	var out []string
	for _, e := range list {
		if e.Origin == fact.SecretAll {
			out = append(out, "all of "+e.From)
			continue
		}
		out = append(out, e.Name)
	}
	return few(out)
}
