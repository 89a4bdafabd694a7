package leastprivilege

import (
	"slices"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// harmless are roles of the platform itself that read nothing secret and
// change nothing: https://kubernetes.io/docs/reference/access-authn-authz/rbac/.
var harmless = []string{
	"view", "extension-apiserver-authentication-reader", "system:auth-delegator", "system:basic-user",
	"system:discovery", "system:public-info-viewer", "system:service-account-issuer-discovery", "system:monitoring",
}

// bound judges a binding by the name of its role; false means that the role is
// broad by definition, or that what it holds could not be told.
func bound(out *verdict.Findings, here *fact.Set, b *fact.Binding, holders []string) bool {
	ref := b.Ref.At(b.RoleAt)
	role := here.RoleOf(b)
	switch {
	case b.RoleClusterWide && b.RoleName == "cluster-admin" && role == nil:
		out.Fail(ref, "cluster-admin", "binding %s makes %s cluster-admin %s", b.Name, list(holders), scope(b))
	case b.RoleClusterWide && (b.RoleName == "admin" || b.RoleName == "edit") && role == nil:
		out.Fail(ref, "admin-role", "binding %s gives %s the role %s, which reads Secrets and starts pods %s", b.Name, list(holders), b.RoleName, scope(b))
	case role == nil && slices.Contains(harmless, b.RoleName):
		return true
	case role == nil:
		out.Unclear(ref, "role-elsewhere", "binding %s gives %s the role %s, which is not here", b.Name, list(holders), b.RoleName)
	case role.Aggregated:
		out.Unclear(ref, "aggregated-role", "binding %s gives %s the role %s, which other roles fill", b.Name, list(holders), b.RoleName)
	default:
		return true
	}
	return false
}

func scope(b *fact.Binding) string {
	switch {
	case b.ClusterWide:
		return "in every namespace"
	case b.Namespace != "":
		return "in " + b.Namespace
	}
	return "in its namespace"
}

// roles judges each role that is bound to someone once, whoever holds it, and
// notes those that are not. It marks the bindings of broad ones.
func roles(out *verdict.Findings, here *fact.Set, reached map[*fact.Binding][]string, broad map[*fact.Binding]bool) {
	for _, r := range here.Roles {
		var holders []string
		given, where := false, ""
		for _, b := range here.Bindings {
			if here.RoleOf(b) != r {
				continue
			}
			given = true
			for _, h := range reached[b] {
				if !slices.Contains(holders, h) {
					holders = append(holders, h)
				}
			}
			if len(reached[b]) > 0 && (where == "" || b.ClusterWide) {
				where = scope(b)
			}
		}
		if !given && !fills(here, r) {
			out.Note(r.Ref, "unbound-role", "%s %s is bound to nobody here", r.Kind(), r.Name)
		}
		if len(holders) == 0 {
			continue
		}
		if !narrow(out, r, list(holders), where) {
			for _, b := range here.Bindings {
				broad[b] = broad[b] || here.RoleOf(b) == r
			}
		}
	}
}

// fills reports whether the role only serves to fill another one by its labels.
func fills(here *fact.Set, r *fact.PermissionRole) bool {
	for _, o := range here.Objects {
		if o.Subject != r.Subject {
			continue
		}
		for key := range o.Labels {
			if strings.Contains(key, "/aggregate-to-") {
				return true
			}
		}
	}
	return false
}

// narrow judges every rule of a role, each by the worst that it allows.
func narrow(out *verdict.Findings, r *fact.PermissionRole, holders, where string) bool {
	clean := true
	for i := range r.Rules {
		p := &r.Rules[i]
		ref := r.Ref.At(p.At).Within("rule " + strconv.Itoa(i+1))
		if rule, may := worst(p); rule != "" {
			clean = false
			out.Fail(ref, rule, "role %s lets %s %s %s", r.Name, holders, may, where)
		}
	}
	return clean
}

// list names up to three holders.
func list(names []string) string {
	if more := len(names) - 3; more > 0 {
		return strings.Join(names[:3], ", ") + " and " + strconv.Itoa(more) + " more"
	}
	return strings.Join(names, ", ")
}
