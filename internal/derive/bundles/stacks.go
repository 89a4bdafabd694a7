package bundles

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// MarkStacks decides which sets of infrastructure as code are production-like.
// Among the variants of one folder it is as MarkVariants says. Folders that are
// named for another environment are left out where a folder beside them is
// named for production: envs/dev/network where there is envs/prod.
func MarkStacks(sets []*fact.Set) {
	families := map[string][]*fact.Set{}
	production := map[string]bool{}
	for _, s := range sets {
		s.ProductionLike = true
		families[s.Bundle] = append(families[s.Bundle], s)
		steps := strings.Split(s.Bundle, "/")
		for i, step := range steps {
			if environment(step) > 0 {
				production[strings.Join(steps[:i], "/")] = true
			}
		}
	}
	for _, family := range families {
		if len(family) > 1 {
			markVariants(family)
		}
	}
	for _, s := range sets {
		steps := strings.Split(s.Bundle, "/")
		for i, step := range steps {
			if environment(step) < 0 && production[strings.Join(steps[:i], "/")] && !anyProduction(steps[i+1:]) {
				s.ProductionLike = false
			}
		}
	}
}

// anyProduction reports whether one of the names is production's.
func anyProduction(names []string) bool {
	for _, n := range names {
		if environment(n) > 0 {
			return true
		}
	}
	return false
}
