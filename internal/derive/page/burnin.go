package page

import (
	"regexp"

	"seaworthy.dev/seaworthy/internal/fact"
)

// BurnIn is what a page says of the time before on-call takes over.
type BurnIn struct {
	// Watch tells whether it says who watches, Problem whether it says what is
	// injected if nothing happens by itself, Stop whether it says what ends it early.
	Watch, Problem, Stop bool
}

var (
	burning  = words(`burn[- ]?ins?|soak(?:ing)?|bake[- ]?(?:time|period|in)|hypercare|early life support`)
	watching = regexp.MustCompile(`(?i)\b(?:watch\w*|on[- ]?call|on duty|pager|first line|carr(?:y|ies))\b`)
	injected = regexp.MustCompile(`(?i)\b(?:inject\w*|game ?day|chaos|drill|on purpose|fault|kill(?:ed)?|cut off|break|simulat\w+)\b`)
	stopping = regexp.MustCompile(`(?i)\b(?:early|abort\w*|stop\w*|ends? (?:if|when|as soon)|start\w* (?:again|over|anew)|reset\w*|roll(?:ed)? back|postpone\w*)\b`)
)

// BurnInOf returns what a page says of a burn-in; ok is false where neither its
// title nor a heading speaks of one, unless it was named as one.
func BurnInOf(d *fact.Document, named bool) (b BurnIn, ok bool) {
	scope := d.Sections
	if !named && !burning.titled(d) {
		scope = nil
		for _, s := range d.Sections {
			if burning.heads(s) && !Unwritten(d.Under(s)) {
				scope = append(scope, d.Under(s)...)
			}
		}
	}
	if len(scope) == 0 || !named && aside(d.Path) {
		return b, false
	}
	for _, s := range scope {
		for _, t := range s.Texts {
			if unwritten(t.Text) {
				continue
			}
			b.Watch = b.Watch || watching.MatchString(t.Text)
			b.Problem = b.Problem || injected.MatchString(t.Text)
			b.Stop = b.Stop || stopping.MatchString(t.Text)
		}
	}
	return b, true
}
