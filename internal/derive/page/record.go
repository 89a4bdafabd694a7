package page

import (
	"regexp"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Record is what a page says of an exercise that was held.
type Record struct {
	// Date is when; zero where no day is named.
	Date time.Time
	// Scenario, Happened and People tell whether it says what was tried, what came
	// of it, and who took part.
	Scenario, Happened, People bool
	// By is who wrote it or led it, where the page says.
	By       string
	Findings []Finding
	// Clean is true where it says that nothing was found.
	Clean bool
}

// Finding is what an exercise showed, and who follows it up.
type Finding struct {
	Line  int
	Text  string
	Owner string
	Due   time.Time
	Done  bool
}

var (
	exercises = words(`game ?days?|game-days?|tabletops?|table-top|chaos(?: \w+)?|fire ?drills?|exercises?|wheel of misfortune|dirt|resilience test|failover test|disaster recovery test|incident simulation`)
	scenarios = words(`scenarios?|inject\w*|hypothes[ie]s|experiments?|what we (?:did|tried|broke)|plan|faults?|failure|setup|expected|expectations?`)
	happening = words(`what happened|timeline|results?|outcomes?|observ\w+|course|log|summary|detection|response`)
	finding   = words(`findings?|action items?|actions|follow[- ]?ups?|lessons?(?: learned)?|learnings?|improvements?|what we (?:learned|found)|gaps|issues found|next steps|to ?do`)
	attending = words(`participants?|attendees?|who|people|present|took part|team|roles?|facilitator|incident commander`)
	doneMark  = regexp.MustCompile(`(?i)\b(?:done|closed|fixed|resolved|completed|merged)\b|✅|✔|☑`)
	nothing   = regexp.MustCompile(`(?i)\b(?:no|nothing|none)\b.{0,30}\b(?:findings?|found|actions?|issues|gaps|surprises)\b|^\W*(?:none|no findings)\W*$`)
	ownerMark = regexp.MustCompile(`(?i)\b(?:owner|assignee|assigned to|who|by|responsible)\s*[:=]?\s*([@\w.-]+(?:@[\w.-]+)?)`)
	dueWords  = regexp.MustCompile(`(?i)\b(?:due|by|until|before|deadline)\b`)
)

// RecordOf returns what a page says of a gameday; ok is false where it is no record
// of one: its title or path speaks of one, a day is named, and it says what was
// tried or what was found.
func RecordOf(d *fact.Document, named bool) (r Record, ok bool) {
	if !named && (!exercises.titled(d) || notForNight(d)) {
		return r, false
	}
	r.Date = dateOf(d)
	for _, key := range []string{"author", "by", "owner", "lead", "facilitator"} {
		if v := d.Front[key]; v != "" && r.By == "" {
			r.By = v
		}
	}
	r.People = d.Front["participants"] != "" || d.Front["attendees"] != ""
	for i, s := range d.Sections {
		written := !Unwritten([]*fact.Section{s})
		under := d.Under(s)
		filled := written || !Unwritten(under)
		if i > 0 && filled {
			r.Scenario = r.Scenario || scenarios.heads(s)
			r.Happened = r.Happened || happening.heads(s)
			r.People = r.People || attending.heads(s)
		}
		for _, t := range s.Texts {
			label, rest, found := strings.Cut(t.Text, ":")
			if !found || len(label) > 40 || strings.TrimSpace(rest) == "" || unwritten(rest) {
				continue
			}
			r.Scenario = r.Scenario || scenarios.MatchString(label)
			r.Happened = r.Happened || happening.MatchString(label)
			r.People = r.People || attending.MatchString(label)
		}
		if i > 0 && finding.heads(s) && s.Level > 0 {
			for _, one := range under {
				r.find(one)
			}
		}
	}
	return r, !r.Date.IsZero() && (r.Scenario || r.Happened || len(r.Findings) > 0)
}

// find takes the findings of a section.
func (r *Record) find(s *fact.Section) {
	for _, t := range s.Texts {
		switch {
		case nothing.MatchString(t.Text):
			r.Clean = true
		case t.Item && !unwritten(t.Text):
			r.add(t.Line, t.Text, "", "")
		}
	}
	for _, t := range s.Tables {
		who, when, state := -1, -1, -1
		for i, h := range t.Header {
			h = strings.ToLower(h)
			switch {
			case strings.Contains(h, "owner"), strings.Contains(h, "who"), strings.Contains(h, "assign"), strings.Contains(h, "responsible"):
				who = i
			case strings.Contains(h, "due"), strings.Contains(h, "until"), strings.Contains(h, "deadline"), strings.Contains(h, "when"):
				when = i
			case strings.Contains(h, "status"), strings.Contains(h, "state"), strings.Contains(h, "done"):
				state = i
			}
		}
		cell := func(row []string, i int) string {
			if i >= 0 && i < len(row) {
				return row[i]
			}
			return ""
		}
		for _, row := range t.Rows {
			f := Finding{Line: t.Line, Text: strings.Join(row, " "), Owner: cell(row, who), Done: doneMark.MatchString(cell(row, state))}
			if len(row) > 0 {
				f.Text = row[0]
			}
			if days := Dates(cell(row, when)); len(days) > 0 {
				f.Due = days[0]
			}
			r.Findings = append(r.Findings, f)
		}
	}
}

func (r *Record) add(line int, text, owner, due string) {
	f := Finding{Line: line, Text: text, Owner: owner, Done: doneMark.MatchString(text)}
	if f.Owner == "" {
		if m := ownerMark.FindStringSubmatch(text); m != nil && len(Dates(m[1])) == 0 {
			f.Owner = m[1]
		} else if who := People(text); len(who) > 0 {
			f.Owner = who[0]
		} else if who := person.FindString(text); who != "" {
			f.Owner = who
		}
	}
	if days := Dates(text); len(days) > 0 && dueWords.MatchString(text) {
		f.Due = days[len(days)-1]
	}
	r.Findings = append(r.Findings, f)
}

// dateOf returns the day that a page is about: that of its front matter, its title,
// its path, or the first that its text names.
func dateOf(d *fact.Document) time.Time {
	for _, key := range []string{"date", "held", "on", "sent"} {
		if days := Dates(d.Front[key]); len(days) > 0 {
			return days[0]
		}
	}
	if days := Dates(d.Title); len(days) > 0 {
		return days[0]
	}
	if days := Dates(strings.ReplaceAll(d.Path, "_", "-")); len(days) > 0 {
		return days[0]
	}
	for i, s := range d.Sections {
		if i > 1 {
			break // a date further below is that of something else
		}
		for _, t := range s.Texts {
			if days := Dates(t.Text); len(days) > 0 {
				return days[0]
			}
		}
		for _, t := range s.Tables {
			for _, row := range t.Rows {
				if days := Dates(strings.Join(row, " ")); len(days) > 0 {
					return days[0]
				}
			}
		}
	}
	return time.Time{}
}

// Notice is what a page says of telling others of a launch or a handover.
type Notice struct {
	Date time.Time
	// To tells whether it names recipients, About whether it says what is launched,
	// Runbooks whether it says where the runbooks are.
	To, About, Runbooks bool
}

var (
	launching = words(`launch\w*|go[- ]?live|hand-?over|handed over|released?|release|rollout|announc\w+|on-?call readiness|takes? over|new service|in production|goes live`)
	told      = regexp.MustCompile(`(?i)^\W*(?:to|cc|sent to|recipients?|audience|for|told|informed|channels?|posted (?:in|to)|distribution)\W*[:|]`)
	tellHead  = words(`recipients?|audience|who (?:was|is|were) told|told|stakeholders?|sent to|distribution|informed`)
	night     = words(`runbooks?|dashboards?|escalat\w+|on-?call`)
)

// NoticeOf returns what a page says of a notice; ok is false where it is none.
func NoticeOf(d *fact.Document) (n Notice, ok bool) {
	n.Date = dateOf(d)
	subject := launching.titled(d)
	for _, key := range []string{"to", "recipients", "audience", "cc"} {
		n.To = n.To || d.Front[key] != ""
	}
	for _, s := range d.Sections {
		if Unwritten([]*fact.Section{s}) {
			continue
		}
		n.To = n.To || tellHead.heads(s)
		for _, t := range s.Texts {
			n.To = n.To || told.MatchString(t.Text)
			n.Runbooks = n.Runbooks || night.MatchString(t.Text)
			subject = subject || launching.MatchString(t.Text)
			n.About = n.About || len(strings.Fields(t.Text)) >= 8
		}
		for _, t := range s.Tables {
			for _, h := range t.Header {
				n.To = n.To || tellHead.MatchString(h) || told.MatchString(h+":")
			}
		}
	}
	return n, subject && n.About
}

// reviewedText is how a page says when somebody last looked at it.
var reviewedText = regexp.MustCompile(`(?i)\b(?:last )?(?:reviewed|verified|checked|updated|walked through)\b[^.\n]{0,60}`)

// ReviewedAt returns when somebody last looked at a page, as the page itself says;
// zero where it does not say.
func ReviewedAt(d *fact.Document) (at time.Time) {
	for _, key := range []string{"reviewed", "last_reviewed", "last-reviewed", "lastreviewed", "review_date", "last_review", "verified", "last_verified", "updated", "last_updated", "lastmod"} {
		for _, day := range Dates(d.Front[key]) {
			if day.After(at) {
				at = day
			}
		}
	}
	for _, s := range d.Sections {
		for _, t := range s.Texts {
			if len(t.Text) > 400 {
				continue
			}
			for _, m := range reviewedText.FindAllString(t.Text, 3) {
				for _, day := range Dates(m) {
					if day.After(at) {
						at = day
					}
				}
			}
		}
	}
	return at
}
