package catalog

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/fact"
)

func isBackstage(api string) bool { return strings.HasPrefix(api, "backstage.io/") }
func isScore(api string) bool     { return strings.HasPrefix(api, "score.dev/") }

type link struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Type  string `json:"type"`
	URL   string `json:"url"`
}

type entity struct {
	Kind     string `json:"kind"`
	Metadata struct {
		Name        string         `json:"name"`
		Annotations map[string]any `json:"annotations"`
		Links       []link         `json:"links"`
	} `json:"metadata"`
	Spec struct {
		Type    string   `json:"type"`
		Owner   string   `json:"owner"`
		Target  string   `json:"target"`
		Targets []string `json:"targets"`
		Profile struct {
			Email string `json:"email"`
		} `json:"profile"`
	} `json:"spec"`
}

// backstage reads an entity of Backstage's catalog.
func (d *document) backstage() {
	var e entity
	if !d.fit(d.root, &e) {
		return
	}
	spec := decode.Child(d.root, "spec")
	c := &fact.OwnerClaim{Source: "backstage", Of: e.Metadata.Name, OnCall: onCallOf(e.Metadata.Annotations)}
	c.Contact = first(e.Spec.Profile.Email, contactOf(e.Metadata.Annotations, e.Metadata.Links))
	c.OnCall = first(c.OnCall, linkTo(e.Metadata.Links, "on-call", "oncall", "pagerduty", "opsgenie"))
	switch strings.ToLower(e.Kind) {
	case "location":
		d.targets(e.Spec.Type, append(slices.Clone(e.Spec.Targets), e.Spec.Target), d.place(spec, "targets"))
		return
	case "group":
		c.Kind = "team"
		d.claim(c, d.place(decode.Child(d.root, "metadata"), "name"), []string{e.Metadata.Name}, nil)
		return
	case "user":
		c.Kind = "person"
		d.claim(c, d.place(decode.Child(d.root, "metadata"), "name"), nil, []string{e.Metadata.Name})
		return
	case "component":
		c.Kind = "service"
		if e.Spec.Type == "library" || e.Spec.Type == "documentation" {
			c.Kind = "part" // nothing that runs
		}
	case "system":
		c.Kind = "system"
	case "api", "resource":
		c.Kind = "part"
	default:
		d.misspelt(e.Kind)
		return // domains, templates and others own no service
	}
	var teams, people []string
	if kind, _, found := strings.Cut(e.Spec.Owner, ":"); found && strings.EqualFold(kind, "user") || owner.IsAddress(e.Spec.Owner) {
		people = []string{e.Spec.Owner}
	} else {
		teams = []string{e.Spec.Owner}
	}
	d.claim(c, d.place(spec, "owner"), teams, people)
}

// kinds are those of Backstage itself; plugins add others.
var kinds = []string{"Component", "API", "Resource", "System", "Domain", "Group", "User", "Location", "Template"}

// misspelt reports a kind that is almost one of Backstage's own.
func (d *document) misspelt(kind string) {
	for _, known := range kinds {
		if n := decode.Distance(strings.ToLower(kind), strings.ToLower(known)); n > 0 && n <= 2 && len(kind) > 3 {
			d.into.lose(fact.Problem{Location: d.place(d.root, "kind"), Message: fmt.Sprintf("kind %s is none of Backstage's; did you mean %s?", kind, known)})
			return
		}
	}
}

// targets notes the files of this repository that a Location names; addresses
// elsewhere are not fetched.
func (d *document) targets(kind string, targets []string, at fact.Location) {
	for _, t := range targets {
		t = strings.TrimPrefix(strings.TrimSpace(t), "file:")
		if t == "" || strings.Contains(t, "://") || strings.HasPrefix(t, "/") || kind != "" && kind != "url" && kind != "file" {
			continue
		}
		d.into.Targets = append(d.into.Targets, Target{Location: at, Path: t})
	}
}

// pagers are the domains under which plugins of Backstage keep who is called.
var pagers = []string{"pagerduty.com/", "opsgenie.com/", "splunk.com/on-call", "victorops.com/", "ilert.com/", "rootly.com/", "firehydrant.com/",
	"incident.io/", "squadcast.com/", "xmatters.com/", "grafana.com/oncall", "zenduty.com/", "alertops.com/"}

// onCallOf names the annotation that leads to the on-call schedule. Its value may
// be a key, so it is never shown.
func onCallOf(annotations map[string]any) string {
	var found []string
	for name, value := range annotations {
		if text(value) == "" {
			continue
		}
		for _, pager := range pagers {
			if strings.HasPrefix(name, pager) {
				found = append(found, name)
			}
		}
	}
	slices.Sort(found)
	return first(found...)
}

// text returns a scalar as text; a key of digits is read as a number.
func text(value any) string {
	switch value.(type) {
	case nil, map[string]any, []any:
		return ""
	}
	return strings.TrimSpace(fmt.Sprint(value))
}

// contactOf returns a way to reach people: an annotation or a link.
func contactOf(annotations map[string]any, links []link) string {
	var found []string
	for name, value := range annotations {
		says := text(value)
		_, last, _ := strings.Cut(name, "/")
		switch {
		case says == "":
		case strings.HasPrefix(name, "slack.com/"), slices.Contains([]string{"slack-channel", "slack", "email", "contact", "chat"}, last):
			found = append(found, name+" "+says)
		}
	}
	slices.Sort(found)
	return first(append(found, linkTo(links, "slack", "chat", "teams", "email", "contact", "mattermost", "discord", "zulip"))...)
}

// linkTo returns the first link whose type, title or address speaks of one of
// the words, or leads to a mailbox for a contact.
func linkTo(links []link, words ...string) string {
	for _, l := range links {
		text := strings.ToLower(strings.Join([]string{l.Type, l.Title, l.Name, l.URL}, " "))
		if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) }) {
			return l.URL
		}
	}
	return ""
}

// score reads a workload of the Score specification. It has no owner of its own:
// people write one into annotations or beside the name.
func (d *document) score() {
	var w struct {
		Metadata map[string]any `json:"metadata"`
	}
	if !d.fit(d.root, &w) {
		return
	}
	node := decode.Child(d.root, "metadata")
	texts := func(m map[string]any) map[string]string {
		out := map[string]string{}
		for k, v := range m {
			if text, ok := v.(string); ok {
				out[k] = text
			}
		}
		return out
	}
	own := texts(w.Metadata)
	annotations, _ := w.Metadata["annotations"].(map[string]any)
	for _, named := range owner.In(own, texts(annotations)) {
		if named.Placeholder || owner.Contact(named.Key) {
			continue
		}
		at := d.place(node, named.Key)
		if _, found := own[named.Key]; !found {
			at = d.place(decode.Child(node, "annotations"), named.Key)
		}
		d.claim(&fact.OwnerClaim{Source: "score", Kind: "service", Of: own["name"]}, at, []string{named.Value}, nil)
		return
	}
}
