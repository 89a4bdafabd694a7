package autorenewal

import (
	"seaworthy.dev/seaworthy/internal/derive/provenance"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

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
		shown = " (shown by " + by + ")"
	}
	switch o := provenance.Of(here, namespace, secret); o.Kind {
	case provenance.Issued:
	case provenance.Generated:
		out.Pass(ref, "renewed", "%s%s is kept by %s", secret, shown, o.By)
	case provenance.Charted:
		out.Unclear(ref, "chart-certificate", "the chart writes the certificate %s%s; who renews it is not told", secret, shown)
	case provenance.Plain, provenance.Sealed, provenance.Opaque:
		out.Fail(o.Ref, "file", "the certificate %s%s is a file here, so a person must renew it", secret, shown)
	case provenance.Fed:
		out.Unclear(ref, "stored", "the certificate %s%s comes from a store; who renews it there is not told", secret, shown)
	case provenance.Awaited, provenance.Harmless:
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
