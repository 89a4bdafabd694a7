package google

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// hundredths reads a share such as 0.6 in percent; 0 where it is none.
func hundredths(t string) int {
	f, err := strconv.ParseFloat(t, 64)
	if err != nil || f < 0 || f > 10 {
		return 0
	}
	return int(math.Round(f * 100))
}

// networks reads what each network does by itself: it refuses what comes in and
// lets everything out.
// https://cloud.google.com/firewall/docs/firewalls#default_firewall_rules
func (r *reader) networks() {
	for _, n := range r.Of(kinds(fact.Policies), "google_compute_network") {
		r.Into.Policies = append(r.Into.Policies, &fact.Policy{
			Ref: n.Ref(), Name: reading.Name(n), Engine: "firewall", Ingress: true,
			Selects: fact.Selector{Labels: map[string]string{"network " + n.Address: "true"}},
		})
	}
}

// firewalls reads rules of firewalls, each as a policy for the machines that it
// means.
func (r *reader) firewalls() {
	for _, res := range r.Of(kinds(fact.Policies), "google_compute_firewall") {
		if off, known := res.Body.Get("disabled").Bool(false); off && known {
			continue
		}
		direction := res.Body.Get("direction")
		egress := reading.Text(direction) == "EGRESS"
		label := "member of " + res.Address
		p := &fact.Policy{
			Ref: res.Ref(), Name: reading.Name(res), Engine: "firewall", Ingress: !egress,
			Selects: fact.Selector{Labels: map[string]string{label: "true"}},
		}
		for _, deny := range []bool{false, true} {
			block := "allow"
			if deny {
				block = "deny"
			}
			for _, v := range reading.Nested(res.Body.Get(block)) {
				rule := r.rule(res, v, egress, deny)
				// Only a rule that refuses everything turns the network's own
				// permission around.
				p.Egress = p.Egress || deny && egress && rule.AnyPort && rule.World()
				p.Rules = append(p.Rules, rule)
			}
			if v := res.Body.Get(block); !v.Known() || !direction.Known() {
				p.Rules = append(p.Rules, fact.PolicyRule{Egress: egress, Unknown: reading.Why(v), At: v.At})
			}
		}
		r.Into.Policies = append(r.Into.Policies, p)
		for _, w := range r.Into.Workloads {
			if w.Platform == fact.Machines {
				r.meant(w, res, label)
			}
		}
	}
}

// meant makes a workload a member of a firewall's rule where the rule means it:
// by its network, and by a tag or its account where the rule names some.
func (r *reader) meant(w *fact.Workload, res *model.Resource, label string) {
	network := r.One(res, res.Body.Get("network"), "name", "google_compute_network")
	if network == nil || w.PodLabels["network "+network.Address] == "" {
		return
	}
	tags, accounts := res.Body.Get("target_tags"), res.Body.Get("target_service_accounts")
	switch list, known := tags.Strings(); {
	case !known || !accounts.Known() && len(accounts.AllRefs()) == 0:
		v := tags
		if known {
			v = accounts
		}
		w.Unknown = append(w.Unknown, fact.Unknown{Part: fact.Groups, Why: "whom " + reading.Name(res) + " means" + reading.Because(v), At: v.At})
	case len(list) == 0 && !accounts.Present() && accounts.Known(),
		slices.ContainsFunc(list, func(t string) bool { return w.PodLabels["network tag "+t] != "" }),
		slices.ContainsFunc(r.holder(accounts), func(h string) bool {
			return h == w.Account && len(list) == 0 && (accounts.Present() || !accounts.Known())
		}):
		w.PodLabels[label] = "true"
	}
}

// rule reads one permission or refusal.
func (r *reader) rule(res *model.Resource, v model.Value, egress, deny bool) fact.PolicyRule {
	out := fact.PolicyRule{Egress: egress, Deny: deny, At: v.At}
	field := "source_ranges"
	if egress {
		field = "destination_ranges"
	}
	ranges := res.Body.Get(field)
	list, known := ranges.Strings()
	if out.CIDRs = list; !known {
		out.Unknown = reading.Why(ranges)
	}
	for _, f := range []string{"source_tags", "source_service_accounts"} {
		groups, known := res.Body.Get(f).Strings()
		out.Groups = append(out.Groups, groups...)
		out.Groups = append(out.Groups, res.Body.Get(f).AllRefs()...)
		if !known && len(res.Body.Get(f).AllRefs()) == 0 {
			out.Unknown = reading.Why(res.Body.Get(f))
		}
	}
	if known && len(list) == 0 && len(out.Groups) == 0 && out.Unknown == "" {
		out.Anyone = true // no range stands for every address
	}
	protocol := v.Get("protocol")
	ports := v.Get("ports")
	switch texts, known := ports.Strings(); {
	case !protocol.Known():
		out.Unknown = reading.Why(protocol)
	case !known:
		out.Unknown = reading.Why(ports)
	case len(texts) == 0 && slices.Contains([]string{"tcp", "udp", "all"}, strings.ToLower(reading.Text(protocol))):
		out.AnyPort = true
	case len(texts) == 0:
		out.PortNames = append(out.PortNames, reading.Text(protocol))
	default:
		for _, t := range texts {
			first, last, span := strings.Cut(t, "-")
			a, _ := strconv.Atoi(first)
			if !span {
				out.Ports = append(out.Ports, a)
				continue
			}
			b, _ := strconv.Atoi(last)
			if a <= 1 && b == 65535 {
				out.AnyPort = true
			} else {
				out.Ranges = append(out.Ranges, [2]int{a, b})
			}
		}
	}
	return out
}
