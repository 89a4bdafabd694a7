package bundles

import (
	"maps"
	"slices"

	"seaworthy.dev/seaworthy/internal/fact"
)

// DropCopies leaves out plain sets whose objects all stand, with the same
// content, in one rendered set: a release file made from a chart, say. Objects
// must carry digests.
func DropCopies(sets []*fact.Set) []*fact.Set {
	rendered := map[*fact.Set]map[content]bool{}
	for _, s := range sets {
		if s.Source == "kube" {
			continue
		}
		rendered[s] = contents(s)
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

// content is an object with what it says.
type content struct {
	identity
	digest uint64
}

func contents(s *fact.Set) map[content]bool {
	out := make(map[content]bool, len(s.Objects))
	for _, o := range s.Objects {
		out[content{identityOf(o), o.Digest}] = true
	}
	return out
}

// DropCopiedFiles leaves out files that hold exactly what one of the sets does,
// object by object: an installation file that was rendered from an overlay, say.
// What else stands beside such a file is deployed without it. A file with one
// object may be the overlay's own source, and stays.
func DropCopiedFiles(parts []Part, sets []*fact.Set) []Part {
	var rendered []map[content]bool
	for _, s := range sets {
		if s.Source != "kube" && len(s.Objects) > 1 && len(s.Coverage.Holes) == 0 {
			rendered = append(rendered, contents(s))
		}
	}
	if len(rendered) == 0 {
		return parts
	}
	return slices.DeleteFunc(slices.Clone(parts), func(p Part) bool {
		if len(p.Facts.Objects) < 2 || len(p.Facts.Coverage.Holes) > 0 {
			return false
		}
		mine := contents(p.Facts)
		return slices.ContainsFunc(rendered, func(r map[content]bool) bool { return maps.Equal(r, mine) })
	})
}
