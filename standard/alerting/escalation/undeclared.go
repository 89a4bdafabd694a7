package escalation

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/discovered"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// undeclared says which services of the organisation are called and named nowhere:
// nobody can be called for what nobody knows of.
func undeclared(out *verdict.Findings, in expect.Input) {
	seen := map[string]bool{}
	for _, set := range in.All {
		_, called := discovered.Parties(set)
		for _, p := range called {
			name, _, _ := strings.Cut(p.Host, ".")
			switch {
			case seen[p.Host] || declares(in.Declared, p.Host, name) || discovered.Served(in.All, p.Host):
			case in.Declared == nil || in.Declared.Manifest == "":
				out.Unclear(p.Ref, "no-manifest", "%s, and no seaworthy.yaml says whom to call when that fails", p.Says)
			default:
				out.Lacks(p.Ref, []fact.Kind{fact.Manifest}, "undeclared-dependency", "%s, and %s does not name it (`- {name: %s, hosts: [%s]}` under `dependencies` does)", p.Says, in.Declared.Manifest, name, p.Host)
			}
			seen[p.Host] = true
		}
	}
}

// declares reports whether the host is one of a declared dependency or store: one
// that it lists, or one that starts with its name.
func declares(d *fact.Declarations, host, name string) bool {
	if d == nil {
		return false
	}
	return slices.ContainsFunc(d.Dependencies, func(p *fact.Dependency) bool {
		return strings.EqualFold(p.Name, name) || slices.ContainsFunc(p.Hosts, func(h string) bool { return discovered.Matches(h, host) })
	}) || slices.ContainsFunc(d.Stores, func(s *fact.DeclaredStore) bool {
		return strings.EqualFold(s.Name, name) || strings.HasPrefix(name, strings.ToLower(s.Name)+"-")
	})
}
