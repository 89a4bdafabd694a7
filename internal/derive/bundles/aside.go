package bundles

import (
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// explains are names of folders that show how others deploy, or that hold what
// developers run for themselves.
var explains = regexp.MustCompile(`(?i)^(?:docs?|documentation|_?examples?|_?samples?|tutorials?|hack)$`)

// scripts are folders of those that hold builds of what is released, too.
var scripts = regexp.MustCompile(`(?i)^hack$`)

// tests are names of folders that hold tests and what these read.
var tests = regexp.MustCompile(`(?i)^(?:tests?|testing|e2e|(?:e2e|unit|integration|acceptance|conformance|smoke|load)[-_]?tests?)$`)

// fixtures are names of folders that hold what tests read; no application is
// called so.
var fixtures = regexp.MustCompile(`(?i)^(?:test[-_]?(?:data|files|fixtures?)[0-9]*|fixtures?|__(?:fixtures?|tests?|snapshots?|mocks?)__)$`)

// tooling are names of folders that equip those who work on the code.
var tooling = regexp.MustCompile(`(?i)^\.(?:devcontainer|github|gitlab|circleci|buildkite|azure-pipelines|gitpod|vscode)$`)

// applications are names of folders whose folders are applications, whatever
// they are called: apps/docs serves the documentation.
var applications = regexp.MustCompile(`(?i)^(?:apps?|applications?|services?|packages?|projects?|workloads?)$`)

func standsAside(parent, step string) bool {
	return fixtures.MatchString(step) || (explains.MatchString(step) || tests.MatchString(step)) && !applications.MatchString(parent)
}

// Application returns the folder of the application in which a folder stands: the
// one below a folder that is called for several of them; ok is false where it
// stands in none.
func Application(dir string) (folder string, ok bool) {
	steps := strings.Split(dir, "/")
	for i := range len(steps) - 1 {
		if applications.MatchString(steps[i]) && strings.HasSuffix(steps[i], "s") {
			return strings.Join(steps[:i+2], "/"), true
		}
	}
	return "", false
}

// Aside reports whether a path leads into documentation, examples or tests.
func Aside(path string) bool { return leads(path, standsAside) }

// AsideImage is Aside for a file that builds an image: beside scripts for
// developers stand builds of what is released.
func AsideImage(path string) bool {
	return leads(path, func(parent, step string) bool { return standsAside(parent, step) && !scripts.MatchString(step) })
}

// Tested reports whether a path leads into tests or what they read: nobody
// deploys that, even where nothing else is found. A folder that is just called
// test counts at the root alone, for overlays/test is an environment.
func Tested(path string) bool {
	return leads(path, func(parent, step string) bool {
		return fixtures.MatchString(step) || tests.MatchString(step) && !applications.MatchString(parent) && (parent == "" || !strings.EqualFold(step, "test"))
	})
}

// Tooling reports whether a path leads into what equips those who work on the
// code: an editor's container, the images of the pipelines.
func Tooling(path string) bool {
	return leads(path, func(_, step string) bool { return tooling.MatchString(step) })
}

// leads reports whether a step of the path is one of those that are looked for.
func leads(path string, is func(parent, step string) bool) bool {
	parent := ""
	for step := range strings.SplitSeq(path, "/") {
		if is(parent, step) {
			return true
		}
		parent = step
	}
	return false
}

// absent reports whether a chart that something aside installs is not here.
func absent(s *fact.Set) bool {
	return len(s.Objects) == 0 && len(s.Coverage.Holes) > 0 && !slices.ContainsFunc(s.Coverage.Holes, func(h fact.Hole) bool { return !Aside(h.File) })
}

// MarkAside leaves out tests, and what explains where something else runs, or was
// rendered, or applies another place, or where the repository is that of a program
// or a library, whose examples are no deployment. What a reconciler applies is
// deployed after all.
func MarkAside(sets []*fact.Set, program bool) {
	var real, left []*fact.Set
	for _, s := range sets {
		switch {
		case s.Source == "dockerfile" && AsideImage(s.Bundle), s.Source != "dockerfile" && Aside(s.Bundle):
			left = append(left, s)
		case s.ProductionLike && (s.Source == "helm" && !absent(s) || s.Source == "kustomize" || len(s.Workloads)+len(s.Reconcilers)+len(s.Cloud) > 0):
			real = append(real, s)
		}
	}
	applied := func(s *fact.Set) bool {
		return slices.ContainsFunc(fact.ReconcilersIn(real), s.Holds)
	}
	for _, s := range left {
		if len(real) > 0 || program || Tested(s.Bundle) {
			s.ProductionLike = s.ProductionLike && applied(s)
		}
	}
}
