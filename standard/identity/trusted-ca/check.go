// Package trustedca checks that certificates that services show each other are
// issued by the trusted internal CA.
package trustedca

import (
	"seaworthy.dev/seaworthy/internal/derive/edges"
	"seaworthy.dev/seaworthy/internal/derive/provenance"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check judges the issuer of each certificate. A CA's own certificate is the
// root or an intermediate, for which a selfSigned issuer is right.
func Check(in expect.Input) (out verdict.Findings) {
	for _, c := range provenance.Certificates(in.Here) {
		issuer := in.Here.Issuer(c)
		ref := c.Ref.At(c.At)
		switch {
		case c.Engine == "gke":
			out.Skip(ref, "public", "%s is Google's, for names that the public reaches", c.Name)
		case c.Engine == "acm" && c.Manner == "private CA":
			out.Pass(ref, "internal", "%s is issued by a private CA of AWS", c.Name)
		case c.Engine == "acm" && c.Manner == "DNS", c.Engine == "acm" && c.Manner == "EMAIL":
			out.Skip(ref, "public", "%s is Amazon's, for names that the public reaches", c.Name)
		case (c.Engine == "google" || c.Engine == "azure") && c.Manner == "managed":
			out.Skip(ref, "public", "%s is issued by its cloud, for names that the public reaches", c.Name)
		case c.Engine == "acm", c.Engine == "google", c.Engine == "azure":
			out.Unclear(ref, "issuer-elsewhere", "who issued %s is not told here", c.Name)
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
