package kube

import (
	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// serviceEntry reads names outside of the mesh; what is added to the mesh's own
// services is no party of its own.
func (r Reader) serviceEntry(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Hosts    []string `json:"hosts"`
			Location string   `json:"location"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) || in.Spec.Location == "MESH_INTERNAL" {
		return
	}
	into.Facts.Externals = append(into.Facts.Externals, &fact.External{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Hosts: in.Spec.Hosts, At: o.key(decode.Child(o.node, "spec"), "hosts"),
	})
}
