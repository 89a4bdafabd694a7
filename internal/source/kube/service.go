package kube

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// serviceKinds lists what gives workloads a name and lets traffic in.
func serviceKinds() map[string]kind {
	table := map[string]kind{
		"/Service": {yields(fact.Services), Reader.service},
	}
	for _, group := range []string{"networking.k8s.io", "extensions"} {
		table[group+"/Ingress"] = kind{yields(fact.Services), Reader.ingress}
	}
	for _, name := range []string{"HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"} {
		table["gateway.networking.k8s.io/"+name] = kind{yields(fact.Services), Reader.gatewayRoute}
	}
	table["networking.istio.io/VirtualService"] = kind{yields(fact.Services), Reader.virtualService}
	return table
}

func (r Reader) service(o *object, into *Fragment) {
	var s corev1.Service
	if !o.fit(into, o.node, &s, true) {
		return
	}
	out := &fact.Service{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name,
		Type: string(s.Spec.Type), Headless: s.Spec.ClusterIP == corev1.ClusterIPNone,
		// An empty selector of a Service selects nothing: its endpoints are
		// written by hand.
		Selects:      fact.Selector{Labels: s.Spec.Selector},
		SourceRanges: s.Spec.LoadBalancerSourceRanges, ExternalName: s.Spec.ExternalName, ExternalIPs: s.Spec.ExternalIPs,
		Labels: o.meta.Labels, Annotations: o.meta.Annotations, Internal: internal(o.meta.Annotations),
	}
	if out.Type == "" {
		out.Type = "ClusterIP"
	}
	for _, p := range s.Spec.Ports {
		port := fact.ServicePort{Name: p.Name, Number: int(p.Port), Target: int(p.Port)}
		if p.TargetPort.Type == intstr.String && p.TargetPort.StrVal != "" {
			port.Target, port.TargetName = 0, p.TargetPort.StrVal
		} else if p.TargetPort.IntVal != 0 {
			port.Target = int(p.TargetPort.IntVal)
		}
		if p.AppProtocol != nil {
			port.Protocol = *p.AppProtocol
		} else if before, _, _ := strings.Cut(p.Name, "-"); before != "" {
			port.Protocol = before
		}
		out.Ports = append(out.Ports, port)
	}
	into.Facts.Services = append(into.Facts.Services, out)
}

// internal reports whether annotations keep a load balancer in the private
// network, by the keys of the large clouds.
func internal(annotations map[string]string) bool {
	for key, want := range map[string]string{
		"service.beta.kubernetes.io/aws-load-balancer-internal":       "true",
		"service.beta.kubernetes.io/aws-load-balancer-scheme":         "internal",
		"service.beta.kubernetes.io/azure-load-balancer-internal":     "true",
		"networking.gke.io/load-balancer-type":                        "internal",
		"cloud.google.com/load-balancer-type":                         "internal",
		"service.beta.kubernetes.io/oci-load-balancer-internal":       "true",
		"service.beta.kubernetes.io/openstack-internal-load-balancer": "true",
	} {
		if strings.EqualFold(annotations[key], want) {
			return true
		}
	}
	return false
}

// ingress reads every version of Ingress: they differ only in how a backend
// is written.
func (r Reader) ingress(o *object, into *Fragment) {
	type backend struct {
		ServiceName string `json:"serviceName"` // extensions/v1beta1, networking.k8s.io/v1beta1
		Service     struct {
			Name string `json:"name"`
		} `json:"service"`
	}
	var in struct {
		Spec struct {
			DefaultBackend *backend `json:"defaultBackend"`
			Backend        *backend `json:"backend"`
			TLS            []struct {
				Hosts      []string `json:"hosts"`
				SecretName string   `json:"secretName"`
			} `json:"tls"`
			Rules []struct {
				Host string `json:"host"`
				HTTP struct {
					Paths []struct {
						Path    string  `json:"path"`
						Backend backend `json:"backend"`
					} `json:"paths"`
				} `json:"http"`
			} `json:"rules"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	out := &fact.Route{
		Ref: o.ref(), Kind: o.header.Kind, Namespace: o.meta.Namespace, Name: o.meta.Name,
		TLS: len(in.Spec.TLS) > 0, TLSKnown: true, Annotations: o.meta.Annotations,
	}
	for _, t := range in.Spec.TLS {
		if t.SecretName != "" {
			out.TLSSecrets = append(out.TLSSecrets, t.SecretName)
		}
	}
	spec := decode.Child(o.node, "spec")
	add := func(b *backend, rule int, at fact.Location) {
		if b == nil {
			return
		}
		name := b.Service.Name
		if name == "" {
			name = b.ServiceName
		}
		if name != "" {
			out.Backends = append(out.Backends, fact.Backend{Service: name, Weight: -1, Rule: rule, At: at})
		}
	}
	add(in.Spec.DefaultBackend, -1, o.key(spec, "defaultBackend"))
	add(in.Spec.Backend, -1, o.key(spec, "backend"))
	for i, rule := range in.Spec.Rules {
		if rule.Host != "" {
			out.Hosts = append(out.Hosts, rule.Host)
		}
		for j := range rule.HTTP.Paths {
			add(&rule.HTTP.Paths[j].Backend, i, o.at(decode.Dig(spec, "rules", i, "http", "paths", j)))
		}
	}
	into.Facts.Routes = append(into.Facts.Routes, out)
}

func (r Reader) gatewayRoute(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			ParentRefs []struct {
				Name string `json:"name"`
				Kind string `json:"kind"`
			} `json:"parentRefs"`
			Hostnames []string `json:"hostnames"`
			Rules     []struct {
				BackendRefs []struct {
					Name      string `json:"name"`
					Kind      string `json:"kind"`
					Namespace string `json:"namespace"`
					Weight    *int   `json:"weight"`
				} `json:"backendRefs"`
			} `json:"rules"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	out := &fact.Route{
		Ref: o.ref(), Kind: o.header.Kind, Namespace: o.meta.Namespace, Name: o.meta.Name,
		Hosts: in.Spec.Hostnames, Annotations: o.meta.Annotations,
	}
	for _, p := range in.Spec.ParentRefs {
		if p.Kind == "" || p.Kind == "Gateway" {
			out.Parents = append(out.Parents, p.Name)
		}
	}
	for i, rule := range in.Spec.Rules {
		for j, b := range rule.BackendRefs {
			if b.Kind != "" && b.Kind != "Service" {
				continue
			}
			weight := 1 // Gateway API's default
			if b.Weight != nil {
				weight = *b.Weight
			}
			out.Backends = append(out.Backends, fact.Backend{
				Service: b.Name, Namespace: b.Namespace, Weight: weight, Rule: i,
				At: o.at(decode.Dig(o.node, "spec", "rules", i, "backendRefs", j)),
			})
		}
	}
	into.Facts.Routes = append(into.Facts.Routes, out)
}

func (r Reader) virtualService(o *object, into *Fragment) {
	type destinations []struct {
		Destination struct {
			Host string `json:"host"`
		} `json:"destination"`
		Weight *int `json:"weight"`
	}
	type rules []struct {
		Route destinations `json:"route"`
	}
	var in struct {
		Spec struct {
			Hosts    []string `json:"hosts"`
			Gateways []string `json:"gateways"`
			HTTP     rules    `json:"http"`
			TCP      rules    `json:"tcp"`
			TLS      rules    `json:"tls"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	out := &fact.Route{
		Ref: o.ref(), Kind: o.header.Kind, Namespace: o.meta.Namespace, Name: o.meta.Name,
		Hosts: in.Spec.Hosts, Annotations: o.meta.Annotations,
	}
	for _, g := range in.Spec.Gateways {
		if g != "mesh" {
			out.Parents = append(out.Parents, g)
		}
	}
	rule := 0
	for _, list := range []struct {
		field string
		rules rules
	}{{"http", in.Spec.HTTP}, {"tcp", in.Spec.TCP}, {"tls", in.Spec.TLS}} {
		for i, one := range list.rules {
			for j, d := range one.Route {
				name, rest, _ := strings.Cut(d.Destination.Host, ".")
				namespace, _, _ := strings.Cut(rest, ".")
				weight := -1
				if d.Weight != nil {
					weight = *d.Weight
				}
				out.Backends = append(out.Backends, fact.Backend{
					Service: name, Namespace: namespace, Weight: weight, Rule: rule,
					At: o.at(decode.Dig(o.node, "spec", list.field, i, "route", j)),
				})
			}
			rule++
		}
	}
	into.Facts.Routes = append(into.Facts.Routes, out)
}
