package prometheus

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"

	query "seaworthy.dev/seaworthy/internal/derive/promql"
)

// result is one sample of an expression, as expected or as found.
type result struct {
	labels labels.Labels
	value  float64
	hist   string
}

func (r result) String() string {
	if r.hist != "" {
		return r.labels.String() + " " + r.hist
	}
	return r.labels.String() + " " + strconv.FormatFloat(r.value, 'g', -1, 64)
}

// expression compares what a query yields with what is expected.
func (r *run) expression(ctx context.Context, c expressionCase) ([]string, error) {
	var vector promql.Vector
	vector, err := r.ask(ctx, c.Text, r.start.Add(time.Duration(c.At)))
	if err != nil {
		return nil, fmt.Errorf("the expression %q at %s: %w", cut(c.Text), short(c.At), err)
	}
	var have, want []result
	for _, s := range vector {
		one := result{labels: s.Metric, value: s.F}
		if s.H != nil {
			one.hist = s.H.TestExpression()
		}
		have = append(have, one)
	}
	for _, e := range c.Expected {
		one := result{value: float64(e.Value)}
		if e.Labels == "" {
			one.labels = labels.EmptyLabels()
		} else if one.labels, err = query.Experiments().ParseMetric(e.Labels); err != nil {
			return nil, fmt.Errorf("the labels %q do not parse: %w", cut(e.Labels), err)
		}
		if e.Histogram != "" {
			if repeats.MatchString(e.Histogram) {
				return nil, fmt.Errorf("the histogram %q is no single one", cut(e.Histogram))
			}
			_, values, err := query.Experiments().ParseSeriesDesc("{} " + e.Histogram)
			if err != nil || len(values) != 1 || values[0].Histogram == nil {
				return nil, fmt.Errorf("the histogram %q does not parse", cut(e.Histogram))
			}
			one.hist = values[0].Histogram.TestExpression()
		}
		want = append(want, one)
	}
	order := func(a, b result) int { return labels.Compare(a.labels, b.labels) }
	slices.SortStableFunc(have, order)
	slices.SortStableFunc(want, order)
	if !slices.EqualFunc(want, have, r.same) {
		return []string{fmt.Sprintf("%s at %s: expected %s, got %s", cut(c.Text), short(c.At), listed(want), listed(have))}, nil
	}
	return nil, nil
}

// same compares two samples, exactly or to the last digit.
func (r *run) same(a, b result) bool {
	if !labels.Equal(a.labels, b.labels) || a.hist != b.hist {
		return false
	}
	return a.hist != "" || a.value == b.value ||
		r.suite.Fuzzy && (math.Nextafter(a.value, math.Inf(-1)) == b.value || math.Nextafter(a.value, math.Inf(1)) == b.value)
}

func listed(list []result) string {
	switch len(list) {
	case 0:
		return "nothing"
	case 1:
		return cut(list[0].String())
	}
	return fmt.Sprintf("%s and %d more", cut(list[0].String()), len(list)-1)
}
