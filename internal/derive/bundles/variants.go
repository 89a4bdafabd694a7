package bundles

import (
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

var (
	// almost are names that hold production's and mean what comes before it.
	almost        = regexp.MustCompile(`(?i)(?:^|[-_./ ])(?:pre|non|not)[-_. ]?(?:prod|production|prd|live)(?:$|[-_./ 0-9])`)
	production    = regexp.MustCompile(`(?i)(?:^|[-_./ ])(?:prod|production|prd|live)(?:$|[-_./ 0-9])`)
	notProduction = regexp.MustCompile(`(?i)(?:^|[-_./ ])(?:dev|devel|development|test|tests|testing|qa|uat|stg|stage|staging|sandbox|local|localhost|minikube|kind|k3d|k3s|ci|e2e|preview|(?:pre|non)-?prod(?:uction)?|demo|debug)(?:$|[-_./ 0-9])`)
)

// MarkVariants decides which sets are production-like. Among the variants of a
// bundle those named for production are, if there are any; otherwise those
// not named for another environment; otherwise all. Folders of plain manifests
// have no variants, but one that is named for another environment and repeats
// most objects of a folder that is not counts as such. Documentation, examples
// and tests count where there is nothing else.
func MarkVariants(sets []*fact.Set) {
	families := map[string][]*fact.Set{}
	var folders []*fact.Set
	for _, s := range sets {
		s.ProductionLike = true
		if s.Variant == "" {
			folders = append(folders, s)
			continue
		}
		key := s.Source + " " + s.Bundle
		families[key] = append(families[key], s)
	}
	for _, family := range families {
		markVariants(family)
	}
	markFolders(folders)
	markAside(sets)
}

func markVariants(family []*fact.Set) {
	best := -1
	for _, s := range family {
		best = max(best, environment(s.Variant))
	}
	for _, s := range family {
		s.ProductionLike = environment(s.Variant) == best
	}
}

func markFolders(folders []*fact.Set) {
	environments := make([]int, len(folders))
	for i, s := range folders {
		environments[i] = environment(s.Bundle)
	}
	held := map[*fact.Set]map[identity]bool{}
	for i, s := range folders {
		for j, t := range folders {
			if environments[i] >= 0 || environments[j] <= environments[i] {
				continue
			}
			if held[t] == nil {
				held[t] = map[identity]bool{}
				for _, o := range t.Objects {
					held[t][identityOf(o)] = true
				}
			}
			if repeats(s, held[t]) {
				s.ProductionLike = false
				break
			}
		}
	}
}

// repeats reports whether at least half of the objects of s stand there too.
func repeats(s *fact.Set, there map[identity]bool) bool {
	same := 0
	for _, o := range s.Objects {
		if there[identityOf(o)] {
			same++
		}
	}
	return same > 0 && same*2 >= len(s.Objects)
}

// ByEnvironment orders names for production first and those for another
// environment last, and says how many of them stand for the same kind of
// environment as the first.
func ByEnvironment[T any](list []T, name func(T) string) (first int) {
	slices.SortStableFunc(list, func(a, b T) int { return environment(name(b)) - environment(name(a)) })
	for first < len(list) && environment(name(list[first])) == environment(name(list[0])) {
		first++
	}
	return first
}

// OtherEnvironment reports whether one of the names is that of an environment
// other than production, and none is production's.
func OtherEnvironment(names ...string) bool {
	lowest, highest := 0, 0
	for _, n := range names {
		lowest, highest = min(lowest, environment(n)), max(highest, environment(n))
	}
	return lowest < 0 && highest == 0
}

// environment returns 1 for a name of production, -1 for one of another
// environment, 0 for neither. Names are words between separators.
func environment(name string) int {
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
