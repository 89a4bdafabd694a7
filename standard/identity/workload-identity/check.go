// Package workloadidentity checks that each workload has an identity of its
// own that is issued to it at run time.
package workloadidentity

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/provenance"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// staticKeys are variables by which the clouds' libraries take a credential
// that does not expire. Those that only name an account are not among them.
var staticKeys = []string{"AWS_SECRET_ACCESS_KEY", "AZURE_CLIENT_SECRET", "ARM_CLIENT_SECRET", "GOOGLE_CREDENTIALS", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"}

// keyFiles are variables by which they take the path of a file, which may hold
// a static key or describe a federated identity.
var keyFiles = []string{"GOOGLE_APPLICATION_CREDENTIALS", "AWS_SHARED_CREDENTIALS_FILE", "AZURE_CLIENT_CERTIFICATE_PATH"}

// Check fails workloads that carry static keys or run under an account that
// they share, and passes those with an account of their own.
func Check(in expect.Input) (out verdict.Findings) {
	for _, w := range in.Here.Workloads {
		if static(&out, in.Here, w) {
			continue
		}
		account(&out, in.Here, w)
	}
	return out
}

// static fails the static credentials that the workload carries.
func static(out *verdict.Findings, here *fact.Set, w *fact.Workload) (found bool) {
	injection, _ := provenance.Injected(w)
	for _, c := range w.All() {
		for _, e := range c.Env {
			ref := c.Ref.At(e.At)
			switch {
			case slices.Contains(staticKeys, e.Name) && injection.Environment:
				found = true
				out.Unclear(ref.Within(e.Name), "static-key", "%s takes a cloud key (%s) from %s; whether it expires is not told here", w.Name, e.Name, injection.By)
			case slices.Contains(staticKeys, e.Name) && !e.Empty && e.Origin != fact.SettingKey && e.Origin != fact.Field:
				found = true
				out.Fail(ref.Within(e.Name), "static-key", "%s takes a static cloud key (%s), which works from everywhere and does not expire", w.Name, e.Name)
			case slices.Contains(keyFiles, e.Name) && !e.Empty:
				found = keyFile(out, w, c, e) || found
			case e.Origin == fact.SecretAll:
				for _, key := range keysOf(here, w.Namespace, e.From) {
					if slices.Contains(staticKeys, e.Name+key) {
						found = true
						out.Fail(ref.Within(e.Name+key), "static-key", "%s takes a static cloud key (%s from %s), which works from everywhere and does not expire", w.Name, e.Name+key, e.From)
					}
				}
			}
		}
	}
	for _, u := range provenance.Uses(w) {
		if o := provenance.Of(here, w.Namespace, u.Secret); o.Account != "" {
			found = true
			out.Fail(u.Ref(), "token-secret", "%s takes the token of %s from the secret %s, which does not expire", w.Name, o.Account, u.Secret)
		}
	}
	return found
}

// keyFile judges a variable that names a file. Which volume the path leads to
// is not kept: one mounted secret beside no other file is that file.
func keyFile(out *verdict.Findings, w *fact.Workload, c *fact.Container, e fact.Env) bool {
	secrets, settings := mounted(w, c)
	ref := c.Ref.At(e.At).Within(e.Name)
	switch {
	case len(secrets) == 0 || federated(w):
		return false
	case len(secrets) == 1 && !settings:
		out.Fail(ref, "key-file", "%s takes its cloud identity from a file (%s) of the secret %s", w.Name, e.Name, secrets[0])
	default:
		out.Unclear(ref, "key-file", "%s takes its cloud identity from a file (%s); whether it lies in the secret %s is not told", w.Name, e.Name, strings.Join(secrets, " or "))
	}
	return true
}

func keysOf(here *fact.Set, namespace, name string) []string {
	if o := provenance.Of(here, namespace, name); o.Secret != nil {
		return o.Secret.Keys
	}
	return nil
}

// mounted returns the secrets that the container sees as files, and whether it
// sees settings too.
func mounted(w *fact.Workload, c *fact.Container) (secrets []string, settings bool) {
	for _, m := range c.Mounts {
		if v := w.Volume(m.Volume); v != nil {
			secrets = append(secrets, v.Secrets...)
			settings = settings || len(v.Settings) > 0
		}
	}
	return secrets, settings
}

// federated reports whether a projected token is there for a file that
// describes a federated identity.
func federated(w *fact.Workload) bool {
	return slices.ContainsFunc(w.Volumes, func(v fact.Volume) bool { return v.HasToken && v.TokenAudience != "" })
}

func account(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	a := here.AccountFor(w)
	if w.Account == "" || w.Account == "default" {
		if mounts(w, a) || a != nil && a.CloudIdentity != "" {
			out.Fail(w.Ref.At(w.PodAt), "default-account", "%s runs as the account default, one identity for every pod of the namespace that names none", w.Name)
		} else {
			out.Unclear(w.Ref.At(w.PodAt), "no-identity", "%s runs as the account default but gets no token; by what it proves who it is, is not told here", w.Name)
		}
		return
	}
	others := 0
	for _, other := range here.Workloads {
		if other == w || other.Namespace != w.Namespace || other.Account != w.Account {
			continue
		}
		others++
		if provenance.Unrelated(w, other) {
			out.Fail(w.Ref.At(w.PodAt), "shared-account", "%s and %s, which belong to different systems, run as the same account %s", w.Name, other.Name, w.Account)
			return
		}
	}
	out.Pass(w.Ref.At(w.PodAt), "own-account", "%s runs as %s%s%s", w.Name, w.Account, means(w, a), shared(others))
}

// shared says how many parts of the same system run under the account too.
func shared(others int) string {
	switch others {
	case 0:
		return ""
	case 1:
		return ", as does one other workload"
	}
	return fmt.Sprintf(", as do %d other workloads", others)
}

// mounts tells whether the account's token is put into the workload's pods.
func mounts(w *fact.Workload, a *fact.Account) bool {
	switch {
	case w.MountsToken != nil:
		return *w.MountsToken
	case a != nil && a.MountsToken != nil:
		return *a.MountsToken
	}
	return true
}

// means says what ties the account to something beyond the cluster.
func means(w *fact.Workload, a *fact.Account) string {
	if a != nil && a.CloudIdentity != "" {
		return ", tied to a role of the cloud"
	}
	for _, v := range w.Volumes {
		switch {
		case v.Driver == "csi.spiffe.io" || v.Driver == "spiffe.csi.cert-manager.io":
			return ", with a SPIFFE identity"
		case v.HasToken && v.TokenAudience != "":
			return ", with a token for " + v.TokenAudience
		}
	}
	return ""
}
