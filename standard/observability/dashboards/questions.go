package dashboards

import (
	"fmt"

	"seaworthy.dev/seaworthy/internal/derive/dashboards"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// questions judges what the panels and annotations of one dashboard ask.
func questions(out *verdict.Findings, d *fact.Dashboard) {
	asked, failed := 0, 0
	open := map[string]int{}
	var first *fact.Panel
	why := ""
	for _, p := range d.Panels {
		for _, q := range p.Queries {
			asked++
			switch {
			case q.Mistake != "":
				failed++
				out.Fail(p.Ref.At(q.At), "does-not-parse", "panel %q of %s asks what does not parse: %s", title(p), d.Title, q.Mistake)
			case !q.Parsed:
				if first == nil {
					first, why = p, q.Open
				}
				open[language(q)]++
			}
		}
		if len(p.Queries) == 0 && !p.Silent && p.Library == "" && dashboards.Draws(p.Type) {
			out.Note(p.Ref, "asks-nothing", "panel %q of %s asks for nothing, so it stays empty", title(p), d.Title)
		}
		if p.Library != "" {
			out.Unclear(p.Ref, "shared-panel", "panel %q of %s is the shared panel %q, which stands in Grafana alone", title(p), d.Title, p.Library)
		}
	}
	for _, m := range d.Marks {
		if q := m.Query; q != nil && q.Mistake != "" {
			failed++
			out.Fail(m.Ref.At(q.At), "does-not-parse", "annotation %q of %s asks what does not parse: %s", m.Name, d.Title, q.Mistake)
		}
	}
	switch {
	case first != nil:
		n := 0
		for _, count := range open {
			n += count
		}
		says := fmt.Sprintf("%d of the %d questions of %s were not read: panel %q asks in %s", n, asked, d.Title, title(first), language(first.Queries[opening(first)]))
		if why != "" {
			says += ", and " + why
		}
		if asked == 1 {
			says = fmt.Sprintf("the one question of %s was not read: panel %q asks in %s", d.Title, title(first), language(first.Queries[0]))
		}
		out.Unclear(first.Ref, "not-read", "%s", says)
	case asked == 1 && failed == 0:
		out.Pass(d.Ref, "parses", "the one question of %s parses", d.Title)
	case asked > 0 && failed == 0:
		out.Pass(d.Ref, "parses", "all %d questions of %s parse", asked, d.Title)
	}
}

// opening returns the first question of a panel that was not read.
func opening(p *fact.Panel) int {
	for i, q := range p.Queries {
		if !q.Parsed && q.Mistake == "" {
			return i
		}
	}
	return 0
}
