package provenance

import (
	"cmp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Certificates returns the certificates that stand as objects and those that
// cert-manager makes for annotated ingresses and gateways.
func Certificates(here *fact.Set) []*fact.Certificate {
	out := append([]*fact.Certificate(nil), here.Certificates...)
	for _, r := range here.Routes {
		for _, secret := range r.TLSSecrets {
			if c := shim(r.Ref, r.Namespace, secret, r.Annotations); c != nil {
				c.DNSNames = r.Hosts
				out = append(out, c)
			}
		}
	}
	for _, t := range here.Terminations {
		if t.AnyNamespace {
			continue
		}
		if c := shim(t.Ref, t.SecretNamespace, t.Secret, t.Annotations); c != nil {
			c.DNSNames = t.Hosts
			out = append(out, c)
		}
	}
	return out
}

// shim returns the certificate for which the annotations ask, or nil.
func shim(ref fact.Ref, namespace, secret string, notes map[string]string) *fact.Certificate {
	out := &fact.Certificate{
		Ref: ref.Within("certificate " + secret), Namespace: namespace, Name: secret, SecretName: secret, Engine: "cert-manager",
		IssuerGroup: cmp.Or(notes["cert-manager.io/issuer-group"], "cert-manager.io"),
	}
	switch {
	case notes["cert-manager.io/cluster-issuer"] != "":
		out.IssuerKind, out.IssuerName = "ClusterIssuer", notes["cert-manager.io/cluster-issuer"]
	case notes["cert-manager.io/issuer"] != "":
		out.IssuerKind, out.IssuerName = cmp.Or(notes["cert-manager.io/issuer-kind"], "Issuer"), notes["cert-manager.io/issuer"]
	case notes["certmanager.k8s.io/cluster-issuer"] != "":
		out.IssuerKind, out.IssuerName = "ClusterIssuer", notes["certmanager.k8s.io/cluster-issuer"]
	case notes["certmanager.k8s.io/issuer"] != "":
		out.IssuerKind, out.IssuerName = "Issuer", notes["certmanager.k8s.io/issuer"]
	case notes["kubernetes.io/tls-acme"] == "true":
		out.IssuerKind, out.IssuerName = "ClusterIssuer", "" // the controller's default
	default:
		return nil
	}
	return out
}

// Certified reports whether a secret in a file holds a certificate with its
// key. A private key alone may be one for SSH or for signing tokens.
func Certified(s *fact.Secret) bool {
	if s.Type == "kubernetes.io/tls" {
		return true
	}
	return s.PrivateKey && slices.ContainsFunc(s.Keys, func(key string) bool {
		return strings.HasSuffix(key, ".crt") || strings.HasSuffix(key, ".cer") || strings.Contains(key, "cert")
	})
}

// Shown reports whether an ingress or a gateway shows the certificate to
// clients outside.
func Shown(here *fact.Set, c *fact.Certificate) bool {
	for _, r := range here.Routes {
		for _, secret := range r.TLSSecrets {
			if r.Namespace == c.Namespace && secret == c.SecretName {
				return true
			}
		}
	}
	for _, t := range here.Terminations {
		if t.Secret == c.SecretName && (t.AnyNamespace || t.SecretNamespace == c.Namespace) {
			return true
		}
	}
	return false
}
