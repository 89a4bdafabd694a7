// Package review checks that a named person has reviewed the service's security,
// and that recent scans leave nothing critical open.
package review

import (
	"fmt"

	"seaworthy.dev/seaworthy/internal/derive/attested"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check judges the attested review where people declare, and scans where their
// logs stand.
func Check(in expect.Input) (out verdict.Findings) {
	if in.Here.Rung == fact.Declared {
		reviewed(&out, in)
	} else {
		scanned(&out, in)
	}
	return out
}

// reviewed passes the newest review that counts, unless something came after it.
func reviewed(out *verdict.Findings, in expect.Input) {
	list := attested.For(in, "security/review", "review")
	var newest *fact.Attestation
	for _, a := range list {
		if flaw(in, a) == "" && (newest == nil || a.Date.After(newest.Date)) {
			newest = a
		}
	}
	if newest == nil {
		for _, a := range list {
			out.Fail(a.Ref, "flawed-review", "the review that %s attests does not count: it %s", who(a), flaw(in, a))
		}
		return
	}
	if later := after(in, newest); later != "" {
		out.Unclear(newest.Ref, "void-review", "the review of %s has not seen %s", expect.Day(newest.Date), later)
		return
	}
	out.Pass(newest.Ref, "reviewed", "%s attests a review of %s (%s)", newest.By, expect.Day(newest.Date), newest.Link)
}

func who(a *fact.Attestation) string {
	if a.By == "" {
		return "nobody"
	}
	return a.By
}

// flaw returns why a review does not count; empty where it does.
func flaw(in expect.Input, a *fact.Attestation) string {
	if says := attested.Flaw(in, a, in.MaxAge(fact.Declared)); says != "" {
		return says
	}
	alone := a.Second == "" || expect.SamePerson(a.Second, a.By) || expect.SamePerson(a.Second, in.Service.Owner)
	switch {
	case a.Scope == "":
		return "does not say what it covers (`scope`)"
	case expect.SamePerson(a.By, in.Service.Owner) && alone:
		return "is by " + a.By + " alone, who owns the service"
	}
	return ""
}

// after names what the manifest dates after a review.
func after(in expect.Input, a *fact.Attestation) string {
	for _, e := range in.Declared.Endpoints {
		if e.Public && e.Since.After(a.Date) {
			return fmt.Sprintf("the public address %s (since %s)", e.URL, expect.Day(e.Since))
		}
	}
	for _, s := range in.Declared.Stores {
		if s.Since.After(a.Date) && personal(s.Categories) {
			return fmt.Sprintf("the personal data in %s (since %s)", s.Name, expect.Day(s.Since))
		}
	}
	return ""
}

func personal(categories []string) bool {
	return len(categories) > 0 && categories[0] != "none"
}
