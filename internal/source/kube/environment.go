package kube

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"seaworthy.dev/seaworthy/internal/decode"
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
			out.Dials = append(out.Dials, addresses(e.Value, entry.At)...)
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
			out.Dials = append(out.Dials, addresses(word, o.at(decode.Dig(list, i)))...)
		}
		out.Env = append(out.Env, arguments(line.words, func(i int) fact.Location { return o.at(decode.Dig(list, i)) })...)
	}
	stableSort(out.Dials, func(a fact.Address) fact.Location { return a.At })
	stableSort(out.Env, func(e fact.Env) fact.Location { return e.At })
	out.Tracing = tracing(o, c, node)
}

// longestLine is how many words of a shell's script are looked at.
const longestLine = 2000

// arguments finds the words of a command line that look like secrets: by their
// form, as name=value, or as a value behind --name. Words with spaces in them
// are lines for a shell.
func arguments(words []string, at func(i int) fact.Location) []fact.Env {
	var out []fact.Env
	for i, word := range words {
		if inner := strings.Fields(word); len(inner) > 1 {
			inner = inner[:min(len(inner), longestLine)]
			out = append(out, arguments(inner, func(int) fact.Location { return at(i) })...)
			continue
		}
		word = strings.Trim(word, `"'`)
		name, value, found := strings.Cut(word, "=")
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		switch {
		case found:
			value = strings.Trim(value, `"';`)
		case strings.HasPrefix(word, "-") && !strings.HasPrefix(next, "-"):
			value = strings.Trim(next, `"';`)
		default:
			name, value = "", word
		}
		name = strings.TrimLeft(name, "-")
		if strings.ContainsAny(value, "`") || strings.HasPrefix(value, "$") {
			continue // the shell fills it in
		}
		if smell := secrecy.Of(name, value); smell != "" {
			out = append(out, fact.Env{Name: name, Origin: fact.Argument, Smell: smell, At: at(i)})
		}
	}
	return out
}
