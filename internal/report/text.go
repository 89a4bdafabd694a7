package report

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/fact"
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

func (t *text) paint(code, s string) string {
	if !t.o.Color || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (t *text) sign(s verdict.State) string {
	mark := signs[s].sign
	if t.o.ASCII {
		mark = signs[s].ascii
	}
	return t.paint(signs[s].color, mark)
}

func (t *text) service(s *assess.Service) {
	t.headline(s)
	if t.o.Bundles {
		t.bundles(s)
	}
	var blockers, silent []*verdict.Verdict
	for i := range s.Verdicts {
		v := &s.Verdicts[i]
		if v.Severity != verdict.Blocker || !v.Open() {
			continue
		}
		if e := t.r.Expectations[v.Expectation]; v.State == verdict.Unknown && e != nil && e.Check == nil {
			silent = append(silent, v)
			continue
		}
		blockers = append(blockers, v)
	}
	sort.SliceStable(blockers, func(i, j int) bool { return rank(blockers[i]) < rank(blockers[j]) })
	t.line("")
	for _, v := range blockers {
		t.verdict(v)
	}
	if len(silent) > 0 {
		t.silent(silent)
	}
	if len(blockers)+len(silent) > 0 {
		t.line("")
	}
	t.sections(s)
	t.steps(s)
	if t.o.Problems {
		t.problems(s)
	}
	t.foot(s)
}

func (t *text) headline(s *assess.Service) {
	open := 0
	for i := range s.Verdicts {
		if v := &s.Verdicts[i]; v.Severity == verdict.Blocker && v.Open() {
			open++
		}
	}
	answer := t.paint("1;"+signs[verdict.Gap].color, "NOT READY")
	plainAnswer := "NOT READY"
	if verdict.Ready(s.Tier, s.Verdicts) {
		answer, plainAnswer = t.paint("1;"+signs[verdict.Met].color, "READY"), "READY"
	}
	owner := s.Owner
	if owner == "unknown" {
		owner = "owner unknown"
	}
	left := fmt.Sprintf("%s   tier %d   %s", s.Name, s.Tier, owner)
	rest := fmt.Sprintf("   score %d   %s open", verdict.Score(s.Verdicts), count(open, "blocker"))
	pad := max(t.width-len(plainAnswer)-len(rest)-utf8.RuneCountInString(left), 3)
	t.line("%s%s%s%s", t.paint("1", s.Name)+left[len(s.Name):], strings.Repeat(" ", pad), answer, rest)
	tally := tally(s.Verdicts)
	t.line("%s%s", strings.Repeat(" ", max(t.width-utf8.RuneCountInString(tally), 0)), tally)
	for _, a := range s.Assumptions {
		for i, l := range wrap(a, t.width-2) {
			if i > 0 {
				l = "  " + l
			}
			t.line("%s", t.paint("2", l))
		}
	}
}

// tally counts the verdicts by state: "41 met  6 short  9 gaps  8 unknown".
func tally(verdicts []verdict.Verdict) string {
	n := map[verdict.State]int{}
	for i := range verdicts {
		n[verdicts[i].State]++
	}
	parts := []string{fmt.Sprintf("%d met", n[verdict.Met]), fmt.Sprintf("%d short", n[verdict.Short]), count(n[verdict.Gap], "gap"), fmt.Sprintf("%d unknown", n[verdict.Unknown])}
	if n[verdict.Waived] > 0 {
		parts = append(parts, fmt.Sprintf("%d accepted", n[verdict.Waived]))
	}
	return strings.Join(append(parts, fmt.Sprintf("%d n/a", n[verdict.NotApplicable])), "  ")
}

// verdict writes one expectation: on a wide page in two columns, on a narrow
// one below each other.
func (t *text) verdict(v *verdict.Verdict) {
	e := t.r.Expectations[v.Expectation]
	head := fmt.Sprintf("%-30s %-8s %-6s", v.Expectation, v.Severity, ladder(e, v))
	where := position(v.At)
	says := []string{v.Reason}
	if v.Settle != "" {
		says = append(says, v.Settle)
	}
	const gutter = 52
	if t.width >= 96 {
		var right []string
		for i, s := range says {
			for _, l := range wrap(s, t.width-gutter) {
				if i > 0 {
					l = t.paint("2", l)
				}
				right = append(right, l)
			}
		}
		left := []string{"  " + t.sign(v.State) + " " + head}
		pads := []int{gutter - 4 - len(head)}
		if where != "" {
			for _, l := range chunk(where, gutter-8) {
				left, pads = append(left, "      "+t.paint("2", l)), append(pads, gutter-6-utf8.RuneCountInString(l))
			}
		}
		for i := range max(len(left), len(right)) {
			l, pad, r := "", gutter, ""
			if i < len(left) {
				l, pad = left[i], pads[i]
			}
			if i < len(right) {
				r = right[i]
			}
			t.line("%s%s%s", l, strings.Repeat(" ", max(pad, 1)), r)
		}
	} else {
		t.line("  %s %s", t.sign(v.State), head)
		if where != "" {
			t.line("      %s", t.paint("2", where))
		}
		for i, s := range says {
			for _, l := range wrap(s, t.width-6) {
				if i > 0 {
					l = t.paint("2", l)
				}
				t.line("      %s", l)
			}
		}
	}
	if t.o.Verbose {
		t.findings(v)
	}
}

// findings lists what the check found, passes last.
func (t *text) findings(v *verdict.Verdict) {
	order := []verdict.Outcome{verdict.Fail, verdict.Unclear, verdict.Note, verdict.Skip, verdict.Pass}
	marks := map[verdict.Outcome]verdict.State{verdict.Fail: verdict.Gap, verdict.Unclear: verdict.Unknown, verdict.Skip: verdict.NotApplicable, verdict.Pass: verdict.Met, verdict.Note: verdict.Waived}
	for _, o := range order {
		for i := range v.Findings {
			f := &v.Findings[i]
			if f.Outcome != o {
				continue
			}
			lines := wrap(f.Message, t.width-10)
			t.line("        %s %s", t.sign(marks[o]), lines[0])
			for _, l := range lines[1:] {
				t.line("          %s", l)
			}
			t.line("          %s", t.paint("2", strings.TrimSpace(position(f.Ref.Location)+"  "+v.Expectation+"#"+f.Rule+variant(f))))
		}
	}
}

func variant(f *verdict.Finding) string {
	if f.Variant == "" {
		return ""
	}
	return "  (" + f.Variant + ")"
}

// silent folds the blockers on which nothing is read yet into one entry.
func (t *text) silent(list []*verdict.Verdict) {
	names := make([]string, len(list))
	for i, v := range list {
		names[i] = v.Expectation
	}
	head := fmt.Sprintf("%s could not be told, for nothing here is evidence on them yet:", count(len(list), "blocker"))
	t.line("  %s %s", t.sign(verdict.Unknown), head)
	for _, l := range wrap(strings.Join(names, ", "), t.width-6) {
		t.line("      %s", l)
	}
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
		t.line("  %-14s%s", section.ID, t.folded(list))
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

// folded renders a section in one line: its gaps by name, the rest by number.
func (t *text) folded(list []*verdict.Verdict) string {
	names := map[verdict.State][]string{}
	for _, v := range list {
		_, name, _ := strings.Cut(v.Expectation, "/")
		names[v.State] = append(names[v.State], name)
	}
	var parts []string
	room := t.width - 18
	for _, state := range []verdict.State{verdict.Gap, verdict.Short, verdict.Waived, verdict.Unknown, verdict.Met, verdict.NotApplicable} {
		n := names[state]
		if len(n) == 0 {
			continue
		}
		text := fmt.Sprintf("%d %s", len(n), states(state, len(n)))
		if state == verdict.Gap {
			if full := text + ": " + strings.Join(n, ", "); utf8.RuneCountInString(full) < room-36 {
				text = full
			}
		}
		parts = append(parts, t.sign(state)+" "+text)
	}
	return strings.Join(parts, "   ")
}

func states(s verdict.State, n int) string {
	if s == verdict.Gap && n != 1 {
		return "gaps"
	}
	return s.String()
}

// steps names the three cheapest next steps: the gravest gaps that take the
// fewest changes.
func (t *text) steps(s *assess.Service) {
	type step struct {
		v      *verdict.Verdict
		places int
	}
	var all []step
	for i := range s.Verdicts {
		v := &s.Verdicts[i]
		if v.State != verdict.Gap {
			continue
		}
		places := map[string]bool{}
		for _, f := range v.Findings {
			if f.Outcome == verdict.Fail {
				places[f.Ref.Subject+f.Bundle] = true
			}
		}
		all = append(all, step{v, len(places)})
	}
	sort.SliceStable(all, func(i, j int) bool {
		a, b := all[i], all[j]
		if a.v.Severity != b.v.Severity {
			return a.v.Severity > b.v.Severity
		}
		return a.places < b.places
	})
	if len(all) == 0 {
		return
	}
	t.line("")
	t.line("Cheapest next steps:")
	for i, st := range all[:min(3, len(all))] {
		text := fmt.Sprintf("%s: %s (%s)", st.v.Expectation, st.v.Settle, count(st.places, "place"))
		for j, l := range wrap(text, t.width-5) {
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
	t.line("%s:", count(len(s.Problems), "problem"))
	for _, p := range s.Problems {
		lines := wrap(p.Message, t.width-6)
		t.line("  %s", position(p.Location))
		for _, l := range lines {
			t.line("      %s", l)
		}
	}
}

func (t *text) bundles(s *assess.Service) {
	t.line("")
	t.line("Judged together:")
	for _, set := range s.Sets {
		name := set.Bundle
		if set.Variant != "" {
			name += " (" + set.Variant + ")"
		}
		note := ""
		if !set.ProductionLike {
			note = "   not judged"
		}
		if n := len(set.Coverage.Holes); n > 0 {
			note += fmt.Sprintf("   %s unread", count(n, "place"))
		}
		t.line("  %-50s %-10s %s%s", name, set.Source, count(len(set.Objects), "object"), note)
	}
}

func (t *text) foot(s *assess.Service) {
	parts := []string{count(len(s.Verdicts), "expectation"), fmt.Sprintf("%s in %s", count(s.Objects, "object"), count(s.Files, "file"))}
	if s.Renderings > 0 {
		parts[1] += fmt.Sprintf(" and %s", count(s.Renderings, "rendering"))
	}
	if n := len(s.Problems); n > 0 {
		text := count(n, "problem")
		if !t.o.Problems {
			text += " (--problems)"
		}
		parts = append(parts, text)
	}
	if t.r.Took > 0 {
		parts = append(parts, t.r.Took.Round(time.Millisecond).String())
	}
	t.line("")
	t.line("%s", t.paint("2", strings.Join(parts, " · ")))
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

func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// wrap breaks a text into lines of at most width columns, at spaces where it
// can.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
		for utf8.RuneCountInString(line) > width {
			parts := chunk(line, width)
			lines = append(lines, parts[0])
			line = strings.Join(parts[1:], "")
		}
	}
	return append(lines, line)
}

// chunk cuts a word that is wider than the column.
func chunk(s string, width int) []string {
	var out []string
	runes := []rune(s)
	for len(runes) > width {
		out = append(out, string(runes[:width]))
		runes = runes[width:]
	}
	return append(out, string(runes))
}
