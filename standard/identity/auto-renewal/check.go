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
	if c.Engine == "acm" || c.Engine == "google" || c.Engine == "azure" {
		cloud(out, c)
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
