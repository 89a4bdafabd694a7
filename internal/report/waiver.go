package report

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// soon is within how many days an acceptance ends that a report announces: time
// enough to close the gap or to have it approved anew.
const soon = 30

// standing says which acceptances end soon, and which nobody has approved.
func standing(s *assess.Service) (out []string) {
	if ending := endingSoon(s); len(ending) > 0 {
		out = append(out, fmt.Sprintf("acceptance ends within %d days: %s; close the gap or have it approved anew", soon, strings.Join(ending, ", ")))
	}
	var proposals []string
	for _, r := range s.Risks {
		if r.Decision == "accept" && !expect.Accepted(r, s.Owned(), s.AsOf) {
			proposals = append(proposals, r.ID)
		}
	}
	if len(proposals) > 0 {
		slices.Sort(proposals)
		out = append(out, fmt.Sprintf("proposed and not accepted: %s; `seaworthy explain security/risk-register` says what an approval takes", strings.Join(proposals, ", ")))
	}
	return out
}

// endingSoon lists the waivers in force that end soon, the next one first:
// "R-12 on 2026-07-20".
func endingSoon(s *assess.Service) (out []string) {
	var ending []*fact.Risk
	for _, r := range s.Risks {
		if expect.Accepted(r, s.Owned(), s.AsOf) && expect.Past(r.Expires, s.AsOf.AddDate(0, 0, soon)) {
			ending = append(ending, r)
		}
	}
	slices.SortStableFunc(ending, func(a, b *fact.Risk) int { return a.Expires.Compare(b.Expires) })
	for _, r := range ending {
		out = append(out, fmt.Sprintf("%s on %s", r.ID, expect.Day(r.Expires)))
	}
	return out
}

// acceptedBy says until when and by whom a failure is accepted; nothing where it
// is not.
func acceptedBy(f *verdict.Finding) string {
	if f.Waiver == nil {
		return ""
	}
	return fmt.Sprintf(" (accepted until %s by %s, %s)", expect.Day(f.Waiver.Until), f.Waiver.Approver, f.Waiver.ID)
}
