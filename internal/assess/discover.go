package assess

import (
	"cmp"
	"context"
	"path"
	"slices"
	"sort"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/derive/discovered"
	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/manifest"
)

// Candidate is a service as it can be found without its people: what a first
// manifest says.
type Candidate struct {
	// Folder is relative to the path, "." for itself.
	Folder, Name string
	// Owner is the one team that catalogs, CODEOWNERS and labels agree on; OwnerFrom
	// says where they say so. Both are empty where they do not.
	Owner, OwnerFrom string
	// Rest is true for what belongs to none of several services.
	Rest bool

	Manifests, Kustomize, Terraform, Dockerfiles, Compose []string
	Charts                                                []FoundChart

	Addresses      []discovered.Address
	TLS            map[string]bool // hosts at which a route ends TLS
	Stores         []discovered.Store
	World, Cluster []discovered.Party
	// Jobs is true where nothing runs but jobs.
	Jobs bool
	// Workloads counts what runs.
	Workloads int
}

// FoundChart is a chart with those of its variants that are judged.
type FoundChart struct {
	Dir      string
	Variants []string
}

// Discovery is what stands below a path, service by service.
type Discovery struct {
	Candidates []Candidate
	// Manifests lists the files that describe services already.
	Manifests []string
	Problems  []fact.Problem
}

// Discover finds the services below a path. A repository with a folder of
// applications is one service for each of these that runs something, and one for
// the rest; every other is one.
func Discover(ctx context.Context, name string, o Options) (*Discovery, error) {
	found, err := collect(ctx, name, o)
	if err != nil {
		return nil, err
	}
	out := &Discovery{}
	for _, g := range found.groups {
		if g.service != nil && !slices.Contains(out.Manifests, g.service.File) {
			out.Manifests = append(out.Manifests, g.service.File)
		}
	}
	if len(out.Manifests) > 0 {
		return out, nil
	}
	folders := found.applications()
	rest := found.beside(folders)
	if len(folders) > 1 {
		o.land = territory{}
		for _, dir := range append(folders, ".") {
			o.land = append(o.land, &manifest.Service{Folder: dir, Alone: true})
		}
		if found, err = collect(ctx, name, o); err != nil {
			return nil, err
		}
	} else {
		folders = nil
	}
	for i, g := range found.groups[:len(found.groups)-1] {
		c := g.candidate(found)
		c.Folder = found.land[i].Folder
		c.Rest = len(folders) > 0 && c.Folder == "."
		if c.Rest && !rest {
			continue
		}
		c.Name = found.nameOf(&c)
		out.Candidates = append(out.Candidates, c)
		out.Problems = append(out.Problems, g.problems...)
	}
	return out, nil
}

// beside reports whether something is judged that stands in none of the folders and
// is more than what applies them.
func (f *found) beside(folders []string) bool {
	for _, g := range f.groups {
		for _, set := range judgedSets(g.sets) {
			switch {
			case wide(set.Source):
			case techniqueOf(set.Source) != ofManifests:
				if closest(folders, set.Bundle) < 0 && len(set.Objects)+len(set.Workloads) > 0 {
					return true
				}
			default:
				own := 0
				for _, o := range set.Objects {
					if closest(folders, f.rel(o.File)) < 0 {
						own++
					}
				}
				if own > len(set.Reconcilers)+len(set.Sources)+len(set.Namespaces) {
					return true
				}
			}
		}
	}
	return false
}

// applications returns the folders of applications in which something is judged
// that runs.
func (f *found) applications() []string {
	seen := map[string]bool{}
	for _, g := range f.groups {
		for _, set := range judgedSets(g.sets) {
			if len(set.Workloads) == 0 {
				continue
			}
			if techniqueOf(set.Source) != ofManifests {
				if dir, ok := bundles.Application(set.Bundle); ok {
					seen[dir] = true
				}
				continue
			}
			for _, w := range set.Workloads {
				if dir, ok := bundles.Application(path.Dir(f.rel(w.File))); ok {
					seen[dir] = true
				}
			}
		}
	}
	var out []string
	for dir := range seen {
		out = append(out, dir)
	}
	sort.Strings(out)
	return out
}

// candidate describes what belongs to a group.
func (g *group) candidate(f *found) Candidate {
	c := Candidate{TLS: map[string]bool{}}
	judged := judgedSets(g.sets)
	folders, counted := map[string]bool{}, map[string]bool{}
	for _, set := range judged {
		c.sources(set, folders, f)
		c.Addresses = append(c.Addresses, discovered.Addresses(set)...)
		world, cluster := discovered.Parties(set)
		c.World, c.Cluster = append(c.World, world...), append(c.Cluster, cluster...)
		for _, r := range set.Routes {
			for _, h := range r.Hosts {
				c.TLS[h] = c.TLS[h] || r.TLS
			}
		}
		for _, w := range set.Workloads {
			if what := w.Kind + "/" + w.Name; !counted[what] { // each once for all variants
				counted[what] = true
				c.Workloads++
			}
		}
	}
	c.Jobs = c.Workloads > 0 && !slices.ContainsFunc(judged, func(s *fact.Set) bool {
		return slices.ContainsFunc(s.Workloads, func(w *fact.Workload) bool { return w.Form.Serves() })
	})
	c.Manifests = tops(folders)
	c.Stores = discovered.Stores(judged)
	// What another set of the service serves is no dependency.
	c.Cluster = slices.DeleteFunc(c.Cluster, func(p discovered.Party) bool { return discovered.Served(judged, p.Host) })
	c.owner(g.declared.Owners, judged)
	return c
}

func (c *Candidate) sources(set *fact.Set, folders map[string]bool, f *found) {
	add := func(list *[]string, name string) {
		if !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	switch techniqueOf(set.Source) {
	case ofManifests:
		for _, o := range set.Objects {
			folders[path.Dir(f.rel(o.File))] = true
		}
	case ofCharts:
		if !slices.Contains(f.tree.Charts, set.Bundle) {
			return // installed from elsewhere
		}
		i := slices.IndexFunc(c.Charts, func(k FoundChart) bool { return k.Dir == set.Bundle })
		if i < 0 {
			i = len(c.Charts)
			c.Charts = append(c.Charts, FoundChart{Dir: set.Bundle})
		}
		if set.Variant != "" {
			c.Charts[i].Variants = append(c.Charts[i].Variants, set.Variant)
		}
	case ofOverlays:
		add(&c.Kustomize, path.Join(set.Bundle, set.Variant))
	case ofModules:
		add(&c.Terraform, set.Bundle)
	case ofImages:
		add(&c.Dockerfiles, set.Bundle)
	case ofCompose:
		add(&c.Compose, set.Bundle)
	}
}

// tops returns the folders of which no other of them holds them.
func tops(folders map[string]bool) (out []string) {
	for dir := range folders {
		inside := false
		for other := range folders {
			inside = inside || dir != other && (other == "." || strings.HasPrefix(dir, other+"/"))
		}
		if !inside {
			out = append(out, dir)
		}
	}
	sort.Strings(out)
	if len(out) > 8 { // what holds many of them says it better
		above := map[string]bool{}
		for _, dir := range out {
			above[path.Dir(dir)] = true
		}
		if fewer := tops(above); len(fewer) < len(out) && !above["."] {
			return fewer
		}
	}
	return out
}

// owner fills in the one team on which catalogs, or CODEOWNERS, and the labels
// agree.
func (c *Candidate) owner(claims []*fact.OwnerClaim, sets []*fact.Set) {
	team, from := owner.One(claims), ""
	if team != "" {
		if known, ok := owner.Known(claims, team); ok {
			from = path.Base(known.File)
		}
	}
	for _, set := range sets {
		for _, w := range set.Workloads {
			for _, n := range owner.In(w.Labels, w.PodLabels, w.Annotations) {
				switch {
				case n.Placeholder || owner.IsAddress(n.Value) || owner.Contact(n.Key):
				case team == "":
					team, from = n.Value, "the label "+n.Key
				case !owner.Same(team, n.Value):
					return // they do not agree
				}
			}
		}
	}
	if strings.ContainsAny(team, "@:/") && !owner.IsAddress(team) {
		team = owner.Plain(team) // "@acme/team-shop" is written for GitHub
	}
	c.Owner, c.OwnerFrom = team, from
}

// nameOf returns what a service may be called: as its one chart, or as its
// folder.
func (f *found) nameOf(c *Candidate) string {
	folder := path.Base(c.Folder)
	if c.Folder == "." {
		folder = name(f.path)
	}
	chart := ""
	if len(c.Charts) == 1 && len(c.Manifests)+len(c.Kustomize) == 0 {
		switch base := path.Base(c.Charts[0].Dir); strings.ToLower(base) {
		case ".", "chart", "charts", "helm", "deploy", "deployment", "k8s":
		default:
			chart = base
		}
	}
	return plainName(cmp.Or(chart, folder))
}

// plainName drops from a name what names of services may not hold.
func plainName(text string) string {
	out := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		return '-'
	}, text)
	return cmp.Or(strings.Trim(out[:min(len(out), 100)], "-._"), "service")
}
