package owner

import "strings"

// Plain returns a team's name without the form in which a place writes it:
// "@acme/team-payments", "group:default/team-payments" and "Team Payments" are
// all team-payments. An address stays as it is.
func Plain(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if IsAddress(name) {
		return name
	}
	name = strings.TrimLeft(name, "@")
	if kind, rest, found := strings.Cut(name, ":"); found && kind != "ari" {
		name = rest
	}
	name = name[strings.LastIndexByte(name, '/')+1:]
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == '.' || r == ' ' }), "-")
}

// Same reports whether two names are those of one team: in their plain form, and
// whether or not the word team stands before or behind it.
func Same(a, b string) bool {
	a, b = bare(Plain(a)), bare(Plain(b))
	return a != "" && a == b
}

func bare(name string) string {
	if short := strings.TrimSuffix(strings.TrimPrefix(name, "team-"), "-team"); short != "" {
		return short
	}
	return name
}

// IsAddress reports whether the text is an e-mail address.
func IsAddress(text string) bool {
	name, host, found := strings.Cut(text, "@")
	return found && name != "" && strings.Contains(host, ".") && !strings.ContainsAny(text, "/: ")
}
