package cost

import (
	"slices"
	"strings"
)

// Change is how one thing's cost differs between two estimates.
type Change struct {
	// Name of the workload or resource, Service to which it belongs.
	Service, Name string
	// Then and Now are sums of the kinds of cost that have a figure; Gone and New
	// are true where it is only in one estimate.
	Then, Now Range
	New, Gone bool
}

// Range is money from low to high. Unbounded ones have no high end; Unknown counts
// what has no figure.
type Range struct {
	Low, High float64
	Unbounded bool
	Unknown   int
}

// add adds a line.
func (r *Range) add(l Line) {
	switch {
	case l.Unknown != "":
		r.Unknown++
	case l.Capacity:
	default:
		r.Low, r.High, r.Unbounded = r.Low+l.Low, r.High+l.High, r.Unbounded || l.Unbounded
	}
}

// Group sums lines by a key, in the order of the keys.
func Group(lines []Line, key func(Line) string) (keys []string, sums map[string]Range) {
	sums = map[string]Range{}
	for _, l := range lines {
		k := key(l)
		r, seen := sums[k]
		if !seen {
			keys = append(keys, k)
		}
		r.add(l)
		sums[k] = r
	}
	slices.Sort(keys)
	return keys, sums
}

// Compare returns what differs between two estimates, name by name.
func Compare(then, now []Line) []Change {
	key := func(l Line) string { return l.Service + "\x00" + l.Name }
	before, old := Group(then, key)
	after, fresh := Group(now, key)
	all := slices.Concat(before, after)
	slices.Sort(all)
	var out []Change
	for _, k := range slices.Compact(all) {
		a, was := old[k]
		b, is := fresh[k]
		if was && is && a == b {
			continue
		}
		service, name, _ := strings.Cut(k, "\x00")
		out = append(out, Change{Service: service, Name: name, Then: a, Now: b, New: !was, Gone: !is})
	}
	return out
}
