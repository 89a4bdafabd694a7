// Package restore checks that the recovery of every data store is written down.
// That it works is proved by its drill.
package restore

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/discovered"
	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// store is something that keeps data, found or declared.
type store struct {
	fact.Ref
	name, kind string
}

// Check passes each store for which a page says which backup is used, by which
// commands it is restored, how one sees that the data is right, how long that takes,
// and what it takes to get in.
func Check(in expect.Input) (out verdict.Findings) {
	library := page.LibraryOf(in.All)
	here := library.Home
	if here == nil && !in.First(func(*fact.Set) bool { return true }) || here != nil && here != in.Here {
		return out
	}
	list := stores(in)
	kinds := map[string]int{}
	for _, s := range list {
		kinds[strings.ToLower(s.kind)]++
	}
	recoveries := map[*fact.Document]page.Recovery{}
	var pages []*fact.Document
	for _, d := range library.Own {
		if r, ok := page.RecoveryOf(d); ok {
			recoveries[d] = r
			pages = append(pages, d)
		}
	}
	for _, s := range list {
		var found *fact.Document
		for _, d := range pages {
			if page.Covers(page.Prose(d.Sections), s.name, s.kind, kinds[strings.ToLower(s.kind)] == 1) &&
				(found == nil || len(recoveries[d].Missing()) < len(recoveries[found].Missing())) {
				found = d
			}
		}
		judge(&out, s, found, recoveries[found])
	}
	return out
}

func stores(in expect.Input) (out []store) {
	seen := map[string]bool{}
	add := func(s store) {
		if key := strings.ToLower(s.name); !seen[key] {
			seen[key] = true
			out = append(out, s)
		}
	}
	for _, s := range discovered.Stores(in.All) {
		if s.Sure {
			add(store{s.Ref.Within("recovery"), s.Name, s.Kind})
		}
	}
	if in.Declared != nil {
		for _, s := range in.Declared.Stores {
			add(store{s.Ref.Within("recovery"), s.Name, s.Kind})
		}
	}
	return out
}

func judge(out *verdict.Findings, s store, d *fact.Document, r page.Recovery) {
	if d == nil {
		out.Unclear(s.Ref, "not-found", "no page here says how %s (%s) is restored; if it is written down elsewhere, only a drill can show that it works", s.name, s.kind)
		return
	}
	missing := r.Missing()
	links, blocks := page.Flaws(d, d.Sections)
	switch {
	case len(missing) > 0 && (!page.English(d) || d.Partly != ""):
		out.Unclear(s.Ref, "not-recognised", "%s says how %s is restored, but it was not found there %s", d.Path, s.name, strings.Join(missing, ", "))
	case len(missing) > 0:
		out.Fail(s.Ref, "incomplete", "%s says how %s is restored, but not %s", d.Path, s.name, strings.Join(missing, ", nor "))
	case len(blocks) > 0:
		out.Fail(d.AtLine(blocks[0].Line), "broken-block", "a block of %s, by which %s is restored, cannot be run: %s", d.Path, s.name, blocks[0].Parses.Why)
	case len(links) > 0:
		out.Fail(d.AtLine(links[0].Line), "dead-link", "%s, by which %s is restored, links to %s, which leads nowhere: %s", d.Path, s.name, links[0].Target, links[0].Why)
	default:
		out.Pass(s.Ref, "written", "%s says which backup of %s is used, how it is restored and checked, how long that takes and what is needed", d.Path, s.name)
	}
}
