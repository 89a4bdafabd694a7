package page

import (
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/severity"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Class is a severity or priority as a page defines it.
type Class struct {
	Name string
	Line int
	// Response is the time to act, as written; Example is true where a case is told.
	Response string
	Example  bool
}

// parted is where a class's other names begin: "critical (P1)", "SEV1 / page".
var parted = regexp.MustCompile(`[/(),=|:]|\bor\b|\baka\b`)

// Is reports whether a label of alerts names the class, by any of its names.
func (c Class) Is(label string) bool {
	label = Bare(label)
	return Bare(c.Name) == label || slices.ContainsFunc(parted.Split(c.Name, 8), func(one string) bool { return Bare(one) == label && label != "" })
}

// Severities is a page's definition of severities, or of priorities.
type Severities struct {
	Line    int
	Classes []Class
}

var (
	classWord  = regexp.MustCompile(`(?i)^\W*(?:` + severity.Pattern + `)\W*$`)
	classHead  = regexp.MustCompile(`(?i)^\W*(` + severity.Pattern + `)\b`)
	classesFor = words(`severit\w+|priorit\w+|incident levels?|alert levels?|urgenc\w+|classification|levels?`)
	responding = words(`response|respond|acknowledge\w*|ack|react\w*|first response|answer|time|sla|deadline|act|within|attend`)
	exampling  = words(`examples?|e\.?g|for instance|such as|like`)
	answered   = regexp.MustCompile(`(?i)\b(?:at once|immediate(?:ly)?|next (?:working|business) day|same (?:working|business )?day|best effort|office hours|business hours|working hours|24/7|no response|none|next sprint|when there is time)\b`)
)

// SeveritiesOf returns the severities that a page defines; ok is false where it
// defines none. A definition is a table whose first column names at least two
// classes, or sections that are called after at least two, in both cases below a
// heading or with a column that speaks of severities, or with words that stand for
// classes everywhere.
func SeveritiesOf(d *fact.Document) (best Severities, ok bool) {
	take := func(s Severities) {
		if len(s.Classes) >= 2 && len(s.Classes) > len(best.Classes) {
			best = s
		}
	}
	for _, s := range d.Sections {
		for _, t := range s.Tables {
			take(tableOf(d, s, t))
		}
	}
	for i, s := range d.Sections {
		if s.Level == 0 || !classesFor.heads(s) && !(i == 0 && classesFor.titled(d)) {
			continue
		}
		var out Severities
		out.Line = s.Line
		for _, one := range d.Under(s)[1:] {
			m := classHead.FindStringSubmatch(one.Heading)
			if m == nil {
				continue
			}
			c := Class{Name: m[1], Line: one.Line}
			for _, below := range d.Under(one) {
				for _, text := range below.Texts {
					c.reads(text.Text, responding.MatchString(text.Text))
				}
				for _, table := range below.Tables {
					for _, row := range table.Rows {
						c.reads(strings.Join(row, " "), true)
					}
				}
				c.Example = c.Example || exampling.heads(below) && !Unwritten([]*fact.Section{below})
			}
			out.Classes = append(out.Classes, c)
		}
		take(out)
		take(itemsOf(s))
	}
	return best, len(best.Classes) >= 2
}

func (c *Class) reads(text string, responds bool) {
	c.Example = c.Example || exampling.MatchString(text)
	if c.Response != "" || unwritten(text) {
		return
	}
	if at := spanWords.FindString(text); at != "" && responds {
		c.Response = at
	} else if at := answered.FindString(text); at != "" {
		c.Response = at
	}
}

// tableOf reads a table of severities.
func tableOf(d *fact.Document, s *fact.Section, t *fact.Table) (out Severities) {
	out.Line = t.Line
	if len(t.Header) < 2 {
		return out
	}
	column, about := -1, classesFor.heads(s) || classesFor.titled(d)
	for i, h := range t.Header {
		if classesFor.MatchString(h) {
			column, about = i, true
			break
		}
	}
	known := 0
	for _, row := range t.Rows {
		for i := range min(len(row), 2) {
			if column < 0 && classWord.MatchString(row[i]) || column == i && row[i] != "" {
				known++
				break
			}
		}
	}
	if !about || known < 2 || known < len(t.Rows) {
		return out
	}
	if column < 0 {
		column = 0
		if len(t.Rows[0]) > 1 && !classWord.MatchString(t.Rows[0][0]) {
			column = 1
		}
	}
	if rows := len(t.Rows); rows > 8 {
		return Severities{} // a list of alerts, each with its severity
	}
	seen := map[string]bool{}
	for _, row := range t.Rows {
		if column >= len(row) {
			continue
		}
		c := Class{Name: strings.Trim(row[column], " `*_"), Line: t.Line}
		if key := strings.ToLower(c.Name); seen[key] {
			return Severities{} // each class is defined once; this lists something else
		} else {
			seen[key] = true
		}
		for i, cell := range row {
			if i == column || i >= len(t.Header) || cell == "" || unwritten(cell) {
				continue
			}
			c.reads(cell, responding.MatchString(t.Header[i]) && !exampling.MatchString(t.Header[i]))
			c.Example = c.Example || exampling.MatchString(t.Header[i])
		}
		out.Classes = append(out.Classes, c)
	}
	return out
}

// itemsOf reads severities that are items of a list: "critical: customers cannot
// pay, within 5 minutes".
func itemsOf(s *fact.Section) (out Severities) {
	out.Line = s.Line
	for _, t := range s.Texts {
		name, rest, found := strings.Cut(t.Text, ":")
		if !found {
			name, rest, found = strings.Cut(t.Text, " – ")
		}
		if !found {
			name, rest, found = strings.Cut(t.Text, " - ")
		}
		if !t.Item || !found || !classWord.MatchString(name) {
			continue
		}
		c := Class{Name: strings.Trim(name, " `*_"), Line: t.Line}
		c.reads(rest, true)
		out.Classes = append(out.Classes, c)
	}
	return out
}
