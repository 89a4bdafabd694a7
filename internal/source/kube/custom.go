package kube

import (
	corev1 "k8s.io/api/core/v1"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// strictTemplate reads the pod template of a custom workload as strictly as
// Kubernetes reads those of its own.
func (o *object) strictTemplate(into *Fragment, path ...any) (template, bool) {
	var t corev1.PodTemplateSpec
	node := decode.Dig(o.node, path...)
	if node == nil {
		return template{}, false
	}
	if !o.fit(into, node, &t, true) {
		return template{}, false
	}
	return podTemplate(o, &t, path...), true
}

// argoRollout reads a Rollout as a workload and as a progressive delivery. One
// that refers to a Deployment by workloadRef has no pods of its own.
func (r Reader) argoRollout(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Replicas        *int32 `json:"replicas"`
			MinReadySeconds int    `json:"minReadySeconds"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	readArgoRollout(o, into)
	t, found := o.strictTemplate(into, "spec", "template")
	if !found {
		return
	}
	w := r.workload(o, fact.Replicated, t, into)
	if w == nil {
		return
	}
	w.replicas(o, in.Spec.Replicas)
	w.MinReady = in.Spec.MinReadySeconds
	strategy := decode.Dig(o.node, "spec", "strategy")
	w.Strategy = fact.Strategy{At: o.key(decode.Child(o.node, "spec"), "strategy")}
	switch {
	case decode.Child(strategy, "blueGreen") != nil:
		w.Strategy.Type = "BlueGreen"
	case decode.Child(strategy, "canary") != nil:
		w.Strategy.Type = "Canary"
		// Argo Rollouts' defaults: at most a quarter missing and too many.
		w.Strategy.MaxUnavailable, w.Strategy.MaxSurge = fact.Share(25), fact.Share(25)
		canary := decode.Child(strategy, "canary")
		if a, ok := o.amountAt(canary, "maxUnavailable"); ok {
			w.Strategy.MaxUnavailable = a
		}
		if a, ok := o.amountAt(canary, "maxSurge"); ok {
			w.Strategy.MaxSurge = a
		}
	}
	w.add(into)
}

// cloneSet reads OpenKruise's Deployment.
func (r Reader) cloneSet(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Replicas        *int32 `json:"replicas"`
			MinReadySeconds int    `json:"minReadySeconds"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	t, found := o.strictTemplate(into, "spec", "template")
	if !found {
		return
	}
	w := r.workload(o, fact.Replicated, t, into)
	if w == nil {
		return
	}
	w.replicas(o, in.Spec.Replicas)
	w.MinReady = in.Spec.MinReadySeconds
	// OpenKruise's defaults: a fifth missing, none too many.
	w.Strategy = fact.Strategy{Type: "RollingUpdate", MaxUnavailable: fact.Share(20), At: o.key(decode.Child(o.node, "spec"), "updateStrategy")}
	update := decode.Dig(o.node, "spec", "updateStrategy")
	if a, ok := o.amountAt(update, "maxUnavailable"); ok {
		w.Strategy.MaxUnavailable = a
	}
	if a, ok := o.amountAt(update, "maxSurge"); ok {
		w.Strategy.MaxSurge = a
	}
	w.add(into)
}

// amountAt reads a count or percentage from a field; ok is false where there
// is none.
func (o *object) amountAt(n *decode.Node, field string) (fact.Amount, bool) {
	value := decode.Child(n, field)
	if decode.IsNull(value) {
		return fact.Amount{}, false
	}
	return parseAmount(decode.Text(value))
}
