package google

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// certificates reads those that Google issues and renews, and those that were
// uploaded.
// https://cloud.google.com/load-balancing/docs/ssl-certificates
func (r *reader) certificates() {
	for _, res := range r.Of(kinds(fact.Certificates), "google_compute_managed_ssl_certificate", "google_compute_ssl_certificate",
		"google_compute_region_ssl_certificate", "google_certificate_manager_certificate") {
		c := &fact.Certificate{Ref: res.Ref(), Name: reading.Name(res), Engine: "google", SecretName: res.Address, Manner: "imported", At: res.At}
		managed := res.Body.Get("managed")
		switch {
		case res.Type == "google_compute_managed_ssl_certificate", managed.Present():
			c.Manner = "managed"
		case !managed.Known():
			c.Manner, c.Unknown = "unknown", reading.Why(managed)
		}
		r.Into.Certificates = append(r.Into.Certificates, c)
	}
}

// logs reads buckets of Cloud Logging, which keep lines for 30 days unless they
// say otherwise.
// https://cloud.google.com/logging/quotas#logs_retention_periods
func (r *reader) logs() {
	for _, res := range r.Of(kinds(fact.LogStores), "google_logging_project_bucket_config", "google_logging_folder_bucket_config", "google_logging_organization_bucket_config") {
		days := res.Body.Get("retention_days")
		l := &fact.LogStore{Ref: res.Ref(), Name: reading.Name(res, "bucket_id"), Engine: "cloud-logging", At: reading.Place(days, res)}
		n, known := days.Int(30)
		if l.Days = n; !known {
			l.Days, l.Why = -1, reading.Why(days)
		}
		l.Region, l.RegionWhy = r.region(res)
		r.Into.LogStores = append(r.Into.LogStores, l)
	}
}

// budgets reads budgets. One with thresholds tells those who administer the
// bill by mail unless that is switched off.
// https://cloud.google.com/billing/docs/how-to/budgets#manage-notifications
func (r *reader) budgets() {
	for _, res := range r.Of(kinds(fact.Cloud), "google_billing_budget") {
		s := &fact.SpendLimit{Ref: res.Ref(), Name: reading.Name(res, "display_name"), Kind: "budget", Notifies: fact.No(res.At)}
		rules, told := res.Body.Get("threshold_rules"), res.Body.Get("all_updates_rule")
		for _, t := range reading.Nested(rules) {
			s.Forecast = s.Forecast || reading.Text(t.Get("spend_basis")) == "FORECASTED_SPEND"
		}
		mute, known := told.Get("disable_default_iam_recipients").Bool(false)
		others := len(told.Get("monitoring_notification_channels").Each()) > 0 || told.Get("pubsub_topic").Present() || !told.Get("pubsub_topic").Known()
		switch {
		case !rules.Known():
			s.Notifies = fact.Truth{Why: reading.Why(rules), At: rules.At}
		case told.Get("pubsub_topic").Present() || len(told.Get("pubsub_topic").AllRefs()) > 0:
			s.Notifies = fact.Yes(told.At)
		case len(reading.Nested(rules)) == 0:
		case !known || !told.Known():
			s.Notifies = fact.Truth{Why: reading.Why(told.Get("disable_default_iam_recipients")), At: told.At}
		case !mute || others:
			s.Notifies = fact.Yes(reading.Nested(rules)[0].At)
		}
		r.Into.SpendLimits = append(r.Into.SpendLimits, s)
	}
}
