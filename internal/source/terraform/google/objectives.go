package google

import (
	"cmp"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/slo"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// objectives reads those of Cloud Monitoring.
// https://cloud.google.com/monitoring/api/ref_v3/rest/v3/services.serviceLevelObjectives
func (r *reader) objectives() {
	for _, res := range r.Of(kinds(fact.Objectives), "google_monitoring_slo") {
		b := res.Body
		name := reading.Name(res, "display_name", "slo_id")
		o := &fact.Objective{Ref: res.Ref().Within("objective " + name), Name: name, Service: reading.Text(b.Get("service")), Format: "google"}
		if t, err := slo.ParseShare(reading.Text(b.Get("goal"))); err == nil {
			o.Target = strings.TrimSuffix(t.String(), " %")
		}
		if days := reading.Text(b.Get("rolling_period_days")); days != "" {
			o.Window = "rolling " + days + "d"
		} else if period := strings.ToLower(reading.Text(b.Get("calendar_period"))); period != "" {
			o.Window = "calendar " + strings.Replace(period, "fortnight", "2 weeks", 1)
		}
		for _, part := range []string{"goal", "rolling_period_days", "calendar_period"} {
			if v := b.Get(part); !v.Known() {
				r.Hole(res, kinds(fact.Objectives), part+" of "+res.Base+reading.Because(v))
			}
		}
		o.Indicator = r.indicator(res, b)
		r.Into.Objectives = append(r.Into.Objectives, o)
	}
}

// indicator reads how an objective is measured: by Google's own measure of a
// service, which counts good requests among all, or by filters of metrics.
func (r *reader) indicator(res *model.Resource, b model.Value) *fact.Indicator {
	out := &fact.Indicator{Ref: res.Ref().Within("indicator")}
	query := func(v model.Value) *fact.IndicatorQuery {
		if !v.Present() {
			return nil
		}
		return &fact.IndicatorQuery{Location: reading.Place(v, res), Text: filter(reading.Text(v)), Language: monitoring}
	}
	if b.Get("basic_sli").Present() {
		out.Builtin = "Google's own measure of the service"
		return out
	}
	ratio := b.Get("request_based_sli", "good_total_ratio")
	if ratio.Present() {
		out.Good, out.Bad, out.Total = query(ratio.Get("good_service_filter")), query(ratio.Get("bad_service_filter")), query(ratio.Get("total_service_filter"))
		return out
	}
	if cut := b.Get("request_based_sli", "distribution_cut"); cut.Present() {
		out.Builtin = "the part of a distribution that is within a range"
		return out
	}
	out.Threshold = &fact.IndicatorQuery{Location: res.At, Text: cmp.Or(reading.Text(b.Get("windows_based_sli", "good_bad_metric_filter")), "windows_based_sli"), Language: monitoring}
	return out
}

var clause = regexp.MustCompile(`([\w.]+(?:\."[^"]+")?)\s*=\s*"?([^"\s]+)"?`)

// filter writes a filter that is a conjunction of equalities as
// sum:METRIC{label:value,...}; any other stays as it is.
func filter(text string) string {
	plain := strings.Join(strings.Fields(text), " ")
	if strings.ContainsAny(plain, "()<>!") || strings.Contains(plain, " OR ") || strings.Contains(plain, "NOT ") || strings.Contains(plain, "=~") {
		return text
	}
	metric := ""
	var labels []string
	for _, m := range clause.FindAllStringSubmatch(plain, 50) {
		if m[1] == "metric.type" {
			metric = m[2]
			continue
		}
		labels = append(labels, strings.ReplaceAll(m[1], `"`, "")+":"+m[2])
	}
	if metric == "" {
		return text
	}
	return "sum:" + metric + "{" + strings.Join(labels, ",") + "}"
}
