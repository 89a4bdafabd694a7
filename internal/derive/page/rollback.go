package page

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

var goingBack = words(`roll(?:s|ed|ing)?[- ]?backs?|(?:went|goes|go|going|taken?|takes|taking) back|revert(?:s|ed|ing)?|backing out|back[- ]?out(?: plan)?`)

// process is how many words say more than that there is a way back: two sentences.
const process = 15

// Rollback reports whether a page tells, below its title or a heading of its own, how
// a release is taken back.
func Rollback(d *fact.Document) bool {
	if aside(d.Path) {
		return false
	}
	whole := goingBack.titled(d)
	for _, s := range d.Sections {
		if !whole && !goingBack.heads(s) {
			continue
		}
		count := 0
		for _, under := range d.Under(s) {
			for _, t := range under.Texts {
				if !unwritten(t.Text) {
					count += len(strings.Fields(t.Text))
				}
			}
		}
		if count >= process {
			return true
		}
	}
	return false
}
