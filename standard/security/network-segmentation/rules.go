package networksegmentation

import (
	"fmt"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// narrow judges the rules of a policy: one that names neither peer nor port
// undoes all others, for what policies allow adds up.
func narrow(out *verdict.Findings, p *fact.Policy) bool {
	clean := true
	for i := range p.Rules {
		r := &p.Rules[i]
		ref := p.Ref.At(r.At).Within(part(r, i))
		switch {
		case r.Deny:
		case r.Egress && !p.Egress, !r.Egress && !p.Ingress:
			// What the policy leaves open needs no permission.
		case !r.Egress && r.AnyPort && r.World():
			clean = false
			out.Fail(ref, "allow-all", "policy %s lets everyone reach every port of %s", p.Name, whom(p))
		case !r.Egress && r.AnyPort && r.Cluster():
			clean = false
			out.Fail(ref, "allow-all", "policy %s lets every pod of the cluster reach every port of %s", p.Name, whom(p))
		case console(p, r) != 0:
			clean = false
			out.Fail(ref, "open-console", "group %s lets everyone reach port %d of %s, by which machines are administered", p.Name, console(p, r), whom(p))
		case r.Egress && r.Only(dns, multicastDNS):
		case r.Egress && r.World():
			clean = false
			out.Fail(ref, "open-egress", "policy %s lets %s reach every address%s", p.Name, whom(p), ports(r))
		case r.Egress && r.AnyPort && r.Cluster():
			clean = false
			out.Fail(ref, "allow-all", "policy %s lets %s reach every port of every pod of the cluster", p.Name, whom(p))
		}
	}
	return clean
}

// dns is the port for names; OpenShift's own servers listen on multicastDNS.
const (
	dns          = 53
	multicastDNS = 5353
)

func part(r *fact.PolicyRule, i int) string {
	if r.Egress {
		return fmt.Sprintf("egress rule %d", i+1)
	}
	return fmt.Sprintf("ingress rule %d", i+1)
}

func whom(p *fact.Policy) string {
	switch {
	case grouping(p) && len(p.Guards) > 0:
		return strings.Join(p.Guards, ", ")
	case grouping(p):
		return "its members"
	case p.Unclear != "":
		return "what it selects"
	case !p.Selects.Everything:
		if text := p.Selects.String(); len(text) <= 60 {
			return "the pods with " + text
		}
		return "its pods"
	case p.ClusterWide:
		return "every pod"
	}
	return "every pod of its namespace"
}

func ports(r *fact.PolicyRule) string {
	switch {
	case r.AnyPort:
		return " on every port"
	case len(r.Ranges) > 0:
		return " on ports " + strconv.Itoa(r.Ranges[0][0]) + " to " + strconv.Itoa(r.Ranges[0][1])
	case len(r.Ports) == 1 && len(r.PortNames) == 0:
		return " on port " + strconv.Itoa(r.Ports[0])
	}
	return ""
}
