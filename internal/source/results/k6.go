package results

import (
	"bytes"
	"encoding/json"
	"sort"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
)

// looksK6 asks for parts that the summaries of k6 begin with; "metrics" is a word
// that others use as well.
func looksK6(h head) (looks, sure bool) {
	return h.keys["root_group"] || h.keys["metrics"], bytes.Contains(h.text, []byte(`"http_req`)) || h.has("root_group")
}

// k6Metric is a metric in either form: --summary-export writes its values beside
// its thresholds, handleSummary is given them apart.
type k6Metric struct {
	values map[string]float64
	// broken lists the thresholds that were not kept.
	broken []string
}

// UnmarshalJSON reads either form.
func (m *k6Metric) UnmarshalJSON(data []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil // no metric
	}
	m.values = map[string]float64{}
	for name, value := range raw {
		var number float64
		if json.Unmarshal(value, &number) == nil {
			m.values[name] = number
		}
	}
	if apart, found := raw["values"]; found {
		var values map[string]*float64
		if json.Unmarshal(apart, &values) == nil {
			for name, v := range values {
				if v != nil {
					m.values[name] = *v
				}
			}
		}
	}
	var plain map[string]bool // true: it was crossed
	var told map[string]struct {
		OK *bool `json:"ok"`
	}
	if json.Unmarshal(raw["thresholds"], &plain) == nil {
		for name, crossed := range plain {
			if crossed {
				m.broken = append(m.broken, name)
			}
		}
	} else if json.Unmarshal(raw["thresholds"], &told) == nil {
		for name, t := range told {
			if t.OK != nil && !*t.OK {
				m.broken = append(m.broken, name)
			}
		}
	}
	return nil
}

// readK6 reads what `k6 run --summary-export` writes, and the data of handleSummary
// as JSON. Latencies are in milliseconds; nothing says when it ran.
func readK6(s *source) (Reading, error) {
	var in struct {
		Metrics map[string]*k6Metric `json:"metrics"`
		State   struct {
			Length float64 `json:"testRunDurationMs"`
		} `json:"state"`
	}
	if err := s.json(&in); err != nil {
		return Reading{}, err
	}
	metric := func(name string) map[string]float64 {
		if m := in.Metrics[name]; m != nil {
			return m.values
		}
		return nil
	}
	requests := metric("http_reqs")
	durations, failures := metric("http_req_duration"), metric("http_req_failed")
	if requests == nil {
		requests, durations, failures = metric("grpc_req_duration"), metric("grpc_req_duration"), nil
		if requests == nil {
			return Reading{}, errNone
		}
	}
	l := s.load("k6")
	l.Requests, l.Rate = int64(requests["count"]), requests["rate"]
	l.Length = millis(in.State.Length)
	if l.Length == 0 && l.Rate > 0 {
		l.Length = time.Duration(float64(l.Requests) / l.Rate * float64(time.Second)).Round(time.Second)
	}
	l.Latencies = percentiles(k6Latencies(durations))
	if share, found := failures["value"]; found {
		l.Failed = int64(share*float64(l.Requests) + 0.5)
	} else if share, found := failures["rate"]; found {
		l.Failed = int64(share*float64(l.Requests) + 0.5)
	}
	// Only executors with an arrival rate drop iterations; they send by a clock.
	if dropped := metric("dropped_iterations"); dropped != nil {
		l.Dropped, l.Open = int64(dropped["count"]), true
	}
	for name, m := range in.Metrics {
		if m == nil {
			continue
		}
		for _, b := range m.broken {
			l.Broken = append(l.Broken, name+": "+b)
		}
		tag, found := strings.CutPrefix(name, "http_req_duration{")
		if tag = strings.TrimSuffix(tag, "}"); found && !strings.HasPrefix(tag, "expected_response") && len(l.Parts) < maxParts {
			tag = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(tag), "name:"), "scenario:")
			l.Parts = append(l.Parts, fact.LoadPart{Name: tag, Latencies: percentiles(k6Latencies(m.values))})
		}
	}
	sort.Strings(l.Broken)
	sortParts(l)
	return Reading{Load: l}, nil
}

func k6Latencies(values map[string]float64) map[float64]time.Duration {
	out := map[float64]time.Duration{}
	for name, v := range values {
		if p, ok := percentileKey(name); ok && (strings.HasPrefix(name, "p(") || name == "med" || name == "max") {
			out[p] = millis(v)
		}
	}
	return out
}
