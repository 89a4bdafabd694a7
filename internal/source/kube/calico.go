package kube

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/calico"
	"seaworthy.dev/seaworthy/internal/fact"
)

type calicoRule struct {
	Action      string       `json:"action"`
	Protocol    any          `json:"protocol"`
	Source      calicoEntity `json:"source"`
	Destination calicoEntity `json:"destination"`
}

type calicoEntity struct {
	Selector          string   `json:"selector"`
	NamespaceSelector string   `json:"namespaceSelector"`
	Nets              []string `json:"nets"`
	Ports             []any    `json:"ports"`
	Domains           []string `json:"domains"`
}

// calicoAnyone are the fields of a peer that leave everyone in, or all but a
// few; every other field names someone.
var calicoAnyone = []string{"ports", "notPorts", "notNets"}

// calicoPolicy reads NetworkPolicy and GlobalNetworkPolicy of Calico.
func (r Reader) calicoPolicy(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Selector               string       `json:"selector"`
			NamespaceSelector      string       `json:"namespaceSelector"`
			ServiceAccountSelector string       `json:"serviceAccountSelector"`
			Types                  []string     `json:"types"`
			Ingress                []calicoRule `json:"ingress"`
			Egress                 []calicoRule `json:"egress"`
			DoNotTrack             bool         `json:"doNotTrack"`
			PreDNAT                bool         `json:"preDNAT"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	if in.Spec.DoNotTrack || in.Spec.PreDNAT {
		return // a policy of host endpoints
	}
	p := o.policy("calico")
	p.ClusterWide = o.header.Kind == "GlobalNetworkPolicy"
	calicoSelects(p, in.Spec.Selector, in.Spec.NamespaceSelector, in.Spec.ServiceAccountSelector)
	for _, t := range in.Spec.Types {
		p.Ingress, p.Egress = p.Ingress || t == "Ingress", p.Egress || t == "Egress"
	}
	if len(in.Spec.Types) == 0 {
		// Calico's default: the directions that have rules, and traffic in
		// where neither has.
		p.Egress = len(in.Spec.Egress) > 0
		p.Ingress = len(in.Spec.Ingress) > 0 || !p.Egress
	}
	spec := decode.Child(o.node, "spec")
	for i := range in.Spec.Ingress {
		rule := &in.Spec.Ingress[i]
		calicoAllows(o, p, rule, &rule.Source, decode.Dig(spec, "ingress", i))
	}
	for i := range in.Spec.Egress {
		rule := &in.Spec.Egress[i]
		calicoAllows(o, p, rule, &rule.Destination, decode.Dig(spec, "egress", i))
	}
	into.Facts.Policies = append(into.Facts.Policies, p)
}

// calicoSelects fills what the policy selects; an expression that is not
// understood, or one about accounts, leaves it unclear.
func calicoSelects(p *fact.Policy, pods, namespaces, accounts string) {
	selects, ok := calico.Parse(pods)
	p.Selects = selects
	switch {
	case !ok:
		p.Unclear = "its selector " + pods + " is not understood"
		return
	case accounts != "":
		p.Unclear = "it selects by service accounts"
		return
	}
	if namespaces != "" {
		where, ok := calico.Parse(namespaces)
		if !ok {
			p.Unclear = "its namespaceSelector " + namespaces + " is not understood"
			return
		}
		p.Namespaces = &where
	}
}

// calicoAllows adds a rule. Log and Pass decide nothing by themselves, and
// ICMP carries no connection.
func calicoAllows(o *object, p *fact.Policy, rule *calicoRule, peer *calicoEntity, node *decode.Node) {
	if rule.Action != "Allow" && rule.Action != "Deny" || strings.HasPrefix(fmt.Sprint(rule.Protocol), "ICMP") {
		return
	}
	egress, field := peer == &rule.Destination, "source"
	if egress {
		field = "destination"
	}
	out := fact.PolicyRule{
		Egress: egress, Deny: rule.Action == "Deny", At: o.at(node),
		CIDRs: peer.Nets, Hosts: peer.Domains, AnyPort: len(rule.Destination.Ports) == 0, Anyone: true,
	}
	for _, key := range decode.Keys(decode.Child(node, field)) {
		out.Anyone = out.Anyone && slices.Contains(calicoAnyone, key.Value)
	}
	if peer.Selector != "" || peer.NamespaceSelector != "" {
		pods, understood := calico.Parse(peer.Selector)
		where, also := calico.Parse(peer.NamespaceSelector)
		if understood && also {
			one := fact.Peer{Pods: pods}
			if peer.NamespaceSelector != "" || p.ClusterWide {
				one.Namespaces = &where
			}
			out.Peers = append(out.Peers, one)
		}
	}
	for _, port := range rule.Destination.Ports {
		text := fmt.Sprint(port)
		first, last, isRange := strings.Cut(text, ":")
		number, err := strconv.Atoi(first)
		switch {
		case err != nil:
			out.PortNames = append(out.PortNames, text)
		case isRange && number <= 1 && last == "65535":
			out.AnyPort = true
		default:
			out.Ports = append(out.Ports, number)
			if end, err := strconv.Atoi(last); err == nil && end != number {
				out.Ports = append(out.Ports, end)
			}
		}
	}
	p.Rules = append(p.Rules, out)
}
