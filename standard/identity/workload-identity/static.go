package workloadidentity

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/provenance"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// staticKeys are variables by which the clouds' libraries take a credential
// that does not expire. Those that only name an account are not among them.
var staticKeys = []string{"AWS_SECRET_ACCESS_KEY", "AZURE_CLIENT_SECRET", "ARM_CLIENT_SECRET", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"}

// keyFiles are variables by which they take the path of a file, which may hold
// a static key or describe a federated identity.
var keyFiles = []string{"GOOGLE_APPLICATION_CREDENTIALS", "AWS_SHARED_CREDENTIALS_FILE", "AZURE_CLIENT_CERTIFICATE_PATH"}

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
			case slices.Contains(staticKeys, e.Name) && !e.Empty && e.Origin != fact.SettingKey && e.Origin != fact.Field && !leased(here, w, e):
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

// leased reports whether the variable's secret is made anew by Vault and ends
// with its lease.
func leased(here *fact.Set, w *fact.Workload, e fact.Env) bool {
	o := provenance.Of(here, w.Namespace, e.From)
	return o.Feed != nil && o.Feed.Ref.Kind() == "VaultDynamicSecret"
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
