package networksegmentation

import (
	"fmt"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/discovered"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// addresses lists what is open to the outside: what is found and declared
// nowhere is a gap.
func addresses(out *verdict.Findings, in expect.Input) {
	for _, a := range discovered.Addresses(in.Here) {
		if len(a.Ranges) > 0 {
			out.Note(a.Ref, "limited-address", "load balancer %s is open to %s", a.Name, strings.Join(a.Ranges, ", "))
			continue
		}
		open, private := undeclared(in.Declared, a)
		switch {
		case private != nil:
			out.Fail(a.Ref, "private-endpoint", "%s, but %s declares %s as not public", opens(a, a.Hosts), place(private), private.URL)
		case len(open) == 0:
			out.Note(a.Ref, "declared-address", "%s, as the manifest declares", opens(a, a.Hosts))
		default:
			if open[0] == a.Name && len(a.Hosts) == 0 {
				open = nil
			}
			out.Lacks(a.Ref, []fact.Kind{fact.Manifest}, "undeclared-address", "%s, and %s", opens(a, open), nobody(in, a, open))
		}
	}
}

// undeclared returns the hosts of an address that no endpoint names, or its own
// name where it has none; and the endpoint that declares it as not public.
func undeclared(d *fact.Declarations, a discovered.Address) (open []string, private *fact.Endpoint) {
	names := a.Hosts
	if len(names) == 0 {
		names = []string{a.Name}
	}
	for _, host := range names {
		e := endpoint(d, host)
		if e == nil {
			e = endpoint(d, a.Name)
		}
		switch {
		case e == nil:
			open = append(open, host)
		case !e.Public:
			private = e
		}
	}
	return open, private
}

// endpoint returns the declared endpoint of a host; a declared "*." holds those
// below it.
func endpoint(d *fact.Declarations, host string) *fact.Endpoint {
	if d == nil {
		return nil
	}
	for _, e := range d.Endpoints {
		if discovered.Matches(e.Host, host) {
			return e
		}
	}
	return nil
}

// opens says what the address opens.
func opens(a discovered.Address, names []string) string {
	switch a.Kind {
	case "LoadBalancer":
		return fmt.Sprintf("load balancer %s is open to the outside", a.Name)
	case "URL":
		return fmt.Sprintf("%s is an address that everyone reaches", a.Title(a.Name))
	case "NodePort":
		return fmt.Sprintf("service %s opens a port of every node", a.Name)
	case "ExternalIP":
		return fmt.Sprintf("service %s takes traffic for %s", a.Name, strings.Join(a.Hosts, ", "))
	}
	return fmt.Sprintf("%s %s opens %s to the outside", a.Kind, a.Name, hosts(names))
}

// nobody says that nothing declares an address, and how it is declared where
// there is a manifest to do it in.
func nobody(in expect.Input, a discovered.Address, open []string) string {
	if n := in.Declared.NoneOf(fact.NoneEndpoints); n != nil && n.By != "" {
		return fmt.Sprintf("%s declares that there are no endpoints (%s:%d)", n.By, n.File, n.Line)
	}
	if in.Declared == nil || in.Declared.Manifest == "" {
		return "nothing declares it"
	}
	name := a.Name
	if len(open) > 0 {
		name = open[0]
	}
	if strings.HasPrefix(name, "*") {
		name = strconv.Quote(name)
	}
	return fmt.Sprintf("%s does not declare it (`- url: %s` under `endpoints` does)", in.Declared.Manifest, name)
}

func place(e *fact.Endpoint) string { return fmt.Sprintf("%s:%d", e.File, e.Line) }

func hosts(names []string) string {
	switch n := len(names); {
	case n == 0:
		return "every host name"
	case n > 3:
		return strings.Join(names[:3], ", ") + " and " + strconv.Itoa(n-3) + " more"
	}
	return strings.Join(names, ", ")
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
