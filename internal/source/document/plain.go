package document

import (
	"regexp"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

var (
	adocHeading = regexp.MustCompile(`^(={1,6})\s+(\S.*)$`)
	adocLink    = regexp.MustCompile(`(?:link:|xref:|image::?)([^\s\[\]]+)\[([^\]]*)\]|<<([^,>\s]+)(?:,([^>]*))?>>|(https?://[^\s\[\]<>]+)(?:\[([^\]]*)\])?`)
	adocFence   = regexp.MustCompile(`^(-{4,}|\.{4,}|={4,}|` + "`{3,}" + `)\s*(\w*)$`)
	adocSource  = regexp.MustCompile(`^\[(?:source|listing|mermaid|plantuml|d2)(?:%\w+)*(?:\s*,\s*([\w-]+))?[^\]]*\]$`)
	adocAnchor  = regexp.MustCompile(`^\[(?:\[([\w.:-]+)[^\]]*\]|#([\w.:-]+)[^\]]*)\]$`)
	rstLine     = regexp.MustCompile("^([=\\-`:'\"~^_*+#<>.])([=\\-`:'\"~^_*+#<>.]{2,})\\s*$")
	rstLink     = regexp.MustCompile("`([^`<]*)<([^`>]+)>`__?|(https?://[^\\s<>`\\])]+)")
	rstTarget   = regexp.MustCompile(`^\.\. _([^:]+):\s*(\S*)\s*$`)
	rstBlock    = regexp.MustCompile(`^\.\. (code-block|code|sourcecode|mermaid|uml|graphviz|image|figure|prompt|highlight)::\s*(\S*)`)
	counted     = regexp.MustCompile(`^(?:(\d{1,3}|#)[.)]|\.)\s+(\S.*)$`)
	bullet      = regexp.MustCompile(`^(?:[-*•]|\*\*+)\s+(\S.*)$`)
)

// plain reads the headings, texts, numbered lists, links and blocks of code of
// reStructuredText and AsciiDoc. What includes other files is not put together.
func (p *page) plain() {
	lines := strings.Split(string(p.src), "\n")
	asciidoc := p.doc.Format == "asciidoc"
	marks := map[string]int{} // the level of each kind of line under headings
	var paragraph []string
	first, language := 0, ""
	var step *fact.Instruction
	flush := func() {
		if len(paragraph) == 0 {
			return
		}
		text := strings.Join(paragraph, " ")
		paragraph = nil
		p.plainText(first+p.offset, text, asciidoc, &step)
	}
	block := func(at int, language, text string) {
		s := p.here(at + p.offset)
		p.block(at+p.offset, language, text)
		if step != nil && len(s.Steps) > 0 {
			s.Steps[len(s.Steps)-1].Scripted = true
		}
	}
	for i := 0; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], " \t")
		n := i + 1
		if line == "" {
			flush()
			continue
		}
		if asciidoc {
			if m := adocSource.FindStringSubmatch(line); m != nil {
				flush()
				language = m[1]
				if strings.HasPrefix(line, "[mermaid") || strings.HasPrefix(line, "[plantuml") || strings.HasPrefix(line, "[d2") {
					language = strings.Trim(strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ']' || r == '[' })[0], "%")
				}
				continue
			}
			if m := adocAnchor.FindStringSubmatch(line); m != nil {
				flush()
				p.anchors[m[1]+m[2]] = true
				continue
			}
			if m := adocFence.FindStringSubmatch(line); m != nil && (m[1][0] != '=' || len(strings.Fields(line)) == 1) {
				flush()
				var body []string
				for i++; i < len(lines) && strings.TrimRight(lines[i], " \t") != m[1]; i++ {
					body = append(body, lines[i])
				}
				if m[1][0] == '=' { // an example: its text is text
					p.text(n+p.offset, strings.Join(body, " "), false, 0)
				} else {
					if m[2] != "" {
						language = m[2]
					}
					block(n, language, strings.Join(body, "\n"))
				}
				language = ""
				continue
			}
			if m := adocHeading.FindStringSubmatch(line); m != nil {
				flush()
				step = nil
				p.open(len(m[1]), strings.TrimSpace(m[2]), n+p.offset)
				p.anchors["_"+strings.ReplaceAll(p.section.Anchor, "-", "_")] = true
				continue
			}
			if strings.HasPrefix(line, "//") || strings.HasPrefix(line, ":") && len(paragraph) == 0 || line == "+" {
				continue
			}
		} else {
			if m := rstTarget.FindStringSubmatch(line); m != nil {
				flush()
				p.anchors[strings.ToLower(m[1])] = true
				if m[2] != "" {
					p.link(n+p.offset, m[2], m[1], false)
				}
				continue
			}
			directive := rstBlock.FindStringSubmatch(strings.TrimLeft(line, " \t"))
			literal := strings.HasSuffix(line, "::") && directive == nil
			if directive != nil && (directive[1] == "image" || directive[1] == "figure") {
				flush()
				p.link(n+p.offset, directive[2], "", true)
				continue
			}
			if directive != nil || literal {
				if literal {
					paragraph = append(paragraph, strings.TrimSuffix(line, ":"))
					if first == 0 || len(paragraph) == 1 {
						first = n
					}
				}
				flush()
				from := i + 1
				body := indented(lines, &i, line)
				if directive != nil {
					lang := directive[2]
					if directive[1] == "mermaid" || directive[1] == "graphviz" {
						lang = directive[1]
					} else if directive[1] == "uml" {
						lang = "plantuml"
					}
					if directive[1] != "highlight" {
						block(from, lang, body)
					}
				} else if strings.TrimSpace(body) != "" {
					block(from, "", body)
				}
				continue
			}
			if m := rstLine.FindStringSubmatch(line); m != nil && strings.Count(line, m[1]) == len(strings.TrimSpace(line)) {
				if len(paragraph) == 1 && len([]rune(paragraph[0])) <= len(line)+2 {
					heading := paragraph[0]
					paragraph = nil
					if marks[m[1]] == 0 {
						marks[m[1]] = len(marks) + 1
					}
					step = nil
					p.open(min(marks[m[1]], 6), strings.TrimSpace(heading), i+p.offset)
				}
				continue // a line over a heading, or across the page
			}
			if strings.HasPrefix(line, "..") {
				flush()
				indented(lines, &i, line)
				continue
			}
		}
		if counted.MatchString(strings.TrimLeft(line, " ")) || bullet.MatchString(strings.TrimLeft(line, " ")) {
			flush()
		}
		if len(paragraph) == 0 {
			first = n
		}
		paragraph = append(paragraph, strings.TrimSpace(line))
	}
	flush()
}

// indented returns the lines that are indented below a line, and moves to the last
// of them.
func indented(lines []string, i *int, above string) string {
	depth := len(above) - len(strings.TrimLeft(above, " \t"))
	var body []string
	for *i+1 < len(lines) {
		next := lines[*i+1]
		if strings.TrimSpace(next) != "" && len(next)-len(strings.TrimLeft(next, " \t")) <= depth {
			break
		}
		*i++
		if option := strings.TrimSpace(next); len(body) > 0 || option != "" && !strings.HasPrefix(option, ":") {
			body = append(body, strings.TrimPrefix(strings.TrimPrefix(next, strings.Repeat(" ", depth)), "   "))
		}
	}
	return strings.Join(body, "\n")
}

// plainText adds a paragraph or an item with its links.
func (p *page) plainText(line int, text string, asciidoc bool, step **fact.Instruction) {
	links := adocLink
	if !asciidoc {
		links = rstLink
	}
	s := p.here(line)
	from := len(s.Links)
	for _, m := range links.FindAllStringSubmatch(text, 200) {
		switch {
		case asciidoc && m[1] != "":
			target := m[1]
			if strings.Contains(m[0], "xref:") && !strings.Contains(target, ".") && !strings.Contains(target, "#") {
				target = "#" + target
			}
			if strings.ContainsAny(target, "{}") || strings.Count(target, ":") > 0 && !strings.Contains(target, "://") {
				continue // attributes and the modules of Antora
			}
			p.link(line, target, m[2], strings.HasPrefix(m[0], "image:"))
		case asciidoc && m[3] != "":
			if target := m[3]; strings.Contains(target, "#") || strings.Contains(target, ".adoc") {
				p.link(line, target, m[4], false)
			}
		case asciidoc:
			p.link(line, m[5], m[6], false)
		case m[2] != "":
			p.link(line, m[2], m[1], false)
		default:
			p.link(line, m[3], m[3], false)
		}
	}
	text = strings.ReplaceAll(text, "``", "`")
	if m := counted.FindStringSubmatch(text); m != nil && (asciidoc || m[1] != "") {
		number, _ := strconv.Atoi(m[1])
		if *step == nil {
			p.lists++
		}
		one := fact.Instruction{Line: line, Number: number, Text: m[2], List: p.lists, Judged: judged(m[2]), Scripted: command(m[2]) || toScript(s.Links[from:])}
		if number == 0 && *step != nil {
			one.Number = (*step).Number + 1
		}
		if one.Number == 0 {
			one.Number = 1
		}
		*step = &one
		s.Steps = append(s.Steps, one)
		p.text(line, m[2], true, one.Number)
		return
	}
	if m := bullet.FindStringSubmatch(text); m != nil {
		p.text(line, m[1], true, 0)
		return
	}
	p.text(line, text, false, 0)
}
