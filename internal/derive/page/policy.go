package page

import (
	"regexp"

	"seaworthy.dev/seaworthy/internal/fact"
)

// BudgetPolicy is what a page says follows when an error budget is spent.
type BudgetPolicy struct {
	Line int
	// Action is the text that says what is done, Decider the words by which the page
	// says who may decide otherwise; empty where it says neither.
	Action, Decider string
}

var (
	budgeting = words(`error[- ]budgets?|slo budgets?|budget(?:s)?(?: is| are)? (?:spent|exhausted|gone|used up|burn\w*|consumed|depleted|left|polic(?:y|ies)|empty|runs out)|budget polic(?:y|ies)`)
	spending  = regexp.MustCompile(`(?i)\b(?:spen[dt]\w*|exhaust\w*|gone|used up|consum\w+|deplet\w+|remain\w*|left|burn(?:s|ed|t|ing)?|exceed\w*|missed|overspent|runs? out|ran out|empty|below|\d+ ?%)`)
	acting    = regexp.MustCompile(`(?i)\b(?:freez\w+|frozen|halt\w*|only (?:bug ?)?(?:fixes|security|reliability|changes)\b|no (?:new |more |further )?(?:features?|releases?|deploy\w*|changes|rollouts?)\b|(?:releases?|features?|deploy\w*|changes|launches|rollouts?) (?:are |is |will be |must |have to )?(?:stop\w*|paus\w+|block\w+|wait\w*|held|halted|frozen|suspend\w*|postponed)|(?:stop|pause|block|suspend|postpone|delay)s? (?:all |any |new |the |further |non-\w+ )*(?:releases?|features?|deploy\w*|changes|launches|rollouts?)|(?:reliability|stability)(?: work)? (?:\w+ ){0,4}(?:first|priorit\w+|before)|priorit\w+ (?:\w+ ){0,3}(?:reliability|stability|resilience)|gives? reliability|gate (?:refuses|blocks|closes)|refuses? (?:a |the |any )?releases?)`)
	// strict are actions that hold something back.
	strict   = regexp.MustCompile(`(?i)\b(?:freez|frozen|halt|only|no |stop|paus|block|wait|held|suspend|postpon|refus)`)
	deciding = regexp.MustCompile(`(?i)\b(?:exceptions?|may (?:decide|grant|approve|allow|override|make)|decid(?:e|es|ed)|decision|approv(?:e|es|al|ed)|sign[- ]?off|overrul\w*|overrid\w*|escalat\w+|agreed (?:by|with)|authori[sz]\w+)\b`)
)

// BudgetPolicyOf returns what a page, or the section that an anchor names, says of
// spent budgets; ok is false where it names no action that follows. Of a page that
// is named as the policy every section counts.
func BudgetPolicyOf(d *fact.Document, anchor string, named bool) (best BudgetPolicy, ok bool) {
	take := func(sections []*fact.Section) {
		if len(sections) == 0 || Unwritten(sections) {
			return
		}
		p := BudgetPolicy{Line: sections[0].Line}
		spent := spending.MatchString(sections[0].Heading)
		read := func(text string) {
			spent = spent || spending.MatchString(text)
			if at := acting.FindStringIndex(text); at != nil && !unwritten(text) && (p.Action == "" || strict.MatchString(text) && !strict.MatchString(p.Action)) {
				p.Action = text
			}
			if p.Decider == "" {
				p.Decider = deciding.FindString(text)
			}
		}
		for _, s := range sections {
			for _, t := range s.Texts {
				read(t.Text)
			}
			for _, t := range s.Tables {
				for _, row := range t.Rows {
					for _, cell := range row {
						read(cell)
					}
				}
			}
		}
		if spent && p.Action != "" && (best.Action == "" || best.Decider == "" && p.Decider != "") {
			best = p
		}
	}
	if s := d.Section(anchor); anchor != "" && s != nil {
		take(d.Under(s))
		return best, best.Action != ""
	}
	for i, s := range d.Sections {
		switch {
		case budgeting.heads(s):
			take(d.Under(s))
		case i == 0 && budgeting.titled(d):
			take(d.Sections)
		}
	}
	if named && best.Action == "" {
		take(d.Sections)
	}
	return best, best.Action != ""
}
