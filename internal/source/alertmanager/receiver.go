package alertmanager

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/derive/paging"
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
		c = paging.Mail(text("to"), at)
	case "sns":
		c.Target = text("topic_arn") + text("topicARN")
		c.Wakes = fact.Truth{Why: "who is subscribed to the topic is not written here", At: at}
	case "webhook":
		c = paging.Webhook(decode.Text(decode.Child(n, "url")), at)
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
