package prometheus

import (
	"context"
	"math"
	"slices"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// store keeps the series of one test in memory: a test of a few series needs no
// database, and leaves nothing on the disk.
type store struct {
	series []*line
	index  map[uint64][]*line
	// until hides samples that are later; the future is not known to a rule.
	until int64
	size  int
}

// line is one series.
type line struct {
	labels labels.Labels
	points []point
}

// point is one sample.
type point struct {
	t int64
	f float64
	h *histogram.FloatHistogram
}

// T and the other methods make a point a sample.
func (p *point) T() int64                      { return p.t }
func (p *point) ST() int64                     { return 0 }
func (p *point) F() float64                    { return p.f }
func (p *point) H() *histogram.Histogram       { return nil }
func (p *point) FH() *histogram.FloatHistogram { return p.h }
func (p *point) Copy() chunks.Sample           { c := *p; return &c }
func (p *point) Type() chunkenc.ValueType {
	if p.h != nil {
		return chunkenc.ValFloatHistogram
	}
	return chunkenc.ValFloat
}

type points []point

func (p points) Get(i int) chunks.Sample { return &p[i] }
func (p points) Len() int                { return len(p) }

func newStore() *store { return &store{index: map[uint64][]*line{}, until: math.MaxInt64} }

// at returns the series with these labels, a new one where there is none.
func (s *store) at(l labels.Labels) *line {
	h := l.Hash()
	for _, have := range s.index[h] {
		if labels.Equal(have.labels, l) {
			return have
		}
	}
	out := &line{labels: l}
	s.index[h] = append(s.index[h], out)
	s.series = append(s.series, out)
	return out
}

// add appends a sample. Where the series has a later one or one of that time
// already, it takes its place among them, and the older one of one time stays.
func (s *store) add(to *line, p point) {
	n := len(to.points)
	if n == 0 || to.points[n-1].t < p.t {
		to.points = append(to.points, p)
		s.size++
		return
	}
	i, found := slices.BinarySearchFunc(to.points, p.t, func(have point, t int64) int {
		switch {
		case have.t < t:
			return -1
		case have.t > t:
			return 1
		}
		return 0
	})
	if !found {
		to.points = slices.Insert(to.points, i, p)
		s.size++
	}
}

// Querier returns what was asked between two times.
func (s *store) Querier(_, maxt int64) (storage.Querier, error) {
	return &querier{store: s, until: min(maxt, s.until)}, nil
}

type querier struct {
	store *store
	until int64
}

// Select returns the series that match, sorted by their labels.
func (q *querier) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	out := &set{at: -1}
next:
	for _, l := range q.store.series {
		for _, m := range matchers {
			if !m.Matches(l.labels.Get(m.Name)) {
				continue next
			}
		}
		list := l.points
		if n := len(list); n > 0 && list[n-1].t > q.until {
			i, _ := slices.BinarySearchFunc(list, q.until+1, func(have point, t int64) int {
				if have.t < t {
					return -1
				}
				return 1
			})
			list = list[:i]
		}
		if len(list) > 0 {
			out.list = append(out.list, &storage.SeriesEntry{Lset: l.labels, SampleIteratorFn: func(chunkenc.Iterator) chunkenc.Iterator {
				return storage.NewListSeriesIterator(points(list))
			}})
		}
	}
	slices.SortFunc(out.list, func(a, b storage.Series) int { return labels.Compare(a.Labels(), b.Labels()) })
	return out
}

// LabelValues and LabelNames are not asked for by queries.
func (q *querier) LabelValues(context.Context, string, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (q *querier) LabelNames(context.Context, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (q *querier) Close() error { return nil }

type set struct {
	list []storage.Series
	at   int
}

func (s *set) Next() bool                        { s.at++; return s.at < len(s.list) }
func (s *set) At() storage.Series                { return s.list[s.at] }
func (s *set) Err() error                        { return nil }
func (s *set) Warnings() annotations.Annotations { return nil }

// metricName is the label under which Prometheus keeps a metric's name.
const metricName = "__name__"
