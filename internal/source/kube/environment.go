package kube

import (
	corev1 "k8s.io/api/core/v1"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/address"
	"seaworthy.dev/seaworthy/internal/derive/process"
	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/fact"
)

// environment fills what a container's variables and arguments tell: where
// values come from, what looks like a secret, which addresses are named. The
// values themselves are not kept.
func environment(o *object, c *corev1.Container, node *decode.Node, out *fact.Container) {
	list := decode.Child(node, "env")
	for i := range c.Env {
		e := &c.Env[i]
		entry := fact.Env{Name: e.Name, At: o.at(decode.Dig(list, i))}
		switch from := e.ValueFrom; {
		case from == nil:
			entry.Origin, entry.Empty = fact.Literal, e.Value == ""
			entry.Smell = secrecy.Of(e.Name, e.Value)
			out.Dials = append(out.Dials, address.In(e.Value, entry.At)...)
		case from.SecretKeyRef != nil:
			entry.Origin, entry.From, entry.Key = fact.SecretKey, from.SecretKeyRef.Name, from.SecretKeyRef.Key
			entry.Optional = from.SecretKeyRef.Optional != nil && *from.SecretKeyRef.Optional
		case from.ConfigMapKeyRef != nil:
			entry.Origin, entry.From, entry.Key = fact.SettingKey, from.ConfigMapKeyRef.Name, from.ConfigMapKeyRef.Key
		default:
			entry.Origin = fact.Field
		}
		out.Env = append(out.Env, entry)
	}
	list = decode.Child(node, "envFrom")
	for i, f := range c.EnvFrom {
		entry := fact.Env{Name: f.Prefix, At: o.at(decode.Dig(list, i))}
		switch {
		case f.SecretRef != nil:
			entry.Origin, entry.From = fact.SecretAll, f.SecretRef.Name
			entry.Optional = f.SecretRef.Optional != nil && *f.SecretRef.Optional
		case f.ConfigMapRef != nil:
			entry.Origin, entry.From = fact.SettingAll, f.ConfigMapRef.Name
		default:
			continue
		}
		out.Env = append(out.Env, entry)
	}
	for _, line := range []struct {
		field string
		words []string
	}{{"command", c.Command}, {"args", c.Args}} {
		list := decode.Child(node, line.field)
		for i, word := range line.words {
			out.Dials = append(out.Dials, address.In(word, o.at(decode.Dig(list, i)))...)
		}
		out.Env = append(out.Env, process.Arguments(line.words, func(i int) fact.Location { return o.at(decode.Dig(list, i)) })...)
	}
	stableSort(out.Dials, func(a fact.Address) fact.Location { return a.At })
	stableSort(out.Env, func(e fact.Env) fact.Location { return e.At })
	out.Tracing = tracing(o, c, node)
}

// tracing reads what a container's environment says of spans.
func tracing(o *object, c *corev1.Container, node *decode.Node) fact.Tracing {
	list := decode.Child(node, "env")
	vars := make([]process.Variable, len(c.Env))
	for i := range c.Env {
		e := &c.Env[i]
		vars[i] = process.Variable{Name: e.Name, Value: e.Value, Elsewhere: e.ValueFrom != nil, At: o.at(decode.Dig(list, i))}
	}
	return process.Tracing(vars)
}
