package cloudformation

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// ecsService moves what CloudFormation groups to where Terraform writes it.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
func ecsService(r *model.Resource) {
	f := r.Body.Fields
	if d, found := f["deployment_configuration"]; found {
		f["deployment_minimum_healthy_percent"] = d.Get("minimum_healthy_percent")
		f["deployment_maximum_percent"] = d.Get("maximum_percent")
		f["deployment_circuit_breaker"] = d.Get("deployment_circuit_breaker")
		f["alarms"] = d.Get("alarms")
	}
	if n, found := f["network_configuration"]; found {
		f["network_configuration"] = n.Get("awsvpc_configuration")
	}
	if count := f["desired_count"]; !count.Present() && count.Known() {
		// One at first, and later as many as there are.
		f["desired_count"] = model.Value{Kind: model.Scalar, Type: model.NumberType, Text: "1", At: r.At}
		r.Lifecycle = model.Value{Kind: model.Object, At: r.At, Fields: map[string]model.Value{
			"ignore_changes": {Kind: model.List, At: r.At, Items: []model.Value{written("desired_count", r.At)}},
		}}
	}
}

// cluster returns where tasks run that name no place of their own.
func cluster(r *model.Resource) []*model.Resource {
	f := r.Body.Fields
	out := map[string]model.Value{"cluster_name": self(r), "default_capacity_provider_strategy": f["default_capacity_provider_strategy"]}
	if out["default_capacity_provider_strategy"].Kind == model.Absent {
		return nil
	}
	return []*model.Resource{part(r, "aws_ecs_cluster_capacity_providers", out)}
}

// task spells the definitions of containers as ECS does in JSON.
func task(r *model.Resource) {
	f := r.Body.Fields
	if v, found := f["container_definitions"]; found {
		f["container_definitions"] = camel(v, "")
	}
	volumes := f["volume"]
	for i, v := range volumes.Items {
		if host := v.Get("host", "source_path"); v.Fields != nil && host.Kind != model.Absent {
			volumes.Items[i].Fields["host_path"] = host
		}
	}
}

// camel begins names with a small letter, those that users choose left out.
func camel(v model.Value, under string) model.Value {
	if v.Items != nil {
		items := make([]model.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = camel(item, under)
		}
		v.Items = items
	}
	if v.Fields == nil || under == "Options" || under == "DockerLabels" {
		return v
	}
	fields := make(map[string]model.Value, len(v.Fields))
	for name, field := range v.Fields {
		fields[strings.ToLower(name[:min(1, len(name))])+name[min(1, len(name)):]] = camel(field, name)
	}
	v.Fields = fields
	return v
}

// balancer reads the scheme as Terraform's internal.
func balancer(r *model.Resource) {
	f := r.Body.Fields
	if scheme, found := f["scheme"]; found {
		internal := scheme
		if scheme.Kind == model.Scalar {
			internal.Type, internal.Text = model.BoolType, "false"
			if scheme.Text == "internal" {
				internal.Text = "true"
			}
		}
		f["internal"] = internal
	}
}

// listener takes the first certificate; the others stand in resources of their
// own in both.
func listener(r *model.Resource) {
	if list, found := r.Body.Fields["certificates"]; found {
		r.Body.Fields["certificate_arn"] = list.Get("certificate_arn")
	}
}

// targetGroup gathers the health check, with the defaults that hold where
// Terraform's provider does not set its own.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
func targetGroup(r *model.Resource) {
	f := r.Body.Fields
	check := model.Value{Kind: model.Object, At: r.At, Fields: map[string]model.Value{
		"healthy_threshold": written("5", r.At), "unhealthy_threshold": written("2", r.At),
	}}
	if protocol := strings.ToUpper(f["protocol"].Text); protocol != "HTTP" && protocol != "HTTPS" && !f["health_check_protocol"].Present() {
		check.Fields["timeout"] = written("10", r.At)
	}
	for from, to := range map[string]string{
		"health_check_enabled": "enabled", "health_check_path": "path", "health_check_port": "port", "health_check_protocol": "protocol", "health_check_interval_seconds": "interval",
		"health_check_timeout_seconds": "timeout", "healthy_threshold_count": "healthy_threshold", "unhealthy_threshold_count": "unhealthy_threshold", "matcher": "matcher",
	} {
		if v, found := f[from]; found && v.Kind != model.Absent {
			check.Fields[to] = v
			if at := v.At; from == "health_check_path" {
				check.At = at
			}
		}
	}
	f["health_check"] = check
	list := f["target_group_attributes"]
	for _, a := range list.Items {
		if a.Get("Key").Text == "deregistration_delay.timeout_seconds" {
			f["deregistration_delay"] = a.Get("Value")
		}
	}
	if _, found := f["deregistration_delay"]; !found && !list.Known() {
		f["deregistration_delay"] = list.Get("Value")
	}
}

// function moves the image to where Terraform writes it.
func function(r *model.Resource) {
	f := r.Body.Fields
	if code := f["code"]; code.Kind == model.Unknown || code.Get("image_uri").Kind != model.Absent {
		f["image_uri"] = code.Get("image_uri")
	}
}

// serverless reads a function of SAM, which makes a role where none is named.
func serverless(r *model.Resource) {
	f := r.Body.Fields
	if role := f["role"]; !role.Present() && role.Known() {
		f["role"] = model.Value{Kind: model.Unknown, Why: "SAM makes the role", At: r.At}
	}
}

// restAPI says as Terraform does where SAM's API is reached from.
func restAPI(r *model.Resource) {
	e, found := r.Body.Fields["endpoint_configuration"]
	if !found || !e.Known() {
		return
	}
	kind := e.Get("type")
	if e.Kind == model.Scalar { // the short form
		kind = e
	}
	types := model.Value{Kind: model.List, Items: []model.Value{kind}, At: e.At}
	r.Body.Fields["endpoint_configuration"] = model.Value{Kind: model.Object, Fields: map[string]model.Value{"types": types}, At: e.At}
}

// domain lists what SAM makes for an API that has a name of its own.
func domain(r *model.Resource) []fact.Kind {
	if v := r.Body.Fields["domain"]; r.Body.Fields == nil || v.Present() || !v.Known() {
		return []fact.Kind{fact.Services, fact.Certificates}
	}
	return nil
}

// besides lists what SAM makes beside a function, as its properties tell.
func besides(r *model.Resource) (out []fact.Kind) {
	if r.Body.Fields == nil {
		return []fact.Kind{fact.Services, fact.Rollouts, fact.Permissions, fact.Accounts}
	}
	for name, kinds := range map[string][]fact.Kind{
		"events": {fact.Services}, "function_url_config": {fact.Services}, "auto_publish_alias": {fact.Rollouts}, "deployment_preference": {fact.Rollouts},
		"policies": {fact.Permissions, fact.Accounts},
	} {
		if v := r.Body.Fields[name]; v.Present() || !v.Known() {
			out = append(out, kinds...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// left returns what stays unread of a resource.
func (m mapping) left(r *model.Resource) []fact.Kind {
	if m.leaves == nil {
		return nil
	}
	return m.leaves(r)
}

// scalingPolicy names its target as Terraform does.
func scalingPolicy(r *model.Resource) {
	if id, found := r.Body.Fields["scaling_target_id"]; found {
		r.Body.Fields["resource_id"] = id
	}
}

// scheduled returns the actions that a target runs by the clock.
func scheduled(r *model.Resource) []*model.Resource {
	list := r.Body.Get("scheduled_actions")
	if !list.Present() && list.Known() {
		return nil
	}
	return []*model.Resource{part(r, "aws_appautoscaling_scheduled_action", map[string]model.Value{"resource_id": self(r)})}
}

// part returns what Terraform has a resource of its own for.
func part(r *model.Resource, kind string, fields map[string]model.Value) *model.Resource {
	return &model.Resource{
		Address: r.Address, Base: r.Base + " " + kind, Type: kind, Name: r.Name, Provider: r.Provider, At: r.At,
		Body: model.Value{Kind: model.Object, At: r.At, Fields: fields},
	}
}

// self is a value that means the resource.
func self(r *model.Resource) model.Value {
	return model.Value{Kind: model.Unknown, Why: r.Address + " gives it only once it is applied", Refs: []string{r.Base}, At: r.At}
}
