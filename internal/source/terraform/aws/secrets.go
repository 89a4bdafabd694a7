package aws

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

var secretTypes = []string{"aws_secretsmanager_secret", "aws_ssm_parameter", "aws_secretsmanager_secret_version"}

// secretName names what a task takes from a store, as findings show it.
func (r *reader) secretName(from model.Value) string {
	for _, res := range r.referred(from, "arn", secretTypes...) {
		return res.Base
	}
	if t := text(from); t != "" {
		return arnName(t)
	}
	for _, ref := range from.AllRefs() {
		return ref
	}
	return "a secret (" + why(from) + ")"
}

// arnName returns the name at the end of an ARN, without the key in it.
func arnName(arn string) string {
	parts := strings.Split(arn, ":")
	if len(parts) < 7 {
		if at := strings.Index(arn, ":parameter"); at >= 0 {
			return arn[at+len(":parameter"):]
		}
		return arn
	}
	return parts[6]
}

// secrets reads what brings secrets to tasks: Secrets Manager and the parameter
// store, each as the feed of those who name it.
func (r *reader) secrets() {
	seen := map[string]bool{}
	for _, w := range r.into.Workloads {
		for _, c := range w.All() {
			for _, e := range c.Env {
				if w.Platform != fact.ECS || e.Origin != fact.SecretKey || seen[e.From] {
					continue
				}
				seen[e.From] = true
				f := &fact.SecretFeed{
					Ref: w.Ref.At(e.At).Within("secret " + e.From), Name: e.From, Engine: "ecs", Provider: "Secrets Manager",
					Targets: []string{e.From}, Reads: []string{e.From}, Refresh: 0, RefreshAt: e.At, At: e.At, Policy: "at the start of a task",
					Rotates: r.rotated(e.From),
				}
				for _, p := range r.c.Resources {
					if p.Base == e.From && p.Type == "aws_ssm_parameter" {
						f.Provider = "Parameter Store"
						if v := p.Body.Get("type"); !p.Data && !v.Known() {
							f.Provider = "Parameter Store, unknown"
						}
						if kind := text(p.Body.Get("type")); !p.Data && kind != "SecureString" && kind != "" {
							f.Provider = "Parameter Store, as " + kind
						}
					}
				}
				if strings.HasPrefix(e.From, "/") || strings.Contains(e.From, "parameter/") {
					f.Provider = "Parameter Store"
				}
				r.into.SecretFeeds = append(r.into.SecretFeeds, f)
			}
		}
	}
}
