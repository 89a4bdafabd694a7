// Package secrecy tells by name and form whether a value looks like a secret.
// It returns only how the value looks, never the value.
package secrecy

import (
	"regexp"
	"strings"
)

// forms are values that are secrets whatever their name is.
var forms = []struct {
	smell string
	form  *regexp.Regexp
}{
	{"a private key", regexp.MustCompile(`-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----`)},
	{"a password in a URL", regexp.MustCompile(`[a-z][a-z0-9+.-]*://[^/\s:@$({<]*:[^/\s:@$({<][^/\s@]*@`)},
	{"an AWS access key", regexp.MustCompile(`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`)},
	{"a GitHub token", regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})`)},
	{"a Slack token", regexp.MustCompile(`\bxox[abprs]-[A-Za-z0-9-]{10,}`)},
	{"a Google API key", regexp.MustCompile(`\bAIza[0-9A-Za-z_-]{35}\b`)},
	{"a Stripe key", regexp.MustCompile(`\b[rs]k_live_[0-9a-zA-Z]{20,}`)},
	{"a JSON web token", regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}`)},
}

var (
	secretName = regexp.MustCompile(`(?i)(?:^|[_.-]|[a-z])(?:password|passwd|passphrase|pwd|secret|token|api[_.-]?key|access[_.-]?key|private[_.-]?key|signing[_.-]?key|encryption[_.-]?key|credentials?)$`)
	reference  = regexp.MustCompile(`^(?:\$\(.*\)|\$\{.*\}|\$[A-Za-z_]+|/[\w./-]*|\{\{.*\}\}|<.*>|[a-z][a-z0-9+.-]*:/?/.*|true|false|yes|no|none|null|nil|[0-9]{1,5}|arn:.*)$`)
)

// Of returns how a value looks like a secret, for instance "a private key", or
// an empty string where it does not. Names that only speak of secrets, such as
// PASSWORD_MIN_LENGTH or TOKEN_FILE, and values that refer elsewhere do not
// count.
func Of(name, value string) string {
	trimmed := strings.TrimSpace(value)
	if trimmed == "" {
		return ""
	}
	for _, f := range forms {
		if f.form.MatchString(value) {
			return f.smell
		}
	}
	if secretName.MatchString(name) && !reference.MatchString(trimmed) {
		return "a value under a secret's name"
	}
	return ""
}
