package kube

import (
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// accessKinds lists identities and what they may do.
func accessKinds() map[string]kind {
	return map[string]kind{
		"/ServiceAccount":                        {yields(fact.Accounts), Reader.serviceAccount},
		rbacv1.GroupName + "/Role":               {yields(fact.Permissions), Reader.role},
		rbacv1.GroupName + "/ClusterRole":        {yields(fact.Permissions), Reader.role},
		rbacv1.GroupName + "/RoleBinding":        {yields(fact.Permissions), Reader.binding},
		rbacv1.GroupName + "/ClusterRoleBinding": {yields(fact.Permissions), Reader.binding},
	}
}

// cloudIdentities are the annotations by which the large clouds tie an account
// to a role of theirs, the most telling first.
var cloudIdentities = []string{
	"eks.amazonaws.com/role-arn",
	"iam.gke.io/gcp-service-account",
	"azure.workload.identity/client-id",
}

func (r Reader) serviceAccount(o *object, into *Fragment) {
	var a corev1.ServiceAccount
	if !o.fit(into, o.node, &a, true) {
		return
	}
	out := &fact.Account{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name,
		MountsToken: a.AutomountServiceAccountToken, Annotations: o.meta.Annotations,
	}
	for _, key := range cloudIdentities {
		if out.CloudIdentity == "" && o.meta.Annotations[key] != "" {
			out.CloudIdentity = key
		}
	}
	for _, s := range a.Secrets {
		out.TokenSecrets = append(out.TokenSecrets, s.Name)
	}
	into.Facts.Accounts = append(into.Facts.Accounts, out)
}

// role reads a Role or ClusterRole, which differ only in where they hold and
// in that a ClusterRole may be filled by others.
func (r Reader) role(o *object, into *Fragment) {
	var c rbacv1.ClusterRole
	if !o.fit(into, o.node, &c, true) {
		return
	}
	out := &fact.PermissionRole{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name,
		ClusterWide: o.header.Kind == "ClusterRole", Aggregated: c.AggregationRule != nil,
	}
	rules := decode.Child(o.node, "rules")
	for i, p := range c.Rules {
		out.Rules = append(out.Rules, fact.Permission{
			Groups: p.APIGroups, Resources: p.Resources, Names: p.ResourceNames, Verbs: p.Verbs, URLs: p.NonResourceURLs,
			At: o.at(decode.Dig(rules, i)),
		})
	}
	into.Facts.Roles = append(into.Facts.Roles, out)
}

// binding reads a RoleBinding or ClusterRoleBinding.
func (r Reader) binding(o *object, into *Fragment) {
	var b rbacv1.RoleBinding
	if !o.fit(into, o.node, &b, true) {
		return
	}
	out := &fact.Binding{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name,
		ClusterWide: o.header.Kind == "ClusterRoleBinding",
		RoleName:    b.RoleRef.Name, RoleClusterWide: b.RoleRef.Kind == "ClusterRole",
		RoleAt: o.key(o.node, "roleRef"),
	}
	subjects := decode.Child(o.node, "subjects")
	for i, s := range b.Subjects {
		out.Subjects = append(out.Subjects, fact.BindingSubject{
			Kind: s.Kind, Namespace: s.Namespace, Name: s.Name, At: o.at(decode.Dig(subjects, i)),
		})
	}
	into.Facts.Bindings = append(into.Facts.Bindings, out)
}
