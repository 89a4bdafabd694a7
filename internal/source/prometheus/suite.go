package prometheus

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"

	"seaworthy.dev/seaworthy/internal/decode"
)

// suite is a file of unit tests, in the form of promtool.
// https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
type suite struct {
	RuleFiles []string `json:"rule_files"`
	Interval  span     `json:"evaluation_interval"`
	Order     []string `json:"group_eval_order"`
	Tests     []test   `json:"tests"`
	Fuzzy     bool     `json:"fuzzy_compare"`
}

type test struct {
	Name        string            `json:"name"`
	Interval    span              `json:"interval"`
	Series      []series          `json:"input_series"`
	Alerts      []alertCase       `json:"alert_rule_test"`
	Expressions []expressionCase  `json:"promql_expr_test"`
	External    map[string]string `json:"external_labels"`
	URL         string            `json:"external_url"`
	Start       moment            `json:"start_timestamp"`
}

type series struct {
	Series string `json:"series"`
	Values words  `json:"values"`
}

// words is a text that may be written as a number: one sample.
type words string

// UnmarshalText takes any scalar as it is written.
func (w *words) UnmarshalText(text []byte) error {
	*w = words(text)
	return nil
}

type alertCase struct {
	At       span            `json:"eval_time"`
	Name     string          `json:"alertname"`
	Expected []expectedAlert `json:"exp_alerts"`
}

type expectedAlert struct {
	Labels      map[string]string `json:"exp_labels"`
	Annotations map[string]string `json:"exp_annotations"`
}

type expressionCase struct {
	Text     string           `json:"expr"`
	At       span             `json:"eval_time"`
	Expected []expectedSample `json:"exp_samples"`
}

type expectedSample struct {
	Labels    string `json:"labels"`
	Value     number `json:"value"`
	Histogram string `json:"histogram"`
}

// span is a duration as Prometheus writes it.
type span time.Duration

// UnmarshalText reads 5m, 1h30m, 0.
func (s *span) UnmarshalText(text []byte) error {
	d, err := model.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is no duration such as 5m", text)
	}
	*s = span(d)
	return nil
}

// moment is a time, as RFC 3339 writes it or in seconds since 1970.
type moment struct{ time.Time }

func (m *moment) UnmarshalText(text []byte) error {
	if f, err := strconv.ParseFloat(string(text), 64); err == nil {
		if f < 0 || f > 1e11 {
			return fmt.Errorf("%q is no time", text)
		}
		m.Time = time.UnixMilli(int64(f * 1000)).UTC()
		return nil
	}
	t, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return fmt.Errorf("%q is no time such as 2026-01-31T00:00:00Z", text)
	}
	m.Time = t.UTC()
	return nil
}

// number is a value, in any form that Go reads.
type number float64

func (n *number) UnmarshalText(text []byte) error {
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return fmt.Errorf("%q is no number", text)
	}
	*n = number(f)
	return nil
}

// Limits on what a test may ask for. A week in steps of a minute has 10,080.
const (
	maxTests   = 2000
	maxSeries  = 5000
	maxValues  = 300_000   // samples that are given to one test
	maxSteps   = 60_000    // evaluations of one rule
	maxEffort  = 400_000   // evaluations one by one, of all rules of one test
	maxSamples = 1_000_000 // that a query may hold
)

// repeats matches how often a value is repeated: 0+1x100, _x5.
var repeats = regexp.MustCompile(`x(\d+)`)

// values returns how many samples a line of values stands for.
func (s series) values() int {
	n := len(strings.Fields(string(s.Values)))
	for _, m := range repeats.FindAllStringSubmatch(string(s.Values), -1) {
		k, err := strconv.Atoi(m[1])
		if err != nil || k > maxValues {
			return maxValues + 1
		}
		n += k
	}
	return n
}

// last returns the latest time that the test asks for.
func (t *test) last() time.Duration {
	var out span
	for _, a := range t.Alerts {
		out = max(out, a.At)
	}
	for _, e := range t.Expressions {
		out = max(out, e.At)
	}
	return time.Duration(out)
}

// flaw says why the test is too large to be run here; empty where it is not.
func (t *test) flaw(interval time.Duration) string {
	values := 0
	for _, s := range t.Series {
		if values += s.values(); values > maxValues {
			return fmt.Sprintf("it gives more than %d samples", maxValues)
		}
	}
	switch {
	case len(t.Series) > maxSeries:
		return fmt.Sprintf("it gives %d series; up to %d are read", len(t.Series), maxSeries)
	case interval <= 0:
		return "its evaluation_interval is 0"
	case t.last()/interval > maxSteps:
		return fmt.Sprintf("it asks for %d evaluations of each rule; up to %d are made", t.last()/interval, maxSteps)
	}
	return ""
}

// readSuite fills a suite from a document.
func readSuite(root *decode.Node) (*suite, []decode.Mismatch) {
	out := &suite{}
	mismatches := decode.Into(root, out, true)
	return out, mismatches
}
