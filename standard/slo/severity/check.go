// Package severity checks that severities are defined, with examples and response
// times, and that alerts use no others.
package severity

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes the page that defines the severities, and the alerts whose severity
// is one of them.
func Check(in expect.Input) (out verdict.Findings) {
	library := page.LibraryOf(in.All)
	d, defined := definition(in, library)
	if library.Home == in.Here && library.Home != nil || library.Home == nil && in.First(func(*fact.Set) bool { return true }) {
		documented(&out, in, library, d, defined)
	}
	if d != nil {
		used(&out, in, d, defined)
	}
	return out
}

// definition returns the page that the manifest names, or else the one that defines
// most.
func definition(in expect.Input, library *page.Library) (found *fact.Document, best page.Severities) {
	if l := link(in); l != nil {
		if d := library.Page(l.File); l.File != "" && d != nil {
			if s, ok := page.SeveritiesOf(d); ok {
				return d, s
			}
		}
		return nil, best
	}
	for _, d := range library.Own {
		s, ok := page.SeveritiesOf(d)
		if ok && complete(s) > complete(best) {
			found, best = d, s
		}
	}
	return found, best
}

// complete counts what of a definition is there.
func complete(s page.Severities) (n int) {
	for _, c := range s.Classes {
		if c.Response != "" {
			n++
			if c.Example {
				n++
			}
		}
	}
	return n
}

func link(in expect.Input) *fact.DocLink {
	if in.Declared == nil || in.Declared.Docs == nil {
		return nil
	}
	return in.Declared.Docs.Severities
}

func documented(out *verdict.Findings, in expect.Input, library *page.Library, d *fact.Document, s page.Severities) {
	l := link(in)
	switch {
	case d != nil:
	case l == nil:
		if i := slices.IndexFunc(in.All, func(s *fact.Set) bool { return len(s.Alerts) > 0 }); i >= 0 {
			a := in.All[i].Alerts[0]
			out.Unclear(a.Ref, "not-found", "no page here says what the severities of %s and of the other alerts mean; if one stands elsewhere, name it as `docs.severities` in seaworthy.yaml", a.Name)
		}
		return
	case l.URL || l.Beyond:
		out.Unclear(l.Ref, "elsewhere", "the severities are defined in %s, which was not read", l.Target)
		return
	case !l.Resolves:
		out.Fail(l.Ref, "not-there", "the severities are to be defined in %s, which is not there", l.Target)
		return
	case library.Page(l.File) != nil && page.English(library.Page(l.File)):
		out.Fail(l.Ref, "undefined", "%s defines no severities: neither a table nor sections say what each means", l.File)
		return
	default:
		out.Unclear(l.Ref, "elsewhere", "the severities are defined in %s, in which they were not recognised", l.Target)
		return
	}
	var slow, bare []string
	for _, c := range s.Classes {
		if c.Response == "" {
			slow = append(slow, c.Name)
		}
		if !c.Example {
			bare = append(bare, c.Name)
		}
	}
	ref := d.AtLine(s.Line)
	if len(slow) > 0 {
		out.Fail(ref, "no-response", "%s does not say within which time somebody acts on %s", d.Path, strings.Join(slow, ", "))
	}
	if len(bare) > 0 {
		out.Fail(ref, "no-example", "%s gives no example of %s", d.Path, strings.Join(bare, ", "))
	}
	if len(slow)+len(bare) == 0 {
		out.Pass(ref, "defined", "%s defines %s, each with a response time and an example", d.Path, names(s))
	}
}

func names(s page.Severities) string {
	var out []string
	for _, c := range s.Classes {
		out = append(out, c.Name)
	}
	return strings.Join(out, ", ")
}

// used holds the alerts of a set to the definition.
func used(out *verdict.Findings, in expect.Input, d *fact.Document, s page.Severities) {
	foreign := map[string][]*fact.Alert{}
	var bare, fits []*fact.Alert
	for _, a := range in.Here.Alerts {
		values, known := severities(a)
		if !known {
			continue // only data tells
		}
		right := true
		for _, value := range values {
			switch {
			case value == "":
				bare = append(bare, a)
				right = false
			case !slices.ContainsFunc(s.Classes, func(c page.Class) bool { return c.Is(value) }):
				foreign[value] = append(foreign[value], a)
				right = false
			}
		}
		if right {
			fits = append(fits, a)
		}
	}
	for _, value := range slices.Sorted(maps.Keys(foreign)) {
		list := foreign[value]
		out.Fail(list[0].Ref, "foreign", "%s the severity %q, which %s does not define (%s)", have(list), value, d.Path, names(s))
	}
	if len(bare) > 0 {
		out.Fail(bare[0].Ref, "unset", "%s no severity; %s defines %s", have(bare), d.Path, names(s))
	}
	if len(foreign)+len(bare) == 0 && len(fits) > 0 {
		out.Pass(fits[0].Ref, "used", "%s a severity that %s defines", have(fits), d.Path)
	}
}

// severities returns what an alert's severity can be; an empty one where it has
// none.
func severities(a *fact.Alert) (values []string, known bool) {
	if strings.Contains(a.Severity, "{{") {
		return nil, false
	}
	if list, raised := a.Raised("severity"); raised && a.Labels["severity"] != "" {
		return list, true
	}
	return []string{a.Severity}, true
}

// have begins a sentence with alerts and their names.
func have(list []*fact.Alert) string {
	var called []string
	for _, a := range list {
		if !slices.Contains(called, a.Name) {
			called = append(called, a.Name)
		}
	}
	switch n := len(called); {
	case n == 1:
		return called[0] + " has"
	case n <= 4:
		return strings.Join(called[:n-1], ", ") + " and " + called[n-1] + " have"
	default:
		return fmt.Sprintf("%s and %d more alerts have", strings.Join(called[:3], ", "), n-3)
	}
}
