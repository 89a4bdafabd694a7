package terraform

import (
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// datadogLanguage is the language of Datadog's monitors, and the engine of what
// they tell.
const datadogLanguage = "datadog"

// datadog reads monitors of Datadog, which tell whom their message names.
// https://docs.datadoghq.com/api/latest/monitors/
func datadog(c *model.Config, into *fact.Set) {
	r := reading.New(c, into)
	for _, res := range r.Of([]fact.Kind{fact.Alerts}, "datadog_monitor") {
		b := res.Body
		message := b.Get("message")
		a := reading.Alarm(res, datadogLanguage, reading.Name(res), message, tagged(r.Provider(res, "datadog").Get("default_tags", "tags")), tagged(b.Get("tags")))
		if a.Severity == "" {
			// https://docs.datadoghq.com/monitors/configuration/#metadata
			if p := reading.Text(b.Get("priority")); p != "" {
				a.Severity, a.Rated = "p"+p, true
			}
		}
		query := b.Get("query")
		a.Expression = query.Text
		monitored(a, reading.Text(b.Get("type")), query)
		mentions(r, a, res, message)
		into.Alerts = append(into.Alerts, a)
	}
}

// tagged turns tags such as "team:checkout" into labels.
func tagged(v model.Value) model.Value {
	if v.Kind == model.Object {
		return v
	}
	out := model.Value{Kind: model.Object, Fields: map[string]model.Value{}, At: v.At}
	for _, one := range v.Items {
		if key, value, found := strings.Cut(one.Text, ":"); found {
			one.Text = value
			out.Fields[key] = one
		}
	}
	if !v.Known() {
		out.Kind, out.Why = model.Unknown, reading.Why(v)
	}
	return out
}

var (
	datadogMetric = regexp.MustCompile(`(?:avg|sum|min|max|count|p[0-9]+|last|percentile)\s*(?:\([^)]*\))?\s*:\s*([a-zA-Z][\w.]*)\s*\{`)
	datadogCheck  = regexp.MustCompile(`^\s*"([\w.]+)"\.over\(`)
	datadogEvent  = regexp.MustCompile(`source:(\w+)`)
)

// monitored says what a monitor compares.
func monitored(a *fact.Alert, kind string, query model.Value) {
	for _, m := range datadogMetric.FindAllStringSubmatch(query.Text, 50) {
		a.Metrics = append(a.Metrics, m[1])
	}
	if m := datadogCheck.FindStringSubmatch(query.Text); m != nil {
		a.Metrics = append(a.Metrics, m[1])
	}
	switch kind {
	case "slo alert":
		a.Burns = strings.Contains(query.Text, "burn_rate(") || strings.Contains(query.Text, "error_budget(")
		a.Metrics = append(a.Metrics, "slo")
	case "event alert", "event-v2 alert":
		for _, m := range datadogEvent.FindAllStringSubmatch(query.Text, 10) {
			name := "event:" + m[1]
			if strings.Contains(query.Text, "health") && strings.Contains(m[1], "amazon") {
				name = "event:aws.health"
			}
			a.Metrics = append(a.Metrics, name)
		}
	}
	slices.Sort(a.Metrics)
	a.Metrics = slices.Compact(a.Metrics)
	a.Parsed = len(a.Metrics) > 0 || a.Burns
}

var mention = regexp.MustCompile(`(?:^|[\s({}])@([A-Za-z0-9][\w.+@/-]*[\w])`)

// mentions reads whom a message tells: what follows an @.
// https://docs.datadoghq.com/monitors/notify/#notifications
func mentions(r *reading.Reader, a *fact.Alert, res *model.Resource, message model.Value) {
	text := message.Text
	for _, p := range message.Pieces {
		text += p.Text
	}
	for _, m := range mention.FindAllStringSubmatch(text, 50) {
		to := r.Told(datadogLanguage, "@"+m[1], reading.Place(message, res))
		if a.Routes = append(a.Routes, to.Name); len(to.Channels) == 0 {
			to.Channels = append(to.Channels, handle(m[1], to.At))
		}
	}
	if !message.Known() {
		why := reading.Why(message)
		to := r.Told(datadogLanguage, "("+why+")", reading.Place(message, res))
		if a.Routes = append(a.Routes, to.Name); len(to.Channels) == 0 {
			reading.Unseen(to, "elsewhere", why, to.At)
		}
	}
	slices.Sort(a.Routes)
	a.Routes = slices.Compact(a.Routes)
}

// handle tells where a mention leads.
func handle(name string, at fact.Location) fact.Channel {
	kind, target, _ := strings.Cut(name, "-")
	c := fact.Channel{Kind: kind, Target: target, Wakes: fact.No(at)}
	switch {
	case strings.Contains(name, "@"):
		c = reading.Mail(model.Value{Kind: model.Scalar, Text: name}, at)
	case slices.Contains([]string{"pagerduty", "opsgenie", "victorops", "oncall", "splunkoncall", "incidentio"}, kind):
		c.Wakes = fact.Yes(at)
	case slices.Contains([]string{"slack", "teams", "microsoft", "hangouts", "google", "jira", "servicenow", "zendesk", "all", "here"}, kind):
	default:
		c.Wakes = fact.Truth{Why: "what stands behind @" + name + " is not written here", At: at}
	}
	return c
}
