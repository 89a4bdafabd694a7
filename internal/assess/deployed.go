package assess

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/derive/delivery"
	"seaworthy.dev/seaworthy/internal/fact"
)

// deployed reports whether the service runs something, or builds or brings out what
// runs elsewhere, as far as is known: what could not be read may do so, and so does
// what a manifest of its own describes. A library does not.
func (s *Service) deployed(judged []*fact.Set) bool {
	if s.Manifest != "" || len(delivery.Of(judged)) > 0 {
		return true
	}
	return slices.ContainsFunc(judged, func(set *fact.Set) bool {
		return len(set.Objects)+len(set.Workloads)+len(set.Cloud)+len(set.Stacks)+len(set.StateFiles)+len(set.Builds)+len(set.Reconcilers)+len(set.Alerts) > 0 ||
			slices.ContainsFunc(set.Coverage.Holes, func(h fact.Hole) bool { return h.Touches(fact.Workloads) })
	})
}
