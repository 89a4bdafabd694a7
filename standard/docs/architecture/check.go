// Package architecture checks that a page shows what the service consists of, what
// it depends on and what depends on it, and has kept up with it.
package architecture

import (
	"fmt"
	"path"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/derive/discovered"
	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes the page that describes the service: the one that the manifest
// names, or else the one that names most of what runs.
func Check(in expect.Input) (out verdict.Findings) {
	library := page.LibraryOf(in.All)
	if library.Home != in.Here {
		if library.Home == nil {
			unread(&out, in)
		}
		return out
	}
	parts := running(in)
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = p.Name
	}
	d, a := best(in, library, names)
	switch {
	case d == nil && unread(&out, in):
	case d == nil && len(parts) > 0:
		out.Unclear(parts[0].Ref, "not-found", "no page here shows how %s and what it works with are put together; if one stands elsewhere, name it as `docs.architecture` in seaworthy.yaml", parts[0].Name)
	case d != nil:
		describe(&out, in, d, a, parts)
	}
	return out
}

// unread says that the manifest names a page that is not read here.
func unread(out *verdict.Findings, in expect.Input) bool {
	if in.Declared == nil || in.Declared.Docs == nil || in.Declared.Docs.Architecture == nil {
		return false
	}
	l := in.Declared.Docs.Architecture
	switch {
	case l.URL || l.Beyond:
		out.Unclear(l.Ref, "elsewhere", "the description is %s, which was not read", l.Target)
	case !l.Resolves:
		out.Fail(l.Ref, "not-there", "the description is %s, which is not there", l.Target)
	default:
		out.Unclear(l.Ref, "elsewhere", "the description is %s, which is no page that is read", l.Target)
	}
	return true
}

func best(in expect.Input, library *page.Library, names []string) (*fact.Document, page.Architecture) {
	if in.Declared != nil && in.Declared.Docs != nil && in.Declared.Docs.Architecture != nil {
		l := in.Declared.Docs.Architecture
		if d := library.Page(l.File); l.File != "" && d != nil {
			a, _ := page.ArchitectureOf(d, names, true)
			return d, a
		}
		return nil, page.Architecture{}
	}
	var found *fact.Document
	var kept page.Architecture
	most := -1
	for _, d := range library.Own {
		a, ok := page.ArchitectureOf(d, names, false)
		if !ok {
			continue
		}
		n := 0
		for _, name := range names {
			if page.Names(a.Prose, name) {
				n++
			}
		}
		if a.Drawn {
			n++
		}
		if n > most {
			found, kept, most = d, a, n
		}
	}
	return found, kept
}

// running lists what the service consists of and what it rests on, each once.
func running(in expect.Input) (out []page.Component) {
	seen := map[string]bool{}
	add := func(c page.Component) {
		if key := strings.ToLower(c.Name); c.Name != "" && !seen[key] {
			seen[key] = true
			out = append(out, c)
		}
	}
	for _, set := range in.All {
		for _, w := range set.Workloads {
			if !w.Form.Serves() {
				continue
			}
			c := page.Component{Ref: w.Ref, Name: w.Name, Says: w.Name}
			for _, label := range []string{"app.kubernetes.io/name", "app.kubernetes.io/component", "app"} {
				c.Also = append(c.Also, w.PodLabels[label])
			}
			for _, k := range w.Containers {
				name := path.Base(k.Image.Repository)
				c.Also = append(c.Also, name)
			}
			for _, part := range []string{in.Service.Name + "-", "-" + in.Service.Name} {
				if short := strings.ReplaceAll(w.Name, part, ""); len(short) > 2 && in.Service.Name != "" {
					c.Also = append(c.Also, short)
				}
			}
			add(c)
		}
	}
	for _, s := range discovered.Stores(in.All) {
		if s.Sure {
			add(page.Component{Ref: s.Ref, Name: s.Name, Also: []string{s.Kind}, Says: fmt.Sprintf("%s (%s)", s.Name, s.Kind)})
		}
	}
	if d := in.Declared; d != nil {
		for _, p := range d.Dependencies {
			add(page.Component{Ref: p.Ref, Name: p.Name, Says: "the dependency " + p.Name})
		}
		for _, p := range d.ThirdParties {
			add(page.Component{Ref: p.Ref, Name: p.Name, Says: "the third party " + p.Name})
		}
		for _, s := range d.Stores {
			add(page.Component{Ref: s.Ref, Name: s.Name, Also: []string{s.Kind}, Says: fmt.Sprintf("%s (%s)", s.Name, s.Kind)})
		}
	}
	return out
}

// describe judges the page.
func describe(out *verdict.Findings, in expect.Input, d *fact.Document, a page.Architecture, parts []page.Component) {
	before := len(out.List)
	switch {
	case page.Unwritten(d.Sections):
		out.Fail(d.Ref, "unwritten", "%s is still to be written", d.Path)
		return
	case a.Diagram == nil:
		out.Fail(d.Ref, "no-diagram", "%s holds no diagram", d.Path)
	}
	if lacking := a.Unnamed(parts); len(lacking) > 0 {
		var names []string
		for _, c := range lacking[:min(len(lacking), 8)] {
			names = append(names, c.Says)
		}
		says := strings.Join(names, ", ")
		if more := len(lacking) - len(names); more > 0 {
			says += fmt.Sprintf(" and %d more", more)
		}
		switch {
		case a.Diagram != nil && !a.Drawn:
			out.Unclear(d.AtLine(a.Diagram.Line), "picture", "the text of %s does not name %s, and what its picture shows cannot be read", d.Path, says)
		default:
			out.Fail(d.Ref, "missing-component", "%s does not show %d of %d parts that run or are declared: %s", d.Path, len(lacking), len(parts), says)
		}
	}
	if page.English(d) {
		if !a.Needs {
			out.Fail(d.Ref, "no-dependencies", "%s does not say what the service depends on", d.Path)
		}
		if !a.Needed {
			out.Fail(d.Ref, "no-dependents", "%s does not say who depends on the service", d.Path)
		}
	}
	age(out, in, d)
	if len(out.List) == before {
		out.Pass(d.Ref, "described", "%s shows the %d parts that were found, and has kept up with the code", d.Path, len(parts))
	}
}

// age holds the page's last change, or the day on which somebody last looked, to
// that of the code.
func age(out *verdict.Findings, in expect.Input, d *fact.Document) {
	most := time.Duration(in.Limit("days-behind")) * 24 * time.Hour
	kept := page.ReviewedAt(d)
	if kept.After(in.AsOf) {
		kept = time.Time{}
	}
	if d.Changed.After(kept) {
		kept = d.Changed
	}
	code := d.CodeChanged
	if code.IsZero() {
		code = in.AsOf // it cannot have changed later
	}
	switch {
	case !kept.IsZero() && code.Sub(kept) <= most:
	case d.Ageless != "" || d.CodeChanged.IsZero():
		why := d.Ageless
		if why == "" {
			why = "git was not asked"
		}
		out.Unclear(d.Ref, "age-unknown", "it cannot be told whether %s has kept up with the code: %s; a line `Last reviewed: DATE` tells, too", d.Path, why)
	default:
		out.Fail(d.Ref, "behind", "%s was last changed on %s, %d days before the code that it describes (%s)", d.Path, expect.Day(kept), int(code.Sub(kept)/(24*time.Hour)), expect.Day(code))
	}
}
