package autorenewal

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// cloud judges a certificate that a cloud keeps: it renews what it issued
// itself, as long as the owner's name is shown without a person.
func cloud(out *verdict.Findings, c *fact.Certificate) {
	ref := c.Ref.At(c.At)
	switch c.Manner {
	case "managed":
		out.Pass(c.Ref, "renewed", "its cloud issues and renews %s", c.Name)
	case "self-signed":
		out.Pass(c.Ref, "renewed", "its cloud renews %s, which is self-signed", c.Name)
	case "DNS", "private CA", "HTTP":
		out.Pass(c.Ref, "renewed", "AWS renews %s by itself (%s)", c.Name, c.Manner)
	case "EMAIL":
		if c.Engine == "azure" {
			out.Fail(ref, "by-mail", "at the end of its life %s only sends a mail to a person (lifetime_action EmailContacts)", c.Name)
			return
		}
		out.Fail(ref, "by-mail", "%s is renewed only after a person follows a link in a mail (validation_method EMAIL)", c.Name)
	case "imported":
		out.Fail(ref, "imported", "%s was imported, so a person must replace it before it expires", c.Name)
	default:
		out.Unclear(ref, "cloud-certificate", "whether %s is renewed by itself cannot be told: %s", c.Name, c.Unknown)
	}
}
