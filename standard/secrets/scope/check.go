// Package scope checks that each secret can be read only by those it is meant
// for.
package scope

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/provenance"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check judges what each feed reads, whom each store serves, and which secrets
// unrelated workloads share.
func Check(in expect.Input) (out verdict.Findings) {
	for _, s := range in.Here.SecretStores {
		if s.ClusterWide && !s.Narrowed {
			out.Fail(s.Ref.At(s.At), "open-store", "%s %s serves every namespace, so whoever may create a feed anywhere reads all that it can read", s.Kind, s.Name)
		}
	}
	for _, f := range in.Here.SecretFeeds {
		feed(&out, in, f)
	}
	for _, s := range provenance.Unnamed(in.Here) {
		out.Unclear(s.Ref, "unnamed", "%s is a Secret in a file here, but no workload here names it; for whom it is meant is not told", s.Name)
	}
	wide(&out, in.Here)
	opened(&out, in.Here)
	shared := uses(&out, in.Here)
	for _, u := range shared {
		a, b := u[0], u[1]
		if s := stated(in, names(in.Here, a)...); s != nil && s.Scope == "global" {
			out.Pass(b.Ref(), "stated", "%s and %s, which belong to different systems, use the same secret %s, which the manifest says is global: %s", a.Workload.Name, b.Workload.Name, a.Secret, s.Reason)
			continue
		}
		out.Fail(b.Ref(), "shared", "%s and %s, which belong to different systems, use the same secret %s", a.Workload.Name, b.Workload.Name, a.Secret)
	}
	return out
}

// feed passes one that names what it reads through a store that serves named
// namespaces only. An open store fails on its own, once.
func feed(out *verdict.Findings, in expect.Input, f *fact.SecretFeed) {
	store := in.Here.StoreOf(f)
	switch {
	case f.Generated:
	case f.ByPlatform() == "ECS":
		out.Pass(f.Ref, "scoped", "%s is named by the task that takes it", f.Name)
	case f.ByPlatform() != "":
		out.Pass(f.Ref, "scoped", "%s is named by what takes it", f.Name)
	case f.Broad:
		out.Fail(f.Ref.At(f.BroadAt), "wildcard", "%s reads everything in the store: its pattern fits any name and no path narrows it", f.Name)
	case len(f.Reads) == 0 && f.Engine != "csi" && stated(in, append(f.Targets, f.Name)...) != nil:
		s := stated(in, append(f.Targets, f.Name)...)
		out.Pass(f.Ref, "stated", "%s does not list what it reads; the manifest says that %s is read as %s: %s", f.Name, s.Path, s.Scope, s.Reason)
	case len(f.Reads) == 0 && f.Engine != "csi":
		out.Unclear(f.Ref, "unlisted", "%s does not list here what it reads", f.Name)
	case store != nil && store.ClusterWide && !store.Narrowed:
	case store != nil && store.Narrowed:
		out.Pass(f.Ref, "scoped", "%s reads what it names, from %s %s, which serves named namespaces only", f.Name, store.Kind, store.Name)
	case f.Engine == "csi":
		out.Pass(f.Ref, "scoped", "%s names what it reads, for pods of its own namespace", f.Name)
	case store == nil && f.StoreKind != "SecretStore":
		out.Unclear(f.Ref, "store-elsewhere", "whom %s %s serves, which %s reads, is not told here", f.StoreKind, f.Store, f.Name)
	default:
		out.Pass(f.Ref, "scoped", "%s reads what it names, from a %s of its own namespace", f.Name, f.StoreKind)
	}
}

// uses says of which secrets nothing tells who else may read them, and returns
// a pair of uses for each secret that unrelated workloads share.
func uses(out *verdict.Findings, here *fact.Set) (shared [][2]provenance.Use) {
	type key struct{ namespace, name string }
	first := map[key][]provenance.Use{}
	var order []key
	for _, w := range here.Workloads {
		from, elsewhere := provenance.Elsewhere(w)
		switch none := provenance.None(here, w); {
		case none && w.Platform.Cloud() && provenance.StoreGrant(here, w) != nil:
			g := provenance.StoreGrant(here, w)
			if !g.Everywhere() {
				out.Pass(w.Ref.At(g.At), "scoped", "the role of %s reads what it names (%s)", w.Name, strings.Join(g.Resources, ", "))
			}
		case none && w.Platform == fact.Machines:
			out.Unclear(w.Ref, "role-unknown", "what secrets the machines of %s use is not told here", w.Name)
		case none && provenance.ReadsByAPI(here, w):
			out.Unclear(w.Ref, "read-by-api", "%s names no secret, but may read Secrets through the Kubernetes API; which ones are meant for it is not told", w.Name)
		case none && elsewhere:
			out.Unclear(w.Ref.At(from.At), "variables-elsewhere", "%s takes variables from %s, which is not kept here; for whom secrets among them are meant is not told", w.Name, from.From)
		case none:
			out.Skip(w.Ref, "no-secrets", "%s names no secret", w.Name)
		}
		for _, u := range provenance.Uses(w) {
			k := key{w.Namespace, u.Secret}
			if first[k] == nil {
				order = append(order, k)
			}
			first[k] = append(first[k], u)
		}
	}
	for _, k := range order {
		list := first[k]
		o := provenance.Of(here, k.namespace, k.name)
		other := slices.IndexFunc(list, func(u provenance.Use) bool { return provenance.Unrelated(list[0].Workload, u.Workload) })
		switch {
		case o.Kind == provenance.Issued || o.Kind == provenance.Harmless || o.Kind == provenance.Generated && o.Feed == nil:
		case other > 0:
			shared = append(shared, [2]provenance.Use{list[0], list[other]})
		case o.Kind != provenance.Fed && o.Kind != provenance.Generated && !list[0].Optional:
			out.Unclear(list[0].Ref(), "no-store", "%s, used by %s, comes from no store here whose scope could be read", k.name, list[0].Workload.Name)
		}
	}
	return shared
}
