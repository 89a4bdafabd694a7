package aws

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// notices reads what AWS itself announces and a rule passes on to people.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
func (r *reader) notices() {
	targets := r.of(kinds(fact.Alerts), "aws_cloudwatch_event_target")
	for _, res := range r.of(kinds(fact.Alerts), "aws_cloudwatch_event_rule") {
		pattern := res.Body.Get("event_pattern")
		if !pattern.Present() && pattern.Known() {
			continue // a clock
		}
		event := pattern.JSON()
		sources, known := event.Get("source").Strings()
		types, _ := event.Get("detail-type").Strings()
		a := reading.Alarm(res, cloudwatch, name(res), res.Body.Get("description"), r.provider(res).Get("default_tags", "tags"), res.Body.Get("tags"))
		a.Parsed, a.Expression = known, strings.Join(append(slices.Clone(sources), types...), ", ")
		for _, source := range sources {
			if len(types) == 0 {
				a.Metrics = append(a.Metrics, "event:"+source)
			}
			for _, t := range types {
				a.Metrics = append(a.Metrics, "event:"+source+"/"+strings.ReplaceAll(t, " ", "-"))
			}
		}
		slices.Sort(a.Metrics)
		told := false
		for _, target := range targets {
			if !r.means(target, res, "rule") && text(target.Body.Get("rule")) != name(res) {
				continue
			}
			to := target.Body.Get("arn")
			if len(r.referred(to, "arn", heard...)) > 0 || strings.Contains(to.Text, ":sns:") {
				told = true
				r.Sends(a, res, to, "arn", heard...)
			}
		}
		off, _ := res.Body.Get("is_enabled").Bool(true)
		if told && off && text(res.Body.Get("state")) != "DISABLED" {
			r.into.Alerts = append(r.into.Alerts, a)
		}
	}
	r.subscribed("aws_db_event_subscription", "sns_topic", "AWS/RDS/Event", "event_categories")
	r.subscribed("aws_backup_vault_notifications", "sns_topic_arn", "AWS/Backup/Event", "backup_vault_events")
	r.subscribed("aws_elasticache_cluster", "notification_topic_arn", "AWS/ElastiCache/Event", "")
	r.subscribed("aws_elasticache_replication_group", "notification_topic_arn", "AWS/ElastiCache/Event", "")
}

// subscribed reads what a service of AWS announces to a topic of its own accord.
// Each announced event is a metric of its own behind the service's.
func (r *reader) subscribed(kind, topic, metric, events string) {
	for _, res := range r.of(kinds(fact.Alerts), kind) {
		to := res.Body.Get(topic)
		if on, known := res.Body.Get("enabled").Bool(true); !to.Present() && to.Known() || known && !on {
			continue
		}
		a := reading.Alarm(res, cloudwatch, name(res, "backup_vault_name", "replication_group_id", "cluster_id"), model.Value{}, r.provider(res).Get("default_tags", "tags"), res.Body.Get("tags"))
		a.Metrics, a.Expression = []string{metric}, "events of "+res.Base
		if events != "" {
			list, known := res.Body.Get(events).Strings()
			a.Parsed = known
			for _, one := range list {
				a.Metrics = append(a.Metrics, metric+"/"+strings.ReplaceAll(one, " ", "-"))
			}
		}
		r.Sends(a, res, to, "arn", heard...)
		r.into.Alerts = append(r.into.Alerts, a)
	}
}
