// Package paging tells by an address whether what is sent there wakes somebody.
package paging

import (
	"net/url"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// pagers are the hosts of services that call people, by the end of their names.
var pagers = []string{
	"pagerduty.com", "opsgenie.com", "opsgenie.net", "victorops.com", "incident.io", "rootly.com", "squadcast.com", "zenduty.com", "ilert.com",
	"pagertree.com", "xmatters.com", "firehydrant.io", "firehydrant.com", "spike.sh", "allquiet.app", "betterstack.com", "betteruptime.com",
	"signl4.com", "callgoose.com", "flashduty.com", "jsmops.com",
}

// watchers are services that complain when they hear nothing.
var watchers = []string{"deadmanssnitch.com", "nosnch.in", "healthchecks.io", "hc-ping.com", "cronitor.link", "heartbeat.uptimerobot.com"}

// rooms are the hosts of chats, which wake nobody.
var rooms = []string{"hooks.slack.com", "hooks.slack-gov.com", "discord.com", "discordapp.com", "webhook.office.com", "outlook.office.com", "chat.googleapis.com"}

// Webhook returns the channel behind an address, of which only the beginning need
// be known. The address itself, which may hold a key, is not kept.
func Webhook(address string, at fact.Location) fact.Channel {
	c := fact.Channel{Kind: "webhook", Wakes: fact.Truth{Why: "what stands behind the webhook is not written here", At: at}}
	u, err := url.Parse(address)
	if err != nil {
		return c
	}
	switch host := u.Hostname(); {
	case strings.Contains(u.Path, "heartbeat"), endsIn(host, watchers):
		c.Kind, c.Wakes = "heartbeat", fact.No(at)
	case endsIn(host, pagers):
		c.Wakes = fact.Yes(at)
	case strings.HasSuffix(host, ".grafana.net") && strings.Contains(u.Path, "/integrations/v1/"):
		c.Wakes = fact.Yes(at) // Grafana OnCall
	case endsIn(host, rooms):
		c.Wakes = fact.No(at)
	}
	return c
}

// Watches reports whether a host belongs to a service that complains when it hears
// nothing.
func Watches(host string) bool { return endsIn(host, watchers) }

// Mail returns the channel of a mail address: none wakes anybody but those of
// services that call people.
func Mail(address string, at fact.Location) fact.Channel {
	first, _, _ := strings.Cut(address, ",")
	_, host, _ := strings.Cut(strings.TrimSpace(first), "@")
	c := fact.Channel{Kind: "email", Target: address, Wakes: fact.No(at)}
	if endsIn(host, pagers) {
		c.Wakes = fact.Yes(at)
	}
	return c
}

func endsIn(host string, list []string) bool {
	host = strings.ToLower(host)
	return slices.ContainsFunc(list, func(end string) bool { return host == end || strings.HasSuffix(host, "."+end) })
}
