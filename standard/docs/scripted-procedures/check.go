// Package scriptedprocedures checks that whoever follows a procedure at night runs
// scripts instead of many steps by hand.
package scriptedprocedures

import (
	"path"

	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes each procedure whose blocks parse, whose links lead somewhere, and
// that has no long row of steps by hand.
func Check(in expect.Input) (out verdict.Findings) {
	library := page.LibraryOf(in.All)
	if library.Home == nil || library.Home != in.Here {
		return out
	}
	for _, d := range procedures(in, library) {
		judge(&out, in, d)
	}
	return out
}

// procedures lists the pages that somebody follows step by step: those to which
// alerts, scenarios and the manifest lead, and those that show by their parts that
// they are.
func procedures(in expect.Input, library *page.Library) (out []*fact.Document) {
	wanted := map[string]bool{}
	add := func(d *fact.Document) {
		if d != nil {
			wanted[d.Path] = true
		}
	}
	for _, set := range in.All {
		for _, a := range set.Alerts {
			if a.Runbook != "" {
				add(library.Follow(a.Runbook, a.File).Document)
			}
		}
	}
	if d := in.Declared; d != nil {
		for _, s := range d.Scenarios {
			if s.File != "" {
				add(library.Page(s.File))
			}
		}
		if d.Docs != nil {
			for _, l := range d.Docs.Runbooks {
				if l.Folder {
					for _, p := range library.Within(l.File) {
						add(p)
					}
				} else if l.File != "" {
					add(library.Page(l.File))
				}
			}
		}
	}
	for _, d := range library.Own {
		if !wanted[d.Path] && page.IsProcedure(d) {
			wanted[d.Path] = true
		}
	}
	for _, d := range library.Home.Library {
		if wanted[d.Path] && !(isIndex(d) && len(d.Sections) < 2) {
			out = append(out, d)
		}
	}
	return out
}

// isIndex reports whether a page lists others.
func isIndex(d *fact.Document) bool {
	switch path.Base(d.Path) {
	case "README.md", "index.md", "_index.md", "README.adoc", "index.rst", "README.rst":
		return true
	}
	return false
}

func judge(out *verdict.Findings, in expect.Input, d *fact.Document) {
	before := len(out.List)
	most := in.Limit("manual-steps")
	if page.Unwritten(d.Sections) {
		out.Fail(d.Ref, "unwritten", "%s is still to be written", d.Path)
		return
	}
	for _, run := range page.ManualRuns(d.Sections, most) {
		out.Fail(d.AtLine(run.Line), "manual-run", "%s asks for %d steps by hand in a row, from %q to %q", d.Path, run.Length, short(run.First), short(run.Last))
	}
	links, blocks := page.Flaws(d, d.Sections)
	for _, b := range blocks {
		out.Fail(d.AtLine(b.Line), "broken-block", "a block of %s cannot be run, for it is no shell: %s", d.Path, b.Parses.Why)
	}
	for _, l := range links {
		out.Fail(d.AtLine(l.Line), "dead-link", "%s links to %s, which leads nowhere: %s", d.Path, l.Target, l.Why)
	}
	switch n := page.Runnable(d.Sections); {
	case len(out.List) > before:
	case n == 0:
		out.Unclear(d.Ref, "nothing-to-run", "%s holds nothing that can be run, so it is open whether its steps could be scripts", d.Path)
	default:
		out.Pass(d.Ref, "scripted", "%s has %d commands or scripts to run, and no more than %d steps by hand in a row", d.Path, n, most)
	}
}

func short(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return text
}
