package kube

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// tokenKinds reads of a Secret what tells its kind: type, keys, and the account
// for which it is a token. It gives way to a table that reads Secrets whole.
func tokenKinds() map[string]kind {
	return map[string]kind{"/Secret": {yields(fact.Secrets), Reader.tokenSecret}}
}

func (r Reader) tokenSecret(o *object, into *Fragment) {
	out := &fact.Secret{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Annotations: o.meta.Annotations,
		Type: decode.Text(decode.Child(o.node, "type")), At: o.key(o.node, "type"),
	}
	if out.Type == "" {
		out.Type = "Opaque"
	}
	if out.Type == "kubernetes.io/service-account-token" {
		out.ForAccount = o.meta.Annotations["kubernetes.io/service-account.name"]
	}
	for _, field := range []string{"data", "stringData"} {
		for _, key := range decode.Keys(decode.Child(o.node, field)) {
			if name := decode.Text(key); !slices.Contains(out.Keys, name) {
				out.Keys = append(out.Keys, name)
			}
		}
	}
	slices.Sort(out.Keys)
	into.Facts.Secrets = append(into.Facts.Secrets, out)
}
