package kube

import (
	"encoding/base64"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/address"
	"seaworthy.dev/seaworthy/internal/derive/rules"
	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/fact"
)

// secretKinds lists what holds secret values, and configuration that should
// not.
func secretKinds() map[string]kind {
	return map[string]kind{
		"/Secret":                  {yields(fact.Secrets), Reader.secret},
		"/ConfigMap":               {yields(fact.Settings, fact.Alerts, fact.Shippers, fact.AccessLogs, fact.LogStores), Reader.configMap},
		"bitnami.com/SealedSecret": {yields(fact.Secrets), Reader.sealedSecret},
	}
}

// accountOfToken is the annotation by which a secret asks for a token of a
// service account that never ends.
const accountOfToken = "kubernetes.io/service-account.name"

// secret reads a Secret. Its values are looked at and dropped.
func (r Reader) secret(o *object, into *Fragment) {
	var in struct {
		Type       string            `json:"type"`
		StringData map[string]string `json:"stringData"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	out := &fact.Secret{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Type: in.Type, Annotations: shortValues(o.meta.Annotations),
		Sealed: sops(o),
	}
	if out.Type == "" {
		out.Type = string(corev1.SecretTypeOpaque)
	}
	if out.Type == string(corev1.SecretTypeServiceAccountToken) {
		out.ForAccount = o.meta.Annotations[accountOfToken]
	}
	values := 0
	for _, field := range []string{"data", "stringData"} {
		list := decode.Child(o.node, field)
		out.At = firstPlace(out.At, o.key(o.node, field), list != nil)
		for _, key := range decode.Keys(list) {
			values++
			r.secretValue(o, out, key, field == "data", into)
		}
	}
	if o.broken {
		return
	}
	r.files(o, "data", true, into)
	r.files(o, "stringData", false, into)
	out.Placeholders = values > 0 && len(out.Keys) == 0
	into.Facts.Secrets = append(into.Facts.Secrets, out)
}

func firstPlace(known, next fact.Location, found bool) fact.Location {
	if known.Line > 0 || !found {
		return known
	}
	return next
}

// secretValue looks at one value. Text under data that is no base64 is either
// filled in by another tool or refused by Kubernetes.
func (r Reader) secretValue(o *object, out *fact.Secret, key *decode.Node, encoded bool, into *Fragment) {
	field := "stringData"
	if encoded {
		field = "data"
	}
	value := decode.Text(decode.Dig(o.node, field, key.Value))
	if secrecy.Encrypted(value) {
		out.Sealed = true
		out.Keys = append(out.Keys, key.Value)
		return
	}
	if encoded && !secrecy.Placeholder(value) {
		plain, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(strings.ReplaceAll(value, "\n", ""), "\r", ""))
		if err != nil {
			into.problem(o.at(key), "%s: data.%s is not base64", o.name(), key.Value)
			o.broken = true
			return
		}
		value = string(plain)
	}
	if secrecy.Placeholder(value) {
		return
	}
	out.Keys = append(out.Keys, key.Value)
	smell := secrecy.InFile(key.Value, value)
	out.PrivateKey = out.PrivateKey || smell == secrecy.PrivateKey
	if smell == "" && (secrecy.Public(key.Value) || secrecy.Locator(key.Value) || nothingInside(out.Type, value)) {
		return
	}
	if smell == "" && !secrecy.Configuration(key.Value, value) {
		smell = "a value"
	}
	out.Plain = append(out.Plain, fact.Leak{Key: key.Value, Smell: smell, At: o.at(key)})
}

// nothingInside reports whether a registry's login file holds no login.
func nothingInside(kind, value string) bool {
	return strings.HasPrefix(kind, "kubernetes.io/dockerc") && !strings.Contains(value, `"auth"`) && !strings.Contains(value, `"password"`)
}

// sops reports whether the object carries the stanza that SOPS writes beside
// what it has encrypted.
func sops(o *object) bool { return decode.IsMapping(decode.Child(o.node, "sops")) }

// sealedSecret reads a secret that only the cluster's own key opens.
func (r Reader) sealedSecret(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Template struct {
				Metadata meta   `json:"metadata"`
				Type     string `json:"type"`
			} `json:"template"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	name, spec := o.meta.Name, decode.Child(o.node, "spec")
	if n := in.Spec.Template.Metadata.Name; n != "" {
		name = n
	}
	out := &fact.Secret{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: name, Type: in.Spec.Template.Type, Sealed: true,
		Annotations: shortValues(in.Spec.Template.Metadata.Annotations), At: o.key(spec, "encryptedData"),
	}
	if out.Type == "" {
		out.Type = string(corev1.SecretTypeOpaque)
	}
	for _, key := range decode.Keys(decode.Child(spec, "encryptedData")) {
		out.Keys = append(out.Keys, key.Value)
	}
	into.Facts.Secrets = append(into.Facts.Secrets, out)
}

// configMap reads configuration and looks for what should not be in it.
func (r Reader) configMap(o *object, into *Fragment) {
	var c corev1.ConfigMap
	node := o.node
	encrypted := sops(o)
	if !o.fit(into, node, &c, !encrypted) { // SOPS adds a stanza of its own
		return
	}
	out := &fact.Setting{Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name}
	data := decode.Child(node, "data")
	for _, key := range decode.Keys(data) {
		value := c.Data[key.Value]
		out.Keys = append(out.Keys, key.Value)
		if secrecy.Encrypted(value) {
			continue
		}
		at := o.at(key)
		if smell := secrecy.InFile(key.Value, value); smell != "" {
			out.Leaks = append(out.Leaks, fact.Leak{Key: key.Value, Smell: smell, At: at})
		}
		out.Dials = append(out.Dials, address.In(value, at)...)
		if rules.Sniff([]byte(value)) {
			r.keptRules(o, key, decode.Child(data, key.Value), value, into)
		}
	}
	for _, key := range decode.Keys(decode.Child(node, "binaryData")) {
		out.Keys = append(out.Keys, key.Value)
	}
	r.files(o, "data", false, into)
	r.files(o, "binaryData", true, into)
	into.Facts.Settings = append(into.Facts.Settings, out)
}
