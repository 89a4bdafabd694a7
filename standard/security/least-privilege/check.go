// Package leastprivilege checks that workloads hold the permissions that they
// use, and no others, as far as roles and bindings show.
package leastprivilege

import (
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload that runs as an account of its own to which nothing
// broad is bound, or that holds no token of the platform at all. Accounts that
// stand beside the workloads are judged too: operators run pods as them.
func Check(in expect.Input) (out verdict.Findings) {
	here := in.Here
	tokens(&out, here)
	reached := reach(here)
	broad := map[*fact.Binding]bool{}
	for _, b := range here.Bindings {
		if len(reached[b]) > 0 {
			broad[b] = !bound(&out, here, b, reached[b])
		}
	}
	roles(&out, here, reached, broad)
	wide := grants(&out, here)
	for _, w := range here.Workloads {
		if w.Platform.OnHosts() {
			out.Unclear(w.Ref, "host-rights", "%s runs on a host; what the identity of that host may do is not told here", w.Name)
			continue
		}
		if w.Platform.Cloud() {
			cloud(&out, here, w, wide)
			continue
		}
		judge(&out, in, w, broad)
	}
	return out
}

// reach lists, for each binding, the names of the workloads and of the accounts
// without one that get its permissions.
func reach(here *fact.Set) map[*fact.Binding][]string {
	out := map[*fact.Binding][]string{}
	used := map[*fact.Account]bool{}
	add := func(namespace, account, name string) {
		for _, b := range here.BindingsFor(namespace, account) {
			out[b] = append(out[b], name)
		}
	}
	for _, w := range here.Workloads {
		used[here.AccountFor(w)] = true
		add(w.Namespace, w.AccountName(), w.Name)
	}
	for _, a := range here.Accounts {
		if !used[a] {
			add(a.Namespace, a.Name, "account "+a.Name)
		}
	}
	return out
}

// judge says whether the workload's identity is its own and needed. Broad
// permissions have been said already, where they stand.
func judge(out *verdict.Findings, in expect.Input, w *fact.Workload, broad map[*fact.Binding]bool) {
	here := in.Here
	account := here.AccountFor(w)
	name := w.AccountName()
	mounted, asked := w.TokenMounted(account)
	bindings := here.BindingsFor(w.Namespace, name)
	clean := true
	for _, b := range bindings {
		clean = clean && !broad[b]
	}
	own := bindings[:0:0] // those that mean this account and not a group of all
	for _, b := range bindings {
		if named(b, name) {
			own = append(own, b)
		}
	}
	switch {
	case name == "default" && len(own) > 0:
		out.Fail(w.Ref.At(w.PodAt), "default-account-bound", "%s runs as the default account, to which binding %s gives permissions, as does every pod of the namespace without an account of its own", w.Name, own[0].Name)
	case name == "default" && mounted:
		out.Fail(w.Ref.At(w.PodAt), "default-account", "%s holds a token of the default account, as does every pod of the namespace without an account of its own", w.Name)
	case !clean:
		// Said at the role or binding.
	case !mounted:
		out.Pass(w.Ref, "no-token", "%s holds no token of the platform's API", w.Name)
	case elsewhere(in, w) != nil:
		b := elsewhere(in, w)
		out.Unclear(w.Ref.At(w.PodAt), "binding-elsewhere", "binding %s (%s) gives permissions to an account %s; whether it is that of %s cannot be told", b.Name, b.File, name, w.Name)
	case len(own) == 0 && account == nil:
		out.Unclear(w.Ref.At(w.PodAt), "account-elsewhere", "%s runs as %s, which is not here, nor is anything bound to it", w.Name, name)
	case len(own) == 0 && !asked:
		out.Lacks(w.Ref.At(w.PodAt), []fact.Kind{fact.Accounts, fact.Permissions}, "unused-token",
			"%s holds a token of %s, an account to which no role is bound", w.Name, name)
	case len(own) == 0:
		out.Pass(w.Ref, "narrow", "%s asks for a token of %s, to which no role is bound", w.Name, name)
	default:
		out.Pass(w.Ref, "narrow", "%s runs as %s; nothing broad is bound to it (%s)", w.Name, name, verdict.Count(len(own), "binding"))
	}
}
