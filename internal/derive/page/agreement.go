package page

import (
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Promise is a service level agreement as a page writes it.
type Promise struct {
	Line int
	// Percent is the promised share, as a decimal number: "99.5"; empty where none
	// is written.
	Percent string
	// Window, Measured and Consequence are true where the page says over which time,
	// how it is measured, and what follows when it is missed.
	Window, Measured, Consequence bool
	// Ours is true where it speaks as who promises it, and of no provider: pages
	// tell of the agreements of others too.
	Ours bool
}

// Parts counts what of a promise is there, of four.
func (p Promise) Parts() (n int) {
	for _, there := range []bool{p.Percent != "", p.Window, p.Measured, p.Consequence} {
		if there {
			n++
		}
	}
	return n
}

// Lacks lists what of a promise is missing.
func (p Promise) Lacks() (out []string) {
	for _, part := range []struct {
		there bool
		name  string
	}{{p.Percent != "", "a number"}, {p.Window, "a window"}, {p.Measured, "how it is measured"}, {p.Consequence, "what follows when it is missed"}} {
		if !part.there {
			out = append(out, part.name)
		}
	}
	return out
}

var (
	agreeing  = words(`slas?|service[- ]level[- ]agreements?|(?:availability|uptime|service) (?:guarantee|commitment|promise)s?`)
	speaking  = words(`we|our|ours|us|customers?|clients?|tenants?|promis\w+|guarantee\w*|commit\w*|subscribers?`)
	others    = words(`providers?|provider'?s|vendors?|suppliers?|upstream|third[- ]part(?:y|ies)|dependenc(?:y|ies)|aws|amazon|azure|microsoft|google|gcp|cloudflare|oracle|ibm|digitalocean|hetzner|ovh|heroku|fastly|akamai|stripe|twilio|datadog|mongodb atlas|s3|rds|ec2|eks|aks|gke|cloud sql|dynamodb`)
	promised  = regexp.MustCompile(`\b(9\d(?:\.\d{1,6})?|100(?:\.0+)?) ?(?:%|percent\b|per cent\b)`)
	windowed  = words(`(?:calendar |billing |per |each |every |a )?(?:month|quarter|year|week)(?:ly|s)?|annual(?:ly)?|\d+[- ]?(?:days?|d|weeks?|w|months?)|billing (?:cycle|period)`)
	measuring = words(`measur\w+|calculat\w+|comput\w+|defined as|count\w*|prob(?:e|es|ed|ing)|monitor(?:ed|ing)?|divided by|exclud\w+|exclusions?|requests?|minutes in which|(?:un)?available minutes|downtime|sampled|synthetic`)
	following = words(`credit(?:s|ed)?|refund\w*|penalt\w+|free of charge|compensat\w+|reimburs\w+|terminat\w+|discount\w*|deduct\w+|remed(?:y|ies)|liquidated|if (?:it is |we )?miss(?:ed)?|when (?:it is |we )?miss(?:ed)?|breach\w*|(?:explain|report)\w* in writing|post-?mortem`)
)

// PromiseOf returns the agreement that a page writes below a heading of that name,
// or as a whole where its title is such; ok is false where it writes none. Of
// several the most complete counts.
func PromiseOf(d *fact.Document) (best Promise, ok bool) {
	take := func(sections []*fact.Section) {
		if len(sections) == 0 || Unwritten(sections) {
			return
		}
		p := promiseIn(sections)
		p.Line = sections[0].Line
		if p.Percent != "" && (p.Ours && !best.Ours || p.Ours == best.Ours && p.Parts() > best.Parts()) {
			best = p
		}
	}
	for i, s := range d.Sections {
		switch {
		case agreeing.heads(s) && !others.heads(s):
			take(d.Under(s))
		case i == 0 && agreeing.titled(d):
			take(d.Sections)
		}
	}
	return best, best.Parts() >= 2
}

func promiseIn(sections []*fact.Section) (p Promise) {
	theirs := false
	read := func(text string) {
		if unwritten(text) {
			return
		}
		p.Ours = p.Ours || speaking.MatchString(text)
		theirs = theirs || others.MatchString(text)
		if m := promised.FindStringSubmatch(text); m != nil && p.Percent == "" {
			p.Percent = m[1]
		}
		p.Window = p.Window || windowed.MatchString(text)
		p.Measured = p.Measured || measuring.MatchString(text)
		p.Consequence = p.Consequence || following.MatchString(text)
	}
	for _, s := range sections {
		for _, t := range s.Texts {
			read(t.Text)
		}
		for _, t := range s.Tables {
			read(strings.Join(t.Header, " | "))
			for _, row := range t.Rows {
				read(strings.Join(row, " | "))
			}
		}
	}
	p.Ours = p.Ours && !theirs
	return p
}
