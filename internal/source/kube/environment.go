package kube

import (
	"net/url"
	"regexp"
	"strconv"
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
		case f.ConfigMapRef != nil:
			entry.Origin, entry.From = fact.SettingAll, f.ConfigMapRef.Name
		default:
			continue
		}
		out.Env = append(out.Env, entry)
	}
	for field, words := range map[string][]string{"command": c.Command, "args": c.Args} {
		list := decode.Child(node, field)
		for i, word := range words {
			at := o.at(decode.Dig(list, i))
			out.Dials = append(out.Dials, addresses(word, at)...)
			if name, value, found := strings.Cut(word, "="); found {
				if smell := secrecy.Of(strings.TrimLeft(name, "-"), value); smell != "" {
					out.Env = append(out.Env, fact.Env{Name: strings.TrimLeft(name, "-"), Origin: fact.Literal, Smell: smell, At: at})
				}
			}
		}
	}
	sortByPlace(out)
	out.Tracing = tracing(o, c, node)
}

// sortByPlace puts what was gathered from a map's random order into the order
// of the file.
func sortByPlace(c *fact.Container) {
	// Dials and Env are gathered env first; command and args are the only
	// ones in random order, and each has its own lines.
	stableSort(c.Dials, func(a fact.Address) fact.Location { return a.At })
	stableSort(c.Env, func(e fact.Env) fact.Location { return e.At })
}

var (
	urlForm  = regexp.MustCompile(`[a-z][a-z0-9+.-]{1,30}://[^\s"'<>|\\^` + "`" + `]+`)
	hostPort = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*):([0-9]{2,5})$`)
	tlsMode  = regexp.MustCompile(`(?i)[?&; ](?:sslmode|ssl-mode|tls|ssl|encrypt)=([a-z_-]+)`)
)

// addresses finds the hosts that a text names: in URLs and as host:port. User
// names and passwords are dropped.
func addresses(text string, at fact.Location) []fact.Address {
	if !strings.Contains(text, ":") {
		return nil
	}
	var out []fact.Address
	if m := hostPort.FindStringSubmatch(strings.TrimSpace(text)); m != nil {
		port, _ := strconv.Atoi(m[4])
		return []fact.Address{{Host: m[1], Port: port, At: at}}
	}
	for _, raw := range urlForm.FindAllString(text, 20) {
		u, err := url.Parse(strings.TrimRight(raw, ",;)"))
		if err != nil || u.Hostname() == "" {
			continue
		}
		a := fact.Address{Scheme: u.Scheme, Host: u.Hostname(), At: at}
		a.Port, _ = strconv.Atoi(u.Port())
		if m := tlsMode.FindStringSubmatch(raw); m != nil {
			a.Mode = strings.ToLower(m[1])
		}
		out = append(out, a)
	}
	return out
}
