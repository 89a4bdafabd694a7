package kube

import (
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// meshRoot is Istio's default root namespace, whose rules hold in every other.
const meshRoot = "istio-system"

// meshKinds lists the rules of service meshes on mutual TLS.
func meshKinds() map[string]kind {
	return map[string]kind{
		"security.istio.io/PeerAuthentication":    {yields(fact.Meshes), Reader.peerAuthentication},
		"networking.istio.io/DestinationRule":     {yields(fact.Meshes), Reader.destinationRule},
		"telemetry.istio.io/Telemetry":            {yields(fact.AccessLogs), Reader.guest},
		"networking.istio.io/ServiceEntry":        {yields(fact.Settings), Reader.serviceEntry},
		"policy.linkerd.io/ServerAuthorization":   {yields(fact.Meshes), Reader.serverAuthorization},
		"policy.linkerd.io/NetworkAuthentication": {yields(fact.Meshes), Reader.networkAuthentication},
	}
}

func (r Reader) peerAuthentication(o *object, into *Fragment) {
	type mtls struct {
		Mode string `json:"mode"`
	}
	var in struct {
		Spec struct {
			Selector *metav1.LabelSelector `json:"selector"`
			MTLS     mtls                  `json:"mtls"`
			Ports    map[string]mtls       `json:"portLevelMtls"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	spec := decode.Child(o.node, "spec")
	out := o.mesh("istio", "server")
	out.Mode, out.At = mode(in.Spec.MTLS.Mode), o.key(decode.Child(spec, "mtls"), "mode")
	out.Selects = selector(in.Spec.Selector)
	if len(out.Selects.Labels) == 0 {
		out.Selects = fact.Selector{Everything: true}
		out.MeshWide = o.meta.Namespace == meshRoot
	}
	for port, m := range in.Spec.Ports {
		// Istio heeds ports only in a rule that selects workloads.
		if n, err := strconv.Atoi(port); err == nil && mode(m.Mode) != "" && !out.Selects.Everything {
			if out.PortModes == nil {
				out.PortModes = map[int]string{}
			}
			out.PortModes[n] = mode(m.Mode)
		}
	}
	into.Facts.Meshes = append(into.Facts.Meshes, out)
}

// mode drops the word by which a rule leaves the mode to a wider rule.
func mode(text string) string {
	if text == "UNSET" {
		return ""
	}
	return text
}

func (r Reader) destinationRule(o *object, into *Fragment) {
	type policy struct {
		TLS *struct {
			Mode string `json:"mode"`
		} `json:"tls"`
		Ports []struct {
			Port struct {
				Number int `json:"number"`
			} `json:"port"`
			TLS *struct {
				Mode string `json:"mode"`
			} `json:"tls"`
		} `json:"portLevelSettings"`
	}
	var in struct {
		Spec struct {
			Host   string `json:"host"`
			Policy policy `json:"trafficPolicy"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	out := o.mesh("istio", "client")
	out.Host = in.Spec.Host
	node := decode.Dig(o.node, "spec", "trafficPolicy")
	out.At = o.key(decode.Child(node, "tls"), "mode")
	if in.Spec.Policy.TLS != nil {
		out.Mode = in.Spec.Policy.TLS.Mode
		if out.Mode == "" {
			out.Mode = "DISABLE" // the zero value of Istio's enumeration
		}
	}
	for i, p := range in.Spec.Policy.Ports {
		if p.TLS == nil || p.Port.Number == 0 {
			continue
		}
		if out.PortModes == nil {
			out.PortModes = map[int]string{}
		}
		out.PortModes[p.Port.Number] = p.TLS.Mode
		if in.Spec.Policy.TLS == nil {
			out.At = o.key(decode.Dig(node, "portLevelSettings", i, "tls"), "mode")
		}
	}
	if out.Mode != "" || len(out.PortModes) > 0 {
		into.Facts.Meshes = append(into.Facts.Meshes, out)
	}
}

func (r Reader) serverAuthorization(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Client struct {
				Unauthenticated bool `json:"unauthenticated"`
			} `json:"client"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) || !in.Spec.Client.Unauthenticated {
		return
	}
	out := o.mesh("linkerd", "server")
	out.Mode, out.At = "PERMISSIVE", o.key(decode.Dig(o.node, "spec", "client"), "unauthenticated")
	into.Facts.Meshes = append(into.Facts.Meshes, out)
}

// networkAuthentication lets clients in by their address instead of their
// certificate.
func (r Reader) networkAuthentication(o *object, into *Fragment) {
	out := o.mesh("linkerd", "server")
	out.Mode, out.At = "PERMISSIVE", o.at(decode.Child(o.node, "spec"))
	into.Facts.Meshes = append(into.Facts.Meshes, out)
}

func (o *object) mesh(engine, side string) *fact.Mesh {
	return &fact.Mesh{Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: engine, Side: side}
}
