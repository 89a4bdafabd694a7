package validation

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// opaque returns something that runs before a merge and could not be read: it may
// be what is missing. Targets of build tools may lint, but know no manifests.
func opaque(list []*fact.Pipeline, builders bool) *fact.Opaque {
	var found *fact.Opaque
	for _, p := range list {
		for _, j := range p.Jobs {
			for _, s := range j.Steps {
				for i := range s.Opaque {
					o := &s.Opaque[i]
					if !s.When.BeforeMerge() || o.Builder && !builders || says(o.What, otherWork) {
						continue
					}
					if says(o.What, checking) {
						return o
					}
					if found == nil {
						found = o
					}
				}
			}
		}
	}
	return found
}

// checking are words in the name of a program that checks, otherWork those in the
// name of one that does something else.
var (
	checking  = []string{"lint", "linter", "validate", "validation", "verify", "policy", "policies", "conform", "schema", "ci", "preflight"}
	otherWork = []string{"gen", "generate", "generator", "generated", "codegen", "doc", "docs", "version", "versions", "release", "install", "setup", "changelog", "publish", "coverage", "license", "licenses", "bench", "benchmark", "benchmarks", "download", "deps", "clean"}
)

func says(what string, words []string) bool {
	for word := range strings.FieldsFuncSeq(strings.ToLower(what), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if slices.Contains(words, word) {
			return true
		}
	}
	return false
}
