// Package logretention checks that customers' logs are kept for as long as they
// chose.
package logretention

import (
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check compares what customers chose, as the manifest has it, with what the log
// platform is told. It judges once for the service.
func Check(in expect.Input) (out verdict.Findings) {
	if in.Declared == nil || !in.First(func(s *fact.Set) bool { return s.Rung == fact.Configured }) {
		return out
	}
	var platform *fact.LogStore
	var tenants []fact.TenantDays
	several := false
	for _, set := range in.All {
		for _, l := range set.LogStores {
			tenants = append(tenants, l.Tenants...)
			if l.Engine == "loki" {
				several = several || platform != nil
				platform = l
			}
		}
	}
	chosen := in.Declared.CustomerLogs
	switch {
	case chosen == nil && len(tenants) > 0:
		out.Unclear(tenants[0].Ref, "not-declared", "the platform keeps the lines of %s for times of their own, and nothing says what customers chose", verdict.Count(len(tenants), "tenant"))
		return out
	case chosen == nil:
		return out
	case platform == nil || several:
		out.Unclear(chosen.Ref, "no-platform", "what customers chose is declared, and which configuration of a log platform holds their lines is not known")
		return out
	case platform.Unenforced != "":
		out.Fail(chosen.Ref, "not-enforced", "customers chose how long their logs are kept, and %s deletes nothing, for %s", platform.Name, platform.Unenforced)
		return out
	}
	if chosen.Days > 0 {
		compare(&out, chosen.Ref, "customers who chose nothing", chosen.Days, platform.Days)
	}
	for _, t := range chosen.Tenants {
		days := platform.Days
		if unread(in.All) {
			days = -1 // its own time may stand there
		}
		for _, other := range tenants {
			if other.Tenant == t.Tenant {
				days = other.Days
			}
		}
		compare(&out, t.Ref, t.Tenant, t.Days, days)
	}
	for _, other := range tenants {
		if !declared(chosen, other.Tenant) {
			out.Unclear(other.Ref, "not-declared", "%s has a time of its own on the platform, and nothing says what it chose", other.Tenant)
		}
	}
	return out
}

// unread reports whether configurations of platforms could not be read.
func unread(sets []*fact.Set) bool {
	for _, s := range sets {
		if !s.Coverage.Complete(fact.LogStores) {
			return true
		}
	}
	return false
}

func declared(chosen *fact.CustomerLogs, tenant string) bool {
	for _, t := range chosen.Tenants {
		if t.Tenant == tenant {
			return true
		}
	}
	return false
}

// compare judges one customer's time.
func compare(out *verdict.Findings, ref fact.Ref, who string, chosen, kept int) {
	switch {
	case kept < 0:
		out.Unclear(ref, "time-unknown", "how long the platform keeps the lines of %s is not known", who)
	case kept == 0:
		out.Fail(ref, "differs", "the lines of %s are to be kept for %s, and the platform keeps them for ever", who, verdict.Count(chosen, "day"))
	case kept != chosen:
		out.Fail(ref, "differs", "the lines of %s are to be kept for %s, and the platform keeps them for %s", who, verdict.Count(chosen, "day"), verdict.Count(kept, "day"))
	default:
		out.Pass(ref, "respected", "the platform keeps the lines of %s for %s", who, verdict.Count(kept, "day"))
	}
}
