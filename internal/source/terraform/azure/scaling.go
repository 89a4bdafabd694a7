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

// elastic reads a plan that scales each of its apps by its requests.
// https://learn.microsoft.com/azure/app-service/manage-automatic-scaling
func (r *reader) elastic(w *fact.Workload, app, plan *model.Resource) {
	on := reading.Flag(plan, false, "premium_plan_auto_scale_enabled")
	if on.IsNot() {
		return
	}
	low, high := app.Body.Get("site_config", "elastic_instance_minimum"), plan.Body.Get("maximum_elastic_worker_count")
	a := &fact.Autoscaler{
		Ref: plan.Ref(), Name: reading.Name(plan), Engine: "azure", TargetKind: w.Kind, TargetName: w.Name,
		MinAt: reading.Place(low, app), MaxAt: reading.Place(high, plan), Signals: []fact.Signal{{Type: "Requests", Name: "requests", At: on.At}},
	}
	var known, told bool
	a.Min, known = low.Int(1)
	a.Max, told = high.Int(0)
	switch {
	case !on.Known:
		a.Unknown = append(a.Unknown, fact.Unknown{Part: fact.Number, Why: on.Why, At: on.At})
	case !known:
		a.Unknown = append(a.Unknown, fact.Unknown{Part: fact.Number, Why: reading.Why(low), At: low.At})
	case !told:
		a.Unknown = append(a.Unknown, fact.Unknown{Part: fact.Number, Why: reading.Why(high), At: high.At})
	case a.Max == 0:
		a.Unknown = append(a.Unknown, fact.Unknown{Part: fact.Number, Why: "its plan writes no maximum_elastic_worker_count", At: plan.At})
	}
	w.ReplicasSet = false // worker_count gives way to what scales
	r.Into.Autoscalers = append(r.Into.Autoscalers, a)
}
