// Package provenance tells which secrets workloads use, in which way, and
// where those secrets and certificates come from.
package provenance

import (
	"cmp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Way is how a workload takes a secret in.
type Way int

// The ways, the most changeable first.
const (
	Files       Way = iota // a directory, which the platform keeps up to date
	SubPath                // a single mounted file, which never changes
	Environment            // a variable, fixed when the process starts
	Unmounted              // a volume that no container mounts
	ByNode                 // the node takes it, to mount a volume with it
)

// Use is a workload's use of one secret.
type Use struct {
	Workload *fact.Workload
	// Secret lies in the workload's namespace.
	Secret string
	// Way is the least changeable one in which its running containers take the
	// secret; Container is the one that does.
	Way       Way
	Container string
	// Once is true where no container takes it that keeps running.
	Once bool
	// Optional is true where the workload starts without it.
	Optional bool
	At       fact.Location
}

// Ref names the use: the workload, narrowed to the secret, at its place.
func (u Use) Ref() fact.Ref { return u.Workload.Ref.At(u.At).Within("secret " + u.Secret) }

// Uses returns the secrets that the workload takes in, one entry each, in the
// order of the file. Secrets that only fetch images are not among them.
func Uses(w *fact.Workload) []Use {
	var out []Use
	add := func(u Use) {
		if u.Secret == "" {
			return
		}
		i := slices.IndexFunc(out, func(o Use) bool { return o.Secret == u.Secret })
		switch {
		case i < 0:
			out = append(out, u)
		case out[i].Once && !u.Once, out[i].Once == u.Once && worse(u.Way, out[i].Way):
			u.Optional = u.Optional && out[i].Optional
			out[i] = u
		default:
			out[i].Optional = out[i].Optional && u.Optional
		}
	}
	for _, c := range w.All() {
		once := c.Role == fact.Init
		for _, e := range c.Env {
			if e.Origin == fact.SecretKey || e.Origin == fact.SecretAll {
				add(Use{Workload: w, Secret: e.From, Way: Environment, Container: c.Name, Once: once, Optional: e.Optional, At: e.At})
			}
		}
		for _, m := range c.Mounts {
			v := w.Volume(m.Volume)
			if v == nil {
				continue
			}
			way := Files
			if m.SubPath != "" {
				way = SubPath
			}
			for _, s := range v.Secrets {
				add(Use{Workload: w, Secret: s, Way: way, Container: c.Name, Once: once, Optional: slices.Contains(v.Optional, s), At: m.At})
			}
		}
	}
	for i := range w.Volumes {
		for _, s := range w.Volumes[i].Secrets {
			if !slices.ContainsFunc(out, func(u Use) bool { return u.Secret == s }) {
				add(Use{Workload: w, Secret: s, Way: Unmounted, Once: true, Optional: slices.Contains(w.Volumes[i].Optional, s), At: w.Volumes[i].At})
			}
		}
	}
	for i := range w.Volumes {
		add(Use{Workload: w, Secret: w.Volumes[i].Credential, Way: ByNode, Once: true, At: w.Volumes[i].At})
	}
	return out
}

// Elsewhere returns what gives the workload variables that nobody named here: a
// file that is not kept with it, or whatever runs a Procfile. Secrets may be among
// them.
func Elsewhere(w *fact.Workload) (from fact.Env, found bool) {
	for _, c := range w.All() {
		for _, e := range c.Env {
			if e.Origin == fact.Outside && !strings.HasPrefix(e.From, "${") {
				return e, true
			}
		}
	}
	return fact.Env{}, false
}

// None reports whether the workload names no secret in any way: neither a
// Secret nor a store, nor a value or setting of its own that looks like one.
func None(here *fact.Set, w *fact.Workload) bool {
	if _, found := Injected(w); found || len(Uses(w)) > 0 || len(StoreVolumes(w)) > 0 {
		return false
	}
	for _, c := range w.All() {
		for _, e := range c.Env {
			if e.Smell != "" {
				return false
			}
		}
	}
	return !slices.ContainsFunc(here.SettingsFor(w), func(s *fact.Setting) bool { return len(s.Leaks) > 0 })
}

func worse(a, b Way) bool { return a < Unmounted && a > b }

// storeDrivers are CSI drivers that mount values straight from a store.
var storeDrivers = []string{"secrets-store.csi.k8s.io", "secrets-store-gke.csi.k8s.io"}

// StoreVolumes returns the volumes that show values of a central store without
// a Secret in between.
func StoreVolumes(w *fact.Workload) []*fact.Volume {
	var out []*fact.Volume
	for i := range w.Volumes {
		if slices.Contains(storeDrivers, w.Volumes[i].Driver) {
			out = append(out, &w.Volumes[i])
		}
	}
	return out
}

// Injection is a webhook that brings secrets into a pod by its annotations.
type Injection struct {
	// By names the tool.
	By string
	// Environment is true where values become variables of the process.
	Environment bool
	// Once is true where values are fetched only before the process starts.
	Once bool
}

// Injected returns what injects secrets into the workload's pods; ok is false
// where nothing does.
func Injected(w *fact.Workload) (i Injection, ok bool) {
	switch a := w.PodAnnotations; {
	case a["vault.hashicorp.com/agent-inject"] == "true":
		return Injection{By: "the Vault agent", Once: a["vault.hashicorp.com/agent-pre-populate-only"] == "true"}, true
	case a["vault.security.banzaicloud.io/vault-addr"] != "":
		return Injection{By: "Bank-Vaults", Environment: true}, true
	case a["operator.1password.io/inject"] != "":
		return Injection{By: "the 1Password injector", Environment: true}, true
	}
	return Injection{}, false
}

// Restarted returns what restarts the workload when the secret changes; ok is
// false where nothing does.
func Restarted(here *fact.Set, w *fact.Workload, secret string) (by string, ok bool) {
	for _, notes := range []map[string]string{w.Annotations, w.PodAnnotations} {
		switch {
		case notes["reloader.stakater.com/auto"] == "true", notes["secret.reloader.stakater.com/auto"] == "true",
			listed(notes["secret.reloader.stakater.com/reload"], secret),
			notes["reloader.stakater.com/search"] == "true" && matches(here, w.Namespace, secret):
			return "Reloader", true
		case notes["wave.pusher.com/update-on-config-change"] == "true":
			return "Wave", true
		case notes["operator.1password.io/auto-restart"] == "true":
			return "the 1Password operator", true
		case notes["secrets.infisical.com/auto-reload"] == "true":
			return "the Infisical operator", true
		case notes["secrets.doppler.com/reload"] == "true":
			return "the Doppler operator", true
		}
	}
	for _, f := range here.SecretFeeds {
		if f.Writes(w.Namespace, secret) && slices.Contains(f.Restarts, w.Kind+"/"+w.Name) {
			return cmp.Or(f.ByPlatform(), "the Vault Secrets Operator"), true
		}
	}
	return "", false
}

func listed(list, name string) bool {
	for _, one := range strings.Split(list, ",") {
		if strings.TrimSpace(one) == name {
			return true
		}
	}
	return false
}

// matches reports whether the secret itself asks Reloader to look at it.
func matches(here *fact.Set, namespace, secret string) bool {
	for _, o := range here.Objects {
		if o.Kind == "Secret" && o.Namespace == namespace && o.Name == secret {
			return o.Annotations["reloader.stakater.com/match"] == "true"
		}
	}
	return false
}

// Unrelated reports whether two workloads say that they belong to different
// systems or owners. Those that say nothing are not unrelated.
func Unrelated(a, b *fact.Workload) bool {
	for _, key := range []string{"app.kubernetes.io/part-of", "team", "owner", "app.kubernetes.io/owner"} {
		x, y := label(a, key), label(b, key)
		if x != "" && y != "" && x != y {
			return true
		}
	}
	return false
}

func label(w *fact.Workload, key string) string {
	if v := w.Labels[key]; v != "" {
		return v
	}
	return w.PodLabels[key]
}
