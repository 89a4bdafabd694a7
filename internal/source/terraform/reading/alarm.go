package reading

import (
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/paging"
	"seaworthy.dev/seaworthy/internal/derive/rules"
	"seaworthy.dev/seaworthy/internal/derive/severity"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// instructive is the length in bytes from which an alert's own text may be a
// runbook: about five short lines.
const instructive = 200

// Alarm begins an alert that a cloud or a platform raises by itself, with what its
// name, its text and its tags say of severity, owner and runbook.
func Alarm(res *model.Resource, language, name string, says model.Value, tags ...model.Value) *fact.Alert {
	labels, untold := Labels(tags...)
	text := says.Text // of an unknown one, the beginning that is known
	for _, p := range says.Pieces {
		text += " " + p.Text
	}
	a := &fact.Alert{
		Ref: res.Ref(), Name: name, Language: language, Parsed: true, Labels: labels, Annotations: map[string]string{}, Untold: untold,
		Known: map[string][]string{"alertname": {name}}, Closed: untold == "", Routes: []string{},
	}
	if !says.Known() && a.Untold == "" {
		a.Untold = Why(says)
	}
	a.Severity = strings.ToLower(rules.First(labels, "severity", "priority", "level"))
	if a.Severity == "" {
		a.Severity = named(name, text)
	}
	a.Owner = rules.First(labels, "owner", "team", "squad")
	if a.Runbook = rules.Runbook(labels); a.Runbook == "" {
		a.Runbook = runbook(text)
	}
	a.Instructs = a.Runbook == "" && len(strings.TrimSpace(text)) >= instructive
	return a
}

// severe is how a text says how bad something is.
var severe = regexp.MustCompile(`(?i)\b(?:severity|priority)["']?\s*[:=]\s*["']?([a-z]+[0-9]?|[0-9])\b`)

// named returns the severity that a name or a text gives; empty where there is
// none. "high" and "error" in a name say what is measured.
func named(name, text string) string {
	if m := severe.FindStringSubmatch(text); m != nil {
		return strings.ToLower(m[1])
	}
	for _, word := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9') }) {
		if severity.Pages(word) || word == "warning" || word == "ticket" || len(word) == 2 && word[0] == 'p' && '2' <= word[1] && word[1] <= '5' {
			return word
		}
	}
	return ""
}

var link = regexp.MustCompile(`https?://[^\s"'<>)\]}|]+`)

// runbook returns the address of the runbook in a text: one that calls itself so, or
// the only one.
func runbook(text string) string {
	all := link.FindAllString(text, 20)
	for i, one := range all {
		all[i] = strings.TrimRight(one, ".,;:!")
	}
	for _, word := range []string{"runbook", "playbook"} {
		if i := slices.IndexFunc(all, func(one string) bool { return strings.Contains(strings.ToLower(one), word) }); i >= 0 {
			return all[i]
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	if at := strings.Index(strings.ToLower(text), "runbook"); at >= 0 {
		if next := link.FindString(text[at:]); next != "" {
			return strings.TrimRight(next, ".,;:!")
		}
	}
	return ""
}

// Told makes a receiver that alarms of a language can name, and returns it with
// what it has so far.
func (r *Reader) Told(language, name string, at fact.Location) *fact.Receiver {
	var routing *fact.Routing
	for _, known := range r.Into.Routings {
		if known.Engine == language {
			routing = known
		}
	}
	if routing == nil {
		routing = &fact.Routing{Ref: fact.Ref{Subject: language, Location: at}, Name: language, Engine: language}
		r.Into.Routings = append(r.Into.Routings, routing)
	}
	for _, one := range routing.Receivers {
		if one.Name == name {
			return one
		}
	}
	one := &fact.Receiver{Name: name, At: at}
	routing.Receivers = append(routing.Receivers, one)
	return one
}

// Unseen gives a receiver a channel of which only this is known: that something
// stands there.
func Unseen(to *fact.Receiver, kind, why string, at fact.Location) {
	to.Channels = append(to.Channels, fact.Channel{Kind: kind, Wakes: fact.Truth{Why: why, At: at}})
}

// Sends tells whom an alarm is sent to: those of the listed resources to which the
// value refers, by their names. What is not among these files is told, and nobody
// knows who hears it.
func (r *Reader) Sends(a *fact.Alert, res *model.Resource, to model.Value, attribute string, types ...string) {
	items := to.Each()
	if !to.Known() {
		items = append(slices.Clone(to.Items), model.Value{Kind: model.Unknown, Why: Why(to), Refs: to.Refs, At: to.At})
	}
	for _, item := range items {
		found := r.Referred(item, attribute, types...)
		for _, target := range found {
			if target.Data {
				r.unseen(a, item, res, target.Base+" is looked up, and whom it tells is not written here")
			} else if r.Fits(res, target) {
				a.Routes = append(a.Routes, target.Base)
			}
		}
		switch {
		case len(found) > 0:
		case item.Known() && Text(item) != "":
			r.unseen(a, item, res, Text(item)+" is not among these files")
		case !item.Known():
			r.unseen(a, item, res, Why(item))
		}
	}
	slices.Sort(a.Routes)
	a.Routes = slices.Compact(a.Routes)
}

// unseen sends an alarm to something of which nothing is known.
func (r *Reader) unseen(a *fact.Alert, to model.Value, res *model.Resource, why string) {
	name := Text(to)
	if name == "" {
		name = "(" + why + ")"
	}
	if one := r.Told(a.Language, name, Place(to, res)); len(one.Channels) == 0 {
		Unseen(one, "elsewhere", why, Place(to, res))
	}
	a.Routes = append(a.Routes, name)
}

// pagers are the resources whose addresses lead to services that call people.
var pagers = []string{
	"pagerduty_service_integration", "pagerduty_event_orchestration_integration", "opsgenie_api_integration", "opsgenie_integration", "opsgenie_email_integration",
	"rootly_alerts_source", "squadcast_service", "incident_alert_source", "firehydrant_inbound_email", "betteruptime_incoming_webhook", "victorops_routing_key",
}

// Webhook returns the channel behind an address of which only a part may be known.
func Webhook(address model.Value, at fact.Location) fact.Channel {
	c := paging.Webhook(address.Text, at)
	switch {
	case c.Wakes.Known:
	case slices.ContainsFunc(address.AllRefs(), func(ref string) bool { return Made(ref, pagers...) }):
		c.Wakes = fact.Yes(at)
	case !address.Known() && address.Text == "":
		c.Wakes.Why = Why(address)
	}
	return c
}

// Mail returns the channel behind a mail address.
func Mail(address model.Value, at fact.Location) fact.Channel {
	c := paging.Mail(address.Text, at)
	switch {
	case slices.ContainsFunc(address.AllRefs(), func(ref string) bool { return Made(ref, pagers...) }):
		c.Wakes = fact.Yes(at)
	case !address.Known():
		c.Target, c.Wakes = "", fact.Truth{Why: Why(address), At: at}
	}
	return c
}
