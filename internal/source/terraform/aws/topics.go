package aws

import (
	"fmt"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// topics reads who is subscribed to topics, and what other receivers do.
func (r *reader) topics() {
	subscriptions := r.of(kinds(fact.Routings), "aws_sns_topic_subscription")
	rooms := r.of(kinds(fact.Routings), "aws_chatbot_slack_channel_configuration", "aws_chatbot_teams_channel_configuration")
	for _, topic := range r.of(kinds(fact.Routings), "aws_sns_topic") {
		to := r.Told(cloudwatch, topic.Base, topic.At)
		tags, _ := r.tags(topic)
		to.Team = firstOf(tags, "owner", "team")
		for _, s := range subscriptions {
			if r.means(s, topic, "topic_arn") {
				to.Channels = append(to.Channels, subscriber(s))
			}
		}
		for _, s := range nested(topic.Body.Get("subscription")) { // as CloudFormation writes them
			to.Channels = append(to.Channels, subscriber(&model.Resource{Body: s, At: reading.Place(s, topic)}))
		}
		for _, room := range rooms {
			if room.Body.Get("sns_topic_arns").RefersTo(topic.Base) {
				to.Channels = append(to.Channels, fact.Channel{Kind: "chat", Target: text(room.Body.Get("slack_channel_id")), Wakes: fact.No(room.At)})
			}
		}
		if len(to.Channels) == 0 { // whoever reads mail subscribes by hand, for it takes a click
			reading.Unseen(to, "elsewhere", "no subscription to "+topic.Base+" stands among these files", topic.At)
		}
	}
	for _, plan := range r.of(kinds(fact.Routings), "aws_ssmincidents_response_plan") {
		to := r.Told(cloudwatch, plan.Base, plan.At)
		people := plan.Body.Get("engagements")
		c := fact.Channel{Kind: "incident", Wakes: fact.Yes(plan.At)}
		if !people.Known() {
			c.Wakes = fact.Truth{Why: reading.Why(people), At: plan.At}
		} else if len(people.Each()) == 0 {
			c.Wakes = fact.No(plan.At)
		}
		to.Channels = append(to.Channels, c)
	}
}

func firstOf(tags map[string]string, keys ...string) string {
	for _, want := range keys {
		for key, value := range tags {
			if strings.EqualFold(key, want) {
				return value
			}
		}
	}
	return ""
}

// subscriber reads one subscription of a topic. Its address may hold a key, and is
// not kept.
// https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html
func subscriber(s *model.Resource) fact.Channel {
	end := s.Body.Get("endpoint")
	protocol, known := s.Body.Get("protocol").String()
	c := fact.Channel{Kind: protocol, Wakes: fact.No(s.At)}
	open := func(format string, args ...any) { c.Wakes = fact.Truth{Why: fmt.Sprintf(format, args...), At: s.At} }
	switch {
	case !known:
		open("the subscription's protocol is not known")
	case protocol == "http" || protocol == "https":
		c = reading.Webhook(end, s.At)
	case strings.HasPrefix(protocol, "email"):
		c = reading.Mail(end, s.At)
	case protocol == "sms":
		open("a text message wakes only whoever hears it")
	case protocol == "application":
		open("what the application does with it is not written here")
	case protocol == "firehose":
	default:
		open("what the %s does with it is not written here", protocol)
	}
	if filter := s.Body.Get("filter_policy"); c.Wakes.Is() && (filter.Present() || !filter.Known()) {
		open("the subscription takes only some messages")
	}
	return c
}
