// Package workloadidentity checks that each workload has an identity of its
// own that is issued to it at run time.
package workloadidentity

import (
	"fmt"

	"seaworthy.dev/seaworthy/internal/derive/provenance"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check fails workloads that carry static keys or run under an account that
// they share, and passes those with an account of their own.
func Check(in expect.Input) (out verdict.Findings) {
	for _, w := range in.Here.Workloads {
		if static(&out, in.Here, w) {
			continue
		}
		if w.Platform.OnHosts() {
			out.Unclear(w.Ref, "host-identity", "%s runs on a host; by what it proves to others who it is, is not told here", w.Name)
			continue
		}
		if w.Platform.Cloud() {
			role(&out, in.Here, w)
			continue
		}
		account(&out, in.Here, w)
	}
	return out
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
