// Package autorenewal checks that certificates renew themselves before they
// expire.
package autorenewal

import (
	"strconv"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/derive/edges"
	"seaworthy.dev/seaworthy/internal/derive/provenance"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// lifetime is what cert-manager asks for where a Certificate says nothing: 90
// days, in seconds. The source stands in expectation.yaml.
const lifetime = 90 * 24 * 3600

// Check judges each certificate that something keeps, each place at which TLS
// ends, and each certificate that is kept as a file.
func Check(in expect.Input) (out verdict.Findings) {
	for _, c := range provenance.Certificates(in.Here) {
		kept(&out, in.Here, c)
	}
	seen := map[string]bool{}
	for _, r := range in.Here.Routes {
		route(&out, in.Here, r, seen)
	}
	for _, t := range in.Here.Terminations {
		if t.AnyNamespace {
			credential(&out, in.Here, t)
			continue
		}
		held(&out, in.Here, t.Ref.At(t.At), t.Name, t.SecretNamespace, t.Secret, seen)
	}
	for _, s := range in.Here.Secrets {
		if provenance.Certified(s) {
			held(&out, in.Here, s.Ref, "", s.Namespace, s.Name, seen)
		}
	}
	for _, w := range in.Here.Workloads {
		if member, engine := edges.Mesh(in.Here, w); member == edges.Member && w.Form.Serves() {
			out.Pass(w.Ref.Within("mesh"), "renewed", "the mesh (%s) renews the certificate of %s", engine, w.Name)
		}
		for i := range w.Volumes {
			if v := &w.Volumes[i]; strings.HasPrefix(v.Driver, "csi.cert-manager.io") || v.Driver == "csi.spiffe.io" || v.Driver == "spiffe.csi.cert-manager.io" {
				out.Pass(w.Ref.At(v.At).Within("volume "+v.Name), "renewed", "%s gets the certificate in %s from %s, which renews it", w.Name, v.Name, v.Driver)
			}
		}
	}
	return out
}

// kept judges a certificate that a controller owns. A ClusterIssuer belongs to
// the platform and may well stand elsewhere; an Issuer stands with its users.
func kept(out *verdict.Findings, here *fact.Set, c *fact.Certificate) {
	if c.Engine == "gke" {
		out.Pass(c.Ref, "renewed", "Google renews %s", c.Name)
		return
	}
	duration := c.Duration
	if duration == 0 {
		duration = lifetime
	}
	switch {
	case c.RenewalOff:
		out.Fail(c.Ref, "renewal-off", "nothing renews %s: its renewal policy is Disabled", c.Name)
	case c.RenewBefore >= duration:
		out.Fail(c.Ref, "window", "%s would be renewed %s before its end, but lives only %s", c.Name, hours(c.RenewBefore), hours(duration))
	case c.RenewPercent < 0 || c.RenewPercent >= 100:
		out.Fail(c.Ref, "window", "%s would be renewed at %d %% of its lifetime before its end; that must lie between 0 and 100", c.Name, c.RenewPercent)
	case c.IssuerKind == "Issuer" && c.IssuerGroup == "cert-manager.io" && here.Issuer(c) == nil:
		out.Unclear(c.Ref.At(c.At), "issuer-elsewhere", "Issuer %s, which should renew %s, is not found here", c.IssuerName, c.Name)
	default:
		out.Pass(c.Ref, "renewed", "cert-manager renews %s %s before its end", c.Name, window(c, duration))
	}
}

func window(c *fact.Certificate, duration int) string {
	switch {
	case c.RenewBefore > 0:
		return hours(c.RenewBefore)
	case c.RenewPercent > 0:
		return hours(duration * c.RenewPercent / 100)
	}
	return hours(duration / 3)
}

// hours writes seconds as whole days, or as Go does.
func hours(seconds int) string {
	const day = 24 * 3600
	if days := seconds / day; seconds%day == 0 && days > 1 {
		return strconv.Itoa(days) + " days"
	}
	return strings.TrimSuffix((time.Duration(seconds) * time.Second).String(), "0m0s")
}

// route judges an ingress: the secrets that it names, or whoever keeps the
// certificates of its load balancer.
func route(out *verdict.Findings, here *fact.Set, r *fact.Route, seen map[string]bool) {
	for _, secret := range r.TLSSecrets {
		held(out, here, r.Ref.Within("certificate "+secret), r.Name, r.Namespace, secret, seen)
	}
	a := r.Annotations
	switch {
	case len(r.TLSSecrets) > 0:
	case a["networking.gke.io/managed-certificates"] != "":
		out.Pass(r.Ref, "renewed", "Google renews the certificate of %s", r.Name)
	case a["traefik.ingress.kubernetes.io/router.tls.certresolver"] != "":
		out.Pass(r.Ref, "renewed", "Traefik renews the certificate of %s by ACME", r.Name)
	case a["alb.ingress.kubernetes.io/certificate-arn"] != "", a["ingress.gcp.kubernetes.io/pre-shared-cert"] != "":
		out.Unclear(r.Ref, "cloud-certificate", "%s names a certificate of the cloud, which renews itself only if it was not imported", r.Name)
	case r.TLS:
		out.Unclear(r.Ref, "default-certificate", "%s ends TLS with its controller's default certificate, which is not found here", r.Name)
	}
}

// held judges the secret in which a certificate lies. Those that an issuer
// keeps are judged by themselves.
func held(out *verdict.Findings, here *fact.Set, ref fact.Ref, by, namespace, secret string, seen map[string]bool) {
	key := namespace + "/" + secret
	if seen[key] {
		return
	}
	seen[key] = true
	shown := ""
	if by != "" {
		shown = ", shown by " + by + ","
	}
	switch o := provenance.Of(here, namespace, secret); o.Kind {
	case provenance.Issued:
	case provenance.Generated:
		out.Pass(ref, "renewed", "%s%s is kept by %s", secret, shown, o.By)
	case provenance.Plain, provenance.Sealed:
		out.Fail(o.Ref, "file", "the certificate %s%s is a file here, so a person must renew it", secret, shown)
	case provenance.Fed:
		out.Unclear(ref, "stored", "the certificate %s%s comes from a store; who renews it there is not told", secret, shown)
	case provenance.Awaited:
		out.Unclear(o.Ref, "filled-later", "the certificate %s%s stands here without its values; what fills them in is not told", secret, shown)
	default:
		out.Unclear(ref, "made-elsewhere", "nothing here issues the certificate %s%s or renews it", secret, shown)
	}
}

// credential judges a certificate whose namespace its gateway does not tell.
func credential(out *verdict.Findings, here *fact.Set, t *fact.Termination) {
	for _, c := range provenance.Certificates(here) {
		if c.SecretName == t.Secret {
			return // judged by itself
		}
	}
	out.Unclear(t.Ref.At(t.At), "made-elsewhere", "nothing here issues the certificate %s, shown by %s, or renews it", t.Secret, t.Name)
}
