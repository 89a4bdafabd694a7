// Package attested judges declared evidence: whether what a named person says
// counts for a row.
package attested

import (
	"fmt"
	"time"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// For returns the attestations for a row, and of one of its claims where that is
// not empty. An attestation that names no claim stands for the declared one.
func For(in expect.Input, expectation, claim string) []*fact.Attestation {
	if in.Declared == nil {
		return nil
	}
	var out []*fact.Attestation
	for _, a := range in.Declared.Attestations {
		if a.Expectation == expectation && (a.Claim == "" || a.Claim == claim) {
			out = append(out, a)
		}
	}
	return out
}

// Flaw returns why an attestation does not count as of the time of judging, for
// the service's tier and a row's age; empty where it counts. No age means that it
// never grows too old.
func Flaw(in expect.Input, a *fact.Attestation, maxAge time.Duration) string {
	switch {
	case a.By == "":
		return "names nobody who says so"
	case a.Date.IsZero():
		return "has no date"
	case a.Date.After(in.AsOf):
		return "is dated " + expect.Day(a.Date) + ", which is still to come"
	case a.Link == "":
		return "links to nothing that shows it"
	case !a.Resolves:
		return "links to " + a.Link + ", which is not there"
	case a.Expires.IsZero():
		return "does not say when it expires"
	case expect.Past(a.Expires, in.AsOf):
		return "expired on " + expect.Day(a.Expires)
	case maxAge > 0 && expect.Past(a.Date.Add(maxAge), in.AsOf):
		return fmt.Sprintf("is of %s, more than %d days ago", expect.Day(a.Date), int(maxAge/(24*time.Hour)))
	case in.Tier < 3 && a.Second == "":
		return "names no second person, whom tiers 1 and 2 ask for"
	case in.Tier < 3 && a.Second == a.By:
		return "is confirmed by " + a.By + " alone"
	}
	return ""
}

// Rules are the names of the findings that Judge makes.
type Rules struct{ Attested, Flawed string }

// Judge passes a row, or one of its claims, when an attestation counts, and fails
// it where all that there are do not. Nobody saying anything is no finding: what
// is neither found nor declared is unknown.
func Judge(out *verdict.Findings, in expect.Input, expectation, claim, what string, rules Rules) {
	list := For(in, expectation, claim)
	maxAge := in.MaxAge(fact.Declared)
	for _, a := range list {
		if Flaw(in, a, maxAge) == "" {
			out.Pass(a.Ref, rules.Attested, "%s attests %s of %s%s (%s)", a.By, what, expect.Day(a.Date), second(a), a.Link)
			return
		}
	}
	for _, a := range list {
		says := a.By + " attests"
		if a.By == "" {
			says = "is attested"
		}
		out.Fail(a.Ref, rules.Flawed, "what %s of %s does not count: it %s", says, what, Flaw(in, a, maxAge))
	}
}

func second(a *fact.Attestation) string {
	if a.Second == "" {
		return ""
	}
	return ", confirmed by " + a.Second
}
