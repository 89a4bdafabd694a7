package kube

import (
	"fmt"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// ciliumSpec is one policy: an object holds one in spec, several in specs.
type ciliumSpec struct {
	EndpointSelector  *metav1.LabelSelector `json:"endpointSelector"`
	NodeSelector      *metav1.LabelSelector `json:"nodeSelector"`
	EnableDefaultDeny struct {
		Ingress *bool `json:"ingress"`
		Egress  *bool `json:"egress"`
	} `json:"enableDefaultDeny"`
	Ingress     []ciliumRule `json:"ingress"`
	IngressDeny []ciliumRule `json:"ingressDeny"`
	Egress      []ciliumRule `json:"egress"`
	EgressDeny  []ciliumRule `json:"egressDeny"`
}

// ciliumRule reads both directions: their fields differ only in name.
type ciliumRule struct {
	FromEndpoints []metav1.LabelSelector `json:"fromEndpoints"`
	ToEndpoints   []metav1.LabelSelector `json:"toEndpoints"`
	FromEntities  []string               `json:"fromEntities"`
	ToEntities    []string               `json:"toEntities"`
	FromCIDR      []string               `json:"fromCIDR"`
	ToCIDR        []string               `json:"toCIDR"`
	FromCIDRSet   []ciliumCIDR           `json:"fromCIDRSet"`
	ToCIDRSet     []ciliumCIDR           `json:"toCIDRSet"`
	ToFQDNs       []struct {
		MatchName    string `json:"matchName"`
		MatchPattern string `json:"matchPattern"`
	} `json:"toFQDNs"`
	ToPorts []struct {
		Ports []struct {
			Port    any `json:"port"`
			EndPort int `json:"endPort"`
		} `json:"ports"`
	} `json:"toPorts"`
}

type ciliumCIDR struct {
	CIDR string `json:"cidr"`
}

// ciliumPeers are the fields that name peers; a rule with ports and none of
// them means everyone, one with neither allows nothing.
var ciliumPeers = []string{
	"fromEndpoints", "toEndpoints", "fromEntities", "toEntities", "fromCIDR", "toCIDR", "fromCIDRSet", "toCIDRSet",
	"toFQDNs", "toServices", "toGroups", "fromGroups", "toNodes", "fromNodes", "fromRequires", "toRequires",
}

func (r Reader) ciliumPolicy(o *object, into *Fragment) {
	var in struct {
		Spec  *ciliumSpec  `json:"spec"`
		Specs []ciliumSpec `json:"specs"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	if in.Spec != nil {
		r.ciliumOne(o, in.Spec, decode.Child(o.node, "spec"), into)
	}
	for i := range in.Specs {
		r.ciliumOne(o, &in.Specs[i], decode.Dig(o.node, "specs", i), into)
	}
}

func (r Reader) ciliumOne(o *object, in *ciliumSpec, node *decode.Node, into *Fragment) {
	if in.EndpointSelector == nil {
		return // a policy of nodes
	}
	p := o.policy("cilium")
	p.Ref = p.Ref.At(o.at(node))
	p.ClusterWide = o.header.Kind == "CiliumClusterwideNetworkPolicy"
	p.Selects, p.Namespaces = ciliumSelector(in.EndpointSelector)
	// A direction is restricted as soon as a rule speaks of it, unless the
	// policy says otherwise: Rule.Sanitize in cilium/pkg/policy/api.
	p.Ingress, p.Egress = len(in.Ingress)+len(in.IngressDeny) > 0, len(in.Egress)+len(in.EgressDeny) > 0
	if b := in.EnableDefaultDeny.Ingress; b != nil {
		p.Ingress = *b
	}
	if b := in.EnableDefaultDeny.Egress; b != nil {
		p.Egress = *b
	}
	for _, list := range []struct {
		field        string
		rules        []ciliumRule
		egress, deny bool
	}{
		{"ingress", in.Ingress, false, false}, {"ingressDeny", in.IngressDeny, false, true},
		{"egress", in.Egress, true, false}, {"egressDeny", in.EgressDeny, true, true},
	} {
		for i := range list.rules {
			rule, means := list.rules[i].read(decode.Dig(node, list.field, i), p.ClusterWide)
			if means {
				rule.Egress, rule.Deny, rule.At = list.egress, list.deny, o.at(decode.Dig(node, list.field, i))
				p.Rules = append(p.Rules, rule)
			}
		}
	}
	into.Facts.Policies = append(into.Facts.Policies, p)
}

// read returns the rule, and false for one that allows nothing.
func (c *ciliumRule) read(node *decode.Node, clusterWide bool) (fact.PolicyRule, bool) {
	out := fact.PolicyRule{Anyone: true, AnyPort: len(c.ToPorts) == 0}
	for _, field := range ciliumPeers {
		out.Anyone = out.Anyone && decode.Child(node, field) == nil
	}
	if out.Anyone && out.AnyPort {
		return out, false
	}
	for _, list := range [][]metav1.LabelSelector{c.FromEndpoints, c.ToEndpoints} {
		for i := range list {
			p := fact.Peer{}
			p.Pods, p.Namespaces = ciliumSelector(&list[i])
			if p.Namespaces == nil && clusterWide {
				p.Namespaces = &fact.Selector{Everything: true}
			}
			out.Peers = append(out.Peers, p)
		}
	}
	out.Entities = append(c.FromEntities, c.ToEntities...)
	out.CIDRs = append(c.FromCIDR, c.ToCIDR...)
	for _, set := range append(c.FromCIDRSet, c.ToCIDRSet...) {
		if set.CIDR != "" {
			out.CIDRs = append(out.CIDRs, set.CIDR)
		}
	}
	for _, name := range c.ToFQDNs {
		out.Hosts = append(out.Hosts, name.MatchName+name.MatchPattern)
	}
	for _, to := range c.ToPorts {
		out.AnyPort = out.AnyPort || len(to.Ports) == 0
		for _, p := range to.Ports {
			text := strings.TrimSpace(fmt.Sprint(p.Port))
			switch number, err := strconv.Atoi(text); {
			case err != nil:
				out.PortNames = append(out.PortNames, text)
			case number == 0, number == 1 && p.EndPort == 65535:
				out.AnyPort = true
			default:
				out.Ports = append(out.Ports, number)
				if p.EndPort > number {
					out.Ports = append(out.Ports, p.EndPort)
				}
			}
		}
	}
	return out, true
}

// ciliumSelector tells labels of pods from those by which Cilium names their
// namespace, and drops the mark of where a label comes from. Without a label
// of the namespace, namespaces is nil.
func ciliumSelector(s *metav1.LabelSelector) (pods fact.Selector, namespaces *fact.Selector) {
	const own, labels = "io.kubernetes.pod.namespace", "io.cilium.k8s.namespace.labels."
	place := func(key string) (string, *fact.Selector) {
		key = strings.TrimPrefix(strings.TrimPrefix(key, "k8s:"), "any:")
		if key != own && !strings.HasPrefix(key, labels) {
			return key, &pods
		}
		if namespaces == nil {
			namespaces = &fact.Selector{}
		}
		if key == own {
			return "kubernetes.io/metadata.name", namespaces
		}
		return strings.TrimPrefix(key, labels), namespaces
	}
	for key, value := range s.MatchLabels {
		key, into := place(key)
		if into.Labels == nil {
			into.Labels = map[string]string{}
		}
		into.Labels[key] = value
	}
	for _, e := range s.MatchExpressions {
		key, into := place(e.Key)
		if key == "kubernetes.io/metadata.name" && e.Operator == metav1.LabelSelectorOpExists {
			into.Everything = len(into.Labels) == 0 && len(into.Terms) == 0 // every namespace has a name
			continue
		}
		into.Everything = false
		into.Terms = append(into.Terms, fact.Term{Key: key, Operator: string(e.Operator), Values: e.Values})
	}
	pods.Everything = len(pods.Labels) == 0 && len(pods.Terms) == 0
	return pods, namespaces
}
