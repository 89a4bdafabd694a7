package kube

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// policyKinds lists what restricts who may talk to whom.
func policyKinds() map[string]kind {
	table := map[string]kind{
		"networking.k8s.io/NetworkPolicy":          {yields(fact.Policies), Reader.networkPolicy},
		"extensions/NetworkPolicy":                 {yields(fact.Policies), Reader.networkPolicy},
		"security.istio.io/AuthorizationPolicy":    {yields(fact.Policies), Reader.authorizationPolicy},
		"cilium.io/CiliumNetworkPolicy":            {yields(fact.Policies), Reader.ciliumPolicy},
		"cilium.io/CiliumClusterwideNetworkPolicy": {yields(fact.Policies), Reader.ciliumPolicy},
	}
	for _, group := range []string{"projectcalico.org", "crd.projectcalico.org"} {
		table[group+"/NetworkPolicy"] = kind{yields(fact.Policies), Reader.calicoPolicy}
		table[group+"/GlobalNetworkPolicy"] = kind{yields(fact.Policies), Reader.calicoPolicy}
	}
	for _, name := range []string{
		"policy.networking.k8s.io/AdminNetworkPolicy", "policy.networking.k8s.io/BaselineAdminNetworkPolicy",
		"policy.networking.k8s.io/ClusterNetworkPolicy", "crd.antrea.io/ClusterNetworkPolicy", "crd.antrea.io/NetworkPolicy",
	} {
		table[name] = kind{yields(fact.Policies), Reader.otherPolicy}
	}
	return table
}

func (o *object) policy(engine string) *fact.Policy {
	return &fact.Policy{Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: engine}
}

// otherPolicy records a policy of an engine whose rules are not read: it may
// select anything.
func (r Reader) otherPolicy(o *object, into *Fragment) {
	p := o.policy(o.group())
	p.ClusterWide = o.header.Kind != "NetworkPolicy"
	p.Unclear = "the rules of " + o.header.Kind + " are not read"
	p.Ingress, p.Egress = true, true
	into.Facts.Policies = append(into.Facts.Policies, p)
}

func (r Reader) networkPolicy(o *object, into *Fragment) {
	var n networkingv1.NetworkPolicy
	if !o.fit(into, o.node, &n, true) {
		return
	}
	p := o.policy("kubernetes")
	p.Selects = selector(&n.Spec.PodSelector)
	for _, t := range n.Spec.PolicyTypes {
		p.Ingress = p.Ingress || t == networkingv1.PolicyTypeIngress
		p.Egress = p.Egress || t == networkingv1.PolicyTypeEgress
	}
	if len(n.Spec.PolicyTypes) == 0 {
		// Without types a policy restricts traffic in, and out only if it says
		// something of it.
		p.Ingress, p.Egress = true, len(n.Spec.Egress) > 0
	}
	spec := decode.Child(o.node, "spec")
	if p.Ingress {
		for i, rule := range n.Spec.Ingress {
			p.Rules = append(p.Rules, policyRule(false, rule.From, rule.Ports, o.at(decode.Dig(spec, "ingress", i))))
		}
	}
	if p.Egress {
		for i, rule := range n.Spec.Egress {
			p.Rules = append(p.Rules, policyRule(true, rule.To, rule.Ports, o.at(decode.Dig(spec, "egress", i))))
		}
	}
	into.Facts.Policies = append(into.Facts.Policies, p)
}

// policyRule reads one rule; no peers mean everyone, no ports every port.
func policyRule(egress bool, peers []networkingv1.NetworkPolicyPeer, ports []networkingv1.NetworkPolicyPort, at fact.Location) fact.PolicyRule {
	out := fact.PolicyRule{Egress: egress, Anyone: len(peers) == 0, AnyPort: len(ports) == 0, At: at}
	for _, p := range peers {
		if p.IPBlock != nil {
			out.CIDRs = append(out.CIDRs, p.IPBlock.CIDR)
			continue
		}
		out.Peers = append(out.Peers, peer(p.PodSelector, p.NamespaceSelector))
	}
	for _, p := range ports {
		switch {
		case p.Port == nil, p.EndPort != nil && p.Port.IntVal <= 1 && *p.EndPort >= 65535:
			out.AnyPort = true // a protocol alone, or the whole range
		case p.Port.Type == intstr.String:
			out.PortNames = append(out.PortNames, p.Port.StrVal)
		default:
			out.Ports = append(out.Ports, int(p.Port.IntVal))
			if p.EndPort != nil && *p.EndPort != p.Port.IntVal {
				out.Ports = append(out.Ports, int(*p.EndPort))
			}
		}
	}
	return out
}

// peer reads a peer of which one selector may be missing: without one for
// pods, all pods of the namespaces are meant.
func peer(pods, namespaces *metav1.LabelSelector) fact.Peer {
	out := fact.Peer{Pods: fact.Selector{Everything: pods == nil}}
	if pods != nil {
		out.Pods = selector(pods)
	}
	if namespaces != nil {
		n := selector(namespaces)
		out.Namespaces = &n
	}
	return out
}

// istioRoot is the namespace whose policies hold for the whole mesh, unless the
// mesh is configured otherwise.
const istioRoot = "istio-system"

// authorizationPolicy reads Istio's policy on callers. Only one that allows
// refuses everything else; one without rules refuses all.
func (r Reader) authorizationPolicy(o *object, into *Fragment) {
	type rule struct {
		From []struct {
			Source struct {
				IPBlocks []string `json:"ipBlocks"`
			} `json:"source"`
		} `json:"from"`
		To []struct {
			Operation struct {
				Ports []string `json:"ports"`
			} `json:"operation"`
		} `json:"to"`
		When []struct {
			Key string `json:"key"`
		} `json:"when"`
	}
	var in struct {
		Spec struct {
			Selector *struct {
				MatchLabels map[string]string `json:"matchLabels"`
			} `json:"selector"`
			TargetRef  *corev1.TypedLocalObjectReference  `json:"targetRef"`
			TargetRefs []corev1.TypedLocalObjectReference `json:"targetRefs"`
			Action     string                             `json:"action"`
			Rules      []rule                             `json:"rules"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	p := o.policy("istio")
	p.ClusterWide = o.meta.Namespace == istioRoot
	p.Selects = fact.Selector{Everything: true}
	if in.Spec.Selector != nil && len(in.Spec.Selector.MatchLabels) > 0 {
		p.Selects = fact.Selector{Labels: in.Spec.Selector.MatchLabels}
	}
	if in.Spec.TargetRef != nil || len(in.Spec.TargetRefs) > 0 {
		p.Unclear = "it is tied to a gateway or service by targetRefs"
	}
	deny := in.Spec.Action == "DENY"
	p.Ingress = in.Spec.Action == "" || in.Spec.Action == "ALLOW"
	rules := decode.Dig(o.node, "spec", "rules")
	for i, rule := range in.Spec.Rules {
		if !p.Ingress && !deny {
			continue // AUDIT and CUSTOM neither allow nor refuse by themselves
		}
		out := fact.PolicyRule{
			Deny: deny, Anyone: len(rule.From) == 0 && len(rule.When) == 0, AnyPort: len(rule.To) == 0, At: o.at(decode.Dig(rules, i)),
		}
		for _, from := range rule.From {
			out.CIDRs = append(out.CIDRs, from.Source.IPBlocks...)
		}
		p.Rules = append(p.Rules, out)
	}
	into.Facts.Policies = append(into.Facts.Policies, p)
}
