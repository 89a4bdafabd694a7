package bundles

import (
	"path"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

var (
	// almost are names that hold production's and mean what comes before it.
	almost        = regexp.MustCompile(`(?i)(?:^|[-_./ ])(?:pre|non|not)[-_. ]?(?:prod|production|prd|live)(?:$|[-_./ 0-9])`)
	production    = regexp.MustCompile(`(?i)(?:^|[-_./ ])(?:prod|production|prd|live)(?:$|[-_./ 0-9])`)
	notProduction = regexp.MustCompile(`(?i)(?:^|[-_./ ])(?:dev|devel|development|test|tests|testing|qa|uat|stg|stage|staging|sandbox|local|localhost|minikube|kind|k3d|k3s|ci|e2e|preview|preprod|pre-prod|demo|debug)(?:$|[-_./ 0-9])`)
)

// MarkVariants decides which sets are production-like. Among the variants of a
// bundle those named for production are, if there are any; otherwise those
// not named for another environment; otherwise all. Folders of manifests that
// repeat each other count as variants of the folder above them.
func MarkVariants(sets []*fact.Set) {
	families := map[string][]*fact.Set{}
	var order []string
	for _, s := range sets {
		key := s.Source + " " + s.Bundle
		if s.Variant == "" {
			key = s.Source + " " + path.Dir(s.Bundle) + "/"
		}
		if families[key] == nil {
			order = append(order, key)
		}
		families[key] = append(families[key], s)
	}
	for _, key := range order {
		mark(families[key])
	}
}

func mark(family []*fact.Set) {
	if len(family) == 1 {
		family[0].ProductionLike = true
		return
	}
	prod, neutral := 0, 0
	for _, s := range family {
		switch environment(s) {
		case 1:
			prod++
		case 0:
			neutral++
		}
	}
	for _, s := range family {
		e := environment(s)
		switch {
		case s.Variant == "" && e == 0: // a folder of its own, not an environment
			s.ProductionLike = true
		case prod > 0:
			s.ProductionLike = e == 1
		case neutral > 0:
			s.ProductionLike = e == 0
		default:
			s.ProductionLike = true
		}
	}
}

// environment returns 1 for a name of production, -1 for one of another
// environment, 0 for neither.
func environment(s *fact.Set) int {
	name := s.Variant
	if name == "" {
		name = path.Base(s.Bundle)
	}
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".yaml"), ".yml")
	switch {
	case almost.MatchString(name):
		return -1
	case production.MatchString(name):
		return 1
	case notProduction.MatchString(name):
		return -1
	}
	return 0
}
