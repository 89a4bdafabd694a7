package kube

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// certificateKinds lists certificates, their issuers, and the gateways that
// show them.
func certificateKinds() map[string]kind {
	table := map[string]kind{
		"networking.gke.io/ManagedCertificate": {yields(fact.Certificates), Reader.managedCertificate},
		"gateway.networking.k8s.io/Gateway":    {yields(fact.Certificates), Reader.gateway},
		"networking.istio.io/Gateway":          {yields(fact.Certificates), Reader.istioGateway},
	}
	// cert-manager had another group before version 0.11.
	for _, group := range []string{"cert-manager.io", "certmanager.k8s.io"} {
		table[group+"/Certificate"] = kind{yields(fact.Certificates), Reader.certificate}
		table[group+"/Issuer"] = kind{yields(fact.Certificates), Reader.issuer}
		table[group+"/ClusterIssuer"] = kind{yields(fact.Certificates), Reader.issuer}
	}
	for group, kinds := range map[string][]string{
		"awspca.cert-manager.io": {"AWSPCAIssuer", "AWSPCAClusterIssuer"},
		"cas-issuer.jetstack.io": {"GoogleCASIssuer", "GoogleCASClusterIssuer"},
		"certmanager.step.sm":    {"StepIssuer", "StepClusterIssuer"},
	} {
		for _, k := range kinds {
			table[group+"/"+k] = kind{yields(fact.Certificates), Reader.issuer}
		}
	}
	return table
}

func (r Reader) certificate(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			SecretName string `json:"secretName"`
			IssuerRef  struct {
				Name  string `json:"name"`
				Kind  string `json:"kind"`
				Group string `json:"group"`
			} `json:"issuerRef"`
			CA           bool     `json:"isCA"`
			RenewPercent int      `json:"renewBeforePercentage"`
			CommonName   string   `json:"commonName"`
			DNSNames     []string `json:"dnsNames"`
			Usages       []string `json:"usages"`
			Renewal      struct {
				Policy string `json:"policy"`
			} `json:"renewal"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	spec := decode.Child(o.node, "spec")
	out := &fact.Certificate{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: "cert-manager",
		SecretName: in.Spec.SecretName, CA: in.Spec.CA,
		IssuerKind: in.Spec.IssuerRef.Kind, IssuerName: in.Spec.IssuerRef.Name, IssuerGroup: in.Spec.IssuerRef.Group,
		Duration: o.seconds(into, spec, "duration", 0), RenewBefore: o.seconds(into, spec, "renewBefore", 0),
		RenewPercent: in.Spec.RenewPercent, RenewalOff: in.Spec.Renewal.Policy == "Disabled",
		DNSNames: in.Spec.DNSNames, Usages: in.Spec.Usages,
		At: o.key(spec, "issuerRef"),
	}
	if len(out.DNSNames) == 0 && in.Spec.CommonName != "" {
		out.DNSNames = []string{in.Spec.CommonName}
	}
	if out.IssuerKind == "" {
		out.IssuerKind = "Issuer"
	}
	if out.IssuerGroup == "" || out.IssuerGroup == "certmanager.k8s.io" {
		out.IssuerGroup = "cert-manager.io"
	}
	if o.broken {
		return
	}
	into.Facts.Certificates = append(into.Facts.Certificates, out)
}

// managedCertificate is issued and renewed by Google for a load balancer; no
// secret holds it.
func (r Reader) managedCertificate(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Domains []string `json:"domains"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	into.Facts.Certificates = append(into.Facts.Certificates, &fact.Certificate{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: "gke",
		DNSNames: in.Spec.Domains, At: o.at(decode.Child(o.node, "spec")),
	})
}

func (r Reader) issuer(o *object, into *Fragment) {
	out := &fact.Issuer{
		Ref: o.ref(), Kind: o.header.Kind, Namespace: o.meta.Namespace, Name: o.meta.Name,
		ClusterWide: strings.Contains(o.header.Kind, "Cluster"), Source: "external", At: o.at(o.node),
	}
	if strings.HasPrefix(o.group(), "cert-manager.io") || o.group() == "certmanager.k8s.io" {
		var in struct {
			Spec struct {
				CA *struct {
					Secret string `json:"secretName"`
				} `json:"ca"`
				ACME *struct {
					Server string `json:"server"`
				} `json:"acme"`
				Vault *struct {
					Server string `json:"server"`
				} `json:"vault"`
			} `json:"spec"`
		}
		if !o.fit(into, o.node, &in, false) {
			return
		}
		out.Source = ""
		for _, source := range []string{"ca", "vault", "selfSigned", "acme", "venafi"} {
			if k := decode.KeyOf(decode.Child(o.node, "spec"), source); k != nil {
				out.Source, out.At = source, o.at(k)
			}
		}
		switch {
		case in.Spec.CA != nil:
			out.CASecret = in.Spec.CA.Secret
		case in.Spec.ACME != nil:
			out.Server = in.Spec.ACME.Server
		case in.Spec.Vault != nil:
			out.Server = in.Spec.Vault.Server
		}
	}
	into.Facts.Issuers = append(into.Facts.Issuers, out)
}

func (r Reader) gateway(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Listeners []struct {
				Name string `json:"name"`
				Host string `json:"hostname"`
				TLS  *struct {
					Mode string `json:"mode"`
					Refs []struct {
						Kind      string `json:"kind"`
						Name      string `json:"name"`
						Namespace string `json:"namespace"`
					} `json:"certificateRefs"`
				} `json:"tls"`
			} `json:"listeners"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	for i, l := range in.Spec.Listeners {
		if l.TLS == nil || l.TLS.Mode == "Passthrough" {
			continue
		}
		for j, ref := range l.TLS.Refs {
			if ref.Kind != "" && ref.Kind != "Secret" {
				continue
			}
			t := o.termination("listener " + l.Name)
			t.At = o.at(decode.Dig(o.node, "spec", "listeners", i, "tls", "certificateRefs", j))
			t.Secret, t.SecretNamespace = ref.Name, o.meta.Namespace
			if ref.Namespace != "" {
				t.SecretNamespace = ref.Namespace
			}
			if l.Host != "" {
				t.Hosts = []string{l.Host}
			}
			into.Facts.Terminations = append(into.Facts.Terminations, t)
		}
	}
}

// istioGateway names secrets that lie where the gateway's pods run, which the
// object does not tell.
func (r Reader) istioGateway(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Servers []struct {
				Hosts []string `json:"hosts"`
				TLS   struct {
					Credential string `json:"credentialName"`
				} `json:"tls"`
			} `json:"servers"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	for i, s := range in.Spec.Servers {
		if s.TLS.Credential == "" {
			continue
		}
		t := o.termination("credential " + s.TLS.Credential)
		t.Hosts, t.Secret, t.AnyNamespace = s.Hosts, s.TLS.Credential, true
		t.At = o.key(decode.Dig(o.node, "spec", "servers", i, "tls"), "credentialName")
		into.Facts.Terminations = append(into.Facts.Terminations, t)
	}
}

func (o *object) termination(part string) *fact.Termination {
	return &fact.Termination{
		Ref: o.ref().Within(part), Kind: o.header.Kind, Namespace: o.meta.Namespace, Name: o.meta.Name,
		Annotations: o.meta.Annotations,
	}
}
