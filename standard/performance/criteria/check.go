// Package criteria checks that somebody says how fast the service must answer, and
// at which rate.
package criteria

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes criteria with a percentile, a limit and a rate: those of the
// manifest, or else those that a page or a load test's script states.
func Check(in expect.Input) (out verdict.Findings) {
	if !in.First(func(s *fact.Set) bool { return s.Rung != fact.Declared }) {
		return out
	}
	if d := in.Declared; d != nil && d.Performance != nil && len(d.Performance.Criteria) > 0 {
		declared(&out, in, d.Performance)
		return out
	}
	if pages(&out, in) {
		return out
	}
	for _, set := range in.All {
		if len(set.Workloads) > 0 {
			out.Unclear(set.Workloads[0].Ref.Within("criteria"), "none-stated", "nothing here says within which time %s must answer, and at how many requests a second", in.Service.Name)
			return out
		}
	}
	return out
}

// declared judges the criteria of the manifest.
func declared(out *verdict.Findings, in expect.Input, p *fact.Performance) {
	sum, whole := 0.0, false
	highest := map[string]float64{}
	for _, c := range p.Criteria {
		switch {
		case c.Percentile <= 0 || c.Limit <= 0:
			out.Fail(c.Ref, "incomplete", "%s: %s", title(c), lacks(c))
		case c.Rate <= 0:
			out.Fail(c.Ref, "incomplete", "%s does not say at how many requests a second it holds", title(c))
		case c.Endpoint != "" && len(in.Declared.Endpoints) > 0 && !slices.ContainsFunc(in.Declared.Endpoints, func(e *fact.Endpoint) bool { return e.Name == c.Endpoint }):
			out.Fail(c.Ref, "no-endpoint", "%s is about %s, and no endpoint of the manifest is called so; there is %s", title(c), c.Endpoint, names(in.Declared.Endpoints))
		default:
			out.Pass(c.Ref, "stated", "%s is stated for %s requests a second%s", title(c), amount(c.Rate), errorShare(c))
		}
		whole = whole || c.Endpoint == ""
		highest[c.Endpoint] = max(highest[c.Endpoint], c.Rate)
	}
	for _, e := range in.Declared.Endpoints {
		if _, found := highest[e.Name]; !found && !whole {
			out.Note(e.Ref.Within("criteria"), "endpoint-without", "no criterion is about the endpoint %s", e.Name)
			return // what the criteria hold for is a part of the peak
		}
	}
	for _, rate := range highest {
		sum += rate
	}
	if sum > 0 && p.Peak > sum {
		out.Fail(p.Ref, "below-peak", "the criteria hold for %s requests a second, and a peak of %s is expected", amount(sum), amount(p.Peak))
	}
	if tail := slices.MaxFunc(p.Criteria, func(a, b *fact.Criterion) int { return int(1000*a.Percentile - 1000*b.Percentile) }); tail.Percentile > 0 && tail.Percentile <= 50 {
		out.Fail(p.Ref.Within("tail"), "no-tail", "the highest percentile with a limit is p%s: half of the requests may take any time", amount(tail.Percentile))
	}
}

// pages judges what pages state. It reports whether one states anything.
func pages(out *verdict.Findings, in expect.Input) bool {
	library := page.LibraryOf(in.All)
	var open *fact.Document // states a latency without its rate
	var asked page.Target
	found := false
	for _, d := range library.Own {
		var best page.Target
		for _, t := range page.TargetsOf(d) {
			switch {
			case t.Rate > 0 && t.Percentile > best.Percentile:
				best = t
			case t.Rate == 0 && open == nil:
				open, asked = d, t
			}
		}
		if best.Percentile > 0 {
			found = true
			out.Pass(d.AtLine(best.Line).Within("targets"), "written", "%s states that p%s is at most %s at %s requests a second", d.Path, amount(best.Percentile), best.Limit, amount(best.Rate))
		}
	}
	if !found && open != nil {
		out.Unclear(open.AtLine(asked.Line), "no-rate", "%s states that p%s is at most %s, and not at how many requests a second", open.Path, amount(asked.Percentile), asked.Limit)
	}
	return found || open != nil
}

func title(c *fact.Criterion) string {
	says := fmt.Sprintf("p%s of at most %s", amount(c.Percentile), c.Limit)
	if c.Endpoint != "" {
		says += " (" + c.Endpoint + ")"
	}
	return says
}

func lacks(c *fact.Criterion) string {
	if c.Percentile <= 0 {
		return "no percentile is stated"
	}
	return "no limit is stated"
}

func errorShare(c *fact.Criterion) string {
	if c.Errors <= 0 {
		return ""
	}
	return ", with at most " + amount(c.Errors) + " % of them failing"
}

func names(list []*fact.Endpoint) string {
	var out []string
	for _, e := range list {
		out = append(out, e.Name)
	}
	return strings.Join(out, ", ")
}

// amount renders a number as people write it.
func amount(n float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", n), "0"), ".")
}
