package expect

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// longest is for how many years a gap may be accepted. A decision that nobody
// takes again within a year outlives the circumstances that made it reasonable,
// and those who took it.
const longest = 1

// waive marks the failures that entries of the register accept. What could not
// be told is no failure, so nothing accepts it.
func (e *Expectation) waive(findings []*verdict.Finding, in Input) {
	if in.Declared == nil || e.Last {
		return
	}
	for _, r := range in.Declared.Risks {
		if r.Expectation != e.ID || !Accepted(r, in.Service, in.AsOf) {
			continue
		}
		for _, f := range findings {
			if f.Outcome != verdict.Fail || !r.Covers(e.ID, f.Rule, f.Ref) || f.Waiver != nil && !f.Waiver.Until.Before(r.Expires) {
				continue
			}
			f.Waiver = &verdict.Waiver{ID: r.ID, Approver: r.Approval.Approver, Reason: r.Reason, Until: r.Expires}
		}
	}
}

// accepted sums up waived failures: until when, by whom, and the first of them.
func accepted(waived []*verdict.Finding) string {
	first := slices.MinFunc(waived, func(a, b *verdict.Finding) int { return a.Waiver.Until.Compare(b.Waiver.Until) })
	return fmt.Sprintf("accepted until %s by %s (%s): %s", Day(first.Waiver.Until), first.Waiver.Approver, first.Waiver.ID, first.Message) + more(len(waived)-1)
}

// Day writes a date.
func Day(t time.Time) string { return t.Format(time.DateOnly) }

// Past reports whether a day is over: it counts to its end, in UTC.
func Past(day, asOf time.Time) bool { return !asOf.Before(day.AddDate(0, 0, 1)) }

// Accepted reports whether an entry of the register is a waiver in force for a
// service.
func Accepted(r *fact.Risk, service Owned, asOf time.Time) bool {
	if r.Decision != "accept" {
		return false
	}
	flaw := FlawOf(r, service, asOf)
	return flaw == nil
}

// Flaw is why an entry with the decision accept accepts nothing.
type Flaw struct {
	// Rule is incomplete, too-long, self-approved, changed, expired or proposal;
	// a proposal is no mistake.
	Rule, Says string
}

// Owned says whose a service is.
type Owned struct{ Name, Owner string }

// FlawOf returns why an entry that accepts a gap does not, or nil where it does.
func FlawOf(r *fact.Risk, service Owned, asOf time.Time) *Flaw {
	flaw := func(rule, format string, args ...any) *Flaw { return &Flaw{rule, fmt.Sprintf(format, args...)} }
	if lacks := Lacks(r); len(lacks) > 0 {
		return flaw("incomplete", "%s accepts nothing, for it has no %s", r.Name(), strings.Join(lacks, ", no "))
	}
	from := asOf
	if r.Approval != nil {
		from = r.Approval.Date
	}
	switch a := r.Approval; {
	case SamePerson(r.Approver, r.Owner):
		return flaw("self-approved", "%s accepts nothing, for its owner %s would approve it", r.Name(), r.Owner)
	case service.Owner != "" && SamePerson(r.Approver, service.Owner):
		return flaw("self-approved", "%s accepts nothing, for %s would approve a gap of its own service", r.Name(), r.Approver)
	case Past(r.Expires, asOf):
		return flaw("expired", "%s expired on %s, so what it accepted is open again", r.Name(), Day(r.Expires))
	case r.Expires.After(from.AddDate(longest, 0, 0)):
		return flaw("too-long", "%s accepts nothing, for it would last until %s; a gap is accepted for a year at most, that is until %s", r.Name(), Day(r.Expires), Day(from.AddDate(longest, 0, 0)))
	case a == nil:
		return flaw("proposal", "%s is a proposal and accepts nothing yet: no approval of it by %s was given with --policy (fingerprint %s)", r.Name(), r.Approver, r.Fingerprint)
	case a.Fingerprint != r.Fingerprint:
		return flaw("changed", "%s accepts nothing, for it was changed after %s approved it on %s (fingerprint %s then, %s now)", r.Name(), a.Approver, Day(a.Date), a.Fingerprint, r.Fingerprint)
	case !SamePerson(a.Approver, r.Approver):
		return flaw("changed", "%s accepts nothing, for it names %s as approver and %s approved it", r.Name(), r.Approver, a.Approver)
	case a.Date.After(asOf):
		return flaw("changed", "%s accepts nothing yet, for its approval is dated %s", r.Name(), Day(a.Date))
	}
	return nil
}

// Lacks lists what an entry must say before it can accept a gap and does not. A
// whole row is accepted only where somebody wrote so, with asterisks: what is
// left out would accept gaps of which nobody knew.
func Lacks(r *fact.Risk) (out []string) {
	for _, field := range []struct {
		missing bool
		name    string
	}{
		{r.Owner == "", "owner"}, {r.Severity == "", "severity"}, {r.Due.IsZero(), "due date"}, {r.Expectation == "", "expectation"},
		{r.Rule == "", `rule ("*" for every one)`}, {r.About == "", `subject ("*" for every one)`},
		{r.Approver == "", "approver"}, {r.Expires.IsZero(), "expiry"}, {r.Control == "", "compensating control"}, {r.Reason == "", "reason"},
	} {
		if field.missing {
			out = append(out, field.name)
		}
	}
	return out
}

// SamePerson reports whether two names mean the same person or team, however they are
// written.
func SamePerson(a, b string) bool { return plainName(a) != "" && plainName(a) == plainName(b) }

func plainName(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	name = name[strings.LastIndexAny(name, "/:")+1:] // group:default/payments, @acme/payments
	return strings.TrimPrefix(name, "@")
}
