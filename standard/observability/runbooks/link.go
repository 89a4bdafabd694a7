package runbooks

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// ownName is the alert's own name or a label of it, where a link's template asks.
var ownName = regexp.MustCompile(`\{\{-?\s*\$?\.?(?:labels|Labels)\.(\w+)\s*-?\}\}`)

// filled returns an alert's link with what its template asks of the alert itself:
// its name and the labels that it sets.
func filled(a *fact.Alert) string {
	return ownName.ReplaceAllStringFunc(a.Runbook, func(found string) string {
		name := ownName.FindStringSubmatch(found)[1]
		if name == "alertname" {
			return a.Name
		}
		if value := a.Labels[name]; value != "" && !strings.Contains(value, "{{") {
			return value
		}
		return found
	})
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
