package prometheus

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/timestamp"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"

	query "seaworthy.dev/seaworthy/internal/derive/promql"
	"seaworthy.dev/seaworthy/internal/derive/rules"
)

// patience is the longest that one test may take; what is counted in samples and
// steps ends far before it.
const patience = 20 * time.Second

// run is one test while it runs, as promtool would run it: the same engine and
// the same order, but only the rules on which the test's answers rest.
type run struct {
	*test
	suite    *suite
	rules    []rules.Rule
	interval time.Duration
	start    time.Time
	store    *store
	engine   *promql.Engine
	url      *url.URL
	// spent counts evaluations one by one.
	spent *int

	states map[int]*state
}

// errTooMuch says that the tests together ask for more than is done.
var errTooMuch = errors.New("the tests here ask for more evaluations than are made; run them in the pipeline")

// runTest returns how the rules differ from what the test says; the error is for
// one that could not be run.
func runTest(ctx context.Context, s *suite, t *test, list []rules.Rule, spent *int) (differs []string, err error) {
	defer func() {
		if r := recover(); r != nil {
			differs, err = nil, fmt.Errorf("the engine gave up: %v", r)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r := &run{test: t, suite: s, rules: list, interval: time.Duration(s.Interval), spent: spent, store: newStore(), states: map[int]*state{}}
	if r.interval == 0 {
		r.interval = time.Minute
	}
	if why := t.flaw(r.interval); why != "" {
		return nil, errors.New(why)
	}
	r.start = time.Unix(0, 0).UTC()
	if !t.Start.IsZero() {
		r.start = t.Start.Time
	}
	if r.url, err = url.Parse(t.URL); err != nil {
		return nil, fmt.Errorf("external_url is %q, which is no address", t.URL)
	}
	if err := r.load(); err != nil {
		return nil, err
	}
	r.engine = promql.NewEngine(promql.EngineOpts{
		MaxSamples: maxSamples, Timeout: patience, EnableAtModifier: true, EnableNegativeOffset: true, Parser: query.Experiments(),
		NoStepSubqueryIntervalFn: func(int64) int64 { return r.interval.Milliseconds() },
	})
	defer r.engine.Close()
	return r.all(ctx)
}

// load puts the input series into the store.
func (r *run) load() error {
	gap := time.Duration(r.Interval)
	if gap == 0 {
		gap = r.interval
	}
	for _, s := range r.Series {
		l, values, err := query.Experiments().ParseSeriesDesc(s.Series + " " + string(s.Values))
		if err != nil {
			return fmt.Errorf("the series %s does not parse: %w", s.Series, err)
		}
		to := r.store.at(l)
		for i, v := range values {
			if !v.Omitted {
				r.store.add(to, point{t: timestamp.FromTime(r.start.Add(time.Duration(i) * gap)), f: v.Value, h: v.Histogram})
			}
		}
	}
	return nil
}

// all evaluates what is needed and compares.
func (r *run) all(ctx context.Context) ([]string, error) {
	need, stepwise := r.needed()
	steps := int(r.last()/r.interval) + 1
	asked := map[int][]alertCase{}
	for _, a := range r.Alerts {
		if a.Name == "" {
			return nil, fmt.Errorf("an item of alert_rule_test at %s has no alertname", short(a.At))
		}
		asked[int(time.Duration(a.At)/r.interval)] = append(asked[int(time.Duration(a.At)/r.interval)], a)
	}
	var differs []string
	var err error
	if stepwise {
		differs, err = r.stepwise(ctx, need, steps, asked)
	} else {
		differs, err = r.atOnce(ctx, need, steps, asked)
	}
	if err != nil {
		return nil, err
	}
	r.store.until = math.MaxInt64
	for _, e := range r.Expressions {
		d, err := r.expression(ctx, e)
		if err != nil {
			return nil, err
		}
		differs = append(differs, d...)
	}
	return differs, nil
}

// needed marks the rules on which the asserted alerts and expressions rest.
// stepwise is true where they must be evaluated step by step: where a rule reads
// what a later one writes, or the alerts themselves, or looks ahead.
func (r *run) needed() (need []bool, stepwise bool) {
	need = make([]bool, len(r.rules))
	var todo []int
	want := func(i int) {
		if !need[i] {
			need[i] = true
			todo = append(todo, i)
		}
	}
	everything := func(alerts bool) {
		for i := range r.rules {
			if alerts || r.rules[i].Record != "" {
				want(i)
			}
		}
	}
	follow := func(q *query.Query, reader int) {
		for _, s := range q.Selectors() {
			names := s.Names()
			if len(names) == 0 || slices.Contains(names, "ALERTS") || slices.Contains(names, "ALERTS_FOR_STATE") {
				everything(true)
				stepwise = true
				continue
			}
			for i := range r.rules {
				if r.rules[i].Record != "" && slices.Contains(names, r.rules[i].Record) {
					want(i)
					stepwise = stepwise || reader >= 0 && i >= reader
				}
			}
		}
		stepwise = stepwise || looksAhead(q.Expr)
	}
	for _, a := range r.Alerts {
		for i := range r.rules {
			if r.rules[i].Alert == a.Name {
				want(i)
			}
		}
	}
	for _, e := range r.Expressions {
		if q, err := query.Parse(e.Text); err == nil {
			ahead := stepwise
			follow(q, -1)
			if len(q.Selectors()) > 0 && !ahead { // it is asked once, when all is there
				stepwise = stepwise && slices.ContainsFunc(q.Selectors(), func(s query.Selector) bool { return s.Metric == "" || strings.HasPrefix(s.Metric, "ALERTS") })
			}
		}
	}
	for len(todo) > 0 {
		i := todo[0]
		todo = todo[1:]
		follow(r.rules[i].Query, i)
		for _, texts := range []map[string]string{r.rules[i].Labels, r.rules[i].Annotations} {
			for _, text := range texts {
				if strings.Contains(text, "{{") && strings.Contains(text, "query") {
					everything(false)
				}
			}
		}
	}
	return need, stepwise
}

// looksAhead reports whether a query may read samples that are later than its
// own time.
func looksAhead(e parser.Expr) (yes bool) {
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		switch in := n.(type) {
		case *parser.VectorSelector:
			yes = yes || in.OriginalOffset < 0 || in.OriginalOffsetExpr != nil || in.Timestamp != nil || in.StartOrEnd != 0
		case *parser.SubqueryExpr:
			yes = yes || in.OriginalOffset < 0 || in.OriginalOffsetExpr != nil || in.Timestamp != nil || in.StartOrEnd != 0
		}
		return nil
	})
	return yes
}

// atOnce evaluates each rule over the whole time, one after another.
func (r *run) atOnce(ctx context.Context, need []bool, steps int, asked map[int][]alertCase) (differs []string, err error) {
	got := map[int]map[int][]raised{} // step, rule
	for i, rule := range r.rules {
		if !need[i] {
			continue
		}
		vectors, err := r.over(ctx, rule, steps)
		if err != nil {
			return nil, err
		}
		var before map[*line]bool
		st := &state{run: r, rule: &r.rules[i]}
		for step, vector := range vectors {
			ts := r.start.Add(time.Duration(step) * r.interval)
			if rule.Record != "" {
				if before, err = r.record(rule, ts, vector, before); err != nil {
					return nil, err
				}
				continue
			}
			if err := st.step(ctx, ts, vector); err != nil {
				return nil, err
			}
			if len(asked[step]) > 0 {
				if got[step] == nil {
					got[step] = map[int][]raised{}
				}
				got[step][i] = st.firing(ctx)
			}
		}
	}
	for step := range steps {
		differs = append(differs, r.compare(asked[step], got[step])...)
	}
	return differs, nil
}

// over returns the vector of each step.
func (r *run) over(ctx context.Context, rule rules.Rule, steps int) ([]promql.Vector, error) {
	out := make([]promql.Vector, steps)
	q, err := r.engine.NewRangeQuery(ctx, r.store, nil, rule.Query.Text, r.start, r.start.Add(time.Duration(steps-1)*r.interval), r.interval)
	if err != nil {
		return nil, r.wrong(rule, err)
	}
	defer q.Close()
	res := q.Exec(ctx)
	if res.Err != nil {
		return nil, r.wrong(rule, res.Err)
	}
	matrix, ok := res.Value.(promql.Matrix)
	if !ok {
		return nil, r.wrong(rule, errors.New("its result is not a vector"))
	}
	begin := timestamp.FromTime(r.start)
	at := func(t int64) int { return int((t - begin) / r.interval.Milliseconds()) }
	for _, s := range matrix {
		for _, p := range s.Floats {
			out[at(p.T)] = append(out[at(p.T)], promql.Sample{T: p.T, F: p.F, Metric: s.Metric})
		}
		for _, p := range s.Histograms {
			out[at(p.T)] = append(out[at(p.T)], promql.Sample{T: p.T, H: p.H.Copy(), Metric: s.Metric})
		}
	}
	return out, nil
}

func (r *run) wrong(rule rules.Rule, err error) error {
	return fmt.Errorf("evaluating %s: %w", rule.Alert+rule.Record, err)
}

// stepwise evaluates all rules at each step, in their order.
func (r *run) stepwise(ctx context.Context, need []bool, steps int, asked map[int][]alertCase) (differs []string, err error) {
	before := map[int]map[*line]bool{}
	for step := range steps {
		ts := r.start.Add(time.Duration(step) * r.interval)
		r.store.until = timestamp.FromTime(ts)
		got := map[int][]raised{}
		for i, rule := range r.rules {
			if !need[i] {
				continue
			}
			if *r.spent++; *r.spent > maxEffort {
				return nil, errTooMuch
			}
			vector, err := r.ask(ctx, rule.Query.Text, ts)
			if err != nil {
				return nil, r.wrong(rule, err)
			}
			if rule.Record != "" {
				if before[i], err = r.record(rule, ts, vector, before[i]); err != nil {
					return nil, err
				}
				continue
			}
			st := r.states[i]
			if st == nil {
				st = &state{run: r, rule: &r.rules[i]}
				r.states[i] = st
			}
			if err := st.step(ctx, ts, vector); err != nil {
				return nil, err
			}
			before[i] = r.keep(ts, st.samples(ts), before[i])
			if len(asked[step]) > 0 {
				got[i] = st.firing(ctx)
			}
		}
		differs = append(differs, r.compare(asked[step], got)...)
	}
	return differs, nil
}

// ask evaluates a query at one time.
func (r *run) ask(ctx context.Context, text string, ts time.Time) (promql.Vector, error) {
	q, err := r.engine.NewInstantQuery(ctx, r.store, nil, text, ts)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	res := q.Exec(ctx)
	if res.Err != nil {
		return nil, res.Err
	}
	switch v := res.Value.(type) {
	case promql.Vector:
		return slices.Clone(v), nil
	case promql.Scalar:
		return promql.Vector{promql.Sample{T: v.T, F: v.V, Metric: labels.EmptyLabels()}}, nil
	}
	return nil, errors.New("its result is neither a vector nor a number")
}

// record writes what a recording rule found, under its own name and labels.
func (r *run) record(rule rules.Rule, ts time.Time, vector promql.Vector, before map[*line]bool) (map[*line]bool, error) {
	b := labels.NewBuilder(labels.EmptyLabels())
	for i := range vector {
		b.Reset(vector[i].Metric)
		b.Set(metricName, rule.Record)
		for name, text := range rule.Labels {
			b.Set(name, text)
		}
		vector[i].Metric = b.Labels()
	}
	if vector.ContainsSameLabelset() {
		return nil, r.wrong(rule, errors.New("two of its results have the same labels"))
	}
	return r.keep(ts, vector, before), nil
}

// keep stores samples of a rule; series that it wrote before and not now end.
func (r *run) keep(ts time.Time, vector promql.Vector, before map[*line]bool) map[*line]bool {
	t, now := timestamp.FromTime(ts), map[*line]bool{}
	for _, s := range vector {
		to := r.store.at(s.Metric)
		r.store.add(to, point{t: t, f: s.F, h: s.H})
		now[to] = true
	}
	for old := range before {
		if !now[old] {
			r.store.add(old, point{t: t, f: math.Float64frombits(value.StaleNaN)})
		}
	}
	return now
}

func short(d span) string { return strings.TrimSpace(modelDuration(time.Duration(d))) }
