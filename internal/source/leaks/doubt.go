package leaks

import (
	"path"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/derive/secrecy"
)

// doubt says how sure it is that a match is a secret.
type doubt int

const (
	certain doubt = iota
	guessed       // only a person can tell
	nothing       // it is none
)

// judge tells secrets from what only looks like one. Rules of gitleaks that know
// a provider's form are believed. Those that go by a name believe only names
// that end in password, secret, token, key, and values that look random: read by
// hand, nearly all else that they match is identifiers and prose.
func (h *hit) judge(file string) doubt {
	if h.secret != "" && h.rule.id != "private-key" && sample(h.secret) {
		return nothing
	}
	switch id := h.rule.id; {
	case h.rule.own: // the team's own rule means what it says
		return certain
	case public(id):
		return nothing
	case id == "aws-amazon-bedrock-api-key-short-lived" && !continues(h):
		return nothing // the rule knows the fixed beginning of such keys only
	case id == "private-key":
		return privateKey(h.match)
	case id == "vault-service-token" && strings.HasPrefix(h.secret, "s."), id == "sourcegraph-access-token" && !strings.HasPrefix(h.secret, "sgp_"):
		return h.loose(file) // forms so short that any identifier or checksum has them
	case id == "jwt", id == "jwt-base64", id == "pkcs12-file", strings.HasPrefix(id, "curl-auth-"):
		return guessed // they expire, have passwords of their own, or are made up for a document
	case h.rule.assigns, id == "hashicorp-tf-password":
		return h.named(file)
	}
	return certain
}

// continues reports whether a match is but the beginning of a longer word.
func continues(h *hit) bool {
	_, rest, _ := strings.Cut(h.line, h.match)
	n := 0
	for n < len(rest) && (isWord(rest[n]) || strings.IndexByte("+/=", rest[n]) >= 0) {
		n++
	}
	return n >= 40
}

// public reports whether a rule finds names of accounts, which are not secret.
func public(id string) bool {
	return strings.HasSuffix(id, "-client-id") || strings.HasSuffix(id, "-access-id") || strings.HasSuffix(id, "-api-id") ||
		strings.Contains(id, "-pub-") || id == "new-relic-browser-api-token"
}

// name is what stands before the sign that assigns.
var name = regexp.MustCompile(`([A-Za-z_][\w.-]*)["'\]]{0,2}\s*(?:=>|:=|\?=|:{1,3}=|=|:|,\s*value["']?\s*[:=])\s*$`)

// marker matches names of tokens that mark a place or a request and open nothing.
var marker = regexp.MustCompile(`(?i)(?:request|change|next|continuation|page|paging|idempotency|purchase|action|cancel\w*|sync|resume|lock|csrf|xsrf|cursor|device)[_-]?token$`)

// named judges a value by the name before it.
func (h *hit) named(file string) doubt {
	before, _, _ := strings.Cut(h.match, h.secret)
	m := name.FindStringSubmatch(strings.TrimRight(before, "\"'`"))
	secret := strings.Trim(h.secret, `"'`)
	if m == nil || marker.MatchString(m[1]) || secrecy.Of(m[1], secret) == "" || !random(secret) {
		return nothing
	}
	return h.loose(file)
}

// loose is what a match without a form of its own is worth: in settings it is
// one, in programs only a person can tell.
func (h *hit) loose(file string) doubt {
	switch {
	case !random(h.secret):
		return nothing
	case settings(file) && !uuid.MatchString(h.secret):
		return certain
	case code(file) && !strings.ContainsAny(h.match, "\"'`"):
		return nothing // a variable
	}
	return guessed
}

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// random reports whether a value mixes digits and letters as words do not: some
// digits and many changes, or one and a change with nearly every letter, as
// encoded values have.
func random(value string) bool {
	digits, upper, lower, changes := 0, 0, 0, 0
	var last byte
	for i := range len(value) {
		kind := byte('x')
		switch c := value[i]; {
		case c >= '0' && c <= '9':
			digits++
			kind = '0'
		case c >= 'A' && c <= 'Z':
			upper++
			kind = 'A'
		case c >= 'a' && c <= 'z':
			lower++
			kind = 'a'
		}
		if i > 0 && kind != last {
			changes++
		}
		last = kind
	}
	return digits >= 2 && upper+lower >= 2 && changes*5 >= len(value) ||
		digits >= 1 && upper >= 2 && lower >= 2 && changes*2 >= len(value)
}

// samples are parts of values that stand for others, or that everybody knows.
var samples = []string{"example", "xxxx", "****", "....", "changeme", "change-me", "change_me", "dummy", "fake", "placeholder", "redacted",
	"sample", "replace", "insert", "your-", "your_", "12345678", "87654321", "abcdefgh", "abcdef0", "00000000", "deadbeef", "abc123", "foobar", "notreal", "not-real"}

// sample reports whether a value plainly is no secret of anybody's: filled in
// later, made up for a document, or encrypted in place.
func sample(value string) bool {
	if secrecy.Placeholder(value) || secrecy.Encrypted(value) || strings.ContainsAny(value, "<>{}$") {
		return true
	}
	lower := strings.ToLower(value)
	for _, s := range samples {
		if strings.Contains(lower, s) {
			return true
		}
	}
	return sealed(value)
}

// sealed reports whether a value is encrypted for a controller, as kubeseal
// does: a long base64 text that starts with the length of its key.
func sealed(value string) bool { return len(value) > 200 && strings.HasPrefix(value, "Ag") }

// privateKey believes a key only if there is one between its lines.
func privateKey(match string) doubt {
	lines := strings.FieldsFunc(match, func(r rune) bool { return r == '\n' || r == '\r' })
	body, encrypted := 0, false
	for _, l := range lines {
		if l = strings.Trim(l, " \t\"'`+,\\"); strings.Contains(l, "-----") {
			if len(lines) <= 2 { // written into one line
				body = len(l) - 60
			}
			continue
		}
		encrypted = encrypted || strings.Contains(l, "ENCRYPTED")
		if !strings.ContainsAny(l, "<>{}$*. :") {
			body += len(l)
		}
	}
	switch {
	case body < 80 || strings.Contains(match, "...") || strings.Contains(strings.ToLower(match), "example"):
		return nothing
	case encrypted || strings.Contains(match, "BEGIN ENCRYPTED"):
		return guessed // as good as its passphrase
	}
	return certain
}

// settings reports whether a file configures something.
func settings(file string) bool {
	switch ext := strings.ToLower(path.Ext(file)); ext {
	case ".yaml", ".yml", ".json", ".toml", ".ini", ".conf", ".cfg", ".cnf", ".env", ".properties", ".tfvars", ".tfstate", ".xml", ".config", ".npmrc", ".pypirc", ".netrc":
		return true
	}
	base := strings.ToLower(path.Base(file))
	return strings.HasPrefix(base, ".env") || strings.HasSuffix(base, "rc") && strings.HasPrefix(base, ".") || strings.Contains(base, "credentials")
}

// code reports whether a file is a program, in which names stand beside names.
func code(file string) bool {
	switch strings.ToLower(path.Ext(file)) {
	case ".go", ".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".vue", ".svelte", ".java", ".kt", ".scala", ".groovy", ".cs", ".fs", ".vb", ".rb", ".php",
		".rs", ".c", ".h", ".cc", ".cpp", ".hpp", ".m", ".swift", ".dart", ".ex", ".exs", ".erl", ".lua", ".pl", ".pm", ".r", ".jl", ".sql", ".t", ".css", ".html", ".proto", ".graphql":
		return true
	}
	return false
}

// tests are names of files that test, and of what they are fed.
var tests = regexp.MustCompile(`(?i)(?:^test_|(?:^|[._-])(?:tests?|spec|mocks?|fakes?|dummy|fixtures?|examples?|samples?|dist|template)[._-]|[._-](?:test|spec|mock)s?$|_test_?data\.|\.(?:example|sample|dist|template|tpl|tmpl)$)`)

// aside reports whether a file explains or tests what others deploy.
func aside(file string) bool {
	if bundles.Aside(file) || tests.MatchString(path.Base(file)) {
		return true
	}
	switch strings.ToLower(path.Ext(file)) {
	case ".md", ".mdx", ".rst", ".adoc", ".asciidoc", ".tex", ".ipynb":
		return true
	}
	return false
}
