package cost

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Estimate is what things cost a month.
type Estimate struct {
	// Service and its owner; empty where nobody says.
	Service, Owner string
	Book           *Book
	Lines          []Line
	// Assumption is what was taken for granted; empty where nothing was.
	Assumption string
}

// Line is one thing that is paid for.
type Line struct {
	fact.Ref
	// Service and Owner to whom it belongs; empty where nobody says.
	Service, Owner string
	// Name is what is paid for, Kind what kind of thing it is: a workload's "cpu",
	// "memory", "gpu" or "volume"; machine, database, cache, cluster, network,
	// storage, queue.
	Name, Kind string
	// Says describes the amount: "2 to 6 x 500m".
	Says string
	// Unit of the quantity, and the price of one of it: "vCPU-hour".
	Unit      string
	UnitPrice float64
	// LowQuantity and HighQuantity are units a month; Low and High the money.
	// Unbounded is true where nothing bounds the number of instances from above.
	LowQuantity, HighQuantity float64
	Low, High                 float64
	Unbounded                 bool
	// Unknown says why there is no figure; the line then counts in no sum.
	Unknown string
	// Mend says what would give one.
	Mend string
	// Capacity is true for machines on which the workloads of the estimate run:
	// they are shown and not added.
	Capacity bool
	// Provider, Region and Class of a cloud's resource.
	Provider, Region, Class string
}

// Of estimates what stands in the sets of one service. Sets that are not meant for
// production do not count. Owner is the service's.
func Of(service, whose string, sets []*fact.Set, book *Book) Estimate {
	e := Estimate{Service: service, Owner: whose, Book: book}
	shared := slices.ContainsFunc(sets, func(s *fact.Set) bool {
		return s.ProductionLike && slices.ContainsFunc(s.Workloads, func(w *fact.Workload) bool { return w.Platform == fact.Kubernetes || w.Platform == fact.ECS })
	})
	var places []place
	for _, s := range sets {
		if !s.ProductionLike || s.Rung > fact.Configured {
			continue
		}
		part := Estimate{Book: book}
		for _, w := range s.Workloads {
			part.workload(s, w)
		}
		for _, c := range s.Claims {
			part.claim(c)
		}
		for _, d := range s.Databases {
			part.database(d)
		}
		for _, c := range s.Charges {
			part.charge(c, shared)
		}
		for i := range part.Lines {
			l := &part.Lines[i]
			l.Service, l.Owner = service, cmp.Or(l.Owner, whose)
		}
		places = append(places, place{s.Bundle, part.Lines})
	}
	e.once(places)
	return e
}

// place is what one bundle has to pay for.
type place struct {
	bundle string
	lines  []Line
}

// once takes the lines of all places. What stands in several bundles, as plain
// manifests and as a chart, is deployed from one of them: the dearest counts.
// Variants of one bundle are deployed side by side, and each counts.
func (e *Estimate) once(places []place) {
	sums := map[string]map[string]Range{} // by subject, then by bundle
	for _, p := range places {
		for _, l := range p.lines {
			if sums[l.Subject] == nil {
				sums[l.Subject] = map[string]Range{}
			}
			r := sums[l.Subject][p.bundle]
			r.add(l)
			sums[l.Subject][p.bundle] = r
		}
	}
	dearest := map[string]string{}
	repeated := 0
	for subject, of := range sums {
		bundles := slices.Sorted(maps.Keys(of))
		dearest[subject] = slices.MaxFunc(bundles, func(a, b string) int {
			return cmp.Or(cmp.Compare(of[a].High, of[b].High), cmp.Compare(of[a].Unknown, of[b].Unknown))
		})
		if len(bundles) > 1 {
			repeated++
		}
	}
	for _, p := range places {
		for _, l := range p.lines {
			if dearest[l.Subject] == p.bundle {
				e.Lines = append(e.Lines, l)
			}
		}
	}
	if repeated > 0 {
		e.Assumption = fmt.Sprintf("%d of these stand in several bundles, such as manifests and a chart, and are taken to be deployed from one: the dearest counts", repeated)
	}
}

// Sum adds the lines that have a figure and counts those that have none.
func (e Estimate) Sum() (out Range) {
	for _, l := range e.Lines {
		out.add(l)
	}
	return out
}

// add appends a line with its figures.
func (e *Estimate) add(l Line, low, high, price float64) {
	l.LowQuantity, l.HighQuantity, l.UnitPrice = low, high, price
	l.Low, l.High = low*price, high*price
	e.Lines = append(e.Lines, l)
}

// lacks appends a line without figures.
func (e *Estimate) lacks(l Line, why, mend string) {
	l.Unknown, l.Mend = why, mend
	e.Lines = append(e.Lines, l)
}

// named returns the owner that labels or tags name, or nothing.
func named(maps ...map[string]string) string {
	for _, n := range owner.In(maps...) {
		if !n.Placeholder && !owner.Contact(n.Key) {
			return n.Value
		}
	}
	return ""
}
