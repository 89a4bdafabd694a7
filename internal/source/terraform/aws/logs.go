package aws

import (
	"seaworthy.dev/seaworthy/internal/fact"
)

// logs reads where logs are kept, and for how long.
func (r *reader) logs() {
	for _, res := range r.of(kinds(fact.LogStores), "aws_cloudwatch_log_group") {
		days := res.Body.Get("retention_in_days")
		l := &fact.LogStore{Ref: res.Ref(), Name: name(res), Engine: "cloudwatch", At: place(days, res)}
		n, known := number(days, 0)
		if l.Days = n; !known {
			l.Days, l.Why = -1, why(days)
		}
		l.Region, l.RegionWhy = r.region(res)
		for _, w := range r.into.Workloads {
			if v := res.Body.Get("name"); w.Platform == fact.Lambda && overlap(v.AllRefs(), []string{w.Subject}) {
				l.Of = w.Subject
			}
		}
		r.into.LogStores = append(r.into.LogStores, l)
	}
}

// spending reads budgets and watches over the bill.
func (r *reader) spending() {
	for _, res := range r.of(kinds(fact.Cloud), "aws_budgets_budget") {
		s := &fact.SpendLimit{Ref: res.Ref(), Name: name(res), Kind: "budget", Notifies: fact.No(res.At)}
		for _, n := range nested(res.Body.Get("notification")) {
			told := len(n.Get("subscriber_email_addresses").Each())+len(n.Get("subscriber_sns_topic_arns").Each()) > 0
			unknown := !n.Get("subscriber_email_addresses").Known() || !n.Get("subscriber_sns_topic_arns").Known()
			switch {
			case told:
				s.Notifies = fact.Yes(n.At)
			case unknown && !s.Notifies.Is():
				s.Notifies = fact.Truth{Why: why(n.Get("subscriber_email_addresses")), At: n.At}
			}
			s.Forecast = s.Forecast || text(n.Get("notification_type")) == "FORECASTED"
		}
		if v := res.Body.Get("notification"); !v.Known() {
			s.Notifies = fact.Truth{Why: why(v), At: v.At}
		}
		r.into.SpendLimits = append(r.into.SpendLimits, s)
	}
	for _, res := range r.of(kinds(fact.Cloud), "aws_ce_anomaly_subscription") {
		s := &fact.SpendLimit{Ref: res.Ref(), Name: name(res), Kind: "anomaly", Notifies: fact.No(res.At)}
		if v := res.Body.Get("subscriber"); v.Present() {
			s.Notifies = fact.Yes(res.At)
		} else if !v.Known() {
			s.Notifies = fact.Truth{Why: why(v), At: v.At}
		}
		r.into.SpendLimits = append(r.into.SpendLimits, s)
	}
}
