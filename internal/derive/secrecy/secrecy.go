// Package secrecy tells by name and form whether a value looks like a secret.
// It returns only how the value looks, never the value.
package secrecy

import (
	"regexp"
	"strings"
)

// PrivateKey is how a private key looks.
const PrivateKey = "a private key"

// forms are values that are secrets whatever their name is. The hints are texts
// of which one must stand in the value: they spare large files the search, the
// more so the rarer their first letter is.
var forms = []struct {
	smell string
	hints []string
	form  *regexp.Regexp
}{
	{PrivateKey, []string{"PRIVATE KEY"}, regexp.MustCompile(`-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----`)},
	{"an AWS access key", []string{"AKIA", "ASIA"}, regexp.MustCompile(`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`)},
	{"a GitHub token", []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"}, regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})`)},
	{"a GitLab token", []string{"glpat-"}, regexp.MustCompile(`\bglpat-[A-Za-z0-9_-]{20,}`)},
	{"a Slack token", []string{"xox"}, regexp.MustCompile(`\bxox[abprs]-[A-Za-z0-9-]{10,}`)},
	{"a Slack webhook", []string{"k.com/services/"}, regexp.MustCompile(`https://hooks\.slack\.com/services/T\w+/B\w+/\w{16,}`)},
	{"a Google API key", []string{"Iza"}, regexp.MustCompile(`\bAIza[0-9A-Za-z_-]{35}\b`)},
	{"a Stripe key", []string{"k_live_"}, regexp.MustCompile(`\b[rs]k_live_[0-9a-zA-Z]{20,}`)},
	{"a JSON web token", []string{"yJ"}, regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}`)},
}

// urlPassword is a URL with a user and a password in it.
const urlPassword = "a password in a URL"

// credentials is what stands between :// and @ in such a URL.
var credentials = regexp.MustCompile(`^[^/\s:@$({<?#"']*:[^/\s:@$({<?#%*"'][^/\s@?#"']*$`)

// named is how a value looks of which only the name speaks.
const named = "a value under a secret's name"

var (
	secretName = regexp.MustCompile(`(?i)(?:^|[_.-]|[a-z])(?:password|passwd|passphrase|pwd|secret|token|api[_.-]?key|access[_.-]?key|secret[_.-]?key|private[_.-]?key|signing[_.-]?key|encryption[_.-]?key|credentials?)$`)
	// lineName is narrower: files hold many lines that only speak of secrets.
	lineName = regexp.MustCompile(`(?i)(?:^|[_.-]|[a-z])(?:password|passwd|passphrase|api[_.-]?key|access[_.-]?key|secret[_.-]?key|client[_.-]?secret|auth[_.-]?token|signing[_.-]?key|encryption[_.-]?key)$`)
	// holder ends names whose value may as well be the name of an object.
	holder = regexp.MustCompile(`(?i)(?:secret|credentials?|token)$`)
	object = regexp.MustCompile(`^(?:[a-z0-9]+(?:[-.][a-z0-9]+)*[-.](?:secrets?|tls|certs?|creds|credentials?|tokens?|keys?|auth)|[a-z]+(?:-[a-z]+)+)$`)
	// itself ends names that mean the secret and not an object.
	itself = regexp.MustCompile(`(?i)(?:client|app|shared|session|cookie|jwt|webhook|api|auth|hmac|access|bearer)[_.-]?(?:secret|token|credentials?)$`)
	// reference is a value that points to where the secret is, switches
	// something, or is encrypted.
	reference = regexp.MustCompile(`^(?:\$\(.*\)|/[\w./-]*|[a-zA-Z][a-zA-Z0-9+.-]*:/?/.*|(?:vault|secretref|ref\+\w+|file|env|arn|awsssm|gcp|azurekeyvault):.*|` +
		`ENC[\[(].*|\{cipher\}.*|[0-9]{1,5}|(?i:true|false|yes|no|on|off|none|null|nil|enabled?|disabled?|required|optional|always|never|auto))$`)
	placeholder = regexp.MustCompile(`^(?:<[^<>]*>|\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]\w*|\{\{.*\}\}|\{[A-Za-z_.]+\}|@[A-Z_]+@|%[A-Za-z_]+%|%[sv]|__\w+__|[A-Z]+(?:_[A-Z]+)+|` +
		`(?i:x{3,}|\*{3,}|\.{3,}|todo|tbd|placeholder|redacted|\[?redacted\]?|replaceme|replace[-_ ].*|your[-_ ].*|insert[-_ ].*))$`)
	public  = regexp.MustCompile(`(?i)(?:^|[_.-])(?:user|user[_-]?name|login|e?mail|host|host[_-]?name|port|server|database|db|db[_-]?name|type|name|namespace|project|region|bucket|insecure|issuer|ca|cert|crt|certificate|pub|public[_-]?key|known_hosts|enableoci|client[_-]?id|tenant[_-]?id|account[_-]?id)(?:\.(?:pem|crt|cer|pub))?$`)
	locator = regexp.MustCompile(`(?i)(?:^|[_.-]|[a-z])(?:ur[li]|endpoint|address)$`)
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
	if smell := formOf(value); smell != "" {
		return smell
	}
	if mayBeSecret(name) && secretName.MatchString(name) && !reference.MatchString(trimmed) && !Placeholder(trimmed) &&
		!(holder.MatchString(name) && !itself.MatchString(name) && object.MatchString(trimmed)) {
		return named
	}
	return ""
}

// secretEnds are the ends of the words that secretName wants at the end of a
// name, by their last letter.
var secretEnds = map[byte][]string{
	'd': {"password", "passwd", "pwd"}, 'e': {"passphrase"}, 't': {"secret"}, 'n': {"token"}, 'y': {"key"}, 'l': {"credential"}, 's': {"credentials"},
}

// mayBeSecret spares most names the search.
func mayBeSecret(name string) bool {
	if name == "" {
		return false
	}
	for _, end := range secretEnds[name[len(name)-1]|0x20] {
		if len(name) >= len(end) && strings.EqualFold(name[len(name)-len(end):], end) {
			return true
		}
	}
	return false
}

// shortest is the length of the shortest value that has one of the forms.
const shortest = len("xoxb-0123456789")

// formOf searches a value of any length for what is a secret by its form.
func formOf(value string) string {
	for _, f := range forms {
		if len(value) < shortest || !hinted(value, f.hints) {
			continue
		}
		for _, at := range f.form.FindAllStringIndex(value, 20) {
			if !commented(value[:at[0]]) {
				return f.smell
			}
		}
	}
	if hasURLPassword(value) {
		return urlPassword
	}
	return ""
}

func hinted(value string, hints []string) bool {
	for _, h := range hints {
		if strings.Contains(value, h) {
			return true
		}
	}
	return false
}

// hasURLPassword looks behind each :// for a user, a password and an @, none
// of them in a comment. Words are walked and not matched, for values may be
// large and full of addresses.
func hasURLPassword(value string) bool {
	for from := 0; ; {
		at := strings.Index(value[from:], "://")
		if at < 0 {
			return false
		}
		at += from
		from = at + len("://")
		end := strings.IndexAny(value[from:min(len(value), from+200)], "@ \t\r\n/?#\"'")
		if end > 0 && value[from+end] == '@' && at > 0 && isLetter(value[at-1]) &&
			credentials.MatchString(value[from:from+end]) && !commented(value[:at]) {
			return true
		}
	}
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' }

// commented reports whether the text ends within a line that is a comment.
func commented(before string) bool {
	line := strings.TrimLeft(before[strings.LastIndexByte(before, '\n')+1:], " \t")
	return strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";") || strings.HasPrefix(line, "//")
}

// Placeholder reports whether a value plainly stands for another one that is
// filled in later. A weak password such as "changeme" does not: it works.
func Placeholder(value string) bool {
	value = strings.TrimSpace(value)
	return value == "" || placeholder.MatchString(value)
}

// Encrypted reports whether a value is encrypted in place, as SOPS does.
func Encrypted(value string) bool { return strings.HasPrefix(value, "ENC[") }

// Public reports whether the name of a secret's key says that its value is not
// secret by itself: a user name, an address, a certificate.
func Public(key string) bool {
	return public.MatchString(key) && !(mayBeSecret(key) && secretName.MatchString(key))
}

// Locator reports whether the name of a secret's key says that its value is an
// address. Such a value may hold a password, so it takes a look at it to tell.
func Locator(key string) bool { return locator.MatchString(key) }

// longest is how much of a file is searched; etcd takes no object above that.
const longest = 1 << 20

// longestLine is how long a line is that a person may have written.
const longestLine = 2000

// speaksOfSecrets reports whether what stands before a line's value has one of
// the words without which no name of lineName matches, in any case.
func speaksOfSecrets(line string) bool {
	for i := 0; i+3 <= len(line); i++ {
		switch line[i] | 0x20 {
		case 'p': // password, passwd, passphrase
			if strings.EqualFold(line[i:i+3], "pas") {
				return true
			}
		case 'k':
			if strings.EqualFold(line[i:i+3], "key") {
				return true
			}
		case 's':
			if strings.EqualFold(line[i:i+3], "sec") {
				return true
			}
		case 't':
			if strings.EqualFold(line[i:i+3], "tok") {
				return true
			}
		}
	}
	return false
}

var (
	assignment = regexp.MustCompile(`^[ \t-]*["']?([A-Za-z][\w.-]{2,60})["']?[ \t]*[:=][ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'#,;(){}\[\]]+))[ \t]*[,;]?[ \t]*(?:#.*)?\r?\n?$`)
	redis      = regexp.MustCompile(`(?m)^[ \t]*(?:requirepass|masterauth)[ \t]+(\S+)[ \t]*\r?$`)
	code       = regexp.MustCompile(`(?i)\.(?:sh|bash|py|js|ts|lua|rb|go|java|php|pl|sql|md|txt|html|css|tpl|tmpl|gotmpl|rego|graphql|proto)$`)
)

// InFile returns how a file looks that holds a secret: by the form of something
// in it, or by a line such as `password = ...`. Lines of programs and documents
// are left alone, for they mostly speak of variables.
func InFile(name, text string) string {
	if len(text) > longest {
		text = text[:longest]
	}
	if !strings.Contains(text, "\n") {
		return Of(name, text)
	}
	if smell := formOf(text); smell != "" {
		return smell
	}
	if code.MatchString(name) {
		return ""
	}
	for line := range strings.Lines(text) {
		name := line[:max(0, strings.IndexAny(line, ":="))]
		if len(line) > longestLine || !speaksOfSecrets(name) {
			continue
		}
		m := assignment.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		value := m[2] + m[3] + m[4]
		if lineName.MatchString(m[1]) && !typeWord(value) && Of(m[1], value) != "" {
			return "a line that sets " + m[1]
		}
	}
	if !strings.Contains(text, "requirepass") && !strings.Contains(text, "masterauth") {
		return ""
	}
	for _, m := range redis.FindAllStringSubmatch(text, -1) {
		if !Placeholder(m[1]) && m[1] != `""` {
			return "a line that sets Redis' password"
		}
	}
	return ""
}

var config = regexp.MustCompile(`(?i)\.(?:ya?ml|json|ini|conf|cfg|cnf|toml|properties|xml)$`)

// Configuration reports whether a secret's value is a file of settings: it may
// hold secrets among much that is none.
func Configuration(name, value string) bool {
	return config.MatchString(name) && strings.Contains(strings.TrimSpace(value), "\n")
}

// typeWord reports whether a value names a type, as in a schema.
func typeWord(value string) bool {
	switch strings.ToLower(value) {
	case "string", "str", "text", "varchar", "secret", "password", "object", "bytes":
		return true
	}
	return false
}

// Named reports whether a name alone says that its value is a secret.
func Named(name string) bool { return mayBeSecret(name) && secretName.MatchString(name) }
