package aws

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// guarded reads the policies that stand on secrets and on keys and say who may
// use them.
func (r *reader) guarded() {
	for _, g := range []struct{ kind, of, target string }{
		{"aws_secretsmanager_secret", "", ""},
		{"aws_secretsmanager_secret_policy", "secret_arn", "aws_secretsmanager_secret"},
		{"aws_kms_key", "", ""},
		{"aws_kms_key_policy", "key_id", "aws_kms_key"},
		{"aws_kms_replica_key", "", ""},
		{"aws_kms_external_key", "", ""},
	} {
		for _, res := range r.of(kinds(fact.Permissions), g.kind) {
			guarded := res
			if g.of != "" {
				guarded = r.one(res, res.Body.Get(g.of), "arn", g.target)
			}
			like := fact.Grant{Policy: name(res), Resource: res.Address}
			if guarded != nil {
				like.Resource, like.NoSecret = guarded.Address, strings.Contains(guarded.Type, "_kms_") && !r.encrypts(guarded)
			}
			r.statements(res, res.Body.Get("policy"), like)
		}
	}
}

// encrypts reports whether a key may encrypt a secret here: one that names the
// key, by itself or by an alias, or of which it is not known which key it names.
func (r *reader) encrypts(key *model.Resource) bool {
	bases := []string{key.Base}
	for _, a := range r.c.Of("aws_kms_alias") {
		if v := a.Body.Get("target_key_id"); v.RefersTo(key.Base) || len(v.AllRefs()) == 0 {
			bases = append(bases, a.Base)
		}
	}
	for _, res := range r.c.Resources {
		if res.Data {
			continue
		}
		v := res.Body.Get("master_user_secret_kms_key_id")
		switch res.Type {
		case "aws_secretsmanager_secret":
			v = res.Body.Get("kms_key_id")
		case "aws_ssm_parameter":
			v = res.Body.Get("key_id")
		}
		refs := v.AllRefs()
		if !v.Known() && len(refs) == 0 || text(v) != "" || slices.ContainsFunc(bases, v.RefersTo) {
			return true // a text may name any of them
		}
		if slices.ContainsFunc(refs, func(ref string) bool { return !strings.Contains(ref, "aws_kms_") }) {
			return true // by way of something else
		}
	}
	return false
}

// rotated returns how often a secret gets a new value by itself, as a phrase;
// empty where nothing here says so.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
func (r *reader) rotated(secret string) string {
	for _, res := range r.c.Of("aws_secretsmanager_secret_rotation") {
		if !res.Count.Known() || !res.Body.Get("secret_id").RefersTo(secret) {
			continue
		}
		rules := res.Body.Get("rotation_rules")
		if days := text(rules.Get("automatically_after_days")); days != "" {
			return "every " + days + " days"
		}
		if schedule := text(rules.Get("schedule_expression")); schedule != "" {
			return "by " + schedule
		}
		return "on a schedule"
	}
	return ""
}

// frozen returns the repository of ECR here that holds an image and refuses to
// move its tags; empty where there is none.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
func (r *reader) frozen(image fact.Image) string {
	if !strings.Contains(image.Registry, ".dkr.ecr.") || image.Tag == "" {
		return ""
	}
	for _, res := range r.c.Of("aws_ecr_repository") {
		if called, known := res.Body.Get("name").String(); known && called == image.Repository && res.Count.Known() && text(res.Body.Get("image_tag_mutability")) == "IMMUTABLE" {
			return res.Address
		}
	}
	return ""
}

// pulled reads the image that something runs.
func (r *reader) pulled(v model.Value) fact.Image {
	image := fact.ParseImage(text(v))
	image.At = v.At
	image.Frozen = r.frozen(image)
	return image
}
