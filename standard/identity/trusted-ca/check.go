// Package trustedca checks that certificates that services show each other are
// issued by the trusted internal CA.
package trustedca

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/edges"
	"seaworthy.dev/seaworthy/internal/derive/provenance"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// publicCAs are hosts of ACME directories whose issuer the public trusts.
var publicCAs = []string{"letsencrypt.org", "zerossl.com", "buypass.com", "pki.goog", "ssl.com", "digicert.com", "sectigo.com", "globalsign.com"}

// Check judges the issuer of each certificate. A CA's own certificate is the
// root or an intermediate, for which a selfSigned issuer is right.
func Check(in expect.Input) (out verdict.Findings) {
	for _, c := range provenance.Certificates(in.Here) {
		issuer := in.Here.Issuer(c)
		ref := c.Ref.At(c.At)
		switch {
		case c.Engine == "gke":
			out.Skip(ref, "public", "%s is Google's, for names that the public reaches", c.Name)
		case c.CA:
			out.Skip(ref, "authority", "%s is a CA of its own and not shown by a service", c.Name)
		case c.IssuerGroup != "cert-manager.io":
			out.Pass(ref, "internal", "%s is issued by %s %s, an issuer of a private CA", c.Name, c.IssuerKind, c.IssuerName)
		case issuer == nil && c.IssuerName == "":
			out.Unclear(ref, "issuer-elsewhere", "%s is issued by the controller's default issuer, which is not found here", c.Name)
		case issuer == nil:
			out.Unclear(ref, "issuer-elsewhere", "%s %s, which issues %s, is not found here", c.IssuerKind, c.IssuerName, c.Name)
		default:
			issued(&out, in.Here, ref, c, issuer)
		}
	}
	mesh(&out, in.Here)
	return out
}

// mesh judges the CA of Istio, once: without a plugged-in one, istiod signs
// with a root that it made up itself. Linkerd's trust anchor is given to its
// installation.
func mesh(out *verdict.Findings, here *fact.Set) {
	for _, w := range here.Workloads {
		member, engine := edges.Mesh(here, w)
		if member != edges.Member {
			continue
		}
		o := provenance.Of(here, "istio-system", "cacerts")
		if engine == "istio" && o.Kind != provenance.Nowhere {
			out.Pass(o.Ref.Within("mesh"), "internal", "Istio signs with a CA that is plugged in (cacerts)")
		} else {
			out.Unclear(w.Ref.Within("mesh"), "mesh-ca", "by which CA the mesh (%s) signs the certificate of %s is not told here", engine, w.Name)
		}
		return
	}
}

func issued(out *verdict.Findings, here *fact.Set, ref fact.Ref, c *fact.Certificate, i *fact.Issuer) {
	switch i.Source {
	case "ca", "vault", "venafi", "external":
		out.Pass(ref, "internal", "%s is issued by %s %s (%s)", c.Name, i.Kind, i.Name, i.Source)
	case "selfSigned":
		out.Fail(ref, "self-signed", "%s is self-signed (%s %s): clients must pin it or stop verifying", c.Name, i.Kind, i.Name)
	case "acme":
		acme(out, here, ref, c, i)
	default:
		out.Unclear(ref, "unknown-issuer", "%s %s, which issues %s, does not say in a known way how it signs", i.Kind, i.Name, c.Name)
	}
}

// acme tells public CAs from an internal directory, and names that the public
// reaches from those that it does not.
func acme(out *verdict.Findings, here *fact.Set, ref fact.Ref, c *fact.Certificate, i *fact.Issuer) {
	private := privateName(c.DNSNames)
	switch {
	case !public(i.Server):
		out.Unclear(ref, "private-acme", "%s is issued by the ACME directory %s; whether it is the internal CA is not told here", c.Name, i.Server)
	case private != "":
		out.Fail(ref, "public-ca", "%s asks a public CA (%s %s) for %s, a name inside the network", c.Name, i.Kind, i.Name, private)
	case provenance.Shown(here, c):
		out.Skip(ref, "public", "%s is shown to the public, which knows its CA", c.Name)
	default:
		out.Unclear(ref, "unknown-clients", "%s is issued by a public CA; whether services or the public see it is not told here", c.Name)
	}
}

func public(server string) bool {
	rest := strings.TrimPrefix(server, "https://")
	host, _, _ := strings.Cut(rest, "/")
	for _, ca := range publicCAs {
		if host == ca || strings.HasSuffix(host, "."+ca) {
			return true
		}
	}
	return false
}

// privateName returns the first name that exists only inside a network: one
// label, or a domain that is reserved for private use.
func privateName(names []string) string {
	for _, name := range names {
		if !strings.Contains(name, ".") {
			return name
		}
		for _, suffix := range []string{".svc", ".cluster.local", ".local", ".internal", ".home.arpa", ".localhost"} {
			if strings.HasSuffix(name, suffix) {
				return name
			}
		}
	}
	return ""
}
