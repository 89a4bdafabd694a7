package report

import (
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/plan"
	"seaworthy.dev/seaworthy/internal/report/look"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// maxWidth is the widest page: longer lines are hard to read.
const maxWidth = 100

// Text writes the report for people: the answer, the blockers, the rest folded
// to a line a section, and the three cheapest next steps.
func Text(w io.Writer, r *Report, o Options) error {
	t := &text{out: w, r: r, o: o, width: min(max(o.Width, 60), maxWidth)}
	for i, s := range r.Services {
		if i > 0 {
			t.line("")
		}
		t.service(s)
	}
	if len(r.Services) > 0 {
		t.legend()
	}
	return t.err
}

// text is a page while it is written. The first error is kept.
type text struct {
	out   io.Writer
	r     *Report
	o     Options
	width int
	err   error
}

func (t *text) line(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintln(t.out, strings.TrimRight(fmt.Sprintf(format, args...), " "))
	}
}

func (t *text) sign(s verdict.State) string {
	mark := look.Of(s).Glyph
	if t.o.ASCII {
		mark = look.Of(s).ASCII
	}
	return t.paint(look.Of(s).SGR, mark)
}

func (t *text) service(s *assess.Service) {
	t.headline(s)
	if c := t.r.Changes[s]; c != nil {
		t.changes(c)
	}
	if t.o.Bundles {
		t.bundles(s)
	}
	var blockers, silent []*verdict.Verdict
	for i := range s.Verdicts {
		v := &s.Verdicts[i]
		if v.Severity != verdict.Blocker || !v.Open() {
			continue
		}
		if v.State == verdict.Unknown && len(v.Findings) == 0 && v.At.File == "" {
			silent = append(silent, v) // neither found nor unreadable: there is just nothing
			continue
		}
		blockers = append(blockers, v)
	}
	sort.SliceStable(blockers, func(i, j int) bool { return rank(blockers[i]) < rank(blockers[j]) })
	t.line("")
	for _, alike := range t.alike(blockers) {
		t.verdict(alike[0])
		t.also(alike[1:])
	}
	if answer, _ := t.r.answer(s); answer == idle {
		silent = nil // the headline says it of all of them
	}
	if len(silent) > 0 {
		t.silent(silent)
	}
	if len(blockers)+len(silent) > 0 {
		t.line("")
	}
	t.sections(s)
	if answer, _ := t.r.answer(s); answer != idle { // the headline says what to do
		t.steps(s)
	}
	if t.o.Problems {
		t.problems(s)
	}
	t.foot(s)
}

func (t *text) headline(s *assess.Service) {
	answer, state := t.r.answer(s)
	owner := s.Owner
	if owner == "unknown" {
		owner = "owner unknown"
	}
	name := t.clean(s.Name)
	who := fmt.Sprintf("   tier %d   %s", s.Tier, t.clean(owner))
	rest := "   " + figures(s, answer)
	calm := answer == idle
	answer = strings.ToUpper(answer)
	says := t.paint("1;"+look.Of(state).SGR, answer) + rest
	room := t.width - columns(answer) - columns(rest)
	if left := columns(name) + columns(who); left+3 <= room {
		t.line("%s%s%s%s", t.paint("1", name), who, strings.Repeat(" ", room-left), says)
	} else {
		for _, l := range wrap(name, t.width) {
			t.line("%s", t.paint("1", l))
		}
		for _, l := range wrapHead(strings.TrimSpace(who), t.width) {
			t.line("%s", l)
		}
		t.line("%s%s", strings.Repeat(" ", room), says)
	}
	tally := tally(s.Verdicts)
	t.line("%s%s", strings.Repeat(" ", max(t.width-columns(tally), 0)), tally)
	if calm {
		for _, l := range wrap(idleSays, t.width) {
			t.line("%s", l)
		}
	}
	for _, l := range standing(s) {
		for i, l := range wrap(t.clean(l), t.width-2) {
			mark := "  "
			if i == 0 {
				mark = t.sign(verdict.Waived) + " "
			}
			t.line("%s%s", mark, l)
		}
	}
	for _, a := range s.Assumptions {
		for i, l := range wrap(t.clean(a), t.width-2) {
			if i > 0 {
				l = "  " + l
			}
			t.line("%s", t.paint("2", l))
		}
	}
}

// openBlockers counts the blockers that stand in the way.
func openBlockers(verdicts []verdict.Verdict) int {
	n := 0
	for i := range verdicts {
		if v := &verdicts[i]; v.Severity == verdict.Blocker && v.Open() {
			n++
		}
	}
	return n
}

// tally counts the verdicts by state: "41 met  6 short  9 gaps  8 unknown".
func tally(verdicts []verdict.Verdict) string {
	n := map[verdict.State]int{}
	for i := range verdicts {
		n[verdicts[i].State]++
	}
	parts := []string{fmt.Sprintf("%d met", n[verdict.Met]), fmt.Sprintf("%d short", n[verdict.Short]), verdict.Count(n[verdict.Gap], "gap"), fmt.Sprintf("%d unknown", n[verdict.Unknown])}
	if n[verdict.Waived] > 0 {
		parts = append(parts, fmt.Sprintf("%d accepted", n[verdict.Waived]))
	}
	return strings.Join(append(parts, fmt.Sprintf("%d n/a", n[verdict.NotApplicable])), "  ")
}

// gutter is where the right column of a wide page starts: after the sign, the
// longest id of the standard, the severity and the ladder.
const gutter = 54

// verdict writes one expectation: on a wide page in two columns, on a narrow
// one below each other.
func (t *text) verdict(v *verdict.Verdict) {
	head := fmt.Sprintf("%-32s %-8s %s", v.Expectation, v.Severity, look.Letters(look.Ladder(t.r.Expectations[v.Expectation], v)))
	indent, room := 6, t.width-6
	if t.width >= 96 {
		indent, room = gutter, t.width-gutter
	}
	var left, right []string
	for i, l := range wrapHead(head, t.width-4) {
		mark := "    "
		if i == 0 {
			mark = "  " + t.sign(v.State) + " "
		}
		left = append(left, mark+l)
	}
	if at := t.clean(position(v.At)); at != "" {
		beside := t.width - 6
		if indent == gutter {
			beside = gutter - 8
		}
		for _, l := range wrapPath(at, beside) {
			left = append(left, "      "+t.paint("2", l))
		}
	}
	for i, says := range []string{v.Reason, v.Settle} {
		if says == "" {
			continue
		}
		for _, l := range wrap(t.clean(says), room) {
			if i > 0 {
				l = t.paint("2", l)
			}
			right = append(right, l)
		}
	}
	t.columns(left, right, indent)
	if t.o.Verbose {
		t.findings(v)
	}
}

// columns writes two columns side by side, or the right one below the left one
// where it is not indented far enough.
func (t *text) columns(left, right []string, indent int) {
	if slices.ContainsFunc(left, func(l string) bool { return columns(plain(l)) > indent-2 }) {
		for _, l := range left {
			t.line("%s", l)
		}
		left = nil
	}
	for i := range max(len(left), len(right)) {
		l, r := "", ""
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		t.line("%s%s%s", l, strings.Repeat(" ", indent-columns(plain(l))), r)
	}
}

// wrapHead keeps the padding of a head that fits.
func wrapHead(head string, width int) []string {
	if columns(head) <= width {
		return []string{head}
	}
	return wrap(head, width)
}

// findings lists what the check found, passes last.
func (t *text) findings(v *verdict.Verdict) {
	order := []verdict.Outcome{verdict.Fail, verdict.Unclear, verdict.Note, verdict.Skip, verdict.Pass}
	marks := map[verdict.Outcome]verdict.State{verdict.Fail: verdict.Gap, verdict.Unclear: verdict.Unknown, verdict.Skip: verdict.NotApplicable, verdict.Pass: verdict.Met}
	for _, o := range order {
		for i := range v.Findings {
			f := v.Findings[i]
			if f.Outcome != o || saidBefore(v.Findings[:i], f) {
				continue
			}
			lines := wrap(t.clean(f.Message+acceptedBy(f)), t.width-10)
			mark := "." // a note is no state
			if f.Waiver != nil {
				mark = t.sign(verdict.Waived)
			} else if state, found := marks[o]; found {
				mark = t.sign(state)
			} else if !t.o.ASCII {
				mark = "·"
			}
			t.line("        %s %s", mark, lines[0])
			for _, l := range lines[1:] {
				t.line("          %s", l)
			}
			for _, l := range wrapHead(strings.TrimSpace(t.clean(position(f.Ref.Location)+"  "+v.Expectation+"#"+f.Rule+variant(f))), t.width-10) {
				t.line("          %s", t.paint("2", l))
			}
		}
	}
}

// saidBefore reports whether a finding says of one claim what an earlier one says
// of another, as a declared none of both does.
func saidBefore(earlier []*verdict.Finding, f *verdict.Finding) bool {
	return slices.ContainsFunc(earlier, func(e *verdict.Finding) bool {
		return e.Claim != f.Claim && e.Outcome == f.Outcome && e.Rule == f.Rule && e.Message == f.Message && e.Ref.Location == f.Ref.Location && e.Variant == f.Variant
	})
}

func variant(f *verdict.Finding) string {
	if f.Variant == "" {
		return ""
	}
	return "  (" + f.Variant + ")"
}

// sections folds everything to one line a section, or opens it with -v.
func (t *text) sections(s *assess.Service) {
	bySection := map[string][]*verdict.Verdict{}
	for i := range s.Verdicts {
		v := &s.Verdicts[i]
		section, _, _ := strings.Cut(v.Expectation, "/")
		bySection[section] = append(bySection[section], v)
	}
	for _, section := range t.r.Sections {
		list := bySection[section.ID]
		if len(list) == 0 {
			continue
		}
		for i, l := range t.folded(list) {
			name := section.ID
			if i > 0 {
				name = ""
			}
			t.line("  %-14s%s", name, l)
		}
		if !t.o.Verbose {
			continue
		}
		for _, v := range list {
			if v.Severity != verdict.Blocker || !v.Open() {
				t.verdict(v)
			}
		}
	}
}

// folded renders a section in one line where it fits: its gaps by name, the
// rest by number.
func (t *text) folded(list []*verdict.Verdict) []string {
	names := map[verdict.State][]string{}
	for _, v := range list {
		_, name, _ := strings.Cut(v.Expectation, "/")
		names[v.State] = append(names[v.State], name)
	}
	order := []verdict.State{verdict.Gap, verdict.Short, verdict.Waived, verdict.Unknown, verdict.Met, verdict.NotApplicable}
	var parts []string
	used := 0
	for _, state := range order {
		if n := len(names[state]); n > 0 {
			parts = append(parts, t.sign(state)+" "+fmt.Sprintf("%d %s", n, states(state, n)))
			used += columns(plain(parts[len(parts)-1])) + 3
		}
	}
	room := t.width - 16
	if gaps := names[verdict.Gap]; len(gaps) > 0 {
		if full := ": " + strings.Join(gaps, ", "); used-3+columns(full) <= room {
			parts[0] += full
		}
	}
	lines := []string{""}
	for _, p := range parts {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = p
		case columns(plain(*last))+3+columns(plain(p)) <= room:
			*last += "   " + p
		default:
			lines = append(lines, p)
		}
	}
	return lines
}

func states(s verdict.State, n int) string {
	switch {
	case s == verdict.Gap && n != 1:
		return "gaps"
	case s == verdict.Waived:
		return "accepted"
	}
	return s.String()
}

// steps names the first three steps of the plan.
func (t *text) steps(s *assess.Service) {
	steps := plan.First(t.r.planned(s), 3)
	if len(steps) == 0 {
		return
	}
	t.line("")
	t.line("Cheapest next steps (`seaworthy plan` has all):")
	for i, st := range steps {
		says := st.Row.Expectation + ": " + st.Remedies[0].Says + " ("
		if n := len(st.Remedies) - 1; n > 0 {
			says += verdict.Count(n, "more change") + "; "
		}
		if st.Places > 0 {
			says += verdict.Count(st.Places, "place") + ", "
		}
		for j, l := range wrap(t.clean(says+st.Takes.String()+")"), t.width-5) {
			if j == 0 {
				t.line("  %d) %s", i+1, l)
			} else {
				t.line("     %s", l)
			}
		}
	}
}

func (t *text) problems(s *assess.Service) {
	t.line("")
	if len(s.Problems) == 0 {
		t.line("No problems: everything that was found could be read.")
		return
	}
	t.line("%s:", verdict.Count(len(s.Problems), "problem"))
	for _, p := range s.Problems {
		for _, l := range wrapPath(t.clean(position(p.Location)), t.width-2) {
			t.line("  %s", l)
		}
		for _, l := range wrap(t.clean(p.Message), t.width-6) {
			t.line("      %s", l)
		}
	}
}

func (t *text) bundles(s *assess.Service) {
	t.line("")
	t.line("Judged together:")
	for _, set := range s.Sets {
		if set.Rung == fact.Declared {
			continue // what people say is deployed nowhere
		}
		name := set.Bundle
		if set.Variant != "" {
			name += " (" + set.Variant + ")"
		}
		note := ""
		if !set.ProductionLike {
			note = "   not judged"
		}
		if n := len(set.Coverage.Holes); n > 0 {
			note += fmt.Sprintf("   %s unread", verdict.Count(n, "place"))
		}
		var left []string
		for _, l := range wrapPath(t.clean(name), t.width-2) {
			left = append(left, "  "+l)
		}
		t.columns(left, []string{fmt.Sprintf("%-10s %s%s", set.Source, verdict.Count(len(set.Objects), "object"), note)}, max(6, min(gutter, t.width-58)))
	}
}

func (t *text) foot(s *assess.Service) {
	parts := footOf(s)
	if n := len(s.Problems); n > 0 {
		text := verdict.Count(n, "problem")
		if !t.o.Problems {
			text += " (--problems)"
		}
		parts = append(parts, text)
	}
	if t.r.Took > 0 {
		parts = append(parts, span(t.r.Took))
	}
	t.line("")
	dot := " · "
	if t.o.ASCII {
		dot = " | "
	}
	for _, l := range wrap(strings.Join(parts, dot), t.width) {
		t.line("%s", t.paint("2", l))
	}
}

// footOf says how much was judged, and in how much.
func footOf(s *assess.Service) []string {
	var from []string
	if s.Files > 0 || s.Renderings == 0 {
		from = append(from, verdict.Count(s.Files, "file"))
	}
	if s.Renderings > 0 {
		from = append(from, verdict.Count(s.Renderings, "rendering"))
	}
	return []string{verdict.Count(len(s.Verdicts), "expectation"), verdict.Count(s.Objects, "object") + " in " + strings.Join(from, " and ")}
}

// span writes a time that something took: "41 ms", "4.2 s".
func span(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", max(d.Milliseconds(), 1))
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// position renders a place: "deploy/web.yaml:31:7".
func position(at fact.Location) string {
	switch {
	case at.Line == 0:
		return at.File
	case at.Column == 0:
		return fmt.Sprintf("%s:%d", at.File, at.Line)
	}
	return fmt.Sprintf("%s:%d:%d", at.File, at.Line, at.Column)
}
