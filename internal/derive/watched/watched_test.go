package watched

import (
	"slices"
	"testing"

	"seaworthy.dev/seaworthy/internal/derive/promql"
	"seaworthy.dev/seaworthy/internal/fact"
)

func TestMetric(t *testing.T) {
	for name, want := range map[string]Class{
		"probe_ssl_earliest_cert_expiry": Certificates, "node_filesystem_avail_bytes": Resources, "kube_node_status_condition": Providers,
		"AWS/RDS/FreeStorageSpace": Resources, "AWS/CertificateManager/DaysToExpiry": Certificates, "AWS/EC2/StatusCheckFailed_System": Providers,
		"slo:sli_error:ratio_rate5m": Budget, "certificate_of_origin_total": "", "upload_errors": "", "": "",
	} {
		if got := Metric(name); got != want {
			t.Errorf("%q is of class %q, not %q", name, got, want)
		}
	}
	for _, l := range lines() {
		if !slices.Contains(Classes(), l.class) || l.metric == "" {
			t.Errorf("the table has %+v", l)
		}
	}
}

func alert(t *testing.T, expr string) *fact.Alert {
	t.Helper()
	q, err := promql.Parse(expr)
	if err != nil {
		t.Fatal(err)
	}
	return &fact.Alert{Expression: expr, Parsed: true, Metrics: q.Metrics()}
}

func TestBudget(t *testing.T) {
	share := func(name, window string) *fact.Recording {
		return &fact.Recording{Name: name, Metrics: []string{"requests_total"}, Expression: `sum(rate(requests_total{code=~"5.."}[` + window + `])) / sum(rate(requests_total[` + window + `]))`}
	}
	recorded := Record([]*fact.Set{{Recordings: []*fact.Recording{
		share("a", "1h"), share("b", "5m"), {Name: "c", Metrics: []string{"node_load1"}, Expression: "avg(node_load1)"}, {Name: "loop", Metrics: []string{"loop"}, Expression: "loop"},
	}}})
	for expr, want := range map[string][]Class{
		"a > 0.0144 and b > 0.0144": {Budget},
		"a > 0.0144":                nil, // one window pages for hours after the fire is out
		"c > 10":                    {Resources},
		"loop > 1":                  nil,
		"rate(errors_total[5m]) > 10 and rate(errors_total[1h]) > 10":                                                       nil,
		`sum(rate(r{code="500"}[1h])) / sum(rate(r[1h])) > 0.01 and sum(rate(r{code="500"}[5m])) / sum(rate(r[5m])) > 0.01`: {Budget},
	} {
		if got := recorded.Of(alert(t, expr)); !slices.Equal(got, want) {
			t.Errorf("%s is of %v, not %v", expr, got, want)
		}
	}
}
