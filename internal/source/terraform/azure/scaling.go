package azure

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// scaling reads what changes the number of a scale set's machines, or of a
// plan's, and so that of its apps.
func (r *reader) scaling() {
	for _, res := range r.Of(kinds(fact.Autoscalers), "azurerm_monitor_autoscale_setting") {
		switch on, known := res.Body.Get("enabled").Bool(true); {
		case !known:
			r.Hole(res, kinds(fact.Autoscalers), "whether "+res.Address+" scales"+reading.Because(res.Body.Get("enabled")))
			continue
		case !on:
			continue
		}
		target := res.Body.Get("target_resource_id")
		if set := r.One(res, target, "id", setTypes...); set != nil {
			for _, w := range r.Into.Workloads {
				if w.Subject == set.Address {
					w.ReplicasSet = w.ReplicasSet && w.Replicas > 0
					r.Into.Autoscalers = append(r.Into.Autoscalers, scaled(res, w))
				}
			}
			continue
		}
		plan := r.One(res, target, "id", "azurerm_service_plan")
		if plan == nil {
			r.Hole(res, kinds(fact.Autoscalers), "what "+res.Address+" scales is not read")
			continue
		}
		for _, w := range r.Into.Workloads {
			for _, app := range r.Config.Of(appTypes...) {
				if app.Address == w.Subject && app.Body.Get("service_plan_id").RefersTo(plan.Base) {
					w.ReplicasSet = w.ReplicasSet && w.Replicas > 0
					r.Into.Autoscalers = append(r.Into.Autoscalers, scaled(res, w))
				}
			}
		}
	}
}

// scaled reads a setting for one of those that it scales. Each of its profiles
// has its time, so the lowest and the highest bound of any hold.
// https://learn.microsoft.com/azure/azure-monitor/autoscale/autoscale-multiprofile
func scaled(res *model.Resource, w *fact.Workload) *fact.Autoscaler {
	a := &fact.Autoscaler{Ref: res.Ref(), Name: reading.Name(res), Engine: "azure", TargetKind: w.Kind, TargetName: w.Name, MinAt: res.At, MaxAt: res.At}
	profiles := res.Body.Get("profile")
	if !profiles.Known() {
		a.Unknown = append(a.Unknown, fact.Unknown{Part: fact.Number, Why: reading.Why(profiles), At: reading.Place(profiles, res)})
	}
	for i, profile := range reading.Nested(profiles) {
		low, high := profile.Get("capacity", "minimum"), profile.Get("capacity", "maximum")
		for _, v := range []model.Value{low, high} {
			if !v.Known() {
				a.Unknown = append(a.Unknown, fact.Unknown{Part: fact.Number, Why: reading.Why(v), At: v.At})
			}
		}
		if n, known := low.Int(0); known && (i == 0 || n < a.Min) {
			a.Min, a.MinAt = n, reading.Place(low, res)
		}
		if n, known := high.Int(0); known && (i == 0 || n > a.Max) {
			a.Max, a.MaxAt = n, reading.Place(high, res)
		}
		if len(a.Signals) == 0 {
			a.Signals = grows(profile)
		}
	}
	return a
}

// grows reads by which signals a profile adds machines.
func grows(profile model.Value) (out []fact.Signal) {
	for _, rule := range reading.Nested(profile.Get("rule")) {
		m := rule.Get("metric_trigger")
		if strings.EqualFold(reading.Text(rule.Get("scale_action", "direction")), "Decrease") {
			continue
		}
		s := fact.Signal{Type: "Metric", Name: reading.Text(m.Get("metric_name")), At: rule.At}
		if strings.Contains(s.Name, "Percentage") {
			s.Utilization, _ = m.Get("threshold").Int(0)
		}
		out = append(out, s)
	}
	return out
}
