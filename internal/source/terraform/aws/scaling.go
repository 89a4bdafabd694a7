package aws

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// scaling reads what changes the number of a service's tasks or of a group's
// machines: targets of Application Auto Scaling and policies of groups.
func (r *reader) scaling() {
	for _, t := range r.of(kinds(fact.Autoscalers), "aws_appautoscaling_target") {
		if space := text(t.Body.Get("service_namespace")); space != "" && space != "ecs" {
			continue
		}
		a := r.autoscaler(t, "min_capacity", "max_capacity")
		a.TargetKind, a.TargetName = "ECS service", r.scaled(t)
		for _, p := range r.of(kinds(fact.Autoscalers), "aws_appautoscaling_policy") {
			if id := p.Body.Get("resource_id"); id.RefersTo(t.Base) && r.fits(p, t) || text(id) != "" && text(id) == text(t.Body.Get("resource_id")) || len(id.AllRefs()) > 0 && !id.RefersTo(t.Base) && r.fits(p, t) && overlap(id.AllRefs(), t.Body.Get("resource_id").AllRefs()) {
				a.Signals = append(a.Signals, signal(p, "target_tracking_scaling_policy_configuration"))
			} else if !id.Known() && len(id.AllRefs()) == 0 {
				r.hole(p, kinds(fact.Autoscalers), "what "+p.Address+" scales"+because(id))
			}
		}
		for _, p := range r.c.Of("aws_appautoscaling_scheduled_action") {
			if r.means(p, t, "resource_id") {
				a.Signals = append(a.Signals, fact.Signal{Type: "cron", Name: "schedule", At: p.At})
			}
		}
		r.into.Autoscalers = append(r.into.Autoscalers, a)
	}
	for _, g := range r.c.Of("aws_autoscaling_group") {
		if !g.Count.Known() || r.nodes(g) || r.hidden() != nil {
			continue
		}
		a := r.autoscaler(g, "min_size", "max_size")
		a.TargetKind, a.TargetName = "Auto Scaling group", name(g)
		for _, p := range r.of(kinds(fact.Autoscalers), "aws_autoscaling_policy") {
			if of := p.Body.Get("autoscaling_group_name"); of.RefersTo(g.Base) && r.fits(p, g) || text(of) == a.TargetName {
				a.Signals = append(a.Signals, signal(p, "target_tracking_configuration"))
			}
		}
		if len(a.Signals) > 0 { // without a policy the group only keeps its size
			r.into.Autoscalers = append(r.into.Autoscalers, a)
		}
	}
}

func (r *reader) autoscaler(res *model.Resource, lowest, highest string) *fact.Autoscaler {
	low, high := res.Body.Get(lowest), res.Body.Get(highest)
	a := &fact.Autoscaler{Ref: res.Ref(), Name: name(res), Engine: "aws", MinAt: low.At, MaxAt: high.At}
	var ok bool
	if a.Min, ok = number(low, 0); !ok {
		a.Unknown = append(a.Unknown, fact.Unknown{Part: fact.Number, Why: why(low), At: low.At})
	}
	if a.Max, ok = number(high, 0); !ok {
		a.Unknown = append(a.Unknown, fact.Unknown{Part: fact.Number, Why: why(high), At: high.At})
	}
	return a
}

// scaled returns the name of the service that a target's resource id means:
// service/CLUSTER/NAME.
func (r *reader) scaled(t *model.Resource) string {
	id := t.Body.Get("resource_id")
	if parts := strings.Split(text(id), "/"); len(parts) == 3 && id.Known() {
		return parts[2]
	}
	if w := r.workloadOf(t, id); w != nil && w.Platform == fact.ECS {
		return w.Name
	}
	return "(not known)"
}

func overlap(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// signal reads what a policy looks at.
func signal(p *model.Resource, block string) fact.Signal {
	s := fact.Signal{Type: "Metric", Name: strings.ToLower(text(p.Body.Get("policy_type"))), At: p.At}
	c := p.Body.Get(block)
	if metric := text(c.Get("predefined_metric_specification", "predefined_metric_type")); metric != "" {
		s.Name = metric
		if strings.Contains(metric, "Utilization") {
			s.Utilization, _ = number(c.Get("target_value"), 0)
		}
	} else if metric := text(c.Get("customized_metric_specification", "metric_name")); metric != "" {
		s.Name = metric
	}
	switch {
	case strings.Contains(s.Name, "Memory"):
		s.Name = "memory"
	case strings.Contains(s.Name, "CPU"):
		s.Name = "cpu"
	case s.Name == "" && block == "target_tracking_configuration":
		s.Name = "alarm"
	}
	if c.Present() {
		s.At = c.At
	}
	if s.At.File == "" {
		s.At = p.At
	}
	return s
}
