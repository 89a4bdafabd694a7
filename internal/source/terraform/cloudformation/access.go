package cloudformation

import (
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// role names the policies that are written in it as Terraform does.
func role(r *model.Resource) {
	list := r.Body.Fields["inline_policy"]
	for i, p := range list.Items {
		list.Items[i] = renamed(p, map[string]string{"PolicyName": "name", "PolicyDocument": "policy"})
	}
}

// holders are those to whom a policy is given: property, type and field of
// Terraform.
var holders = []struct{ property, policy, attachment, field string }{
	{"roles", "aws_iam_role_policy", "aws_iam_role_policy_attachment", "role"},
	{"users", "aws_iam_user_policy", "aws_iam_user_policy_attachment", "user"},
	{"groups", "aws_iam_group_policy", "aws_iam_group_policy_attachment", "group"},
}

// inlinePolicy returns one policy for each of those who hold it.
func inlinePolicy(r *model.Resource) (out []*model.Resource) {
	f := r.Body.Fields
	for _, h := range holders {
		for _, one := range each(f[h.property]) {
			out = append(out, part(r, h.policy, map[string]model.Value{"name": f["name"], "policy": f["policy"], h.field: one}))
		}
	}
	return out
}

// attachments returns to whom a managed policy is given.
func attachments(r *model.Resource) (out []*model.Resource) {
	for _, h := range holders {
		for _, one := range each(r.Body.Fields[h.property]) {
			out = append(out, part(r, h.attachment, map[string]model.Value{"policy_arn": self(r), h.field: one}))
		}
	}
	return out
}

// each returns the items of a list, or the list itself where it is not known:
// somebody is in it.
func each(v model.Value) []model.Value {
	if !v.Known() {
		return append(append([]model.Value{}, v.Items...), model.Value{Kind: model.Unknown, Why: v.Why, Refs: v.Refs, At: v.At})
	}
	return v.Each()
}
