package alertmanager

import (
	"net/url"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/fact"
)

// receiver reads who is told, and how. Of each channel only its kind is kept, and
// the room, address or team that it names.
func (t *tree) receiver(n *decode.Node) *fact.Receiver {
	out := &fact.Receiver{Name: decode.Text(decode.Child(n, "name")), At: t.at(n)}
	said := map[string]string{}
	own := decode.Child(n, "labels")
	for _, key := range decode.Keys(own) {
		said[key.Value] = decode.Text(decode.Child(own, key.Value))
	}
	for _, o := range owner.In(said) {
		if !o.Placeholder && out.Team == "" {
			out.Team = o.Value
		}
	}
	for _, key := range decode.Keys(n) {
		kind, found := strings.CutSuffix(key.Value, t.form.channels)
		if !found {
			continue
		}
		kind = strings.ToLower(kind)
		for _, item := range decode.Items(decode.Child(n, key.Value)) {
			c := t.channel(kind, decode.Follow(item))
			if out.Team == "" && kind == "opsgenie" {
				out.Team = c.Target
			}
			out.Channels = append(out.Channels, c)
		}
	}
	return out
}

func (t *tree) channel(kind string, n *decode.Node) fact.Channel {
	at := t.at(n)
	c := fact.Channel{Kind: kind, Wakes: fact.No(at)}
	text := func(key string) string { return shown(decode.Text(decode.Child(n, key))) }
	switch kind {
	case "pagerduty", "opsgenie", "victorops", "pushover", "incidentio":
		c.Wakes = fact.Yes(at)
		for _, r := range decode.Items(decode.Child(n, "responders")) {
			if strings.HasPrefix(decode.Text(decode.Child(r, "type")), "team") {
				c.Target = shown(decode.Text(decode.Child(r, "name")))
				break
			}
		}
	case "slack", "discord", "msteams", "msteamsv2", "mattermost", "rocketchat", "telegram", "webex", "wechat":
		c.Target = text("channel")
	case "email":
		c.Target = text("to")
		if atPager(host(c.Target)) {
			c.Wakes = fact.Yes(at)
		}
	case "sns":
		c.Target = text("topic_arn") + text("topicARN")
		c.Wakes = fact.Truth{Why: "who is subscribed to the topic is not written here", At: at}
	case "webhook":
		c.Kind, c.Wakes = webhook(decode.Text(decode.Child(n, "url")), at)
	case "jira":
	default:
		c.Wakes = fact.Truth{Why: "it is not known what a " + kind + " does", At: at}
	}
	return c
}

// shown returns a text that is no template; what a template yields is not known.
func shown(text string) string {
	if strings.Contains(text, "{{") || strings.Contains(text, "://") || len(text) > 200 {
		return ""
	}
	return text
}

// pagers are the hosts of services that call people, by the end of their names.
var pagers = []string{
	"pagerduty.com", "opsgenie.com", "opsgenie.net", "victorops.com", "incident.io", "rootly.com", "squadcast.com", "zenduty.com", "ilert.com",
	"pagertree.com", "xmatters.com", "firehydrant.io", "firehydrant.com", "spike.sh", "allquiet.app", "betterstack.com", "betteruptime.com",
	"signl4.com", "callgoose.com", "flashduty.com", "jsmops.com",
}

// watchers are services that complain when they hear nothing.
var watchers = []string{"deadmanssnitch.com", "nosnch.in", "healthchecks.io", "hc-ping.com", "cronitor.link", "heartbeat.uptimerobot.com"}

// webhook tells by an address's host, which is not kept, whether it rings.
func webhook(address string, at fact.Location) (string, fact.Truth) {
	u, err := url.Parse(address)
	switch {
	case err == nil && strings.Contains(u.Path, "heartbeat"):
		return "heartbeat", fact.No(at)
	case err == nil && atPager(u.Hostname()):
		return "webhook", fact.Yes(at)
	case err == nil && strings.HasSuffix(u.Hostname(), ".grafana.net") && strings.Contains(u.Path, "/integrations/v1/"):
		return "webhook", fact.Yes(at) // Grafana OnCall
	case err == nil && endsIn(u.Hostname(), watchers):
		return "heartbeat", fact.No(at)
	}
	return "webhook", fact.Truth{Why: "what stands behind the webhook is not written here", At: at}
}

func atPager(host string) bool { return endsIn(host, pagers) }

func endsIn(host string, list []string) bool {
	host = strings.ToLower(host)
	return slices.ContainsFunc(list, func(end string) bool { return host == end || strings.HasSuffix(host, "."+end) })
}

// host returns the part of a mail address behind the sign.
func host(address string) string {
	first, _, _ := strings.Cut(address, ",")
	_, name, _ := strings.Cut(strings.TrimSpace(first), "@")
	return name
}
