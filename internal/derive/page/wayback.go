package page

import (
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

var (
	returning = words(`roll(?:ing|ed)?[- ]?backs?|rollbacks?|going back|go back|way back|revert\w*|undo\w*|undone|downgrad\w*|restor\w+|roll(?:ing)?[- ]?forward|fix(?:ing)?[- ]?forward|forward[- ]only|backing out|back out|when (?:it|a migration) fails|recover\w*`)
	// doctrine is a decision that holds for all migrations: forward, or back to a copy.
	doctrine  = regexp.MustCompile(`(?i)\b(?:roll(?:ing|ed|s)?[- ]?forward|fix(?:ing|ed)?[- ]?forward|forward[- ](?:only|fix)|(?:only|always) (?:go |move |migrate )?forward|(?:never|not|no) (?:roll(?:ed)? back|down migrations?|way back|downgrades?|rollbacks?|undo)|(?:new|another|compensating|corrective|reverse) migration|point[- ]in[- ]time|pitr|restor\w+ (?:\w+ ){0,6}(?:back-?up|snapshot|dump|copy)|(?:back-?up|snapshot|dump) (?:\w+ ){0,8}restor\w+)`)
	migratory = words(`migrat\w+|schema\w*|columns?|tables?|database|ddl`)
)

// WayBack is what a page says of taking migrations back.
type WayBack struct {
	// Line is where it says so.
	Line int
	// Doctrine is true where it says how to go on without a way back of each
	// migration: forward, or by restoring a copy.
	Doctrine bool
	// Prose is all that the page says, for questions whether a migration is named.
	Prose string
}

// WayBackOf returns what a page says of taking migrations back; ok is false where it
// says nothing of it. A section that is called so must say something, or a text must
// speak of migrations and of going back at once.
func WayBackOf(d *fact.Document) (w WayBack, ok bool) {
	w.Prose = Prose(d.Sections)
	about := migratory.titled(d)
	for _, s := range d.Sections {
		if returning.heads(s) && (about || migratory.heads(s) || migratory.MatchString(s.Words())) && !Unwritten(d.Under(s)) {
			w.Line, ok = s.Line, true
		}
		for _, t := range s.Texts {
			if unwritten(t.Text) {
				continue
			}
			if doctrine.MatchString(t.Text) && (about || migratory.MatchString(t.Text) || migratory.heads(s)) {
				w.Doctrine = true
				if !ok {
					w.Line, ok = t.Line, true
				}
			}
			if !ok && returning.MatchString(t.Text) && migratory.MatchString(t.Text) && len(strings.Fields(t.Text)) >= 6 {
				w.Line, ok = t.Line, true
			}
		}
	}
	return w, ok
}
