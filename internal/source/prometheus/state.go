package prometheus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/timestamp"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/template"

	"seaworthy.dev/seaworthy/internal/derive/rules"
)

// state follows the alerts of one rule through time, as Prometheus does
// (rules/alerting.go of its sources).
type state struct {
	*run
	rule   *rules.Rule
	active map[uint64]*active
}

// active is one alert that is pending or fires.
type active struct {
	labels labels.Labels
	// sample and at are its last result: annotations speak of it.
	sample promql.Sample
	at     time.Time
	since  time.Time
	fires  bool
	// ended is when the condition ceased while it keeps firing.
	ended time.Time
}

// raised is an alert that fires.
type raised struct {
	labels, annotations labels.Labels
}

// step takes the condition's results at one time.
func (s *state) step(ctx context.Context, ts time.Time, vector promql.Vector) error {
	if len(vector) == 0 && len(s.active) == 0 {
		return nil
	}
	found := make(map[uint64]bool, len(vector))
	b := labels.NewBuilder(labels.EmptyLabels())
	for _, sample := range vector {
		b.Reset(sample.Metric)
		b.Del(metricName)
		for name, text := range s.rule.Labels {
			b.Set(name, s.expand(ctx, text, sample, ts))
		}
		b.Set(labels.AlertName, s.rule.Alert)
		l := b.Labels()
		h := l.Hash()
		if found[h] {
			return s.wrong(*s.rule, errors.New("two of its alerts have the same labels"))
		}
		found[h] = true
		if s.active == nil {
			s.active = map[uint64]*active{}
		}
		if have := s.active[h]; have != nil {
			have.sample, have.at, have.ended = sample, ts, time.Time{}
		} else {
			s.active[h] = &active{labels: l, sample: sample, at: ts, since: ts}
		}
	}
	for h, a := range s.active {
		if !found[h] {
			keeps := false
			if a.fires && s.rule.KeepFiring > 0 {
				if a.ended.IsZero() {
					a.ended = ts
				}
				keeps = ts.Sub(a.ended) < s.rule.KeepFiring
			}
			if !keeps {
				delete(s.active, h)
				continue
			}
		}
		if !a.fires && ts.Sub(a.since) >= s.rule.For {
			a.fires = true
		}
	}
	return nil
}

// firing lists the alerts that fire, with their annotations.
func (s *state) firing(ctx context.Context) (out []raised) {
	for _, a := range s.active {
		if !a.fires {
			continue
		}
		texts := map[string]string{}
		for name, text := range s.rule.Annotations {
			texts[name] = s.expand(ctx, text, a.sample, a.at)
		}
		out = append(out, raised{a.labels, labels.FromMap(texts)})
	}
	return out
}

// samples are the series that tell queries of the alerts.
func (s *state) samples(ts time.Time) (out promql.Vector) {
	for _, a := range s.active {
		b := labels.NewBuilder(a.labels)
		b.Set(metricName, "ALERTS_FOR_STATE")
		out = append(out, promql.Sample{T: timestamp.FromTime(ts), F: float64(a.since.Unix()), Metric: b.Labels()})
		b.Set(metricName, "ALERTS")
		b.Set("alertstate", "pending")
		if a.fires {
			b.Set("alertstate", "firing")
		}
		out = append(out, promql.Sample{T: timestamp.FromTime(ts), F: 1, Metric: b.Labels()})
	}
	return out
}

// expand fills a template in.
func (s *state) expand(ctx context.Context, text string, sample promql.Sample, ts time.Time) string {
	if !strings.Contains(text, "{{") {
		return text
	}
	const defined = "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}"
	ask := func(ctx context.Context, q string, t time.Time) (promql.Vector, error) {
		if *s.spent++; *s.spent > maxEffort {
			return nil, errTooMuch
		}
		return s.ask(ctx, q, t)
	}
	out, err := template.NewTemplateExpander(ctx, defined+text, "__alert_"+s.rule.Alert,
		template.AlertTemplateData(sample.Metric.Map(), s.External, s.URL, sample), model.Time(timestamp.FromTime(ts)), ask, s.url, nil).Expand()
	if err != nil {
		return fmt.Sprintf("<error expanding template: %s>", err)
	}
	return out
}

// compare says where the alerts of one step differ from what is expected.
func (r *run) compare(cases []alertCase, got map[int][]raised) (out []string) {
	for _, c := range cases {
		var have, want []raised
		for i := range r.rules {
			if r.rules[i].Alert == c.Name {
				have = append(have, got[i]...)
			}
		}
		for _, e := range c.Expected {
			l := map[string]string{}
			for k, v := range e.Labels {
				l[k] = v
			}
			l[labels.AlertName] = c.Name
			want = append(want, raised{labels.FromMap(l), labels.FromMap(e.Annotations)})
		}
		order := func(a, b raised) int {
			if d := labels.Compare(a.labels, b.labels); d != 0 {
				return d
			}
			return labels.Compare(a.annotations, b.annotations)
		}
		slices.SortFunc(have, order)
		slices.SortFunc(want, order)
		if d := difference(want, have); d != "" {
			out = append(out, fmt.Sprintf("%s at %s: %s", c.Name, short(c.At), d))
		}
	}
	return out
}

// difference says how alerts differ from those expected; empty where they do not.
func difference(want, have []raised) string {
	switch {
	case len(want) == 0 && len(have) > 0:
		return "it is expected not to fire and fires with " + have[0].labels.String()
	case len(want) > 0 && len(have) == 0:
		return "it is expected to fire and does not"
	case len(want) != len(have):
		return fmt.Sprintf("%d alerts are expected and %d fire", len(want), len(have))
	}
	for i := range want {
		if d := differing(want[i].labels, have[i].labels); d != "" {
			return "the label " + d
		}
		if d := differing(want[i].annotations, have[i].annotations); d != "" {
			return "the annotation " + d
		}
	}
	return ""
}

// differing says which of the labels differs first.
func differing(want, have labels.Labels) string {
	names := map[string]bool{}
	for _, list := range []labels.Labels{want, have} {
		list.Range(func(l labels.Label) { names[l.Name] = true })
	}
	var sorted []string
	for n := range names {
		sorted = append(sorted, n)
	}
	slices.Sort(sorted)
	for _, n := range sorted {
		switch a, b := want.Get(n), have.Get(n); {
		case a == b && want.Has(n) == have.Has(n):
		case !have.Has(n):
			return fmt.Sprintf("%s is expected (%q) and missing", n, cut(a))
		case !want.Has(n):
			return fmt.Sprintf("%s is not expected and is %q", n, cut(b))
		default:
			return fmt.Sprintf("%s is expected to be %q and is %q", n, cut(a), cut(b))
		}
	}
	return ""
}

func cut(text string) string {
	if r := []rune(text); len(r) > 120 {
		return string(r[:117]) + "..."
	}
	return text
}

func modelDuration(d time.Duration) string { return model.Duration(d).String() }
