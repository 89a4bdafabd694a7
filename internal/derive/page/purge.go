package page

import (
	"regexp"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Purge is what a page says of deleting what is kept about a person.
type Purge struct {
	// Logs, Backups and Failure tell whether it says what happens in logs, after a
	// restore, and when a step fails.
	Logs, Backups, Failure bool
	// Deadline is the longest time by which data is gone; zero where none is named.
	// DeadlineLine is where it stands.
	Deadline     time.Duration
	DeadlineLine int
	// Steps is true where it says how: commands, steps, or a table of places.
	Steps bool
	// Prose is all that it says, for questions whether a store is named.
	Prose string
}

var (
	deleting = words(`delet\w+|purg\w+|eras\w+|forgotten|forget\w*|remov\w+|right to be forgotten|data subject requests?|dsar|offboarding`)
	personal = words(`accounts?|users?|customers?|persons?|people|personal data|subjects?|gdpr|pii|privacy|tenants?|members?`)
	inLogs   = regexp.MustCompile(`(?i)\blogs?\b|\blogging\b|\bloki\b|\baccess log|\bcloudwatch\b`)
	inCopies = regexp.MustCompile(`(?i)\b(?:restor\w+|back-?ups?|snapshots?|replay(?:ed)?)\b`)
	failing  = regexp.MustCompile(`(?i)\b(?:fail\w*|overdue|retr(?:y|ied)|alert\w*|notic(?:e|es|ed)|stuck)\b`)
	byWhen   = regexp.MustCompile(`(?i)\b(?:within|deadline|at most|no later than|after|until|latest|in)\b`)
)

// PurgeOf returns what a page says of deleting a person's data; ok is false where it
// is no such page. It is one where its title or a heading speaks of deleting and of
// persons, and below it stand a deadline, or steps.
func PurgeOf(d *fact.Document, named bool) (p Purge, ok bool) {
	scope := d.Sections
	if !(deleting.titled(d) && (personal.titled(d) || personal.MatchString(firstText(d)))) && !named {
		scope = nil
		for _, s := range d.Sections {
			if s.Level > 1 && deleting.heads(s) && (personal.heads(s) || personal.titled(d)) {
				scope = append(scope, d.Under(s)...)
			}
		}
	}
	if len(scope) == 0 || Unwritten(scope) || forOthers.titled(d) && !named {
		return p, false
	}
	p.Prose = Prose(scope)
	subject := false
	for _, s := range scope {
		for _, t := range s.Texts {
			if unwritten(t.Text) {
				continue
			}
			p.says(t.Text, t.Line)
			subject = subject || personal.MatchString(t.Text) && deleting.MatchString(t.Text)
		}
		for _, t := range s.Tables {
			for _, row := range t.Rows {
				p.says(strings.Join(t.Header, " ")+" "+strings.Join(row, " "), t.Line)
			}
			p.Steps = p.Steps || len(t.Rows) > 1
		}
		p.Steps = p.Steps || len(s.Steps) > 1 || len(s.Blocks) > 0
	}
	return p, (p.Deadline > 0 || p.Steps) && (subject || deleting.titled(d))
}

func (p *Purge) says(text string, line int) {
	p.Logs = p.Logs || inLogs.MatchString(text)
	p.Backups = p.Backups || inCopies.MatchString(text)
	p.Failure = p.Failure || failing.MatchString(text)
	if !byWhen.MatchString(text) {
		return
	}
	for _, span := range Spans(text) {
		if span >= time.Hour && span > p.Deadline && span <= 10*365*24*time.Hour {
			p.Deadline, p.DeadlineLine = span, line
		}
	}
}

func firstText(d *fact.Document) string {
	for _, s := range d.Sections {
		for _, t := range s.Texts {
			return t.Text
		}
	}
	return ""
}
