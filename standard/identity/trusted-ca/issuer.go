package trustedca

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/provenance"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// publicCAs are hosts of ACME directories whose issuer the public trusts.
var publicCAs = []string{"letsencrypt.org", "zerossl.com", "buypass.com", "pki.goog", "ssl.com", "digicert.com", "sectigo.com", "globalsign.com"}

func issued(out *verdict.Findings, here *fact.Set, ref fact.Ref, c *fact.Certificate, i *fact.Issuer) {
	switch i.Source {
	case "ca", "vault", "venafi", "external":
		out.Pass(ref, "internal", "%s is issued by %s %s (%s)", c.Name, i.Kind, i.Name, i.Source)
	case "selfSigned":
		if by := injected(here, c); by != "" {
			out.Skip(ref, "injected", "%s is shown to the API server, which trusts it by %s alone", c.Name, by)
			return
		}
		out.Fail(ref, "self-signed", "%s is self-signed (%s %s): clients must pin it or stop verifying", c.Name, i.Kind, i.Name)
	case "acme":
		acme(out, here, ref, c, i)
	default:
		out.Unclear(ref, "unknown-issuer", "%s %s, which issues %s, does not say in a known way how it signs", i.Kind, i.Name, c.Name)
	}
}

// injected returns the object into which cert-manager writes the certificate as
// the one to trust: webhooks and aggregated APIs, whose only client is the API
// server.
func injected(here *fact.Set, c *fact.Certificate) string {
	for _, o := range here.Objects {
		if name := o.Annotations["cert-manager.io/inject-ca-from"]; name != "" && name == c.Namespace+"/"+c.Name {
			return o.Kind + " " + o.Name
		}
	}
	return ""
}

// acme tells public CAs from an internal directory, and names that the public
// reaches from those that it does not.
func acme(out *verdict.Findings, here *fact.Set, ref fact.Ref, c *fact.Certificate, i *fact.Issuer) {
	private := privateName(c.DNSNames)
	switch {
	case forTests(i.Server):
		out.Fail(ref, "test-ca", "%s is issued by a CA for tests (%s %s, %s), which no client trusts", c.Name, i.Kind, i.Name, i.Server)
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

// forTests reports whether the directory is one whose certificates are made to
// try things out: https://letsencrypt.org/docs/staging-environment/ and
// https://cloud.google.com/certificate-manager/docs/public-ca-tutorial.
func forTests(server string) bool {
	return strings.Contains(server, "://acme-staging") || strings.Contains(server, ".test-api.pki.goog/")
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
