package assess

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/derive/discovered"
	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/manifest"
)

// group is what belongs to one service.
type group struct {
	// service is nil for what belongs to none.
	service *manifest.Service
	sets    []*fact.Set
	// parts holds what the files of plain manifests yield until the renderings are
	// there.
	parts             []bundles.Part
	problems          []fact.Problem
	assumptions       []string
	declared          fact.Declarations
	files, renderings int
}

// once leaves out what stands there rendered as well, and says so.
func (g *group) once() {
	parts := bundles.DropCopiedFiles(g.parts, g.sets)
	g.sets = bundles.DropCopies(append(g.sets, bundles.Join(parts, "kube", fact.Configured)...))
	kept := map[string]bool{}
	for _, s := range g.sets {
		if s.Source == "kube" {
			for _, o := range s.Objects {
				kept[o.File] = true
			}
		}
	}
	var copies []string
	for _, p := range g.parts {
		for _, o := range p.Facts.Objects {
			if !kept[o.File] && o.Kind != "CustomResourceDefinition" { // those are judged nowhere
				copies = append(copies, o.File)
			}
		}
	}
	g.parts = nil
	if len(copies) > 0 {
		slices.Sort(copies)
		g.assumptions = append(g.assumptions, "not judged, because a chart or an overlay here yields the same: "+list(slices.Compact(copies)))
	}
}

// spread gives every bundle the holes of the service's tree, for what was not even
// opened may belong to any; only what stands aside belongs to nothing else.
func (g *group) spread(holes []fact.Hole, shown string) {
	if len(holes) > 0 && len(g.sets) == 0 {
		g.sets = []*fact.Set{{Bundle: ".", Source: "kube", Rung: fact.Configured, ProductionLike: true}}
	}
	for _, hole := range holes {
		rel := strings.TrimPrefix(hole.File, shown)
		aside, tested := bundles.Aside(rel), bundles.Tested(rel)
		for _, set := range g.sets {
			if !aside || bundles.Aside(set.Bundle) || len(g.sets) == 1 && !tested {
				set.Coverage.Holes = append(set.Coverage.Holes, hole)
			}
		}
	}
	for _, set := range g.sets {
		set.Coverage.Sort()
	}
}

// left says what was not judged, because it is not production's.
func (g *group) left() []string {
	left := map[string]bool{}
	for _, set := range g.sets {
		if set.ProductionLike || set.Developers != "" { // those for development are said apart
			continue
		}
		name := set.Bundle
		if set.Variant != "" {
			name += " (" + set.Variant + ")"
		}
		left[name] = true
	}
	if len(left) == 0 {
		return nil
	}
	var names []string
	for n := range left {
		names = append(names, n)
	}
	sort.Strings(names)
	return []string{"not judged, because they are not production's: " + list(names)}
}

// declarations adds what people say as a set of its own, on the weakest rung. What
// could not be read of the manifest may be missing anywhere.
func (g *group) declarations() {
	var holes []fact.Hole
	bundle := "."
	if g.service != nil {
		holes, bundle = g.service.Holes, g.service.File
		g.declared.Manifest = g.service.File
		g.declared.Add(g.service.Declared)
	}
	for _, set := range g.sets {
		if set.Source != owner.Source { // owned does that
			set.Coverage.Holes = append(set.Coverage.Holes, holes...)
		}
	}
	if g.service == nil && g.declared.Empty() {
		return
	}
	g.sets = append(g.sets, &fact.Set{
		Bundle: bundle, Source: "manifest", Rung: fact.Declared, ProductionLike: true, Coverage: fact.Coverage{Holes: holes},
	})
}

// reach returns what of the sets of others may act on a service: what applies,
// scales, rolls out, guards or permits something that stands elsewhere, or carries
// its alerts to people or its lines to a platform.
func reach(sets []*fact.Set) []*fact.Set {
	var out []*fact.Set
	for _, s := range judgedSets(sets) {
		part := &fact.Set{
			Bundle: s.Bundle, Variant: s.Variant, Source: s.Source, Rung: s.Rung, ProductionLike: true,
			Reconcilers: s.Reconcilers, Sources: s.Sources, Policies: s.Policies, Autoscalers: s.Autoscalers, Rollouts: s.Rollouts,
			Roles: s.Roles, Bindings: s.Bindings, Routings: s.Routings, AlertRouters: s.AlertRouters,
			Shippers: s.Shippers, AccessLogs: s.AccessLogs, LogStores: s.LogStores,
		}
		if len(part.Shippers)+len(part.AccessLogs)+len(part.LogStores)+len(part.Routings)+len(part.AlertRouters)+len(part.Reconcilers)+len(part.Sources)+len(part.Policies)+len(part.Autoscalers)+len(part.Rollouts)+len(part.Roles)+len(part.Bindings) > 0 {
			out = append(out, part)
		}
	}
	return out
}

// unclaimed says what belongs to no service, by its folders.
func (f *found) unclaimed(g *group) []string {
	folders := map[string]bool{}
	for _, set := range g.sets {
		if !set.ProductionLike || bundles.Aside(set.Bundle) {
			continue
		}
		if set.Source != "kube" && len(set.Objects)+len(set.Workloads) > 0 {
			name := set.Bundle
			if techniqueOf(set.Source) == ofOverlays {
				name = path.Join(name, set.Variant)
			}
			folders[name] = true
			continue
		}
		for _, o := range set.Objects {
			if dir := path.Dir(f.rel(o.File)); dir != "." {
				folders[dir] = true
			} else {
				folders[f.rel(o.File)] = true
			}
		}
	}
	if len(folders) == 0 {
		return nil
	}
	return []string{"not judged, because no service names it: " + list(slices.Sorted(maps.Keys(folders)))}
}

// discoveries lists what was found of those things that people should declare.
func discoveries(sets []*fact.Set) map[string][]expect.Discovery {
	out := map[string][]expect.Discovery{}
	for _, s := range discovered.Stores(sets) {
		if s.Sure {
			out[fact.NoneStores] = append(out[fact.NoneStores], expect.Discovery{Ref: s.Ref, Says: fmt.Sprintf("the store %s (%s)", s.Name, s.Kind)})
		}
	}
	for _, set := range sets {
		for _, a := range discovered.Addresses(set) {
			if len(a.Ranges) == 0 {
				out[fact.NoneEndpoints] = append(out[fact.NoneEndpoints], expect.Discovery{Ref: a.Ref, Says: fmt.Sprintf("%s %s, which is open to the outside", a.Kind, a.Name)})
			}
		}
		world, cluster := discovered.Parties(set)
		for _, p := range world {
			out[fact.NoneThirdParties] = append(out[fact.NoneThirdParties], expect.Discovery{Ref: p.Ref, Says: p.Says})
		}
		for _, p := range cluster {
			out[fact.NoneDependencies] = append(out[fact.NoneDependencies], expect.Discovery{Ref: p.Ref, Says: fmt.Sprintf("%s calls %s", p.Client, p.Host)})
		}
	}
	return out
}
