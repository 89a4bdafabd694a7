// Package restartonrotation checks that workloads pick up the certificates
// that are renewed under them.
package restartonrotation

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/edges"
	"seaworthy.dev/seaworthy/internal/derive/provenance"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// reloaders are images of sidecars that tell a process that its files changed.
var reloaders = []string{"configmap-reload", "prometheus-config-reloader"}

// Check judges each certificate that a workload takes in, and each one that an
// ingress or gateway shows.
func Check(in expect.Input) (out verdict.Findings) {
	for _, w := range in.Here.Workloads {
		if !w.Form.Serves() {
			continue
		}
		for _, u := range provenance.Uses(w) {
			if holds(in.Here, u) && !u.Once {
				judge(&out, in.Here, u)
			}
		}
		if member, engine := edges.Mesh(in.Here, w); member == edges.Member {
			out.Pass(w.Ref.Within("mesh"), "mesh", "the proxy of %s takes its renewed certificates from the mesh (%s) by itself", w.Name, engine)
		}
		for i := range w.Volumes {
			if v := &w.Volumes[i]; v.Driver == "csi.cert-manager.io" || v.Driver == "spiffe.csi.cert-manager.io" {
				out.Unclear(w.Ref.At(v.At).Within("volume "+v.Name), "may-reload", "%s renews the files in %s; whether %s reads them again is not told here", v.Driver, v.Name, w.Name)
			}
		}
	}
	for _, c := range provenance.Certificates(in.Here) {
		if c.SecretName != "" && provenance.Shown(in.Here, c) {
			out.Pass(c.Ref.Within("shown"), "controller", "%s is shown by an ingress or gateway, whose controller loads it anew by itself", c.SecretName)
		}
	}
	return out
}

// holds reports whether the secret is a certificate that is renewed: one with
// an issuer, of the type for certificates, or written by Vault's PKI.
func holds(here *fact.Set, u provenance.Use) bool {
	o := provenance.Of(here, u.Workload.Namespace, u.Secret)
	switch o.Kind {
	case provenance.Issued:
		return true
	case provenance.Generated:
		return o.By == "OpenShift's service CA"
	case provenance.Fed:
		return o.Feed != nil && o.Feed.Ref.Kind() == "VaultPKISecret"
	case provenance.Nowhere:
		name := strings.ToLower(u.Secret)
		return strings.HasSuffix(name, "-tls") || strings.HasSuffix(name, "-cert") || strings.HasSuffix(name, "-certs") || strings.HasSuffix(name, "-certificate")
	}
	return o.Secret != nil && provenance.Certified(o.Secret)
}

func judge(out *verdict.Findings, here *fact.Set, u provenance.Use) {
	w := u.Workload
	by, restarted := provenance.Restarted(here, w, u.Secret)
	sidecar := reloader(w, u.Secret)
	switch {
	case restarted:
		out.Pass(u.Ref(), "restarted", "%s restarts %s when %s changes", by, w.Name, u.Secret)
	case u.Way == provenance.Environment:
		out.Fail(u.Ref(), "environment", "%s takes %s as an environment variable, which is fixed when the process starts", w.Name, u.Secret)
	case u.Way == provenance.SubPath:
		out.Fail(u.Ref(), "sub-path", "%s mounts %s by subPath, so it keeps the old certificate until it restarts", w.Name, u.Secret)
	case sidecar != "":
		out.Pass(u.Ref(), "reloaded", "%s tells %s when the files of %s change", sidecar, w.Name, u.Secret)
	default:
		out.Unclear(u.Ref(), "may-reload", "%s mounts %s as files; whether it reads them again after a renewal is not told here", w.Name, u.Secret)
	}
}

// reloader returns the name of a sidecar that watches the mounted secret.
func reloader(w *fact.Workload, secret string) string {
	for _, c := range w.Running() {
		known := false
		for _, r := range reloaders {
			known = known || c.Image.Base() == r
		}
		if !known {
			continue
		}
		for _, m := range c.Mounts {
			if v := w.Volume(m.Volume); v != nil {
				for _, s := range v.Secrets {
					if s == secret {
						return c.Name
					}
				}
			}
		}
	}
	return ""
}
