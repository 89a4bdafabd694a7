package results

import (
	"time"
)

func looksVegeta(h head) (looks, sure bool) {
	return h.has("latencies", "bytes_in") || h.has("latencies", "requests", "throughput"), true
}

// readVegeta reads `vegeta report -type=json`. Vegeta sends by a clock; its times
// are in nanoseconds.
func readVegeta(s *source) (Reading, error) {
	var in struct {
		Latencies map[string]float64 `json:"latencies"`
		Earliest  string             `json:"earliest"`
		End       string             `json:"end"`
		Duration  float64            `json:"duration"`
		Requests  int64              `json:"requests"`
		Rate      float64            `json:"rate"`
		Success   *float64           `json:"success"`
	}
	if err := s.json(&in); err != nil {
		return Reading{}, err
	}
	if in.Requests == 0 || in.Success == nil {
		return Reading{}, errNone
	}
	l := s.load("vegeta")
	l.Ran = later(moment(in.End), moment(in.Earliest))
	l.Length, l.Requests, l.Rate, l.Open = time.Duration(max(in.Duration, 0)), in.Requests, in.Rate, true
	l.Failed = in.Requests - int64(*in.Success*float64(in.Requests)+0.5)
	at := map[float64]time.Duration{}
	for name, v := range in.Latencies {
		if p, ok := percentileKey(name); ok {
			at[p] = time.Duration(max(v, 0))
		}
	}
	l.Latencies = percentiles(at)
	return Reading{Load: l}, nil
}
