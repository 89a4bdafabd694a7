package networksegmentation

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// grouped judges what a cloud runs by the security groups that it is a member
// of: they restrict both directions, and what they allow adds up.
func grouped(out *verdict.Findings, here *fact.Set, w *fact.Workload, open map[*fact.Policy]bool, used map[*fact.Policy][]*fact.Workload) {
	sure, _ := here.PoliciesFor(w)
	for _, p := range sure {
		used[p] = append(used[p], w)
	}
	groups, unknown := w.Unknown.Any(fact.Groups)
	broad, murky := false, ""
	for _, p := range sure {
		broad = broad || open[p]
		for i := range p.Rules {
			if p.Rules[i].Unknown != "" {
				murky = p.Rules[i].Unknown
			}
		}
	}
	switch {
	case broad:
		// Said at the group.
	case unknown:
		out.Unclear(w.Ref.At(groups.At), "group-unknown", "what restricts the traffic of %s is not known, for %s", w.Name, groups.Why)
	case murky != "":
		out.Unclear(w.Ref, "group-unknown", "whom a rule of %s means is not known, for %s", names(sure), murky)
	case len(sure) == 0 && (w.Platform == fact.Lambda || w.Platform.Hosted()):
		out.Fail(w.Ref, "outside-network", "%s runs in no network of its own, so nothing restricts which addresses it reaches", w.Name)
	case len(sure) == 0:
		out.Unclear(w.Ref, "group-unknown", "which security groups hold for %s is not told here", w.Name)
	case len(restricting(sure, true)) == 0:
		out.Lacks(w.Ref, []fact.Kind{fact.Policies}, "network-egress", "%s may reach every address: its network lets everything out, and no rule refuses it", w.Name)
	default:
		out.Pass(w.Ref, "segmented", "%s is restricted both ways (%s)", w.Name, names(sure))
	}
}

// consoles are ports by which machines are administered: nobody but their
// owners needs them. The source stands in expectation.yaml.
var consoles = []int{22, 3389}

// grouping reports whether a policy is one of a cloud, whose members are
// machines and what runs in a network.
func grouping(p *fact.Policy) bool { return p.Engine == "security-group" || p.Engine == "firewall" }

// console returns the port for administrators that a rule opens to everyone, or
// 0.
func console(p *fact.Policy, r *fact.PolicyRule) int {
	if !grouping(p) || r.Egress || r.Deny || r.AnyPort || !r.World() {
		return 0
	}
	for _, port := range consoles {
		if r.Opens(port) {
			return port
		}
	}
	return 0
}

// managed judges whether stores that a cloud runs can be reached from outside.
func managed(out *verdict.Findings, here *fact.Set) {
	for _, d := range here.Databases {
		m := d.Managed
		if m == nil {
			continue
		}
		ref := d.Ref.At(m.Public.At).Within("reach")
		switch {
		case m.Public.Is() && m.PublicBy != "":
			out.Fail(ref, "public-store", "the data store %s (%s) can be reached from outside: %s", d.Name, d.Engine, m.PublicBy)
		case m.Public.Is():
			out.Fail(ref, "public-store", "the data store %s (%s) has a public address, and nothing here narrows who may connect", d.Name, d.Engine)
		case !m.Public.Known:
			out.Unclear(ref, "reach-unknown", "whether %s (%s) can be reached from outside is not known, for %s", d.Name, d.Engine, m.Public.Why)
		}
	}
}

// controls judges whether everyone reaches the API by which a cluster is
// administered.
func controls(out *verdict.Findings, here *fact.Set) {
	for _, c := range here.Clusters {
		switch {
		case c.Public == nil:
		case c.Public.Is():
			out.Fail(c.Ref.At(c.Public.At), "open-control", "everyone reaches the API by which the cluster %s (%s) is administered", c.Name, c.Engine)
		case !c.Public.Known:
			out.Unclear(c.Ref.At(c.Public.At), "control-unknown", "whether everyone reaches the API of the cluster %s (%s) is not known, for %s", c.Name, c.Engine, c.Public.Why)
		}
	}
}
