package results

import (
	"bytes"
	"time"
)

func looksGhz(h head) (looks, sure bool) {
	return h.has("date", "count", "rps") || h.has("date", "options", "endReason"), true
}

// readGhz reads the JSON of ghz, whose times are in nanoseconds.
func readGhz(s *source) (Reading, error) {
	var in struct {
		Date      string             `json:"date"`
		Count     int64              `json:"count"`
		Total     float64            `json:"total"`
		RPS       float64            `json:"rps"`
		Slowest   float64            `json:"slowest"`
		Statuses  map[string]float64 `json:"statusCodeDistribution"`
		Latencies []struct {
			Percentage float64 `json:"percentage"`
			Latency    float64 `json:"latency"`
		} `json:"latencyDistribution"`
		Options struct {
			Host string  `json:"host"`
			RPS  float64 `json:"rps"`
		} `json:"options"`
	}
	if err := s.json(&in); err != nil {
		return Reading{}, err
	}
	if in.Count == 0 {
		return Reading{}, errNone
	}
	l := s.load("ghz")
	l.Ran, l.Length, l.Requests, l.Rate, l.Target = moment(in.Date), time.Duration(max(in.Total, 0)), in.Count, in.RPS, in.Options.Host
	l.Failed = in.Count
	if ok, found := in.Statuses["OK"]; found {
		l.Failed = in.Count - int64(ok)
	}
	at := map[float64]time.Duration{100: time.Duration(max(in.Slowest, 0))}
	for _, p := range in.Latencies {
		at[p.Percentage] = time.Duration(max(p.Latency, 0))
	}
	l.Latencies = percentiles(at)
	return Reading{Load: l}, nil
}

func looksOha(h head) (looks, sure bool) {
	return h.has("summary") && (h.has("responseTimeHistogram") || containsAll(h, `"successRate"`, `"requestsPerSec"`)), true
}

func containsAll(h head, words ...string) bool {
	for _, w := range words {
		if !bytes.Contains(h.text, []byte(w)) {
			return false
		}
	}
	return true
}

// readOha reads the JSON of oha, whose times are in seconds.
func readOha(s *source) (Reading, error) {
	var in struct {
		Summary struct {
			Success float64 `json:"successRate"`
			Total   float64 `json:"total"`
			Slowest float64 `json:"slowest"`
			Rate    float64 `json:"requestsPerSec"`
		} `json:"summary"`
		Latencies map[string]*float64 `json:"latencyPercentiles"`
		Statuses  map[string]int64    `json:"statusCodeDistribution"`
		Errors    map[string]int64    `json:"errorDistribution"`
	}
	if err := s.json(&in); err != nil {
		return Reading{}, err
	}
	l := s.load("oha")
	for status, n := range in.Statuses {
		l.Requests += n
		if status >= "400" {
			l.Failed += n
		}
	}
	for why, n := range in.Errors {
		if why == "aborted due to deadline" { // the test ended, not the service
			continue
		}
		l.Requests += n
		l.Failed += n
	}
	if l.Requests == 0 {
		return Reading{}, errNone
	}
	l.Rate, l.Length = in.Summary.Rate, seconds(in.Summary.Total)
	at := map[float64]time.Duration{100: seconds(in.Summary.Slowest)}
	for name, v := range in.Latencies {
		if p, ok := percentileKey(name); ok && v != nil {
			at[p] = seconds(*v)
		}
	}
	l.Latencies = percentiles(at)
	return Reading{Load: l}, nil
}
