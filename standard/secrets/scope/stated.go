package scope

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/derive/provenance"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
)

// stated returns what the manifest says of the scope of a secret that has one of
// these names or paths; nil where it says nothing, or gives no reason.
func stated(in expect.Input, names ...string) *fact.SecretScope {
	if in.Declared == nil {
		return nil
	}
	for _, s := range in.Declared.Shared {
		if s.Reason != "" && slices.Contains(names, s.Path) {
			return s
		}
	}
	return nil
}

// names returns what a secret is called that a workload uses: its own name, and the
// paths from which it is fed.
func names(here *fact.Set, u provenance.Use) []string {
	out := []string{u.Secret}
	for _, f := range here.SecretFeeds {
		if f.Writes(u.Workload.Namespace, u.Secret) {
			out = append(out, f.Reads...)
		}
	}
	return out
}
