// Package residency checks that stores, their copies and logs stay in the
// regions that are allowed for them.
package residency

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a store whose region and whose copies' regions are among those
// that the manifest allows. Where it allows none, nothing can be told.
func Check(in expect.Input) (out verdict.Findings) {
	var allowed []string
	if in.Declared != nil {
		allowed = in.Declared.Regions
	}
	var seen []string
	note := func(region string) {
		if region != "" && !slices.Contains(seen, region) {
			seen = append(seen, region)
		}
	}
	for _, d := range in.Here.Databases {
		if d.Managed == nil {
			continue
		}
		copies := slices.Clone(d.Managed.CopyRegions)
		note(d.Managed.Region)
		for _, c := range copies {
			note(c)
		}
		if len(allowed) > 0 {
			judge(&out, allowed, d.Ref, d.Name+" ("+d.Engine+")", d.Managed.Region, d.Managed.RegionWhy, copies, d.Managed.CopyWhy)
		}
	}
	logs := placed(in.Here.LogStores)
	for _, l := range logs {
		note(l.Region)
		if len(allowed) > 0 {
			judge(&out, allowed, l.Ref, l.Name, l.Region, l.RegionWhy, nil, "")
		}
	}
	if stores := len(in.Here.Databases) + len(logs); stores > 0 && len(allowed) == 0 {
		slices.Sort(seen)
		out.Unclear(first(in.Here), "none-allowed", "nobody says in which regions data may lie; what is here stands in %s", regions(seen))
	}
	return out
}

// placed leaves out what stands where its cluster does, which its configuration
// does not say.
func placed(stores []*fact.LogStore) (out []*fact.LogStore) {
	for _, l := range stores {
		if l.Region != "" || l.RegionWhy != "" {
			out = append(out, l)
		}
	}
	return out
}

func judge(out *verdict.Findings, allowed []string, ref fact.Ref, name, region, why string, copies []string, unsaid string) {
	clean := true
	for _, c := range copies {
		if !slices.Contains(allowed, c) {
			clean = false
			out.Fail(ref.Within("copy in "+c), "copied-outside", "%s is copied to %s; allowed are %s", name, c, strings.Join(allowed, ", "))
		}
	}
	switch {
	case region == "":
		out.Unclear(ref, "region-unknown", "in which region %s stands is not known, for %s", name, why)
	case !slices.Contains(allowed, region):
		out.Fail(ref, "outside", "%s stands in %s; allowed are %s", name, region, strings.Join(allowed, ", "))
	case clean && unsaid != "":
		out.Unclear(ref, "copies-unknown", "%s stands in %s; where all of its copies go is not known, for %s", name, region, unsaid)
	case clean:
		out.Pass(ref, "inside", "%s stands in %s", name, region)
	}
}

func first(here *fact.Set) fact.Ref {
	for _, d := range here.Databases {
		return d.Ref.Within("regions")
	}
	return placed(here.LogStores)[0].Ref.Within("regions")
}

func regions(list []string) string {
	if len(list) == 0 {
		return "a region that is not known"
	}
	return strings.Join(list, ", ")
}
