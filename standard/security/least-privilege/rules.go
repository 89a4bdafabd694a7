package leastprivilege

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// runners are resources whose creation starts pods, which may mount any Secret
// and run as any account of their namespace.
var runners = []string{
	"pods", "deployments", "replicasets", "statefulsets", "daemonsets", "jobs", "cronjobs", "replicationcontrollers", "podtemplates",
}

// worst returns the rule that a permission breaks and what it lets its holder
// do; both are empty for a narrow one. The list follows Kubernetes' own:
// https://kubernetes.io/docs/concepts/security/rbac-good-practices/.
func worst(p *fact.Permission) (rule, may string) {
	switch {
	case wild(p.Verbs), wild(p.Resources), wild(p.Groups), slices.Contains(p.URLs, "*"):
		return "wildcard", "use " + every(p.Verbs, "verb") + " on " + targets(p) + groups(p)
	case allows(p, "rbac.authorization.k8s.io", []string{"roles", "clusterroles"}, "escalate", "bind"):
		return "escalation", "give out permissions that they lack (" + verbsAmong(p, "escalate", "bind") + ")"
	case has(p.Verbs, "impersonate"):
		return "escalation", "act as others (impersonate " + shown(p.Resources) + ")"
	case allows(p, "", []string{"secrets"}, "get", "list", "watch") && len(p.Names) == 0:
		return "secret-reads", "read every Secret (" + verbsAmong(p, "get", "list", "watch") + ")"
	case allows(p, "", []string{"pods/exec", "pods/attach"}, "create", "get"), allows(p, "", []string{"pods/ephemeralcontainers"}, "update", "patch"):
		return "enters-pods", "run commands in other pods (" + shown(resourcesAmong(p, "pods/exec", "pods/attach", "pods/ephemeralcontainers")) + ")"
	case allows(p, "", []string{"nodes/proxy"}, "get", "create", "update", "patch", "delete"):
		return "node-proxy", "reach the kubelets' API past admission and audit (nodes/proxy)"
	case allows(p, "", []string{"serviceaccounts/token"}, "create") && len(p.Names) == 0:
		return "mints-tokens", "make tokens of every account (create serviceaccounts/token)"
	case starts(p):
		return "starts-pods", "start pods that mount any Secret (create " + shown(resourcesAmong(p, runners...)) + ")"
	}
	return "", ""
}

func starts(p *fact.Permission) bool {
	for _, group := range []string{"", "apps", "batch", "extensions"} {
		if allows(p, group, runners, "create") {
			return true
		}
	}
	return false
}

// allows reports whether one of the verbs is allowed on one of the resources.
func allows(p *fact.Permission, group string, resources []string, verbs ...string) bool {
	return slices.Contains(p.Groups, group) && len(resourcesAmong(p, resources...)) > 0 && verbsAmong(p, verbs...) != ""
}

// wild reports whether an entry is a star, alone or for a subresource.
func wild(list []string) bool {
	return slices.ContainsFunc(list, func(s string) bool {
		return s == "*" || strings.HasPrefix(s, "*/") || strings.HasSuffix(s, "/*")
	})
}

func has(list []string, word string) bool { return slices.Contains(list, word) }

func resourcesAmong(p *fact.Permission, resources ...string) []string {
	var out []string
	for _, r := range p.Resources {
		if slices.Contains(resources, r) {
			out = append(out, r)
		}
	}
	return out
}

func verbsAmong(p *fact.Permission, verbs ...string) string {
	var out []string
	for _, v := range p.Verbs {
		if slices.Contains(verbs, v) {
			out = append(out, v)
		}
	}
	return strings.Join(out, ", ")
}

// groups names the API groups where a star stands for their resources.
func groups(p *fact.Permission) string {
	switch {
	case len(p.Groups) == 0, len(p.Groups) == 1 && p.Groups[0] == "":
		return ""
	case wild(p.Groups):
		return " of every API group"
	}
	return " of " + shown(p.Groups)
}

// targets names the resources or, where the rule is about those, the URLs.
func targets(p *fact.Permission) string {
	if len(p.Resources) == 0 {
		return every(p.URLs, "URL")
	}
	return every(p.Resources, "resource")
}

// every lists words, or says that a star stands for all of them.
func every(list []string, word string) string {
	if has(list, "*") {
		return "every " + word
	}
	return shown(list)
}

func shown(list []string) string {
	var out []string
	for _, s := range list {
		if s == "" {
			s = "core"
		}
		out = append(out, s)
	}
	if len(out) > 4 {
		return strings.Join(out[:3], ", ") + " and more"
	}
	return strings.Join(out, ", ")
}
