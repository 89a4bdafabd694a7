package kube

import "testing"

func TestMeasuredSignal(t *testing.T) {
	for _, c := range []struct{ name, query, want string }{
		{"success-rate", "", "errors"},
		{"a", `sum(rate(http_request_duration_seconds_count{code=~"5.."}[1m])) / sum(rate(http_request_duration_seconds_count[1m]))`, "errors"},
		{"a", `sum(irate(istio_requests_total{response_code!~"5.*"}[2m]))`, "errors"},
		{"a", `histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[1m])))`, "latency"},
		{"p99-latency", "avg:trace.web.request{service:shop}", "latency"},
		{"a", `rate(http_request_duration_seconds_sum[1m]) / rate(http_request_duration_seconds_count[1m])`, "latency"},
		{"a", `sum(increase(kube_pod_container_status_restarts_total[5m]))`, "health"},
		{"smoke", "", "health"},
		// Business signals, plain rates, and a share of fast answers without
		// errors say none of the three for certain.
		{"orders", `sum(rate(orders_total[5m]))`, ""},
		{"a", `sum(rate(http_requests_total[1m]))`, ""},
		{"a", `sum(rate(d_bucket{le="0.3",code!~"5.."}[1m])) / sum(rate(d_count[1m]))`, ""},
		{"error-latency", "", ""},
	} {
		if got := measuredSignal(c.name, c.query); got != c.want {
			t.Errorf("measuredSignal(%q, %q) = %q, want %q", c.name, c.query, got, c.want)
		}
	}
}

func TestPinned(t *testing.T) {
	for revision, want := range map[string][2]bool{ // of a repository, of a chart
		"":             {false, false},
		"HEAD":         {false, false},
		"main":         {false, false},
		"release-1.2":  {false, false},
		"release/1.2":  {false, false},
		"v1.4.0":       {true, true},
		"1.4.0-rc.1":   {true, true},
		"shop-v1.4.0":  {true, false},
		"shop/v1.4.0":  {true, false},
		"1.x":          {false, false},
		"4.*":          {false, false},
		">=4.0.0":      {false, false},
		"^4.1.0":       {false, false},
		"refs/tags/v1": {true, false},
		"0123456789abcdef0123456789abcdef01234567": {true, false},
	} {
		if got := [2]bool{pinned(revision, false), pinned(revision, true)}; got != want {
			t.Errorf("pinned(%q) = %v, want %v", revision, got, want)
		}
	}
}
