// Package refresh checks that a rotated secret reaches running processes
// without a redeploy.
package refresh

import (
	"time"

	"seaworthy.dev/seaworthy/internal/derive/provenance"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check judges each use of a secret by a workload that runs for ever: first how
// the process takes it in, then whether what brings it reads the store anew.
func Check(in expect.Input) (out verdict.Findings) {
	for _, w := range in.Here.Workloads {
		if !w.Form.Serves() {
			if len(provenance.Uses(w)) > 0 {
				out.Skip(w.Ref, "runs-to-end", "%s runs to its end and takes its secrets anew each time", w.Name)
			}
			continue
		}
		from, elsewhere := provenance.Elsewhere(w)
		switch none := provenance.None(in.Here, w); {
		case none && w.Platform.Cloud() && provenance.StoreGrant(in.Here, w) != nil:
			out.Unclear(w.Ref, "reads-itself", "the role of %s reads its secrets from the store; whether it reads them again is for its code to say", w.Name)
		case none && w.Platform == fact.Machines:
			out.Unclear(w.Ref, "reads-itself", "what secrets the machines of %s use is not told here", w.Name)
		case none && provenance.ReadsByAPI(in.Here, w):
			out.Unclear(w.Ref, "read-by-api", "%s names no secret, but may read Secrets through the Kubernetes API; whether it reads them again is not told", w.Name)
		case none && elsewhere:
			out.Unclear(w.Ref.At(from.At), "variables-elsewhere", "%s takes variables from %s, which is not kept here; whether secrets among them are read again is not told", w.Name, from.From)
		case none:
			out.Skip(w.Ref, "no-secrets", "%s names no secret", w.Name)
		}
		for _, u := range provenance.Uses(w) {
			// An optional secret that nothing makes is not taken at all.
			idle := u.Optional && provenance.Of(in.Here, w.Namespace, u.Secret).Kind == provenance.Nowhere
			if !u.Once && !idle {
				judge(&out, in.Here, u)
			}
		}
		for _, v := range provenance.StoreVolumes(w) {
			out.Unclear(w.Ref.At(v.At).Within("volume "+v.Name), "csi-rotation", "%s of %s changes only where the CSI driver was installed with rotation, which is not told here", v.Name, w.Name)
		}
		if i, found := provenance.Injected(w); found {
			injected(&out, w, i)
		}
	}
	return out
}

func judge(out *verdict.Findings, here *fact.Set, u provenance.Use) {
	w := u.Workload
	origin := provenance.Of(here, w.Namespace, u.Secret)
	if origin.Kind == provenance.Issued {
		out.Skip(u.Ref(), "certificate", "%s is a certificate; see identity/restart-on-rotation", u.Secret)
		return
	}
	if origin.Kind == provenance.Harmless {
		out.Skip(u.Ref(), "harmless", "%s holds nothing secret", u.Secret)
		return
	}
	by, restarted := provenance.Restarted(here, w, u.Secret)
	switch {
	case u.Way != provenance.Files && restarted:
		out.Unclear(u.Ref(), "restarts", "%s takes %s as %s, so %s restarts it after a change; whether that loses requests only the drill can tell", w.Name, u.Secret, wayText(u.Way), by)
	case u.Way == provenance.Environment && w.Platform == fact.ECS:
		if f := origin.Feed; f != nil && f.Rotates != "" {
			out.Fail(u.Ref(), "task-variable", "%s takes %s as an environment variable, which is fixed when its task starts, and %s is rotated %s", w.Name, u.Secret, u.Secret, f.Rotates)
			return
		}
		out.Fail(u.Ref(), "task-variable", "%s takes %s as an environment variable, which is fixed when its task starts", w.Name, u.Secret)
	case u.Way == provenance.Environment:
		out.Fail(u.Ref(), "environment", "%s takes %s as an environment variable, which is fixed when the process starts", w.Name, u.Secret)
	case u.Way == provenance.SubPath:
		out.Fail(u.Ref(), "sub-path", "%s mounts %s by subPath, a copy that is never updated", w.Name, u.Secret)
	default:
		mounted(out, u, origin)
	}
}

func wayText(w provenance.Way) string {
	if w == provenance.Environment {
		return "an environment variable"
	}
	return "a subPath mount"
}

// mounted judges what brings a secret that is mounted as a directory.
func mounted(out *verdict.Findings, u provenance.Use, o provenance.Origin) {
	w, f := u.Workload, o.Feed
	switch {
	case o.Kind == provenance.Generated:
		out.Skip(u.Ref(), "generated", "%s is made in the cluster by %s; no store holds a newer value", u.Secret, o.By)
	case o.Kind != provenance.Fed:
		out.Unclear(u.Ref(), "no-feed", "%s mounts %s as files, but nothing here brings it from a store; see secrets/central-store", w.Name, u.Secret)
	case f == nil:
		out.Unclear(o.Ref, "on-sync", "%s fills %s in only when Argo CD applies it; how often that happens is not told here", o.By, u.Secret)
	case f.Immutable:
		out.Fail(f.Ref.At(f.At), "immutable", "%s makes %s immutable, so a new value never reaches %s", f.Name, u.Secret, w.Name)
	case f.Policy == "CreatedOnce" || f.Policy == "OnChange":
		out.Fail(f.Ref.At(f.RefreshAt), "never-refreshed", "%s does not look into the store again (refreshPolicy %s), so a rotated %s never reaches %s", f.Name, f.Policy, u.Secret, w.Name)
	case f.Refresh == 0:
		out.Fail(f.Ref.At(f.RefreshAt), "never-refreshed", "%s reads the store only once, so a rotated %s never reaches %s", f.Name, u.Secret, w.Name)
	case f.Engine == "csi":
		out.Unclear(f.Ref, "csi-rotation", "%s, written by %s, changes only where the CSI driver was installed with rotation, which is not told here", u.Secret, f.Name)
	case f.Refresh > 0:
		out.Pass(u.Ref(), "refreshed", "%s mounts %s as files, and %s reads the store every %s", w.Name, u.Secret, f.Name, short(f.Refresh))
	default:
		out.Pass(u.Ref(), "refreshed", "%s mounts %s as files, and %s keeps it up to date", w.Name, u.Secret, f.Name)
	}
}

func injected(out *verdict.Findings, w *fact.Workload, i provenance.Injection) {
	ref := w.Ref.At(w.PodAt).Within("injection")
	switch {
	case i.Once:
		out.Fail(ref, "injected-once", "%s fetches the secrets of %s only before it starts (agent-pre-populate-only)", i.By, w.Name)
	case i.Environment:
		out.Unclear(ref, "injected-environment", "%s gives %s its secrets as environment variables; whether it restarts the process after a change is not told here", i.By, w.Name)
	default:
		out.Pass(ref, "refreshed", "%s renders the secrets of %s as files and keeps them up to date", i.By, w.Name)
	}
}

// short writes seconds as people do: 1h, 15m, 90s.
func short(seconds int) string {
	switch d := time.Duration(seconds) * time.Second; {
	case d%time.Hour == 0:
		return time.Duration.String(d)[:len(d.String())-len("0m0s")]
	case d%time.Minute == 0:
		return d.String()[:len(d.String())-len("0s")]
	default:
		return d.String()
	}
}
