package kube

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"seaworthy.dev/seaworthy/internal/fact"
)

// alertRouter reads an Alertmanager that the Prometheus operator runs: which
// secret holds its tree, and which parts it takes in.
func (r Reader) alertRouter(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			ConfigSecret string `json:"configSecret"`
			Whole        struct {
				Name string `json:"name"`
			} `json:"alertmanagerConfiguration"`
			Selects    *metav1.LabelSelector `json:"alertmanagerConfigSelector"`
			Namespaces *metav1.LabelSelector `json:"alertmanagerConfigNamespaceSelector"`
			Strategy   struct {
				Type string `json:"type"`
			} `json:"alertmanagerConfigMatcherStrategy"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	out := &fact.AlertRouter{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: "alertmanager",
		Secret: in.Spec.ConfigSecret, Whole: in.Spec.Whole.Name, Confines: "namespace",
	}
	if out.Secret == "" {
		out.Secret = "alertmanager-" + out.Name // as the operator looks for it
	}
	switch in.Spec.Strategy.Type {
	case "None":
		out.Confines = "none"
	case "OnNamespaceExceptForAlertmanagerNamespace":
		out.Confines = "elsewhere"
	}
	out.Selects, out.Namespaces = pointer(in.Spec.Selects), pointer(in.Spec.Namespaces)
	into.Facts.AlertRouters = append(into.Facts.AlertRouters, out)
}

// vmAlertRouter reads the same of VictoriaMetrics' operator, which takes all parts
// where it is told to select by default.
func (r Reader) vmAlertRouter(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			ConfigSecret string                `json:"configSecret"`
			Selects      *metav1.LabelSelector `json:"configSelector"`
			Namespaces   *metav1.LabelSelector `json:"configNamespaceSelector"`
			All          bool                  `json:"selectAllByDefault"`
			Free         bool                  `json:"disableNamespaceMatcher"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	out := &fact.AlertRouter{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: "vm-alertmanager", Secret: in.Spec.ConfigSecret, Confines: "namespace",
		Selects: pointer(in.Spec.Selects), Namespaces: pointer(in.Spec.Namespaces),
	}
	if in.Spec.Free {
		out.Confines = "none"
	}
	everything := &fact.Selector{Everything: true}
	switch {
	case out.Selects == nil && out.Namespaces == nil && in.Spec.All:
		out.Selects, out.Namespaces = everything, everything
	case out.Selects == nil && out.Namespaces != nil:
		out.Selects = everything
	case out.Selects != nil && out.Namespaces == nil:
		out.Namespaces = everything
	}
	into.Facts.AlertRouters = append(into.Facts.AlertRouters, out)
}

// pointer keeps the difference between no selector and an empty one, which
// selects everything.
func pointer(s *metav1.LabelSelector) *fact.Selector {
	if s == nil {
		return nil
	}
	out := selector(s)
	return &out
}
