package objectives

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/promql"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Kind of a flaw in an indicator.
type Kind string

// The kinds of flaws.
const (
	Broken Kind = "query"    // a query does not parse
	Mean   Kind = "mean"     // a mean of shares
	Apart  Kind = "selector" // good events are no part of all
	Half   Kind = "half"     // a query is missing
	Series Kind = "series"   // each series is divided by itself
	Fixed  Kind = "fixed"    // a range is written where a tool fills in each window
	Opaque Kind = "opaque"   // in a language that is not read here: no flaw, and no proof
)

// Flaw is something wrong with an indicator, or what keeps it from being judged.
type Flaw struct {
	Kind Kind
	At   fact.Location
	Says string
}

// template is what a tool fills in before a query is asked.
var template = regexp.MustCompile(`\{\{-?\s*[.$]?\s*([\w.]*)\s*-?\}\}`)

// Parse reads a query in PromQL after what tools fill in has been filled in.
func Parse(text string) (*promql.Query, error) {
	filled := template.ReplaceAllStringFunc(text, func(m string) string {
		if strings.Contains(strings.ToLower(m), "window") || strings.Contains(strings.ToLower(m), "interval") || strings.Contains(strings.ToLower(m), "range") {
			return "5m"
		}
		return "filled"
	})
	return promql.Parse(promql.Fill(strings.ReplaceAll(strings.ReplaceAll(filled, "[$window]", "[5m]"), "[${window}]", "[5m]"), nil))
}

// Flaws says what is wrong with an indicator.
func Flaws(i *fact.Indicator) (out []Flaw) {
	if i.Builtin != "" {
		return nil
	}
	parsed, others := map[*fact.IndicatorQuery]*promql.Query{}, map[*fact.IndicatorQuery]counted{}
	for _, q := range []*fact.IndicatorQuery{i.Good, i.Bad, i.Total, i.Share, i.Threshold} {
		if q == nil {
			continue
		}
		if c, ok := count(q.Text); ok && slices.Contains([]string{"datadog", "cloudwatch", "google-monitoring"}, q.Language) {
			others[q] = c
		} else if flaw, query := look(q); flaw != nil {
			out = append(out, *flaw)
		} else {
			parsed[q] = query
		}
	}
	part := i.Good
	if part == nil {
		part = i.Bad
	}
	counts := part != nil || i.Total != nil
	switch {
	case i.Plugin != "":
		return append(out, Flaw{Opaque, i.Location, fmt.Sprintf("its queries are made by %s, which is not read here", i.Plugin)})
	case i.Gauge && i.Total != nil:
	case counts && (part == nil || i.Total == nil) && i.Share == nil:
		lacks := "no query for all events"
		if part == nil {
			lacks = "no query for good or bad events"
		}
		out = append(out, Flaw{Half, i.Location, "it has " + lacks})
	case !counts && i.Share == nil && i.Threshold == nil:
		out = append(out, Flaw{Half, i.Location, "it has no query"})
	}
	if p, w := parsed[part], parsed[i.Total]; p != nil && w != nil {
		if why := promql.Apart(p, w); why != "" {
			out = append(out, Flaw{Apart, part.Location, why})
		} else if !i.Bare && promql.SeriesBySeries(p, w) {
			out = append(out, Flaw{Series, part.Location, "neither query sums, so each series of the part is divided by itself; wrap both in sum()"})
		}
	}
	if p, w := others[part], others[i.Total]; p.metric != "" && w.metric != "" {
		if why := p.apart(w); why != "" {
			out = append(out, Flaw{Apart, part.Location, why})
		}
	}
	for _, q := range []*fact.IndicatorQuery{i.Share, i.Good, i.Bad, i.Total} {
		if query := parsed[q]; query != nil && i.Windowed && !strings.Contains(strings.ToLower(q.Text), "window") && len(query.Selectors()) > 0 {
			out = append(out, Flaw{Fixed, q.Location, "a query writes its range where {{.window}} belongs, so every window of the burn rate looks at the same time"})
		}
		if c := others[q]; c.mean() {
			out = append(out, Flaw{Mean, q.Location, "it averages " + c.metric + " instead of counting, so a quiet moment weighs as much as a busy one"})
		}
		if query := parsed[q]; query != nil && query.MeanOfRatios() {
			out = append(out, Flaw{Mean, q.Location, "it takes the mean of shares, in which a quiet minute with one failure of two weighs as much as a busy one with 10,000"})
		}
		if query := parsed[q]; query != nil && q == i.Share {
			if r, is := query.Ratio(); is {
				if why := r.Apart(); why != "" {
					out = append(out, Flaw{Apart, q.Location, why})
				}
			}
		}
	}
	return out
}

// look parses one query.
func look(q *fact.IndicatorQuery) (*Flaw, *promql.Query) {
	if strings.TrimSpace(q.Text) == "" {
		return &Flaw{Opaque, q.Location, "a query is written in a form that is not read here"}, nil
	}
	if q.Language != "promql" && q.Language != "" {
		return &Flaw{Opaque, q.Location, fmt.Sprintf("a query is asked of %s, whose language is not read here", q.Language)}, nil
	}
	query, err := Parse(q.Text)
	switch {
	case err == nil:
		return nil, query
	case q.Language == "":
		return &Flaw{Opaque, q.Location, "nobody says of which source a query is asked, and PromQL it is not"}, nil
	case strings.Contains(template.ReplaceAllString(q.Text, ""), "{{"):
		return &Flaw{Opaque, q.Location, "a query is filled in by a template that is not understood"}, nil
	}
	return &Flaw{Broken, q.Location, "a query does not parse: " + err.Error()}, nil
}
