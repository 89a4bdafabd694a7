// Package cost checks that somebody is told of the bill and of its surges.
package cost

import (
	"cmp"
	"slices"
	"strconv"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes an estimate without holes and a budget that tells somebody, and
// demands that a surge is noticed before the bill.
func Check(in expect.Input) (out verdict.Findings) {
	limited, surge := limits(&out, in)
	paid := estimate(&out, in)
	if declared(&out, in, surge) {
		return out
	}
	if !paid && len(in.Here.Cloud) == 0 || !in.First(func(set *fact.Set) bool { return len(set.Cloud)+len(set.Charges)+len(set.Workloads) > 0 }) {
		return out
	}
	ref := place(in.Here)
	elsewhere := slices.ContainsFunc(in.All, func(set *fact.Set) bool { return len(set.SpendLimits) > 0 && set != in.Here })
	switch {
	case elsewhere && !limited:
	case !limited:
		out.Unclear(ref.Within("cost"), "no-budget", "no budget is here; one that stands with the account was not read")
	case !surge:
		out.Fail(in.Here.SpendLimits[0].Ref.Within("surge"), "no-forecast", "nothing watches the forecast or a surge: %s is told of when the money is spent", in.Here.SpendLimits[0].Name)
	}
	return out
}

// place returns where what is paid for begins.
func place(s *fact.Set) fact.Ref {
	switch {
	case len(s.Cloud) > 0:
		return s.Cloud[0].Ref
	case len(s.Charges) > 0:
		return s.Charges[0].Ref
	}
	return s.Workloads[0].Ref
}

// limits judges budgets and watches of the cloud. It reports whether there is a
// budget, and whether a surge is noticed.
func limits(out *verdict.Findings, in expect.Input) (limited, surge bool) {
	for _, s := range in.Here.SpendLimits {
		ref := s.Ref.At(s.Notifies.At)
		switch {
		case !s.Notifies.Known:
			out.Unclear(ref, "reader-unknown", "whom %s tells is not known, for %s", s.Name, s.Notifies.Why)
			limited, surge = true, true
		case !s.Notifies.Yes:
			out.Fail(ref, "tells-nobody", "%s %s tells nobody when it is exceeded", s.Kind, s.Name)
			limited = limited || s.Kind == "budget"
		case s.Kind == "budget":
			limited, surge = true, surge || s.Forecast
			out.Pass(s.Ref, "budget", "budget %s tells somebody when it is exceeded", s.Name)
		default:
			surge = true
			out.Pass(s.Ref, "surge", "%s tells somebody of a surge", s.Name)
		}
	}
	return limited, surge
}

// declared passes the budget that the manifest names, and whom it is reported to,
// once for the service. It reports whether nothing is left to say of a set.
func declared(out *verdict.Findings, in expect.Input, surge bool) bool {
	if in.Declared == nil || in.Declared.Cost == nil || slices.ContainsFunc(in.All, func(set *fact.Set) bool { return len(set.SpendLimits) > 0 }) {
		return false
	}
	if !in.First(func(set *fact.Set) bool { return len(set.Workloads)+len(set.Cloud) > 0 }) {
		return true
	}
	c := in.Declared.Cost
	if c.Owner == "" {
		out.Fail(c.Ref, "unwatched", "the manifest names a budget of %s %s a month and nobody who watches it", amount(c.Monthly), c.Currency)
	} else {
		out.Pass(c.Ref, "declared-budget", "the manifest names a budget of %s %s a month, which %s watches", amount(c.Monthly), c.Currency, c.Owner)
	}
	if !surge {
		out.Unclear(c.Ref.Within("surge"), "no-watch", "nothing here tells %s of a surge; a budget or monitor that stands with the account was not read", cmp.Or(c.Owner, "anybody"))
	}
	dear(out, in, c)
	return true
}

func amount(number float64) string { return strconv.FormatFloat(number, 'f', -1, 64) }
