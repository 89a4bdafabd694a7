package kube

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// placeKinds lists where things run and what they are stored on.
func placeKinds() map[string]kind {
	return map[string]kind{
		"/Namespace":                  {yields(fact.Namespaces), Reader.namespace},
		"storage.k8s.io/StorageClass": {yields(fact.Storage), Reader.storageClass},
		"/PersistentVolumeClaim":      {yields(fact.Storage), Reader.claim},
	}
}

func (r Reader) namespace(o *object, into *Fragment) {
	into.Facts.Namespaces = append(into.Facts.Namespaces, &fact.Namespace{
		Ref: o.ref(), Name: o.meta.Name, Labels: o.meta.Labels, Annotations: o.meta.Annotations,
		Enforces: o.meta.Labels["pod-security.kubernetes.io/enforce"],
	})
}

func (r Reader) storageClass(o *object, into *Fragment) {
	var in struct {
		Provisioner string            `json:"provisioner"`
		Binding     string            `json:"volumeBindingMode"`
		Parameters  map[string]string `json:"parameters"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	out := &fact.StorageClass{
		Ref: o.ref(), Name: o.meta.Name, Provisioner: in.Provisioner, Binding: in.Binding,
		Topology: lies(decode.Child(o.node, "allowedTopologies")).topology, At: o.key(o.node, "parameters"),
	}
	for _, key := range []string{"storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"} {
		out.Default = out.Default || o.meta.Annotations[key] == "true"
	}
	if out.Binding == "" {
		out.Binding = "Immediate"
	}
	for key, value := range in.Parameters {
		if key = strings.ToLower(key); strings.Contains(key, "encrypt") || strings.Contains(key, "kms") || key == "secure" {
			if out.Parameters == nil {
				out.Parameters = map[string]string{}
			}
			out.Parameters[key] = value
		}
	}
	into.Facts.Classes = append(into.Facts.Classes, out)
}

func (r Reader) claim(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Class     string `json:"storageClassName"`
			Resources struct {
				Requests struct {
					Storage resource.Quantity `json:"storage"`
				} `json:"requests"`
			} `json:"resources"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	into.Facts.Claims = append(into.Facts.Claims, &fact.Claim{Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, StorageClass: in.Spec.Class, Size: in.Spec.Resources.Requests.Storage.Value()})
}
