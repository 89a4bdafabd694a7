// Package shortlivedcredentials checks that no key which never expires gives
// access to a platform.
package shortlivedcredentials

import (
	"cmp"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check fails tokens of service accounts that never expire, static cloud keys
// in the environment, projected tokens that live longer than a day, and keys that
// are kept for the pipeline. Where no pipeline was read, the verdict stays open.
func Check(in expect.Input) (out verdict.Findings) {
	for _, s := range in.Here.Secrets {
		if s.Type == "kubernetes.io/service-account-token" {
			out.Fail(s.Ref.At(s.At), "token-secret", "%s is a token of service account %s that never expires", s.Name, or(s.ForAccount, "(not named)"))
		}
	}
	for _, c := range in.Here.Credentials {
		out.Fail(c.Ref, "access-key", "%s is %s of %s that stays valid %s", c.Subject, c.Kind, c.Holder, cmp.Or(c.Lasts, "until somebody deletes it"))
	}
	for _, w := range in.Here.Workloads {
		if clean := judge(&out, in.Here, w, in.Limit("token-life")); clean {
			out.Pass(w.Ref, "no-static-key", "%s is given no static cloud key and no token that lives longer than a day", w.Name)
		}
		if len(w.ImagePullSecrets) > 0 {
			out.Note(w.Ref, "pull-secret", "%s fetches its images with a stored login (%s)", w.Name, w.ImagePullSecrets[0])
		}
	}
	if len(in.Here.Pipelines) > 0 {
		pipelines(&out, in)
	}
	if len(in.Here.Workloads) > 0 && len(fact.PipelinesIn(in.All)) == 0 && in.First(func(set *fact.Set) bool { return len(set.Workloads) > 0 }) {
		out.Unclear(in.Here.Workloads[0].Ref, "no-pipeline", "no pipeline was read, so it is open with which credentials it reaches the platform")
	}
	return out
}

// judge reports whether nothing was found against the workload, whose tokens may
// live so many seconds.
func judge(out *verdict.Findings, here *fact.Set, w *fact.Workload, longest int) bool {
	clean := true
	for _, v := range w.Volumes {
		if v.HasToken && v.TokenSeconds > longest {
			out.Fail(w.Ref.At(v.At).Within("volume "+v.Name), "long-token", "%s mounts a token that lives %d h; at most %d h", w.Name, v.TokenSeconds/3600, longest/3600)
			clean = false
		}
	}
	for _, c := range w.All() {
		static := secrecy.CloudKey
		if session(here, w, c) {
			static = withoutAWS // a key with a session token expires
		}
		for _, e := range c.Env {
			if !judgeVariable(out, here, w, c, e, static) {
				clean = false
			}
		}
	}
	return clean
}

// judgeVariable reports whether a variable holds no static key.
func judgeVariable(out *verdict.Findings, here *fact.Set, w *fact.Workload, c *fact.Container, e fact.Env, static func(string) string) bool {
	ref := c.Ref.At(e.At).Within(e.Name)
	switch {
	case e.Origin == fact.SecretAll:
		keys, found := keysOf(here, w, e.From)
		if !found {
			out.Unclear(ref, "unseen-secret", "%s is given every key of secret %s, which was not read", c.Name, e.From)
			return false
		}
		clean := true
		for _, key := range keys {
			if what := static(e.Name + key); what != "" {
				out.Fail(ref.Within(key), "static-key", "%s is given %s (%s from secret %s)", c.Name, what, e.Name+key, e.From)
				clean = false
			}
		}
		return clean
	case e.Name == "GOOGLE_APPLICATION_CREDENTIALS" && e.Origin == fact.Literal && !e.Empty && mountsSecret(w, c):
		out.Unclear(ref, "key-file", "%s reads its Google credentials from a file and mounts a secret: a key in it never expires, a federation file holds none", c.Name)
		return false
	case e.Origin == fact.Outside && !strings.HasPrefix(e.From, "${"):
		out.Unclear(ref, "variables-elsewhere", "%s takes variables from %s, which is not kept here; whether a cloud key is among them is not told", c.Name, e.From)
		return false
	case e.Empty || static(e.Name) == "":
		return true
	case e.Origin == fact.SecretKey:
		out.Fail(ref, "static-key", "%s is given %s (%s from secret %s)", c.Name, static(e.Name), e.Name, e.From)
		return false
	default:
		out.Fail(ref, "static-key", "%s is given %s (%s)", c.Name, static(e.Name), e.Name)
		return false
	}
}

// session reports whether the container is given an AWS session token, without
// which temporary keys do not work.
func session(here *fact.Set, w *fact.Workload, c *fact.Container) bool {
	for _, e := range c.Env {
		if e.Name == "AWS_SESSION_TOKEN" && !e.Empty {
			return true
		}
		if e.Origin == fact.SecretAll {
			keys, _ := keysOf(here, w, e.From)
			for _, key := range keys {
				if e.Name+key == "AWS_SESSION_TOKEN" {
					return true
				}
			}
		}
	}
	return false
}

// keysOf returns the keys of a secret of the workload's namespace.
func keysOf(here *fact.Set, w *fact.Workload, name string) (keys []string, found bool) {
	for _, s := range here.Secrets {
		if s.Name == name && s.Namespace == w.Namespace {
			return s.Keys, true
		}
	}
	return nil, false
}

func mountsSecret(w *fact.Workload, c *fact.Container) bool {
	for _, m := range c.Mounts {
		if v := w.Volume(m.Volume); v != nil && len(v.Secrets) > 0 {
			return true
		}
	}
	return false
}

// withoutAWS is CloudKey for a container whose AWS keys are temporary.
func withoutAWS(name string) string {
	if strings.HasPrefix(name, "AWS_") {
		return ""
	}
	return secrecy.CloudKey(name)
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
