package assess

import (
	"context"
	"path"
	"slices"

	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/document"
	"seaworthy.dev/seaworthy/internal/source/git"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

const documentsSource = "documents"

// readDocuments reads the pages of the tree, unless nothing that is judged asks
// for them.
func readDocuments(_ context.Context, tree *repo.Tree, o Options) (out reading) {
	if !asked(o, fact.Documents) && !asked(o, fact.Migrations) { // whose way back a page may tell
		return out
	}
	sites := document.Remotes(tree.Root, tree.Shown)
	found := document.Read(document.Request{Root: tree.Root, Shown: tree.Shown, Pages: tree.Files[repo.Pages], Sites: sites})
	if len(found.Documents)+len(found.Holes)+len(sites)+len(tree.Files[repo.Services]) == 0 {
		return out
	}
	set := &fact.Set{
		Bundle: ".", Source: documentsSource, Rung: fact.Configured, ProductionLike: true,
		Documents: found.Documents, Library: found.Documents, Sites: sites, Coverage: fact.Coverage{Holes: found.Holes},
	}
	out.sets, out.problems = []*fact.Set{set}, found.Problems
	return out
}

// documents gives each service the pages in its folders, in nobody's and at the
// root. What could not be read of them is missing from all of its sets, for links
// lead from everywhere to pages.
func (f *found) documents(set *fact.Set, groups []*group) {
	for i, g := range groups {
		mine := *set
		mine.Documents, mine.Coverage = nil, fact.Coverage{}
		for _, d := range set.Documents {
			if f.concerns(i, d.Location) {
				mine.Documents = append(mine.Documents, d)
			}
		}
		for _, h := range set.Coverage.Holes {
			if f.concerns(i, h.Location) {
				mine.Coverage.Holes = append(mine.Coverage.Holes, h)
			}
		}
		if g.service != nil && g.service.Declared.Docs != nil {
			mine.Sites = slices.Concat(set.Sites, within(g.service.Declared.Docs.Sites, set.Sites))
		}
		for _, s := range g.sets {
			s.Coverage.Holes = append(s.Coverage.Holes, mine.Coverage.Holes...)
		}
		g.sets = append(g.sets, &mine)
	}
}

// age asks git how old those pages are whose age matters: those that describe how
// the service is built.
func (f *found) age(ctx context.Context) {
	byPath := map[string]*fact.Document{}
	var files []string
	for _, g := range f.groups {
		for _, set := range g.sets {
			var docs *fact.Docs
			if g.service != nil {
				docs = g.service.Declared.Docs
			}
			for _, d := range page.Architectures(set, docs) {
				if byPath[d.Path] == nil && len(files) < 16 {
					byPath[d.Path] = d
					files = append(files, d.Path)
				}
			}
		}
	}
	if len(files) == 0 {
		return
	}
	ages := git.Ages(ctx, path.Clean(f.tree.Root), files)
	for rel, d := range byPath {
		a := ages[rel]
		d.Changed, d.CodeChanged, d.Ageless = a.File, a.Code, a.Unknown
	}
}

// within returns the sites that a manifest names, those of a git host twice where
// what is judged is a folder of the clone: the manifest may mean either's root.
func within(declared, remotes []*fact.Site) (out []*fact.Site) {
	for _, s := range declared {
		out = append(out, s)
		if s.Git && len(remotes) > 0 && remotes[0].Above != "" {
			whole := *s
			whole.Above = remotes[0].Above
			out = append(out, &whole)
		}
	}
	return out
}
