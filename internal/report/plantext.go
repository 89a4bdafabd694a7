package report

import (
	"fmt"
	"io"
	"strings"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/plan"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// PlanFormat renders what there is to do, at most limit steps a service; 0 for
// all.
type PlanFormat func(w io.Writer, r *Report, o Options, limit int) error

// PlanFormats returns every format of plans by name.
func PlanFormats() map[string]PlanFormat {
	return map[string]PlanFormat{"text": PlanText, "json": PlanJSON, "markdown": PlanMarkdown}
}

// maxRemedies bounds what is listed for one step: who does the first five has the
// files open.
const maxRemedies = 6

// PlanText writes plans for people at a terminal.
func PlanText(w io.Writer, r *Report, o Options, limit int) error {
	t := &text{out: w, r: r, o: o, width: min(max(o.Width, 60), maxWidth)}
	for i, s := range r.Services {
		if i > 0 {
			t.line("")
		}
		t.plan(s, limit)
	}
	return t.err
}

func (t *text) plan(s *assess.Service, limit int) {
	t.headline(s)
	all, now := plan.Of(t.r.planned(s))
	t.line("")
	for _, l := range wrap(outlook(all, now), t.width) {
		t.line("%s", l)
	}
	steps := cut(all, limit)
	bars := false
	for i, step := range steps {
		switch inTheWay := step.Bars(s.Tier); {
		case i == 0 && inTheWay:
			t.line("")
			t.line("%s", t.paint("1", "To be ready:"))
		case i == 0 || bars && !inTheWay:
			t.line("")
			t.line("%s", t.paint("1", "Beyond that:"))
		}
		bars = step.Bars(s.Tier)
		t.step(i+1, step)
	}
	if n := len(all) - len(steps); n > 0 {
		t.line("")
		t.line("and %s (--limit 0)", verdict.Count(n, "more step"))
	}
	if files := shared(steps); len(files) > 0 {
		t.line("")
		t.line("Worth opening once:")
		for _, f := range files {
			for j, l := range wrapPath(t.clean(f), t.width-4) {
				t.line("  %s%s", strings.Repeat("  ", min(j, 1)), l)
			}
		}
	}
}

// step writes one step: for which row, how long, what it brings, what to do and
// where.
func (t *text) step(n int, s *plan.Step) {
	left := verdict.Count(s.After.Blockers, "blocker") + " left"
	head := fmt.Sprintf("%3d) %s %-32s %-8s %-8s score %-9s %s", n, t.sign(s.Row.State), s.Row.Expectation, s.Row.Severity, s.Takes, scoreOf(s.After), left)
	for i, l := range wrapHead(head, t.width) {
		if i > 0 {
			l = "       " + l
		}
		t.line("%s", l)
	}
	for i := range s.Remedies {
		if left := len(s.Remedies) - i; i == maxRemedies-1 && left > 1 {
			t.line("       - and %s (-o json lists all)", verdict.Count(left, "more change"))
			break
		}
		r := &s.Remedies[i]
		for j, l := range wrap(t.clean(r.Says), t.width-9) {
			mark := "  "
			if j == 0 && len(s.Remedies) > 1 {
				mark = "- "
			}
			t.line("       %s%s", mark, l)
		}
		for _, l := range wrapPath(t.clean(placesOf(r)), t.width-11) {
			if l != "" {
				t.line("           %s", t.paint("2", l))
			}
		}
	}
	if len(s.Also) > 0 {
		for _, l := range wrap("lifts as well: "+strings.Join(ids(s.Also), ", "), t.width-9) {
			t.line("         %s", l)
		}
	}
}

func ids(list []*verdict.Verdict) (out []string) {
	for _, v := range list {
		out = append(out, v.Expectation)
	}
	return out
}
