package noplaintextsecrets

import (
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// secret passes a Secret whose values are encrypted, left open or public.
func secret(out *verdict.Findings, here *fact.Set, s *fact.Secret) {
	var plain, files []fact.Leak
	for _, l := range s.Plain {
		if l.Smell == "" {
			files = append(files, l)
			continue
		}
		if len(plain) == 0 || l.Smell == secrecy.PrivateKey && plain[0].Smell != secrecy.PrivateKey {
			plain = append([]fact.Leak{l}, plain...) // a private key weighs most
			continue
		}
		plain = append(plain, l)
	}
	switch {
	case len(plain) > 0 && here.Source == "helm":
		out.Unclear(s.Ref.At(plain[0].At), "secret-in-git", "the chart gives secret %s its values (%s); whether its files hold or generate them could not be told", s.Name, keys(plain))
	case len(plain) > 0 && plain[0].Smell == secrecy.PrivateKey:
		out.Fail(s.Ref.At(plain[0].At), "private-key", "secret %s holds a private key in plain text (%s)", s.Name, keys(plain))
	case len(plain) > 0:
		out.Fail(s.Ref.At(plain[0].At), "secret-in-git", "secret %s holds its values in plain text (%s)", s.Name, keys(plain))
	case len(files) > 0:
		out.Unclear(s.Ref.At(files[0].At), "opaque-file", "nothing in secret %s looks like a secret, but its file may hold one (%s)", s.Name, keys(files))
	case s.Sealed:
		out.Pass(s.Ref, "sealed", "secret %s is encrypted", s.Name)
	default:
		out.Pass(s.Ref, "no-value", "secret %s holds no secret value", s.Name)
	}
}

func keys(list []fact.Leak) string {
	var out []string
	for _, l := range list {
		out = append(out, l.Key)
	}
	return few(out)
}

// few names up to three.
func few(names []string) string {
	if more := len(names) - 3; more > 0 {
		return strings.Join(names[:3], ", ") + " and " + strconv.Itoa(more) + " more"
	}
	return strings.Join(names, ", ")
}
