package bundles

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// versioned splits the name of a file that holds one release of something: web-1.26.0-rc1.yaml.
var versioned = regexp.MustCompile(`^(.*?)[-_.]?v?([0-9]+(?:\.[0-9]+){1,3})(-[0-9A-Za-z.]+)?\.(?:ya?ml|json)(?: and [0-9]+ more)?$`)

// markReleases leaves the newest of the releases that stand beside one another:
// the earlier ones are kept for those who ask for them.
func markReleases(family []*fact.Set) {
	newest := map[string]*release{}
	var all []*release
	for _, s := range family {
		r := releaseOf(s)
		if r == nil {
			continue
		}
		all = append(all, r)
		if n := newest[r.stem]; n == nil || r.after(n) {
			newest[r.stem] = r
		}
	}
	for _, r := range all {
		r.set.ProductionLike = r.set.ProductionLike && newest[r.stem] == r
	}
}

type release struct {
	set     *fact.Set
	stem    string
	numbers []int
	before  string // what marks a release before the one of these numbers
}

func releaseOf(s *fact.Set) *release {
	m := versioned.FindStringSubmatch(s.Variant)
	if m == nil {
		return nil
	}
	r := &release{set: s, stem: m[1], before: m[3]}
	for part := range strings.SplitSeq(m[2], ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil
		}
		r.numbers = append(r.numbers, n)
	}
	return r
}

// after reports whether a release is later than another one.
func (r *release) after(other *release) bool {
	if c := slices.Compare(r.numbers, other.numbers); c != 0 {
		return c > 0
	}
	if r.before == "" || other.before == "" {
		return r.before == "" && other.before != ""
	}
	return r.before > other.before
}
