package report

import (
	"fmt"
	"io"
	"net/url"
	"path"
	"sort"
	"strings"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/report/look"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// maxMarkdown is how long the page may become: GitHub refuses comments above
// 65,536 characters, and a few stay free for what a workflow adds.
const maxMarkdown = 60_000

// Marker is the page's first line, by which a workflow finds its own comment.
const Marker = "<!-- seaworthy report -->"

// Markdown writes the report for the comment on a change: the answer, what is
// new, the open blockers with their places, and the rest folded. What does not
// fit is counted.
func Markdown(w io.Writer, r *Report, o Options) error {
	m := &page{r: r, o: o}
	m.line(Marker)
	for i, s := range r.Services {
		m.must("\n")
		m.service(s, len(r.Services)-i)
	}
	_, err := io.WriteString(w, m.text.String())
	return err
}

// page is a page while it is written.
type page struct {
	r    *Report
	o    Options
	text strings.Builder
	// limit is how long the page may be for the service in work.
	limit int
}

func (m *page) must(text string)                 { m.text.WriteString(text) }
func (m *page) line(format string, args ...any)  { m.must(fmt.Sprintf(format, args...) + "\n") }
func (m *page) fits(text string, spare int) bool { return m.text.Len()+len(text)+spare <= m.limit }

// block is a part of the page of which only the first rows may fit; those that do
// not are never written out.
type block struct {
	head, foot string
	rows       []func() string
}

func (b *block) add(row func() string) { b.rows = append(b.rows, row) }

// write adds the block as far as it fits, and says what is left out.
func (m *page) write(b block) {
	if len(b.rows) == 0 {
		return
	}
	const note = "and 12345 more\n\n"
	if !m.fits(b.head+b.rows[0](), len(b.foot)+len(note)) {
		return
	}
	m.must(b.head)
	left := 0
	for i, write := range b.rows {
		row := write()
		if !m.fits(row, len(b.foot)+len(note)) {
			left = len(b.rows) - i
			break
		}
		m.must(row)
	}
	if left > 0 {
		m.must(fmt.Sprintf("\nand %d more\n", left))
	}
	m.must(b.foot)
}

// service writes one of the services that are left, each with its share of the
// page.
func (m *page) service(s *assess.Service, left int) {
	m.limit = m.text.Len() + (maxMarkdown-m.text.Len())/left
	answer, state := m.r.answer(s)
	says := answer
	if answer == notReady {
		says = "NOT READY"
	}
	m.line("### %s %s: %s", look.Of(state).Glyph, safe(s.Name), says)
	if answer == idle {
		m.line("\n%s\n", idleSays)
	}
	far := figures(s, answer)
	m.line("\n%s. Tier %d, owner %s. %s.\n", strings.ReplaceAll(strings.ToUpper(far[:1])+far[1:], "   ", ", "),
		s.Tier, safe(s.Owner), strings.ReplaceAll(tally(s.Verdicts), "  ", ", "))
	for _, l := range standing(s) {
		m.line("%s %s\n", look.Of(verdict.Waived).Glyph, safe(l))
	}
	if c := m.r.Changes[s]; c != nil {
		m.changes(c)
	}
	m.blockers(s)
	m.rest(s)
	m.problems(s)
	m.line("<sub>%s</sub>", safe(strings.Join(m.foot(s), " · ")))
}

func (m *page) foot(s *assess.Service) []string {
	read := readOf(s)
	out := []string{verdict.Count(len(s.Verdicts), "expectation"), verdict.Count(read.Objects, "object") + " in " + verdict.Count(read.Files, "file") + " and " + verdict.Count(read.Renderings, "rendering")}
	if read.Problems > 0 {
		out = append(out, verdict.Count(read.Problems, "problem"))
	}
	return append(out, "standard "+m.r.Standard)
}

// changes writes what is new since the baseline, and what is gone.
func (m *page) changes(c *Changes) {
	m.line("**Since %s: %s**\n", safe(m.r.Baseline), safe(c.says()))
	if lost := c.lost(); lost != "" {
		m.line("%s %s\n", look.Of(verdict.Unknown).Glyph, safe(lost))
	}
	news := block{head: "| new | severity | what is wrong | where |\n|---|---|---|---|\n", foot: "\n"}
	for _, n := range c.New {
		news.add(func() string {
			return m.row(look.Of(verdict.Gap).Glyph+" "+m.link(n.Verdict.Expectation, n.Finding.Rule), n.Verdict.Severity.String(), safe(n.Finding.Message), m.place(n.Finding.Ref.Location))
		})
	}
	for _, v := range c.Unknown {
		news.add(func() string {
			return m.row(look.Of(verdict.Unknown).Glyph+" "+m.link(v.Expectation, ""), v.Severity.String(), safe(v.Reason), m.place(v.At))
		})
	}
	m.write(news)
	for _, part := range []struct {
		title string
		list  []Gone
	}{{"gone", c.Gone}, {"could not be looked at again", c.Hidden}, {"failed and could not be told now", c.Untold}} {
		b := block{head: fmt.Sprintf("<details><summary>%d %s</summary>\n\n", len(part.list), part.title), foot: "\n</details>\n\n"}
		for _, g := range part.list {
			b.add(func() string {
				says := g.Message
				if g.Now != "" {
					says += "; now it could not be told: " + g.Now
				}
				return fmt.Sprintf("- %s %s\n", safe(says), code(g.Rule))
			})
		}
		m.write(b)
	}
}

// blockers writes the table of what stands in the way, gaps first, and in one
// line those of which nothing at all was found.
func (m *page) blockers(s *assess.Service) {
	var open []*verdict.Verdict
	var silent []string
	for i := range s.Verdicts {
		v := &s.Verdicts[i]
		switch {
		case v.Severity != verdict.Blocker || !v.Open():
		case v.State == verdict.Unknown && len(v.Findings) == 0 && v.At.File == "":
			silent = append(silent, m.link(v.Expectation, ""))
		default:
			open = append(open, v)
		}
	}
	sort.SliceStable(open, func(i, j int) bool { return rank(open[i]) < rank(open[j]) })
	b := block{head: "| blocker | why | where | how to close it |\n|---|---|---|---|\n", foot: "\n"}
	for _, v := range open {
		b.add(func() string {
			return m.row(look.Of(v.State).Glyph+" "+m.link(v.Expectation, ""), safe(v.Reason), m.place(v.At), safe(v.Settle))
		})
	}
	m.write(b)
	if answer, _ := m.r.answer(s); answer != idle && len(silent) > 0 {
		m.write(block{rows: []func() string{func() string {
			return fmt.Sprintf("%s %s could not be told, for nothing here is evidence on them: %s\n\n", look.Of(verdict.Unknown).Glyph, verdict.Count(len(silent), "blocker"), strings.Join(silent, ", "))
		}}})
	}
}

// rest folds each section that holds more than met rows and blockers.
func (m *page) rest(s *assess.Service) {
	whole := m.limit
	defer func() { m.limit = whole }()
	for i, section := range m.r.Sections {
		// Each has its share of what is left, so that no section hides the next.
		m.limit = m.text.Len() + (whole-m.text.Len())/(len(m.r.Sections)-i)
		b := block{foot: "\n</details>\n\n"}
		var words []string
		count := map[verdict.State]int{}
		for j := range s.Verdicts {
			v := &s.Verdicts[j]
			if id, _, _ := strings.Cut(v.Expectation, "/"); id != section.ID {
				continue
			}
			count[v.State]++
			for _, f := range v.Findings {
				if mark := markOf(f); mark != "" {
					b.add(func() string {
						return fmt.Sprintf("- %s %s %s %s\n", mark, safe(f.Message+acceptedBy(f)), m.place(f.Ref.Location), code(path.Base(v.Expectation)+"#"+f.Rule))
					})
				}
			}
			if v.State == verdict.Unknown && len(v.Findings) == 0 || v.State == verdict.Short {
				b.add(func() string {
					return fmt.Sprintf("- %s %s: %s\n", look.Of(v.State).Glyph, m.link(v.Expectation, ""), safe(v.Reason))
				})
			}
		}
		for _, state := range []verdict.State{verdict.Gap, verdict.Short, verdict.Waived, verdict.Unknown, verdict.Met, verdict.NotApplicable} {
			if n := count[state]; n > 0 {
				words = append(words, fmt.Sprintf("%s %d %s", look.Of(state).Glyph, n, states(state, n)))
			}
		}
		b.head = fmt.Sprintf("<details><summary>%s: %s</summary>\n\n", section.ID, strings.Join(words, ", "))
		m.write(b)
	}
}

// markOf returns the sign of a finding that wants attention.
func markOf(f *verdict.Finding) string {
	switch {
	case f.Outcome == verdict.Fail && f.Waiver != nil:
		return look.Of(verdict.Waived).Glyph
	case f.Outcome == verdict.Fail:
		return look.Of(verdict.Gap).Glyph
	case f.Outcome == verdict.Unclear:
		return look.Of(verdict.Unknown).Glyph
	}
	return ""
}

func (m *page) problems(s *assess.Service) {
	b := block{head: fmt.Sprintf("<details><summary>%s: what could not be read</summary>\n\n", verdict.Count(len(s.Problems), "problem")), foot: "\n</details>\n\n"}
	for _, p := range s.Problems {
		b.add(func() string {
			return fmt.Sprintf("- %s %s\n", m.place(p.Location), safe(p.Message))
		})
	}
	m.write(b)
}

// link names an expectation, or one of its rules, and leads to its page.
func (m *page) link(id, rule string) string {
	at := site + "/standard/" + id
	if rule != "" {
		at, id = at+"#"+rule, id+"#"+rule
	}
	return "[" + id + "](" + at + ")"
}

func (m *page) row(cells ...string) string {
	return "| " + strings.Join(cells, " | ") + " |\n"
}

// place links a place: relative to the folder in which the program ran, unless
// the options know where the files are shown.
func (m *page) place(at fact.Location) string {
	if at.File == "" {
		return ""
	}
	text := at.File
	link := (&url.URL{Path: path.Clean(at.File)}).EscapedPath()
	if at.Line > 0 {
		text, link = fmt.Sprintf("%s:%d", text, at.Line), fmt.Sprintf("%s#L%d", link, at.Line)
	}
	if path.IsAbs(at.File) || strings.HasPrefix(path.Clean(at.File), "../") {
		return code(text) // nowhere in the repository
	}
	return "[" + code(text) + "](" + m.o.LinkBase + strings.NewReplacer("(", "%28", ")", "%29").Replace(link) + ")"
}

// code sets text as code, whatever it holds.
func code(text string) string {
	text = strings.NewReplacer("|", "\\|", "\r", " ", "\n", " ", "`", "'").Replace(text)
	return "`" + text + "`"
}

// marks are the letters that mean something in Markdown or HTML. An address or a
// number that is parted from its sign tells nobody and links nowhere.
var marks = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "[", "\\[", "]", "\\]", "~", "\\~",
	"@", "@\u200b", "#", "#\u200b", "\r", " ", "\n", " ", "://", ":\u200b//")

// safe makes text of the user's show as it is: no HTML, no cells of the table, no
// links, and nobody is told of it who is named in it. What a message sets between
// backticks stays code.
func safe(text string) string {
	text = strings.ToValidUTF8(text, "\ufffd")
	parts := strings.Split(text, "`")
	if len(parts)%2 == 0 { // a lone backtick opens nothing
		return marks.Replace(strings.ReplaceAll(text, "`", "'"))
	}
	for i := range parts {
		switch {
		case i%2 == 0:
			parts[i] = marks.Replace(parts[i])
		case parts[i] != "":
			parts[i] = code(parts[i])
		}
	}
	return strings.Join(parts, "")
}
