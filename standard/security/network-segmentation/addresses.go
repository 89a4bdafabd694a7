package networksegmentation

import (
	"slices"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// addresses lists what is open to the outside: what is found and declared
// nowhere is a gap.
func addresses(out *verdict.Findings, here *fact.Set) {
	for _, s := range here.Services {
		switch {
		case s.Type == "LoadBalancer" && s.Internal:
		case s.Type == "LoadBalancer" && narrowed(s.SourceRanges):
			out.Note(s.Ref, "limited-address", "load balancer %s is open to %s", s.Name, strings.Join(s.SourceRanges, ", "))
		case s.Type == "LoadBalancer":
			out.Fail(s.Ref, "undeclared-address", "load balancer %s is open to the outside, and nothing declares it", s.Name)
		case s.Type == "URL" && !s.Internal:
			out.Fail(s.Ref, "undeclared-address", "%s is an address that everyone reaches, and nothing declares it", s.Title(s.Name))
		case s.Type == "NodePort":
			out.Fail(s.Ref, "undeclared-address", "service %s opens a port of every node, and nothing declares it", s.Name)
		case len(s.ExternalIPs) > 0:
			out.Fail(s.Ref, "undeclared-address", "service %s takes traffic for %s, and nothing declares it", s.Name, strings.Join(s.ExternalIPs, ", "))
		}
	}
	for _, r := range here.Routes {
		if outside(r) {
			out.Fail(r.Ref, "undeclared-address", "%s %s opens %s to the outside, and nothing declares it", r.Kind, r.Name, hosts(r))
		}
	}
}

// narrowed reports whether source ranges are written and none means everyone.
func narrowed(ranges []string) bool {
	all := fact.PolicyRule{CIDRs: ranges}
	return len(ranges) > 0 && !all.World()
}

// outside reports whether a route leads in from outside. Routes of a mesh
// without a gateway steer traffic between pods; the clouds' private load
// balancers stay inside.
func outside(r *fact.Route) bool {
	if r.Kind != "Ingress" {
		return len(r.Parents) > 0
	}
	return r.Annotations["alb.ingress.kubernetes.io/scheme"] != "internal" && r.Annotations["kubernetes.io/ingress.class"] != "gce-internal"
}

func hosts(r *fact.Route) string {
	switch n := len(r.Hosts); {
	case n == 0, slices.Contains(r.Hosts, "*"):
		return "every host name"
	case n > 3:
		return strings.Join(r.Hosts[:3], ", ") + " and " + strconv.Itoa(n-3) + " more"
	}
	return strings.Join(r.Hosts, ", ")
}

// openPorts notes ports that a policy opens to everyone although nothing leads
// there from outside: more than is needed, if not by much.
func openPorts(out *verdict.Findings, here *fact.Set, p *fact.Policy, selected []*fact.Workload) {
	for _, w := range selected {
		for _, s := range here.ServicesFor(w) {
			if edge(here, s) != "" {
				return
			}
		}
	}
	for i := range p.Rules {
		r := &p.Rules[i]
		if p.Ingress && !r.Egress && !r.Deny && !r.AnyPort && len(r.Ports)+len(r.PortNames) > 0 && r.World() && len(selected) > 0 {
			out.Note(p.Ref.At(r.At).Within(part(r, i)), "open-port", "policy %s lets everyone reach %s%s, to which nothing leads from outside", p.Name, selected[0].Name, ports(r))
		}
	}
}
