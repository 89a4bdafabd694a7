// Package noplaintextsecrets checks that no manifest holds a secret in plain
// text, and that secrets reach processes as files.
package noplaintextsecrets

import (
	"strconv"
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
	history(&out, in)
	return out
}

func secret(out *verdict.Findings, here *fact.Set, s *fact.Secret) {
	var plain, files []fact.Leak
	for _, l := range s.Plain {
		if l.Smell == "" {
			files = append(files, l)
			continue
		}
		if len(plain) == 0 || l.Smell == secrecy.PrivateKey && plain[0].Smell != secrecy.PrivateKey {
			plain = append([]fact.Leak{l}, plain...) // a private key weighs most
			continue
		}
		plain = append(plain, l)
	}
	switch {
	case len(plain) > 0 && here.Source == "helm":
		out.Unclear(s.Ref.At(plain[0].At), "secret-in-git", "the chart gives secret %s its values (%s); whether its files hold or generate them could not be told", s.Name, keys(plain))
	case len(plain) > 0 && plain[0].Smell == secrecy.PrivateKey:
		out.Fail(s.Ref.At(plain[0].At), "private-key", "secret %s holds a private key in plain text (%s)", s.Name, keys(plain))
	case len(plain) > 0:
		out.Fail(s.Ref.At(plain[0].At), "secret-in-git", "secret %s holds its values in plain text (%s)", s.Name, keys(plain))
	case len(files) > 0:
		out.Unclear(s.Ref.At(files[0].At), "opaque-file", "nothing in secret %s looks like a secret, but its file may hold one (%s)", s.Name, keys(files))
	case s.Sealed:
		out.Pass(s.Ref, "sealed", "secret %s is encrypted", s.Name)
	default:
		out.Pass(s.Ref, "no-value", "secret %s holds no secret value", s.Name)
	}
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
		case e.Origin == fact.SecretAll, e.Origin == fact.SecretKey && !secrecy.Public(e.Key):
			handed = append(handed, e)
		}
	}
	if len(handed) > 0 {
		clean = false
		out.Fail(c.Ref.At(handed[0].At), "secret-as-variable", "%s gets secrets as environment variables (%s)", owner(w, c), variables(handed))
	}
	return clean
}

// history says once what clean manifests leave open: the claim reaches back to
// past revisions, which are not read.
func history(out *verdict.Findings, in expect.Input) {
	for _, set := range in.All {
		if len(set.Workloads)+len(set.Secrets)+len(set.Settings) == 0 {
			continue
		}
		if set == in.Here && len(out.List) > 0 {
			ref := out.List[0].Ref
			ref.Part = "history"
			out.Unclear(ref, "history-unread", "past revisions, build arguments and Terraform state were not looked at for secrets")
		}
		return
	}
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

func keys(list []fact.Leak) string {
	var out []string
	for _, l := range list {
		out = append(out, l.Key)
	}
	return few(out)
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

func few(names []string) string {
	if more := len(names) - 3; more > 0 {
		return strings.Join(names[:3], ", ") + " and " + strconv.Itoa(more) + " more"
	}
	return strings.Join(names, ", ")
}
