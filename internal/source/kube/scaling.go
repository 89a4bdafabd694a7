package kube

import (
	policyv1 "k8s.io/api/policy/v1"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// scalingKinds lists what changes or limits the number of instances.
func scalingKinds() map[string]kind {
	return map[string]kind{
		"policy/PodDisruptionBudget":               {yields(fact.Budgets), Reader.budget},
		"autoscaling/HorizontalPodAutoscaler":      {yields(fact.Autoscalers), Reader.horizontalPodAutoscaler},
		"keda.sh/ScaledObject":                     {yields(fact.Autoscalers), Reader.scaledObject},
		"autoscaling.k8s.io/VerticalPodAutoscaler": {yields(fact.Autoscalers), Reader.verticalPodAutoscaler},
	}
}

func (r Reader) budget(o *object, into *Fragment) {
	var b policyv1.PodDisruptionBudget
	if !o.fit(into, o.node, &b, true) {
		return
	}
	spec := decode.Child(o.node, "spec")
	out := &fact.Budget{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name,
		Selects:        selector(b.Spec.Selector),
		MinAvailable:   amountOr(b.Spec.MinAvailable, fact.Amount{}),
		MaxUnavailable: amountOr(b.Spec.MaxUnavailable, fact.Amount{}),
		At:             o.at(spec),
	}
	if out.Selects.Everything && o.version() == "v1beta1" {
		out.Selects = fact.Selector{} // v1beta1 took an empty selector for none
	}
	for _, field := range []string{"minAvailable", "maxUnavailable"} {
		n := decode.KeyOf(spec, field)
		if n == nil {
			continue
		}
		out.At = o.at(n)
		if a := map[string]fact.Amount{"minAvailable": out.MinAvailable, "maxUnavailable": out.MaxUnavailable}[field]; !a.Set && !decode.IsNull(decode.Child(spec, field)) {
			into.problem(o.at(n), "%s: spec.%s is %q, which is neither a number nor a percentage", o.name(), field, decode.Text(decode.Child(spec, field)))
			o.broken = true
			return
		}
	}
	into.Facts.Budgets = append(into.Facts.Budgets, out)
}
