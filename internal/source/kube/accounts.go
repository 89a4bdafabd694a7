package kube

import (
	corev1 "k8s.io/api/core/v1"

	"seaworthy.dev/seaworthy/internal/fact"
)

// accountKinds lists the identities of workloads.
func accountKinds() map[string]kind {
	return map[string]kind{"/ServiceAccount": {yields(fact.Accounts), Reader.account}}
}

// cloudAnnotations tie a service account to an identity of a cloud.
var cloudAnnotations = []string{
	"eks.amazonaws.com/role-arn", "iam.gke.io/gcp-service-account", "azure.workload.identity/client-id",
}

func (r Reader) account(o *object, into *Fragment) {
	var in corev1.ServiceAccount
	if !o.fit(into, o.node, &in, true) {
		return
	}
	out := &fact.Account{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name,
		MountsToken: in.AutomountServiceAccountToken, Annotations: o.meta.Annotations,
	}
	for _, key := range cloudAnnotations {
		if value := o.meta.Annotations[key]; value != "" && out.CloudIdentity == "" {
			out.CloudIdentity = value
		}
	}
	for _, s := range in.Secrets {
		out.TokenSecrets = append(out.TokenSecrets, s.Name)
	}
	into.Facts.Accounts = append(into.Facts.Accounts, out)
}
