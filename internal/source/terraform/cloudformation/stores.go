package cloudformation

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// bucket says whether versions are kept as Terraform's older form does.
func bucket(r *model.Resource) {
	status := r.Body.Get("versioning_configuration", "status")
	if status.Kind == model.Absent {
		return
	}
	enabled := status
	if status.Kind == model.Scalar {
		enabled.Type, enabled.Text = model.BoolType, "false"
		if status.Text == "Enabled" {
			enabled.Text = "true"
		}
	}
	r.Body.Fields["versioning"] = model.Value{Kind: model.Object, At: status.At, Fields: map[string]model.Value{"enabled": enabled}}
}

// bucketParts returns what the provider writes beside a bucket.
func bucketParts(r *model.Resource) (out []*model.Resource) {
	f := r.Body.Fields
	if block := f["public_access_block_configuration"]; block.Kind != model.Absent {
		fields := map[string]model.Value{"bucket": self(r)}
		for _, name := range []string{"block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"} {
			fields[name] = block.Get(name)
		}
		out = append(out, part(r, "aws_s3_bucket_public_access_block", fields))
	}
	if acl := f["access_control"]; acl.Kind != model.Absent {
		acl.Text = strings.ToLower(strings.ReplaceAll(acl.Text, "PublicRead", "public-read"))
		out = append(out, part(r, "aws_s3_bucket_acl", map[string]model.Value{"bucket": self(r), "acl": acl}))
	}
	if rules := f["bucket_encryption"].Get("server_side_encryption_configuration"); rules.Kind == model.List && len(rules.Items) > 0 {
		rule := model.Value{Kind: model.Object, At: rules.At, Fields: map[string]model.Value{"apply_server_side_encryption_by_default": rules.Items[0].Get("server_side_encryption_by_default")}}
		out = append(out, part(r, "aws_s3_bucket_server_side_encryption_configuration", map[string]model.Value{"bucket": self(r), "rule": rule}))
	}
	return out
}

// dynamo names what is kept of a table as Terraform does.
func dynamo(r *model.Resource) {
	f := r.Body.Fields
	if v, found := f["point_in_time_recovery_specification"]; found {
		f["point_in_time_recovery"] = model.Value{Kind: model.Object, At: v.At, Fields: map[string]model.Value{"enabled": v.Get("point_in_time_recovery_enabled")}}
	}
	if v, found := f["server_side_encryption"]; found {
		f["server_side_encryption"] = model.Value{Kind: model.Object, At: v.At, Fields: map[string]model.Value{"enabled": v.Get("sse_enabled"), "kms_key_arn": v.Get("kms_master_key_id")}}
	}
}

// backupPlan lifts the rules of a plan to where Terraform writes them.
func backupPlan(r *model.Resource) {
	f := r.Body.Fields
	plan := f["backup_plan"]
	f["name"] = plan.Get("backup_plan_name")
	rules := plan.Get("backup_plan_rule")
	for i, rule := range rules.Items {
		if rule.Fields == nil {
			continue
		}
		rules.Items[i].Fields["schedule"] = rule.Get("schedule_expression")
		if life := rule.Get("lifecycle"); life.Kind != model.Absent {
			rules.Items[i].Fields["lifecycle"] = model.Value{Kind: model.Object, At: life.At, Fields: map[string]model.Value{"delete_after": life.Get("delete_after_days")}}
		}
	}
	f["rule"] = rules
}

// backupSelection lifts what a plan covers to where Terraform writes it.
func backupSelection(r *model.Resource) {
	f := r.Body.Fields
	sel := f["backup_selection"]
	f["plan_id"] = f["backup_plan_id"]
	f["name"] = sel.Get("selection_name")
	f["resources"], f["not_resources"], f["condition"] = sel.Get("resources"), sel.Get("not_resources"), sel.Get("conditions")
	tags := sel.Get("list_of_tags")
	for i, t := range tags.Items {
		if t.Fields != nil {
			tags.Items[i].Fields["key"], tags.Items[i].Fields["value"] = t.Get("condition_key"), t.Get("condition_value")
		}
	}
	f["selection_tag"] = tags
}

// certificate fills in the way of validation, which is EMAIL where none is
// written.
func certificate(r *model.Resource) {
	if v := r.Body.Fields["validation_method"]; !v.Present() && v.Known() {
		r.Body.Fields["validation_method"] = written("EMAIL", r.At)
	}
}

// alarm writes queries as Terraform does.
func alarm(r *model.Resource) {
	f := r.Body.Fields
	list := f["metrics"]
	for i, q := range list.Items {
		if q.Fields != nil {
			list.Items[i].Fields["metric"] = q.Get("metric_stat", "metric")
		}
	}
	if list.Kind != model.Absent {
		f["metric_query"] = list
	}
}

// deploymentGroup names alarms and instances as Terraform does.
func deploymentGroup(r *model.Resource) {
	alarms := r.Body.Get("alarm_configuration", "alarms")
	if alarms.Kind == model.Absent || r.Body.Fields["alarm_configuration"].Fields == nil {
		return
	}
	for i, a := range alarms.Items {
		alarms.Items[i] = a.Get("name")
	}
	r.Body.Fields["alarm_configuration"].Fields["alarms"] = alarms
}

// eventTargets gives each target of a rule Terraform's form.
func eventTargets(r *model.Resource) (out []*model.Resource) {
	for _, target := range r.Body.Get("targets").Each() {
		out = append(out, part(r, "aws_cloudwatch_event_target", map[string]model.Value{"rule": self(r), "arn": target.Get("Arn")}))
	}
	return out
}
