package noplaintextsecrets

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// build judges what a build leaves in the image and in its history. A stage that
// does not run keeps its files out of the image, but its arguments and
// variables stand in the Dockerfile and in the history all the same.
func build(out *verdict.Findings, b *fact.ImageBuild) {
	clean := true
	for _, l := range b.Leaks {
		ref := b.Ref.At(l.At).Within(l.How + " " + l.Name)
		switch {
		case l.How == "file" && !b.Within(l.Stage):
			out.Note(ref, "builder-secret", "%s copies %s (%s) into a stage that does not run; it stays in the build's cache", b.Name, l.Name, l.Smell)
			continue
		case l.How == "file":
			out.Fail(ref, "secret-in-image", "%s copies %s, by its name %s, into the image, where everyone who can pull it reads it", b.Name, l.Name, l.Smell)
		case l.How == "argument" && l.Smell == "" && b.Within(l.Stage):
			out.Fail(ref, "secret-argument", "build argument %s of %s, by its name a secret, stays in the image's history", l.Name, b.Name)
		case l.How == "argument" && l.Smell == "":
			out.Note(ref, "builder-secret", "build argument %s of %s, by its name a secret, stays in the cache of a stage that does not run", l.Name, b.Name)
			continue
		case l.How == "argument":
			out.Fail(ref, "secret-argument", "build argument %s of %s has %s as its default", l.Name, b.Name, l.Smell)
		case l.How == "variable":
			out.Fail(ref, "secret-in-image", "variable %s of %s holds %s, which everyone who can pull the image reads", l.Name, b.Name, l.Smell)
		default:
			out.Fail(ref, "secret-in-image", "a command of %s (%s) holds %s, which stays in the image's history", b.Name, l.Name, l.Smell)
		}
		clean = false
	}
	if clean {
		out.Pass(b.Ref, "clean-build", "%s brings no secret into its image", b.Name)
	}
}
