package document

import (
	"cmp"
	"regexp"
	"sort"
	"strings"

	derived "seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/fact"
)

// page is a page while it is read.
type page struct {
	doc *fact.Document
	src []byte
	// offset is how many lines of front matter stand before src.
	offset  int
	breaks  []int // where lines begin in src
	section *fact.Section
	// slugs counts headings by their anchor, anchors holds every anchor there is.
	slugs   map[string]int
	anchors map[string]bool
	loose   map[string]bool // anchors by their letters alone
	lists   int
}

func newPage(rel, shown, format string, text []byte) *page {
	return &page{
		doc: &fact.Document{Ref: fact.Ref{Subject: "page " + rel, Location: fact.Location{File: shown}}, Path: rel, Format: format, Front: map[string]string{}},
		src: text, slugs: map[string]int{}, anchors: map[string]bool{},
	}
}

func (p *page) read() {
	p.front()
	p.breaks = append(p.breaks, 0)
	for i, c := range p.src {
		if c == '\n' {
			p.breaks = append(p.breaks, i+1)
		}
	}
	switch p.doc.Format {
	case "markdown":
		p.markdown()
	default:
		p.plain()
	}
	p.stepsOfHeadings()
	p.doc.Title = cmp.Or(p.doc.Front["title"], p.doc.Title)
}

// line returns the number of the line at an offset of src.
func (p *page) line(at int) int {
	return sort.SearchInts(p.breaks, at+1) + p.offset
}

// frontKey is a line of front matter that names a value at the top level.
var frontKey = regexp.MustCompile(`^([A-Za-z_][\w.-]*)\s*[:=]\s*(.*)$`)

// front takes the front matter off: single values and lists of them at its top
// level. It is read by lines, for generators of sites disagree on the rest.
func (p *page) front() {
	text := string(p.src[:min(len(p.src), 64<<10)])
	mark, rest, found := strings.Cut(text, "\n")
	mark = strings.TrimRight(mark, " \t")
	if !found || mark != "---" && mark != "+++" {
		return
	}
	end, lines := 0, []string(nil)
	for line := range strings.Lines(rest) {
		end += len(line)
		if t := strings.TrimRight(line, " \t\n"); t == mark || mark == "---" && t == "..." {
			break
		}
		lines = append(lines, strings.TrimRight(line, "\n"))
		if end == len(rest) {
			return // it never ends: a line across the page
		}
	}
	key := ""
	for _, line := range lines {
		if m := frontKey.FindStringSubmatch(line); m != nil {
			key = strings.ToLower(m[1])
			if value := unquote(m[2]); value != "" {
				p.doc.Front[key] = value
			}
			continue
		}
		item := strings.TrimSpace(line)
		if value, isItem := strings.CutPrefix(item, "- "); isItem && key != "" && len(p.doc.Front[key]) < 2000 {
			if p.doc.Front[key] != "" {
				p.doc.Front[key] += ", "
			}
			p.doc.Front[key] += unquote(value)
		}
	}
	if len(lines) > 0 && len(p.doc.Front) == 0 {
		return // a line across the page, and text
	}
	p.offset = len(lines) + 2
	p.src = p.src[len(text)-len(rest)+end:]
}

func unquote(text string) string {
	text = strings.TrimSpace(text)
	if value, _, found := strings.Cut(text, " #"); found && !strings.HasPrefix(text, `"`) {
		text = strings.TrimSpace(value)
	}
	if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
		var items []string
		for _, item := range strings.Split(text[1:len(text)-1], ",") {
			items = append(items, unquote(item))
		}
		return strings.Join(items, ", ")
	}
	return strings.Trim(text, `"'`)
}

// ownAnchor is an anchor that a heading sets itself: "Heading {#own}".
var ownAnchor = regexp.MustCompile(`\s*\{:?\s*#([\w.:-]+)[^}]*\}\s*$`)

// open begins a section.
func (p *page) open(level int, heading string, line int) {
	anchor := ""
	if m := ownAnchor.FindStringSubmatch(heading); m != nil {
		anchor, heading = m[1], strings.TrimSpace(heading[:len(heading)-len(m[0])])
	}
	if anchor == "" {
		anchor = p.slug(heading)
	}
	p.anchors[anchor] = true
	p.section = &fact.Section{Level: level, Heading: heading, Anchor: anchor, Line: line}
	p.doc.Sections = append(p.doc.Sections, p.section)
	if p.doc.Title == "" {
		p.doc.Title = heading
	}
}

// here returns the section at hand; that before every heading where none is.
func (p *page) here(line int) *fact.Section {
	if p.section == nil {
		p.section = &fact.Section{Line: line}
		p.doc.Sections = append(p.doc.Sections, p.section)
	}
	return p.section
}

// slug returns the anchor that GitHub gives a heading: in lower case, without
// marks, blanks as dashes, and numbered where it stands already.
func (p *page) slug(heading string) string {
	base := derived.Slug(heading)
	anchor := base
	for n := p.slugs[base]; n > 0 && p.anchors[anchor]; n++ {
		anchor = base + "-" + itoa(n)
		p.slugs[base] = n
	}
	p.slugs[base]++
	return anchor
}

func itoa(n int) string {
	if n >= 10 {
		return itoa(n/10) + string(rune('0'+n%10))
	}
	return string(rune('0' + n))
}

// text adds a paragraph.
func (p *page) text(line int, text string, item bool, number int) {
	if text = strings.Join(strings.Fields(text), " "); text != "" {
		s := p.here(line)
		s.Texts = append(s.Texts, fact.Text{Line: line, Text: text, Item: item, Number: number})
	}
}

// link adds a link, to be resolved when every page is read.
func (p *page) link(line int, target, text string, image bool) {
	if target = strings.TrimSpace(target); target != "" {
		s := p.here(line)
		s.Links = append(s.Links, &fact.Link{Line: line, Target: target, Text: strings.Join(strings.Fields(text), " "), Image: image})
	}
}

// block adds a block of code, and the diagram that it draws.
func (p *page) block(line int, language, text string) *fact.CodeBlock {
	s := p.here(line)
	b := readBlock(language, text)
	b.Line = line
	s.Blocks = append(s.Blocks, b)
	if d := drawing(b.Language, text); d != nil {
		d.Line = line
		s.Diagrams = append(s.Diagrams, d)
	}
	return b
}

// stepHeading is a heading that is called a step.
var stepHeading = regexp.MustCompile(`(?i)^(?:step\s+(\d+)\b|(\d+)[.)]\s+\S)`)

// stepsOfHeadings takes headings that are counted as steps, where at least two of
// one level follow each other.
func (p *page) stepsOfHeadings() {
	for i := 0; i < len(p.doc.Sections); {
		s := p.doc.Sections[i]
		var row []*fact.Section
		j := i
		for ; j < len(p.doc.Sections) && p.doc.Sections[j].Level >= s.Level; j++ {
			if p.doc.Sections[j].Level == s.Level {
				if !stepHeading.MatchString(p.doc.Sections[j].Heading) {
					break
				}
				row = append(row, p.doc.Sections[j])
			}
		}
		if len(row) < 2 || s.Level == 0 {
			i++
			continue
		}
		p.lists++
		for n, one := range row {
			text := stepHeading.ReplaceAllString(one.Heading, "")
			step := fact.Instruction{Line: one.Line, Number: n + 1, Text: strings.TrimLeft(text, " .:)-–—"), List: p.lists}
			for _, part := range p.doc.Under(one) {
				step.Scripted = step.Scripted || len(part.Blocks) > 0 || scriptedSteps(part)
			}
			step.Judged = judged(step.Text)
			one.Steps = append(one.Steps, step)
		}
		i = j
	}
}

func scriptedSteps(s *fact.Section) bool {
	for _, step := range s.Steps {
		if step.Scripted {
			return true
		}
	}
	return false
}
