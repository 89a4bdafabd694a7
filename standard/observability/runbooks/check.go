// Package runbooks checks that whoever is woken finds written steps behind
// every critical alert.
package runbooks

import (
	"fmt"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/derive/severity"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a critical alert whose link leads to a page that says what to check,
// what to try, and when and to whom to escalate. What stands behind a link that
// leads elsewhere is open.
func Check(in expect.Input) (out verdict.Findings) {
	if len(in.Here.Alerts) == 0 {
		return out
	}
	c := check{out: &out, library: page.LibraryOf(in.All)}
	var unrated, lesser []*fact.Alert
	for _, a := range in.Here.Alerts {
		switch {
		case severity.Pages(a.Severity):
			c.judge(a)
		case a.Severity == "":
			unrated = append(unrated, a)
		default:
			lesser = append(lesser, a)
		}
	}
	if len(unrated) > 0 {
		a := unrated[0]
		out.Unclear(a.Ref, "no-severity", "%s has no severity%s, so it is open whether it wakes anybody", a.Name, more(len(unrated)-1))
	}
	switch {
	case len(c.unread) > 0:
		a := c.unread[0]
		out.Unclear(a.Ref, "not-read", "%s links to %s%s, which was not read: it must say what to check, what to try and when to escalate", a.Name, a.Runbook, more(len(c.unread)-1))
	case len(out.List) == 0 && len(lesser) > 0:
		a := lesser[0]
		out.Unclear(a.Ref, "none-critical", "no alert here is critical (%s is %s); alerts kept elsewhere were not read", a.Name, a.Severity)
	}
	return out
}

type check struct {
	out     *verdict.Findings
	library *page.Library
	// unread are the alerts whose links lead elsewhere.
	unread []*fact.Alert
}

// judge follows the link of a critical alert.
func (c *check) judge(a *fact.Alert) {
	link := filled(a)
	switch {
	case link != "" && placeholder(link):
		c.out.Fail(a.Ref, "placeholder", "the runbook of %s is still to come: the link is %q", a.Name, a.Runbook)
		return
	case link == "" && textLink(a) != "":
		c.out.Unclear(a.Ref, "link-in-text", "%s names no runbook, but its text links to %s", a.Name, textLink(a))
		return
	case link == "" && a.Instructs:
		c.out.Unclear(a.Ref, "own-text", "%s links to no runbook; whether its own text is one is not judged", a.Name)
		return
	case link == "":
		c.out.Fail(a.Ref, "no-runbook", "%s is %s and links to no runbook", a.Name, a.Severity)
		return
	}
	way := c.library.Follow(link, a.File)
	switch {
	case way.Missing != "":
		c.out.Lacks(a.Ref, []fact.Kind{fact.Documents}, "not-there", "the runbook of %s is %s, which is not there", a.Name, way.Missing)
	case way.Document == nil:
		c.out.Pass(a.Ref, "linked", "%s links to %s", a.Name, a.Runbook)
		c.unread = append(c.unread, a)
	default:
		c.read(a, way)
	}
}

// read judges the page behind an alert.
func (c *check) read(a *fact.Alert, way page.Way) {
	d := way.Document
	at := d.Path
	if way.Anchor != "" {
		at += "#" + way.Anchor
		if page.SectionAt(d, way.Anchor) == nil && d.Partly == "" {
			c.out.Fail(a.Ref, "no-section", "the runbook of %s is %s, and that page has no such section", a.Name, at)
			return
		}
	}
	if page.Unwritten(d.Sections) {
		c.out.Fail(a.Ref, "unwritten", "the runbook of %s is %s, which is still to be written", a.Name, at)
		return
	}
	absent, empty, elsewhere := page.RunbookOf(d, way.Anchor).Missing()
	switch {
	case len(empty) > 0:
		c.out.Fail(a.Ref, "empty-part", "the runbook of %s (%s) has a heading but no text for %s", a.Name, at, list(empty))
	case len(absent) > 0 && (d.Partly != "" || !page.English(d)):
		why := "parts are recognised in English only"
		if d.Partly != "" {
			why = d.Partly
		}
		c.out.Unclear(a.Ref, "not-recognised", "the runbook of %s (%s) may not say %s: %s", a.Name, at, list(absent), why)
	case len(absent) > 0:
		c.out.Fail(a.Ref, "missing-part", "the runbook of %s (%s) does not say %s", a.Name, at, list(absent))
	case len(elsewhere) > 0:
		c.out.Unclear(a.Ref, "part-elsewhere", "the runbook of %s (%s) leads elsewhere for %s, which was not read", a.Name, at, list(elsewhere))
	default:
		c.out.Pass(a.Ref, "complete", "%s links to %s, which says what to check, what to try and when to escalate", a.Name, at)
	}
}

func list(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " or " + parts[len(parts)-1]
}

func more(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d more like it)", n)
}
