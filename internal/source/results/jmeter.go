package results

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
)

// jtlSeparators are those between the fields of a log, as its settings allow.
const jtlSeparators = ",;\t|"

func looksJTL(h head) (looks, sure bool) {
	return jtlSeparator(h.line) != 0, true
}

// jtlSeparator returns what parts the fields of a log; 0 where the line is no head
// of one.
func jtlSeparator(line string) rune {
	for _, sep := range jtlSeparators {
		names := map[string]bool{}
		for name := range strings.SplitSeq(line, string(sep)) {
			names[strings.Trim(strings.TrimSpace(name), `"`)] = true
		}
		if names["timeStamp"] && names["elapsed"] && names["success"] {
			return sep
		}
	}
	return 0
}

// transaction is how JMeter words the line of a group of requests, which are counted
// by themselves.
const transaction = "Number of samples in transaction"

// readJTL adds up a log of samples.
func readJTL(s *source) (Reading, error) {
	r := csv.NewReader(s.in)
	r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = -1, true, true
	column := map[string]int{}
	t := newTally()
	for n := 0; ; n++ {
		if n == 0 { // the separator is told by the first line
			first, _ := s.in.in.(interface{ Peek(int) ([]byte, error) })
			if first != nil {
				text, _ := first.Peek(headSize)
				if sep := jtlSeparator(newHead("", text).line); sep != 0 {
					r.Comma = sep
				}
			}
		}
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			return Reading{}, wrong(parse.Line, "%v", parse.Err)
		}
		if err != nil {
			return Reading{}, err
		}
		if n == 0 {
			for i, name := range record {
				column[strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))] = i
			}
			continue
		}
		field := func(name string) string {
			if i, found := column[name]; found && i < len(record) {
				return record[i]
			}
			return ""
		}
		if field("timeStamp") == "timeStamp" || strings.HasPrefix(field("responseMessage"), transaction) {
			continue
		}
		sent := sampled(field("timeStamp"))
		elapsed, err := strconv.ParseFloat(field("elapsed"), 64)
		if err != nil || sent.IsZero() {
			line, _ := r.FieldPos(0)
			return Reading{}, wrong(line, "the sample has no time stamp or no elapsed time")
		}
		t.add(strings.Clone(field("label")), sent, millis(elapsed), strings.EqualFold(field("success"), "true"))
	}
	l := s.load("JMeter")
	l.Closed = true // each thread waits for its answer
	if err := t.fill(l); err != nil {
		return Reading{}, err
	}
	return Reading{Load: l}, nil
}

// sampled reads the time of a sample: milliseconds, or a date in the format of the
// settings.
func sampled(text string) time.Time {
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return epoch(n)
	}
	return moment(text)
}

func looksJTLXML(h head) (looks, sure bool) { return h.root == "testResults", true }

// readJTLXML adds up a log as XML. What stands within a sample is a part of it, but
// within a transaction.
func readJTLXML(s *source) (Reading, error) {
	t := newTally()
	var groups []bool // whether each open sample is a transaction
	err := s.xml(elements{
		open: func(path []string, e element) error {
			if e.name != "httpSample" && e.name != "sample" {
				return nil
			}
			group := strings.HasPrefix(e.attr("rm"), transaction)
			counts := !group
			for _, g := range groups {
				counts = counts && g
			}
			groups = append(groups, group)
			if !counts {
				return nil
			}
			sent := sampled(e.attr("ts"))
			if sent.IsZero() {
				return wrong(0, "a sample has no time stamp (ts); let JMeter save it (jmeter.save.saveservice.timestamp_format=ms)")
			}
			t.add(first(e.attr("lb"), "a sample"), sent, millis(e.float("t")), e.attr("s") == "true")
			return nil
		},
		close: func(path []string, _ string) error {
			if name := path[len(path)-1]; (name == "httpSample" || name == "sample") && len(groups) > 0 {
				groups = groups[:len(groups)-1]
			}
			return nil
		},
	})
	if err != nil {
		return Reading{}, err
	}
	l := s.load("JMeter")
	l.Closed = true
	if err := t.fill(l); err != nil {
		return Reading{}, err
	}
	return Reading{Load: l}, nil
}

func looksJMeterStats(h head) (looks, sure bool) {
	return strings.Contains(string(h.text), `"sampleCount"`) && strings.Contains(string(h.text), `"errorPct"`), true
}

// jmeterStatistics is what the dashboard says of one kind of request.
type jmeterStatistics struct {
	Samples    float64 `json:"sampleCount"`
	Errors     float64 `json:"errorCount"`
	Median     float64 `json:"medianResTime"`
	Max        float64 `json:"maxResTime"`
	P90        float64 `json:"pct1ResTime"`
	P95        float64 `json:"pct2ResTime"`
	P99        float64 `json:"pct3ResTime"`
	Throughput float64 `json:"throughput"`
}

func (j jmeterStatistics) latencies() []fact.LatencyAt {
	return percentiles(map[float64]time.Duration{50: millis(j.Median), 90: millis(j.P90), 95: millis(j.P95), 99: millis(j.P99), 100: millis(j.Max)})
}

// readJMeterStats reads statistics.json of the dashboard, with the percentiles that
// it has unless its settings say otherwise.
func readJMeterStats(s *source) (Reading, error) {
	var in map[string]jmeterStatistics
	if err := s.json(&in); err != nil {
		return Reading{}, err
	}
	total, found := in["Total"]
	if !found || total.Samples == 0 {
		return Reading{}, errNone
	}
	l := s.load("JMeter")
	l.Closed = true
	l.Requests, l.Failed, l.Rate, l.Latencies = int64(total.Samples), int64(total.Errors), total.Throughput, total.latencies()
	if l.Rate > 0 {
		l.Length = time.Duration(total.Samples / l.Rate * float64(time.Second)).Round(time.Second)
	}
	for name, one := range in {
		if name != "Total" && len(l.Parts) < maxParts {
			l.Parts = append(l.Parts, fact.LoadPart{Name: name, Requests: int64(one.Samples), Failed: int64(one.Errors), Rate: one.Throughput, Latencies: one.latencies()})
		}
	}
	sortParts(l)
	return Reading{Load: l}, nil
}
