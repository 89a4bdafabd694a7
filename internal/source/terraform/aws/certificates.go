package aws

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// certificates reads certificates of ACM, those that were uploaded, and the
// listeners that show one which is not here.
// https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html
func (r *reader) certificates() {
	all := kinds(fact.Certificates)
	for _, res := range r.of(all, "aws_acm_certificate") {
		b := res.Body
		c := &fact.Certificate{Ref: res.Ref(), Name: name(res, "domain_name"), Engine: "acm", SecretName: res.Address, At: res.At}
		method := b.Get("validation_method")
		imported := b.Get("private_key").Present() || !b.Get("private_key").Known() || b.Get("certificate_body").Present() || !b.Get("certificate_body").Known()
		switch {
		case imported:
			c.Manner, c.At = "imported", place(b.Get("certificate_body"), res)
		case b.Get("certificate_authority_arn").Present() || !b.Get("certificate_authority_arn").Known():
			c.Manner = "private CA"
		case !method.Known():
			c.Manner, c.Unknown = "unknown", why(method)
		default:
			c.Manner, c.At = text(method), place(method, res)
		}
		r.into.Certificates = append(r.into.Certificates, c)
	}
	for _, res := range r.of(all, "aws_iam_server_certificate") {
		r.into.Certificates = append(r.into.Certificates, &fact.Certificate{Ref: res.Ref(), Name: name(res), Engine: "acm", SecretName: res.Address, Manner: "imported", At: res.At})
	}
	for _, l := range r.of(all, append([]string{"aws_lb_listener_certificate", "aws_cloudfront_distribution", "aws_api_gateway_domain_name", "aws_apigatewayv2_domain_name"}, listenerTypes...)...) {
		r.shown(l)
	}
}

// shown adds the certificate of a listener where it is not here.
func (r *reader) shown(l *model.Resource) {
	for _, path := range [][]string{{"certificate_arn"}, {"viewer_certificate", "acm_certificate_arn"}, {"domain_name_configuration", "certificate_arn"}, {"regional_certificate_arn"}} {
		v := l.Body.Get(path...)
		if !v.Present() && v.Known() || !l.Body.Known() {
			continue
		}
		managed := false
		for _, ref := range v.AllRefs() {
			ref = r.typed(ref)
			managed = managed || !strings.HasPrefix(ref, "data.") && !strings.Contains(ref, ".data.") && (strings.Contains(ref, "aws_acm_certificate") || strings.Contains(ref, "aws_iam_server_certificate"))
		}
		if managed {
			continue
		}
		c := &fact.Certificate{Ref: l.Ref().Within("certificate"), Name: l.Address, Engine: "acm", SecretName: l.Address, Manner: "unknown", At: v.At}
		switch t := text(v); {
		case strings.Contains(t, ":server-certificate/"):
			c.Manner = "imported"
		case t != "":
			c.Unknown = "the certificate that it shows is not among these files"
		case len(v.AllRefs()) > 0:
			c.Unknown = "its certificate comes from " + v.AllRefs()[0]
		default:
			c.Unknown = why(v)
		}
		r.into.Certificates = append(r.into.Certificates, c)
	}
}

// place returns where a value stands, or its resource.
func place(v model.Value, res *model.Resource) fact.Location {
	if v.At.File != "" {
		return v.At
	}
	return res.At
}
