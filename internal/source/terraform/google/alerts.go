package google

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/derive/promql"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// monitoring is the language of Google's alerts, and the engine of what they tell.
const monitoring = "google-monitoring"

// alerts reads policies of Cloud Monitoring.
// https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies
func (r *reader) alerts() {
	for _, res := range r.Of(kinds(fact.Alerts), "google_monitoring_alert_policy") {
		b := res.Body
		if on, known := b.Get("enabled").Bool(true); known && !on {
			continue
		}
		labels := append(r.labels(res, b.Get("user_labels")), model.Value{})
		a := reading.Alarm(res, monitoring, reading.Name(res, "display_name"), b.Get("documentation", "content"), labels...)
		if s := reading.Text(b.Get("severity")); s != "" && s != "SEVERITY_UNSPECIFIED" {
			a.Severity, a.Rated = strings.ToLower(s), true
		}
		for _, l := range reading.Nested(b.Get("documentation", "links")) {
			if a.Runbook == "" {
				a.Runbook = reading.Text(l.Get("url"))
			}
		}
		conditions := b.Get("conditions")
		a.Parsed = conditions.Known()
		for _, c := range reading.Nested(conditions) {
			condition(a, c)
		}
		slices.Sort(a.Metrics)
		a.Metrics = slices.Compact(a.Metrics)
		r.Sends(a, res, b.Get("notification_channels"), "name", "google_monitoring_notification_channel")
		r.Into.Alerts = append(r.Into.Alerts, a)
	}
}

var (
	metricType = regexp.MustCompile(`metric\.type\s*=\s*(?:starts_with\()?["']?([^"'\s)]+)`)
	fetched    = regexp.MustCompile(`(?m)(?:^|\|)\s*metric\s+["']?([a-z][\w./-]*\.(?:googleapis\.com|io)/[\w./-]+)`)
)

// condition adds what one condition asks.
func condition(a *fact.Alert, c model.Value) {
	var texts []string
	for _, kind := range []string{"condition_threshold", "condition_absent", "condition_prometheus_query_language", "condition_monitoring_query_language", "condition_matched_log", "condition_sql"} {
		one := c.Get(kind)
		if !one.Known() {
			a.Parsed = false
		}
		if !one.Present() {
			continue
		}
		query := one.Get("filter")
		if kind == "condition_prometheus_query_language" || kind == "condition_monitoring_query_language" || kind == "condition_sql" {
			query = one.Get("query")
		}
		if !query.Known() && query.Text == "" {
			a.Parsed = false
		}
		if d, err := time.ParseDuration(reading.Text(one.Get("duration"))); err == nil {
			a.For = max(a.For, int(d.Seconds()))
		}
		texts = append(texts, query.Text)
		switch kind {
		case "condition_prometheus_query_language":
			if q, err := promql.Parse(query.Text); err == nil && query.Known() {
				a.Metrics = append(a.Metrics, q.Metrics()...)
				a.Burns = a.Burns || q.Windows() >= 2
			} else {
				a.Parsed = false
			}
		case "condition_monitoring_query_language":
			metrics(a, fetched, query.Text)
		case "condition_matched_log":
			if strings.Contains(query.Text, "servicehealth.googleapis.com") {
				a.Metrics = append(a.Metrics, "servicehealth.googleapis.com/event")
			} else {
				a.Metrics = append(a.Metrics, "logging.googleapis.com/log_entry_count")
			}
		case "condition_sql":
			a.Parsed = false
		default:
			// https://cloud.google.com/stackdriver/docs/solutions/slo-monitoring/alerting-on-budget-burn-rate
			if strings.Contains(query.Text, "select_slo_burn_rate") || strings.Contains(query.Text, "select_slo_budget") {
				a.Burns = true
			} else {
				metrics(a, metricType, query.Text)
			}
		}
	}
	if a.Expression != "" {
		texts = append([]string{a.Expression}, texts...)
	}
	a.Expression = strings.Join(texts, "; ")
}

func metrics(a *fact.Alert, which *regexp.Regexp, query string) {
	found := which.FindAllStringSubmatch(query, 20)
	for _, m := range found {
		a.Metrics = append(a.Metrics, m[1])
	}
	if len(found) == 0 {
		a.Parsed = false
	}
}

// channels reads whom alerts tell.
// https://cloud.google.com/monitoring/alerts/using-channels-api
func (r *reader) channels() {
	for _, res := range r.Of(kinds(fact.Routings), "google_monitoring_notification_channel") {
		to := r.Told(monitoring, res.Base, res.At)
		labels := res.Body.Get("labels")
		kind, known := res.Body.Get("type").String()
		if on, sure := res.Body.Get("enabled").Bool(true); sure && !on {
			continue // it is told nothing
		}
		c := fact.Channel{Kind: kind, Wakes: fact.No(res.At)}
		open := func(why string) { c.Wakes = fact.Truth{Why: why, At: res.At} }
		switch {
		case !known:
			open(reading.Why(res.Body.Get("type")))
		case kind == "pagerduty":
			c.Wakes = fact.Yes(res.At)
		case kind == "email":
			c = reading.Mail(labels.Get("email_address"), res.At)
		case kind == "slack":
			c.Target = reading.Text(labels.Get("channel_name"))
		case strings.HasPrefix(kind, "webhook"):
			c = reading.Webhook(labels.Get("url"), res.At)
		case kind == "sms":
			open("a text message wakes only whoever hears it")
		case kind == "google_chat", kind == "campfire", kind == "hipchat":
		default:
			open("what stands behind the channel (" + strconv.Quote(kind) + ") is not written here")
		}
		to.Channels = append(to.Channels, c)
	}
}
