package bundles

import (
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// aside are names of folders that explain or test what others deploy.
var aside = regexp.MustCompile(`(?i)^(?:docs?|documentation|examples?|samples?|tests?|testing|test[-_]?data|fixtures?|__fixtures__|__tests__|e2e|(?:e2e|unit|integration|acceptance|conformance|smoke|load)[-_]?tests?)$`)

// applications are names of folders whose folders are applications, whatever
// they are called: apps/docs serves the documentation.
var applications = regexp.MustCompile(`(?i)^(?:apps?|applications?|services?|packages?|projects?|workloads?)$`)

func standsAside(parent, step string) bool {
	return aside.MatchString(step) && !applications.MatchString(parent)
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
func Aside(path string) bool {
	parent := ""
	for step := range strings.SplitSeq(path, "/") {
		if standsAside(parent, step) {
			return true
		}
		parent = step
	}
	return false
}

// MarkAside leaves out what stands aside, provided that something does not and
// runs, or was rendered, or applies another place; what a reconciler applies is
// deployed after all.
func MarkAside(sets []*fact.Set) {
	var real, left []*fact.Set
	for _, s := range sets {
		switch {
		case Aside(s.Bundle):
			left = append(left, s)
		case s.ProductionLike && (s.Source == "helm" || s.Source == "kustomize" || len(s.Workloads)+len(s.Reconcilers)+len(s.Cloud) > 0):
			real = append(real, s)
		}
	}
	if len(real) == 0 {
		return
	}
	applied := func(s *fact.Set) bool {
		return slices.ContainsFunc(fact.ReconcilersIn(real), s.Holds)
	}
	for _, s := range left {
		s.ProductionLike = s.ProductionLike && applied(s)
	}
}
