package aws

import (
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// listener reads how a load balancer takes connections at one of its ports.
func (r *reader) listener(l *model.Resource) fact.Listener {
	out := fact.Listener{Ref: l.Ref(), Clients: text(l.Body.Get("mutual_authentication", "mode"))}
	out.Port, _ = number(l.Body.Get("port"), 0)
	if p := l.Body.Get("port"); p.Present() {
		out.Ref = out.Ref.At(p.At)
	}
	protocol := l.Body.Get("protocol")
	out.Protocol = strings.ToUpper(text(protocol))
	if out.Protocol == "" && protocol.Known() {
		out.Protocol = map[int]string{80: "HTTP", 443: "HTTPS"}[out.Port] // what an application load balancer takes it for
	}
	policy := l.Body.Get("ssl_policy")
	if out.Policy = text(policy); !policy.Present() && policy.Known() && (out.Protocol == "HTTPS" || out.Protocol == "TLS") {
		out.Policy, out.ByDefault = "ELBSecurityPolicy-2016-08", true
	}
	out.Oldest = oldest(out.Policy)
	for _, v := range []model.Value{protocol, policy, l.Body.Get("mutual_authentication"), l.Count} {
		if !v.Known() && out.Unknown == "" {
			out.Unknown = why(v)
		}
	}
	actions := nested(l.Body.Get("default_action"))
	for _, rule := range r.c.Of(ruleTypes...) {
		if r.means(rule, l, "listener_arn") {
			actions = append(actions, nested(rule.Body.Get("action"))...)
		}
	}
	for _, a := range actions {
		switch kind := a.Get("type"); {
		case !kind.Known() && out.Unknown == "":
			out.Unknown = why(kind)
		case text(kind) == "forward":
			out.Forwards = true
		}
	}
	return out
}

var versioned = regexp.MustCompile(`^ELBSecurityPolicy-(?:TLS13-|TLS-|FS-)1-([0-3])-`)

// oldest returns the oldest version of TLS that a security policy takes, which
// its name says; those without one in their names take 1.0. As of 2025-09:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
func oldest(policy string) string {
	switch policy {
	case "ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-2015-05", "ELBSecurityPolicy-FS-2018-06":
		return "1.0"
	}
	if m := versioned.FindStringSubmatch(policy); m != nil {
		return "1." + m[1]
	}
	return ""
}

// connected reads by which names Service Connect leads to a service, and whether
// its proxies encrypt.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html
func (r *reader) connected(s *fact.Service, v model.Value) {
	for _, one := range nested(v.Get("service")) {
		s.Sealed = s.Sealed || one.Get("tls").Present()
		for _, alias := range nested(one.Get("client_alias")) {
			n, _ := number(alias.Get("port"), 0)
			s.Ports = append(s.Ports, fact.ServicePort{Number: n})
			if t := text(alias.Get("dns_name")); t != "" {
				s.Hosts = append(s.Hosts, t)
			}
		}
	}
}

// onward reads in which protocol a target group is spoken to.
func onward(tg *model.Resource) fact.Onward {
	v := tg.Body.Get("protocol")
	out := fact.Onward{Ref: tg.Ref(), Name: name(tg), Protocol: strings.ToUpper(text(v))}
	if v.Present() {
		out.Ref = out.Ref.At(v.At)
	}
	if !v.Known() {
		out.Unknown = why(v)
	}
	return out
}
