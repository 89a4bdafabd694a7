package page

import (
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	for text, want := range map[string]float64{
		"p99 <= 300 ms": 99, "P95": 95, "p(99.9)": 99.9, "p999": 99.9, "p99.95 below 1 s": 99.95, "the 95th percentile": 95,
		"99.9 % of requests within 1 s": 99.9, "step9": 0, "p9": 0, "port p8080": 0, "99.9% availability": 0, "": 0,
	} {
		if got := Percentile(text); got != want {
			t.Errorf("%q: %g, not %g", text, got, want)
		}
	}
}

func TestLatency(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"at most 300 ms": 300 * time.Millisecond, "<300ms": 300 * time.Millisecond, "1.5 s": 1500 * time.Millisecond, "2 seconds": 2 * time.Second,
		"800 requests/s": 0, "v1.2s": 0, "3600 s": 0, "p99": 0,
	} {
		if got := Latency(text); got != want {
			t.Errorf("%q: %s, not %s", text, got, want)
		}
	}
}

func TestRate(t *testing.T) {
	for text, want := range map[string]float64{
		"at 800 requests a second": 800, "800 req/s": 800, "1,200 rps": 1200, "1.5k qps": 1500, "600 requests per minute": 10, "12 000 requests/s": 12000,
		"300 ms": 0, "5 orders": 0, "100 % of requests": 0,
	} {
		if got := Rate(text); got != want {
			t.Errorf("%q: %g, not %g", text, got, want)
		}
	}
}
