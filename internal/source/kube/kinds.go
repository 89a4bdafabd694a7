package kube

import (
	"maps"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// kind is what the reader knows of a kind of object: the facts that it yields
// and how to read them.
type kind struct {
	yields  []fact.Kind
	extract func(r Reader, o *object, into *Fragment)
}

// allKinds maps "group/Kind" to what is known of it; the core group is empty.
func allKinds() map[string]kind {
	all := map[string]kind{}
	for _, table := range []map[string]kind{
		workloadKinds(), serviceKinds(), scalingKinds(), rolloutKinds(), policyKinds(), accessKinds(),
		secretKinds(), secretFeedKinds(), certificateKinds(), meshKinds(), watchKinds(), objectiveKinds(), reconcilerKinds(), backupKinds(), placeKinds(),
	} {
		maps.Copy(all, table)
	}
	return all
}

// yields is short for a list of kinds of facts.
func yields(kinds ...fact.Kind) []fact.Kind { return kinds }

// Yields returns, for each kind of fact, the kinds of Kubernetes objects that
// it is read from, sorted by name.
func Yields() map[fact.Kind][]string {
	out := map[fact.Kind][]string{}
	for name, k := range allKinds() {
		for _, y := range k.yields {
			out[y] = append(out[y], name[strings.IndexByte(name, '/')+1:])
		}
	}
	for y := range out {
		slices.Sort(out[y])
		out[y] = slices.Compact(out[y])
	}
	return out
}
