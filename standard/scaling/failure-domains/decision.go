package failuredomains

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// decision holds stores against the regions of which somebody decided, and notes
// the decision, or that a manifest records none, once for the service.
func decision(out *verdict.Findings, in expect.Input) {
	if in.Declared == nil || in.Declared.Manifest == "" || in.Here.Rung != fact.Configured {
		return
	}
	p := in.Declared.Placement
	for _, d := range in.Here.Databases {
		if p == nil || d.Managed == nil || d.Managed.Region == "" || len(p.Regions) == 0 || d.Managed.Purpose == "replica" || slices.Contains(p.Regions, d.Managed.Region) {
			continue
		}
		out.Fail(d.Ref, "beyond-decision", "%s (%s) stands in %s, and the decision of %s (%s) names %s", d.Name, d.Engine, d.Managed.Region, p.Who, expect.Day(p.Date), strings.Join(p.Regions, ", "))
	}
	if !in.First(func(set *fact.Set) bool { return len(set.Workloads)+len(set.Databases) > 0 }) {
		return
	}
	switch {
	case p == nil:
		ref := fact.Ref{Subject: "seaworthy.yaml", Part: "placement", Location: fact.Location{File: in.Declared.Manifest}}
		out.Note(ref, "no-decision", "nobody has written down in which regions the service runs, and why")
	case p.Date.After(in.AsOf):
		out.Note(p.Ref, "no-decision", "the decision on regions is dated %s, which is still to come", expect.Day(p.Date))
	default:
		out.Note(p.Ref, "decided", "%s decided on %s%s: %s", p.Who, expect.Day(p.Date), regions(p.Regions), p.Reason)
	}
}

func regions(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return " for " + strings.Join(list, ", ")
}
