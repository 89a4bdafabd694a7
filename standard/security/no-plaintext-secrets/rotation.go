package noplaintextsecrets

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
)

// short is the leak's fingerprint with as much of its commit as git shows.
func short(l *fact.Leaked) string {
	full := l.Fingerprint()
	if len(l.Commit) < 12 {
		return full
	}
	return l.Commit[:12] + strings.TrimPrefix(full, l.Commit)
}

// rotation returns the declaration that names the leak by its fingerprint.
func rotation(in expect.Input, all []*fact.Leaked) *fact.Attestation {
	if in.Declared == nil {
		return nil
	}
	for _, a := range in.Declared.Attestations {
		if a.Expectation != id {
			continue
		}
		for _, name := range append(strings.FieldsFunc(a.Scope, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }), a.Scope) {
			if slices.ContainsFunc(all, func(l *fact.Leaked) bool { return names(name, l) }) {
				return a
			}
		}
	}
	return nil
}

// names reports whether a text is the leak's fingerprint; the commit may be
// written short.
func names(text string, l *fact.Leaked) bool {
	commit, place, _ := strings.Cut(text, ":")
	full := l.Fingerprint()
	if text == full || l.Commit != "" && l.Commit+":"+text == full {
		return true
	}
	return len(commit) >= 7 && l.Commit != "" && strings.HasPrefix(l.Commit, commit) && strings.HasSuffix(full, ":"+place)
}
