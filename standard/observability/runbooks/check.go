// Package runbooks checks that whoever is woken finds written steps behind
// every critical alert.
package runbooks

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/severity"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a critical alert that links to a runbook. What stands behind
// the link is not read, so the verdict stays open until it is.
func Check(in expect.Input) (out verdict.Findings) {
	var linked []*fact.Alert
	var unrated, lesser []*fact.Alert
	for _, a := range in.Here.Alerts {
		switch {
		case severity.Pages(a.Severity):
			if judge(&out, a) {
				linked = append(linked, a)
			}
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
	case len(linked) > 0:
		a := linked[0]
		out.Unclear(a.Ref, "not-read", "%s links to %s%s, which was not read: it must say what to check, what to try and when to escalate", a.Name, a.Runbook, more(len(linked)-1))
	case len(out.List) == 0 && len(lesser) > 0:
		a := lesser[0]
		out.Unclear(a.Ref, "none-critical", "no alert here is critical (%s is %s); alerts kept elsewhere were not read", a.Name, a.Severity)
	}
	return out
}

// judge reports whether the alert links somewhere.
func judge(out *verdict.Findings, a *fact.Alert) bool {
	switch link := a.Runbook; {
	case link != "" && placeholder(link):
		out.Fail(a.Ref, "placeholder", "the runbook of %s is still to come: the link is %q", a.Name, link)
	case link != "":
		out.Pass(a.Ref, "linked", "%s links to %s", a.Name, link)
		return true
	case textLink(a) != "":
		out.Unclear(a.Ref, "link-in-text", "%s names no runbook, but its text links to %s", a.Name, textLink(a))
	default:
		out.Fail(a.Ref, "no-runbook", "%s is %s and links to no runbook", a.Name, a.Severity)
	}
	return false
}

// textLink returns the first address in the alert's texts: it may be a runbook
// under another name.
func textLink(a *fact.Alert) string {
	keys := make([]string, 0, len(a.Annotations))
	for key := range a.Annotations {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		if strings.Contains(strings.ToLower(key), "dashboard") {
			continue
		}
		for _, word := range strings.Fields(a.Annotations[key]) {
			word = strings.Trim(word, "()<>[],.;\"'")
			if strings.HasPrefix(word, "https://") || strings.HasPrefix(word, "http://") {
				return word
			}
		}
	}
	return ""
}

// placeholder reports whether a link plainly leads nowhere: a word that stands
// for a link to come, or a host that RFC 2606 and RFC 6761 keep for examples.
func placeholder(link string) bool {
	switch strings.ToLower(strings.Trim(link, "<>[]() ")) {
	case "todo", "tbd", "fixme", "none", "n/a", "na", "-", "#", "changeme", "http://", "https://", "xxx", "link", "url", "runbook":
		return true
	}
	if strings.HasPrefix(strings.ToUpper(link), "TODO") {
		return true
	}
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return false
	}
	host := strings.ToLower(u.Hostname())
	if host == "localhost" || host == "127.0.0.1" {
		return true
	}
	for _, reserved := range []string{"example.com", "example.org", "example.net", "example", "invalid", "test"} {
		if host == reserved || strings.HasSuffix(host, "."+reserved) {
			return true
		}
	}
	return false
}

func more(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d more like it)", n)
}
