// Package centralstore checks that the secrets that workloads use come from a
// store that decides, and records, who reads them.
package centralstore

import (
	"seaworthy.dev/seaworthy/internal/derive/provenance"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check judges each secret once, however many workloads use it. A workload
// that names no secret at all has nothing to keep in a store.
func Check(in expect.Input) (out verdict.Findings) {
	type key struct{ namespace, name string }
	seen := map[key]bool{}
	for _, s := range in.Here.Settings {
		for _, l := range s.Leaks {
			out.Fail(s.Ref.At(l.At).Within("key "+l.Key), "in-settings", "%s of %s %s holds %s, not in a store", l.Key, s.Kind(), s.Name, l.Smell)
		}
	}
	for _, w := range in.Here.Workloads {
		literals(&out, w)
		for _, u := range provenance.Uses(w) {
			k := key{w.Namespace, u.Secret}
			if !seen[k] {
				seen[k] = true
				judge(&out, in.Here, u)
			}
		}
		for _, v := range provenance.StoreVolumes(w) {
			out.Pass(w.Ref.At(v.At).Within("volume "+v.Name), "from-store", "%s mounts %s straight from a store (%s)", w.Name, v.Name, v.Driver)
		}
		if i, found := provenance.Injected(w); found {
			out.Pass(w.Ref.At(w.PodAt).Within("injection"), "from-store", "%s brings the secrets of %s from its store", i.By, w.Name)
		}
		for _, name := range w.ImagePullSecrets {
			k := key{w.Namespace, name}
			if o := provenance.Of(in.Here, w.Namespace, name); !seen[k] && (o.Kind == provenance.Plain || o.Kind == provenance.Sealed) {
				seen[k] = true
				out.Note(o.Ref, "image-pull", "%s, with which images are fetched, is kept in a file here", name)
			}
		}
		from, elsewhere := provenance.Elsewhere(w)
		switch none := provenance.None(in.Here, w); {
		case none && w.Platform.Cloud():
			roleReads(&out, in.Here, w)
		case none && provenance.ReadsByAPI(in.Here, w):
			out.Unclear(w.Ref, "read-by-api", "%s names no secret, but may read Secrets through the Kubernetes API; which ones it uses is not told", w.Name)
		case none && elsewhere:
			out.Unclear(w.Ref.At(from.At), "variables-elsewhere", "%s takes variables from %s, which is not kept here; which secrets are among them, and where those are kept, is not told", w.Name, from.From)
		case none:
			out.Skip(w.Ref, "no-secrets", "%s names no secret", w.Name)
		}
	}
	for _, s := range provenance.Unnamed(in.Here) {
		out.Unclear(s.Ref, "unnamed", "%s is a Secret in a file here, but no workload here names it; who reads it is not told", s.Name)
	}
	return out
}

// literals fails variables and arguments that hold a secret's value in the manifest: the
// manifest is then where the secret is kept. Where a webhook puts values into
// variables, a literal under a secret's name may be a path in the store.
func literals(out *verdict.Findings, w *fact.Workload) {
	injection, _ := provenance.Injected(w)
	for _, c := range w.All() {
		for _, e := range c.Env {
			if (e.Origin == fact.Literal || e.Origin == fact.Argument) && e.Smell != "" && e.Copied == "" && !injection.Environment {
				out.Fail(c.Ref.At(e.At).Within(e.Name), "literal", "%s of %s holds %s in the manifest, not in a store", e.Name, w.Name, e.Smell)
			}
		}
	}
}

func judge(out *verdict.Findings, here *fact.Set, u provenance.Use) {
	w := u.Workload
	switch o := provenance.Of(here, w.Namespace, u.Secret); o.Kind {
	case provenance.Fed:
		fed(out, here, u, o)
	case provenance.Issued, provenance.Generated:
		out.Skip(u.Ref(), "generated", "%s, used by %s, is made in the cluster by %s", u.Secret, w.Name, o.By)
	case provenance.Plain:
		if w.Platform.OnHosts() {
			out.Fail(o.Ref, "plain-file", "%s, used by %s, is kept in a file here: no store decides or records who reads it", u.Secret, w.Name)
			return
		}
		out.Fail(o.Ref, "plain-secret", "%s, used by %s, is a Secret in a file here: no store decides or records who reads it", u.Secret, w.Name)
	case provenance.Sealed:
		out.Fail(o.Ref, "sealed", "%s, used by %s, is an encrypted file here: no store records who reads it or can revoke it", u.Secret, w.Name)
	case provenance.Harmless:
		out.Skip(o.Ref, "harmless", "%s, used by %s, holds nothing secret", u.Secret, w.Name)
	case provenance.Opaque:
		out.Unclear(o.Ref, "opaque-file", "%s, used by %s, is a file of settings here, which may hold a secret", u.Secret, w.Name)
	case provenance.Charted:
		out.Unclear(o.Ref, "chart-secret", "the chart writes %s, used by %s, from values that may be given at its installation", u.Secret, w.Name)
	case provenance.Awaited:
		out.Unclear(o.Ref, "filled-later", "%s, used by %s, stands here without its values; what fills them in is not told", u.Secret, w.Name)
	default:
		if u.Optional {
			out.Note(u.Ref(), "optional", "%s may run without %s, which nothing here makes", w.Name, u.Secret)
			return
		}
		out.Unclear(u.Ref(), "made-elsewhere", "nothing here makes %s, which %s uses; it may be made by hand", u.Secret, w.Name)
	}
}

// fed judges the store behind a feed. One that is not among the files is the
// platform's: the feed itself shows that the value is kept in a store.
func fed(out *verdict.Findings, here *fact.Set, u provenance.Use, o provenance.Origin) {
	if o.Feed == nil {
		out.Pass(o.Ref, "from-store", "%s brings %s, used by %s, from its store", o.By, u.Secret, u.Workload.Name)
		return
	}
	provider := o.Feed.Provider
	if s := here.StoreOf(o.Feed); s != nil {
		provider = s.Provider
	}
	switch provider {
	case "fake":
		out.Fail(o.Ref, "fake-store", "%s fills %s from a fake store, whose values stand in its manifest", o.By, u.Secret)
	case "kubernetes":
		out.Unclear(o.Ref, "copied", "%s copies %s from another Kubernetes Secret; where that one comes from is not told", o.By, u.Secret)
	case "Parameter Store, unknown":
		out.Unclear(o.Ref, "plain-parameter", "%s, used by %s, is a parameter; whether it is encrypted is known only when the configuration is applied", u.Secret, u.Workload.Name)
	case "Parameter Store, as String", "Parameter Store, as StringList":
		out.Fail(o.Ref, "plain-parameter", "%s, used by %s, is a parameter that is not encrypted (type String): who may list parameters reads it", u.Secret, u.Workload.Name)
	case "":
		out.Pass(o.Ref, "from-store", "%s brings %s, used by %s, from %s %s", o.By, u.Secret, u.Workload.Name, o.Feed.StoreKind, o.Feed.Store)
	default:
		out.Pass(o.Ref, "from-store", "%s brings %s, used by %s, from a store (%s)", o.By, u.Secret, u.Workload.Name, provider)
	}
}
