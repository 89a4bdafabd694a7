package results

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
)

func (s *source) load(tool string) *fact.LoadRun {
	return &fact.LoadRun{Result: s.result("load test " + tool + " of"), Tool: tool}
}

// millis turns milliseconds into a length of time; nothing for what is no length.
func millis(ms float64) time.Duration {
	if !(ms >= 0 && ms < 1e12) {
		return 0
	}
	return time.Duration(ms * float64(time.Millisecond))
}

func seconds(n float64) time.Duration { return millis(n * 1000) }

// percentiles orders latencies, those of which nothing is known left out.
func percentiles(at map[float64]time.Duration) (out []fact.LatencyAt) {
	for p, d := range at {
		if p >= 0 && p <= 100 && d > 0 {
			out = append(out, fact.LatencyAt{Percentile: p, Within: d})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Percentile < out[j].Percentile })
	return out
}

// percentileKey reads the names by which tools call percentiles: "p(99)", "p99.9",
// "99%", "99th", "med", "max".
func percentileKey(name string) (p float64, ok bool) {
	switch strings.ToLower(name) {
	case "med", "median":
		return 50, true
	case "max":
		return 100, true
	}
	name = strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(name), "p"), "th")
	name = strings.TrimSuffix(strings.Trim(name, "()"), "%")
	p, err := strconv.ParseFloat(name, 64)
	return p, err == nil && p > 0 && p <= 100
}

// tally counts requests by name, with their latencies in a histogram: a log may hold
// millions of them.
type tally struct {
	all   histogram
	parts map[string]*histogram
	from  time.Time
	until time.Time
}

func newTally() *tally { return &tally{parts: map[string]*histogram{}} }

// add counts a request that was sent at a time and took so long.
func (t *tally) add(name string, sent time.Time, took time.Duration, ok bool) {
	if t.from.IsZero() || sent.Before(t.from) {
		t.from = sent
	}
	t.until = later(t.until, sent.Add(took))
	t.all.add(took, ok)
	part := t.parts[name]
	if part == nil {
		if len(t.parts) == maxParts {
			return
		}
		part = &histogram{}
		t.parts[name] = part
	}
	part.add(took, ok)
}

// fill writes the figures into a run.
func (t *tally) fill(l *fact.LoadRun) error {
	if t.all.count == 0 {
		return errNone
	}
	l.Ran, l.Length = t.until, t.until.Sub(t.from)
	l.Requests, l.Failed, l.Latencies = t.all.count, t.all.failed, t.all.latencies()
	rate := func(n int64) float64 {
		if l.Length < time.Millisecond {
			return 0
		}
		return float64(n) / l.Length.Seconds()
	}
	l.Rate = rate(l.Requests)
	for name, h := range t.parts {
		l.Parts = append(l.Parts, fact.LoadPart{Name: name, Requests: h.count, Failed: h.failed, Rate: rate(h.count), Latencies: h.latencies()})
	}
	sortParts(l)
	return nil
}

func sortParts(l *fact.LoadRun) {
	slices.SortFunc(l.Parts, func(a, b fact.LoadPart) int { return strings.Compare(a.Name, b.Name) })
}

// histogram keeps latencies in classes that are each 1/64 wide of where they
// stand: no percentile is more than 1.6 % off, and never too low.
type histogram struct {
	count, failed int64
	classes       map[int32]int64
	most          time.Duration
}

func (h *histogram) add(took time.Duration, ok bool) {
	h.count++
	if !ok {
		h.failed++
	}
	if h.classes == nil {
		h.classes = map[int32]int64{}
	}
	took = max(took, 0)
	h.most = max(h.most, took)
	h.classes[classOf(took)]++
}

// classOf numbers the class of a latency.
func classOf(took time.Duration) int32 {
	us := took.Microseconds()
	if us < 64 {
		return int32(us)
	}
	fraction, exponent := math.Frexp(float64(us)) // 0.5 <= fraction < 1
	return int32(exponent)*64 + int32((fraction-0.5)*128)
}

// top is the end of a class.
func top(class int32) time.Duration {
	if class < 64 {
		return time.Duration(class+1) * time.Microsecond
	}
	exponent, step := class/64, class%64
	return time.Duration(math.Ldexp(0.5+float64(step+1)/128, int(exponent))) * time.Microsecond
}

func (h *histogram) latencies() []fact.LatencyAt {
	classes := make([]int32, 0, len(h.classes))
	for c := range h.classes {
		classes = append(classes, c)
	}
	slices.Sort(classes)
	var out []fact.LatencyAt
	for _, p := range []float64{50, 75, 90, 95, 98, 99, 99.9} {
		want := int64(math.Ceil(float64(h.count) * p / 100))
		var seen int64
		for _, c := range classes {
			if seen += h.classes[c]; seen >= want {
				out = append(out, fact.LatencyAt{Percentile: p, Within: min(top(c), h.most)})
				break
			}
		}
	}
	return append(out, fact.LatencyAt{Percentile: 100, Within: h.most})
}
