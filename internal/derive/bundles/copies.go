package bundles

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/fact"
)

// DropCopies leaves out plain sets whose objects all stand, with the same
// content, in one rendered set: a release file made from a chart, say. Objects
// must carry digests.
func DropCopies(sets []*fact.Set) []*fact.Set {
	type content struct {
		identity
		digest uint64
	}
	rendered := map[*fact.Set]map[content]bool{}
	for _, s := range sets {
		if s.Source == "kube" {
			continue
		}
		rendered[s] = map[content]bool{}
		for _, o := range s.Objects {
			rendered[s][content{identityOf(o), o.Digest}] = true
		}
	}
	return slices.DeleteFunc(sets, func(s *fact.Set) bool {
		if s.Source != "kube" || len(s.Objects) == 0 || len(s.Coverage.Holes) > 0 {
			return false
		}
		for _, original := range rendered {
			if !slices.ContainsFunc(s.Objects, func(o *fact.Object) bool { return !original[content{identityOf(o), o.Digest}] }) {
				return true
			}
		}
		return false
	})
}
