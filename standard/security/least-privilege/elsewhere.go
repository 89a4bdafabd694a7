package leastprivilege

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
)

// named reports whether a subject of the binding is an account of that name.
func named(b *fact.Binding, account string) bool {
	for _, s := range b.Subjects {
		if s.Kind != "Group" && s.Reaches("", account) || s.Kind == "ServiceAccount" && s.Name == account {
			return true
		}
	}
	return false
}

// elsewhere returns a binding of another bundle that names an account like the
// workload's and has none beside it, or nil.
func elsewhere(in expect.Input, w *fact.Workload) *fact.Binding {
	name := w.AccountName()
	for _, set := range in.All {
		if set == in.Here || slices.ContainsFunc(set.Accounts, func(a *fact.Account) bool { return a.Name == name }) ||
			slices.ContainsFunc(set.Workloads, func(o *fact.Workload) bool { return o.AccountName() == name }) {
			continue
		}
		for _, b := range set.BindingsFor(w.Namespace, name) {
			if named(b, name) {
				return b
			}
		}
	}
	return nil
}
