package provenance

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// readers are roles of Kubernetes itself that read Secrets.
var readers = []string{"cluster-admin", "admin", "edit"}

// ReadsByAPI reports whether the workload may read Secrets through the
// Kubernetes API: its manifest then does not tell which ones it uses.
func ReadsByAPI(here *fact.Set, w *fact.Workload) bool {
	if mounted, _ := w.TokenMounted(here.AccountFor(w)); !mounted {
		return false
	}
	for _, b := range here.BindingsFor(w.Namespace, w.AccountName()) {
		role := here.RoleOf(b)
		if role == nil && b.RoleClusterWide && slices.Contains(readers, b.RoleName) {
			return true
		}
		if role != nil && slices.ContainsFunc(role.Rules, readsSecrets) {
			return true
		}
	}
	return false
}

func readsSecrets(p fact.Permission) bool {
	among := func(list []string, words ...string) bool {
		return slices.ContainsFunc(list, func(s string) bool { return s == "*" || slices.Contains(words, s) })
	}
	return among(p.Groups, "") && among(p.Resources, "secrets") && among(p.Verbs, "get", "list", "watch")
}

// Unnamed returns the secrets with values that stand in files and that no
// workload names, so that nothing tells who reads them. Certificates and what
// fetches images are not among them: they are used by others than workloads.
func Unnamed(here *fact.Set) []*fact.Secret {
	type key struct{ namespace, name string }
	named := map[key]bool{}
	for _, w := range here.Workloads {
		for _, u := range Uses(w) {
			named[key{w.Namespace, u.Secret}] = true
		}
		for _, name := range w.ImagePullSecrets {
			named[key{w.Namespace, name}] = true
		}
	}
	var out []*fact.Secret
	for _, s := range here.Secrets {
		if named[key{s.Namespace, s.Name}] || s.Type == "kubernetes.io/tls" || strings.HasPrefix(s.Type, "kubernetes.io/dockerc") {
			continue
		}
		if o := Of(here, s.Namespace, s.Name); o.Kind == Plain || o.Kind == Sealed {
			out = append(out, s)
		}
	}
	return out
}
