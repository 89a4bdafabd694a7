package bundles

import (
	"iter"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
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
	MarkAside(sets, false)
}

func markVariants(family []*fact.Set) {
	best := -1
	for _, s := range family {
		best = max(best, environment(s.Variant))
	}
	for _, s := range family {
		s.ProductionLike = environment(s.Variant) == best
	}
	if family[0].Source == "kube" { // what a chart is rendered with may be named for the version of something else
		markReleases(family)
	}
}

func markFolders(folders []*fact.Set) {
	var others []*fact.Set // named for another environment
	holders := map[identity][]*fact.Set{}
	for _, s := range folders {
		if environment(s.Bundle) < 0 {
			others = append(others, s)
			continue
		}
		for _, o := range s.Objects {
			id := identityOf(o)
			if known := holders[id]; len(known) == 0 || known[len(known)-1] != s {
				holders[id] = append(known, s)
			}
		}
	}
	for _, s := range others {
		same := map[*fact.Set]int{}
		for _, o := range s.Objects {
			for _, t := range holders[identityOf(o)] {
				if same[t]++; same[t]*2 >= len(s.Objects) {
					s.ProductionLike = false
				}
			}
		}
	}
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

// Production reports whether a name is one of production.
func Production(name string) bool { return environment(name) > 0 }

// environment returns 1 for a name of production, -1 for one of another
// environment, 0 for neither. Production's own name beats that of another
// environment, and one that means what comes before production, such as
// pre-prod, beats both.
func environment(name string) int {
	name = strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(name, ".yaml"), ".yml"))
	found := 0
	before := "" // the word before, where no slash parts them
	for len(name) > 0 {
		end := strings.IndexAny(name, separators)
		if end < 0 {
			end = len(name)
		}
		word := name[:end]
		for stem := range stems(word) {
			switch {
			case almost(before) && production(stem), len(stem) > 3 && almost(stem[:3]) && production(stem[3:]):
				return -1
			case production(stem):
				found = 1
			case elsewhere(stem) && found == 0:
				found = -1
			}
		}
		if before = word; end < len(name) {
			if name[end] == '/' {
				before = ""
			}
			end++
		}
		name = name[end:]
	}
	return found
}

// separators part the words of a name.
const separators = "-_./ "

// stems yields a word, and what stands in it before a digit: "prod" of "prod2".
func stems(word string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := 1; i < len(word); i++ {
			if word[i] >= '0' && word[i] <= '9' && !yield(word[:i]) {
				return
			}
		}
		yield(word)
	}
}

func almost(word string) bool { return word == "pre" || word == "non" || word == "not" }

func production(word string) bool {
	switch word {
	case "prod", "production", "prd", "live":
		return true
	}
	return false
}

func elsewhere(word string) bool {
	switch word {
	case "dev", "devcontainer", "tilt", "devel", "development", "test", "tests", "testing", "qa", "uat", "stg", "stage", "staging", "sandbox", "local", "localhost",
		"minikube", "kind", "k3d", "k3s", "ci", "e2e", "preview", "demo", "debug":
		return true
	}
	return false
}
