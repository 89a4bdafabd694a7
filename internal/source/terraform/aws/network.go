package aws

import (
	"sort"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// member is the label by which a security group knows its members.
func member(group *model.Resource) string { return "member of " + group.Address }

// networks reads security groups as policies: what none of their rules allows
// is refused, in both directions.
func (r *reader) networks() {
	for _, g := range r.of(kinds(fact.Policies), "aws_security_group", "aws_default_security_group") {
		p := &fact.Policy{
			Ref: g.Ref(), Name: name(g), Engine: "security-group", Ingress: true, Egress: true,
			Selects: fact.Selector{Labels: map[string]string{member(g): "true"}},
		}
		for _, side := range []string{"ingress", "egress"} {
			v := g.Body.Get(side)
			if !v.Known() {
				p.Rules = append(p.Rules, fact.PolicyRule{Egress: side == "egress", Unknown: why(v), At: v.At})
			}
			for _, b := range nested(v) {
				p.Rules = append(p.Rules, r.rule(b, b.At, side == "egress", "cidr_blocks", "ipv6_cidr_blocks", "security_groups", "protocol"))
			}
		}
		r.separate(p, g)
		r.into.Policies = append(r.into.Policies, p)
	}
}

// separate adds the rules that stand as resources of their own.
func (r *reader) separate(p *fact.Policy, g *model.Resource) {
	policies := kinds(fact.Policies)
	for _, res := range r.of(policies, "aws_security_group_rule") {
		if r.means(res, g, "security_group_id") {
			p.Rules = append(p.Rules, r.rule(res.Body, res.At, text(res.Body.Get("type")) == "egress", "cidr_blocks", "ipv6_cidr_blocks", "source_security_group_id", "protocol"))
		}
	}
	for kind, egress := range map[string]bool{"aws_vpc_security_group_ingress_rule": false, "aws_vpc_security_group_egress_rule": true} {
		for _, res := range r.of(policies, kind) {
			if r.means(res, g, "security_group_id") {
				p.Rules = append(p.Rules, r.rule(res.Body, res.At, egress, "cidr_ipv4", "cidr_ipv6", "referenced_security_group_id", "ip_protocol"))
			}
		}
	}
	sort.SliceStable(p.Rules, func(i, j int) bool {
		a, b := p.Rules[i].At, p.Rules[j].At
		return a.File < b.File || a.File == b.File && a.Line < b.Line
	})
}

// listed adds what a prefix list holds to a rule. One that AWS keeps, or that the
// gateway to a service has, means that service.
func (r *reader) listed(out *fact.PolicyRule, v model.Value) {
	lists := r.referred(v, "id", "aws_ec2_managed_prefix_list")
	switch {
	case len(lists) > 0:
	case text(v) != "":
		out.Unknown = "what the prefix list " + text(v) + " holds is not told here"
	case !v.Known() && len(v.AllRefs()) == 0:
		out.Unknown = why(v)
	}
	read := false
	add := func(cidr model.Value) {
		if read = true; !cidr.Known() {
			out.Unknown = why(cidr)
		} else if t := text(cidr); t != "" {
			out.CIDRs = append(out.CIDRs, t)
		}
	}
	for _, list := range lists {
		if list.Data {
			continue
		}
		entries := list.Body.Get("entry")
		if !entries.Known() {
			out.Unknown = why(entries)
		}
		for _, e := range nested(entries) {
			add(e.Get("cidr"))
		}
		for _, e := range r.c.Of("aws_ec2_managed_prefix_list_entry") {
			if r.means(e, list, "prefix_list_id") {
				add(e.Body.Get("cidr"))
			}
		}
	}
	if !read {
		out.Groups = append(out.Groups, "a prefix list")
	}
}

// rule reads one permission.
func (r *reader) rule(b model.Value, at fact.Location, egress bool, v4, v6, peers, protocol string) fact.PolicyRule {
	out := fact.PolicyRule{Egress: egress, At: at}
	for _, field := range []string{v4, v6} {
		v := b.Get(field)
		list, known := v.Strings()
		for _, one := range list {
			if one != "" {
				out.CIDRs = append(out.CIDRs, one)
			}
		}
		if !known {
			out.Unknown = why(v)
		}
	}
	if v := b.Get(peers); v.Present() || !v.Known() {
		out.Groups = v.AllRefs()
		if len(out.Groups) == 0 {
			list, known := v.Strings()
			if out.Groups = list; !known {
				out.Unknown = why(v)
			}
		}
	}
	if self, _ := b.Get("self").Bool(false); self {
		out.Groups = append(out.Groups, "self")
	}
	for _, field := range []string{"prefix_list_ids", "prefix_list_id"} {
		lists := b.Get(field)
		if !lists.Known() && len(lists.Items) == 0 {
			r.listed(&out, lists)
		}
		for _, v := range lists.Each() {
			r.listed(&out, v)
		}
	}
	from, a := number(b.Get("from_port"), 0)
	to, c := number(b.Get("to_port"), 0)
	kind := strings.ToLower(text(b.Get(protocol)))
	switch {
	case kind == "-1" || kind == "all":
		out.AnyPort = true
	case kind == "icmp" || kind == "icmpv6" || kind == "1" || kind == "58":
		out.PortNames = append(out.PortNames, kind)
	case !a || !c:
		out.Unknown = why(b.Get("from_port"))
	case from <= 1 && to == 65535:
		out.AnyPort = true
	case from == to:
		out.Ports = append(out.Ports, from)
	default:
		out.Ranges = append(out.Ranges, [2]int{from, to})
	}
	return out
}

// grouped notes which security groups hold for a workload.
func (r *reader) grouped(w *fact.Workload, groups model.Value, own bool) {
	if !own {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Groups, Why: "it has no network of its own, so the groups of its machines hold", At: w.Location})
		return
	}
	if w.PodLabels == nil {
		w.PodLabels = map[string]string{}
	}
	found := r.referred(groups, "id", "aws_security_group", "aws_default_security_group")
	known := map[string]bool{}
	for _, g := range found {
		known[g.Base] = true
		w.PodLabels[member(g)] = "true"
	}
	if missing, why := r.foreign(groups, known); missing {
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Groups, Why: why, At: groups.At})
	}
}

// foreign tells whether a list of groups names some that are not here, and why
// they are not known.
func (r *reader) foreign(groups model.Value, here map[string]bool) (bool, string) {
	if groups.Known() && len(groups.Each()) == 0 {
		return true, "no group is named, so the default group of the network holds, which is not here"
	}
	if !groups.Known() && len(groups.AllRefs()) == 0 {
		return true, why(groups)
	}
	for _, ref := range groups.AllRefs() {
		if !here[ref] {
			return true, "the group comes from " + ref
		}
	}
	for _, item := range groups.Each() {
		if t := text(item); t != "" && len(item.Refs) == 0 {
			return true, "the group " + t + " is not among these files"
		}
		if !item.Known() && len(item.AllRefs()) == 0 {
			return true, why(item)
		}
	}
	return false, ""
}

// zones returns in how many zones subnets stand, and why that is not known.
func (r *reader) zones(subnets model.Value) (n int, names []string, reason string) {
	_, known := subnets.Strings()
	found := r.referred(subnets, "id", "aws_subnet", "aws_default_subnet")
	if len(subnets.Each()) == 1 && (known && len(subnets.AllRefs()) == 0 || len(found) == 1) {
		return 1, nil, ""
	}
	seen := map[string]bool{}
	for _, s := range found {
		zone := s.Body.Get("availability_zone")
		if !zone.Present() && zone.Known() {
			zone = s.Body.Get("availability_zone_id")
		}
		switch t := text(zone); {
		case t != "":
			if !seen[t] {
				seen[t] = true
				names = append(names, t)
			}
		case reason == "" && !zone.Known():
			reason = "the zone of " + s.Address + because(zone)
		case reason == "":
			reason = s.Address + " names no zone"
		}
	}
	sort.Strings(names)
	whole := known || len(found) > 0
	for _, ref := range subnets.AllRefs() {
		ref = r.typed(ref)
		whole = whole && strings.Contains(ref, "aws_subnet.") || strings.Contains(ref, "aws_default_subnet.")
	}
	switch {
	case len(names) >= 2:
		return len(names), names, "" // there may be more
	case r.balanced(subnets):
		return 2, nil, ""
	case !whole || len(found) == 0:
		return 0, nil, whyZones(subnets)
	case reason != "":
		return 0, names, reason
	}
	return len(names), names, ""
}

func whyZones(subnets model.Value) string {
	if subnets.Known() && len(subnets.AllRefs()) == 0 {
		return "the zones of its " + strconv.Itoa(len(subnets.Each())) + " subnets are not among these files"
	}
	if refs := subnets.AllRefs(); len(refs) > 0 {
		return "the zones of " + refs[0] + " are known when it is applied; a plan tells"
	}
	return why(subnets)
}

// balanced reports whether an application load balancer or a group of subnets
// for databases takes the same subnets: AWS refuses both unless they stand in
// two zones.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer
func (r *reader) balanced(subnets model.Value) bool {
	mine := made(subnets)
	if mine == "|" {
		return false
	}
	for _, lb := range r.c.Of(balancerTypes...) {
		if kind := lb.Body.Get("load_balancer_type"); !kind.Known() || kind.Present() && text(kind) != "application" {
			continue
		}
		if same(lb.Body.Get("subnets"), mine) {
			return true
		}
	}
	for _, g := range r.c.Of("aws_db_subnet_group") {
		if same(g.Body.Get("subnet_ids"), mine) {
			return true
		}
	}
	return false
}

// made says of what a list is made, so that equal lists say the same.
func made(v model.Value) string {
	texts, _ := v.Strings()
	return strings.Join(v.AllRefs(), " ") + "|" + strings.Join(texts, " ")
}

func same(v model.Value, mine string) bool { return made(v) == mine }
