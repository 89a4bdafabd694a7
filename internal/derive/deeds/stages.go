package deeds

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// checkingStages are words in the name of a stage or a target that checks instead
// of building: docker buildx bake lint, docker build --target vet.
var checkingStages = strings.Fields("lint lints linter vet validate verify check checks style format fmt static test tests")

// stages says that a command builds stages of a Dockerfile whose names say that
// they check: what these run is not read.
func stages(name string, words []string) *fact.Opaque {
	if name != "docker" && name != "podman" && name != "buildah" {
		return nil
	}
	flags, plain := arguments(name, words[1:])
	var targets []string
	switch {
	case len(plain) > 1 && plain[0] == "buildx" && plain[1] == "bake":
		targets = plain[2:]
	case len(plain) > 0 && plain[0] == "bake":
		targets = plain[1:]
	}
	for _, flag := range flags {
		if target, found := strings.CutPrefix(flag, "--target="); found {
			targets = append(targets, target)
		}
	}
	return checks(brief(words), targets)
}

// checks says that what runs by one of the targets is not read.
func checks(what string, targets []string) *fact.Opaque {
	for _, target := range targets {
		for word := range strings.FieldsFuncSeq(strings.ToLower(target), func(r rune) bool { return r < 'a' || r > 'z' }) {
			if slices.Contains(checkingStages, word) {
				return &fact.Opaque{What: what, Why: "what the stages of the Dockerfile run is not read", Builder: true}
			}
		}
	}
	return nil
}

// speakers are programs to which a command among the arguments is a text.
var speakers = strings.Fields("echo printf grep egrep fgrep rg sed awk git gh glab cat test jq yq curl logger notify-send say export read die fail error info log")

// handed says that an unknown program is handed a command that lints or checks, in
// one word: whether its failure is passed on cannot be told.
func (b *Book) handed(name string, words []string, depth int) *fact.Opaque {
	if slices.Contains(speakers, name) || b.programs[name] != nil || lints[name] != "" {
		return nil
	}
	for _, word := range words[1:] {
		if inner := strings.Fields(word); len(inner) > 1 && len(b.words(inner, depth+1).Deeds) > 0 {
			return &fact.Opaque{What: brief(words), Why: "whether it passes on that `" + brief(inner) + "` failed is not known"}
		}
	}
	return nil
}
