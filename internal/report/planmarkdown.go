package report

import (
	"fmt"
	"io"
	"strings"

	"seaworthy.dev/seaworthy/internal/plan"
	"seaworthy.dev/seaworthy/internal/report/look"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// PlanMarkdown writes plans as tables, for a ticket or a page.
func PlanMarkdown(w io.Writer, r *Report, o Options, limit int) error {
	m := &page{r: r, o: o}
	for i, s := range r.Services {
		all, now := plan.Of(r.planned(s))
		steps := cut(all, limit)
		m.limit = m.text.Len() + (maxMarkdown-m.text.Len())/(len(r.Services)-i)
		m.line("### What to do for %s\n", safe(s.Name))
		m.line("Score %d, %s open. %s\n", now.Score, verdict.Count(now.Blockers, "blocker"), outlook(all, now))
		b := block{head: "| | for | takes | what to do | where | then |\n|---|---|---|---|---|---|\n", foot: "\n"}
		for n, step := range steps {
			b.add(func() string { return m.step(n+1, step) })
		}
		m.write(b)
		if n := len(all) - len(steps); n > 0 {
			m.line("and %s\n", verdict.Count(n, "more step"))
		}
	}
	_, err := io.WriteString(w, m.text.String())
	return err
}

func (m *page) step(n int, s *plan.Step) string {
	var does, where []string
	for i := range s.Remedies {
		r := &s.Remedies[i]
		does = append(does, safe(r.Says))
		if len(r.Places) > 0 {
			at := m.place(r.Places[0])
			if more := len(r.Places) - 1; more > 0 {
				at += fmt.Sprintf(" and %d more", more)
			}
			where = append(where, at)
		}
	}
	what := look.Of(s.Row.State).Glyph + " " + m.link(s.Row.Expectation, "") + " (" + s.Row.Severity.String() + ")"
	for _, v := range s.Also {
		what += "<br>" + m.link(v.Expectation, "")
	}
	then := fmt.Sprintf("score %s, %s", scoreOf(s.After), verdict.Count(s.After.Blockers, "blocker"))
	return m.row(fmt.Sprint(n), what, s.Takes.String(), strings.Join(does, "<br>"), strings.Join(where, "<br>"), then)
}
