package riskregister

import (
	"fmt"
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// complete demands that every open gap is in the register.
func complete(out *verdict.Findings, in expect.Input, open []expect.Gap) {
	register := in.Declared.Registers[0]
	ref := fact.Ref{Subject: "risk register " + register.File, Location: register.Location}
	missing, unread := 0, false
	for _, r := range in.Declared.Registers {
		unread = unread || r.Unread != ""
	}
	if len(in.Declared.Risks) == 0 && len(open) > 0 && !unread {
		out.Fail(ref, "empty", "%s holds no entry, and %s open: %s", register.File, are(len(open), "gap"), names(open))
		return
	}
	for _, g := range open {
		lost := g.Untracked(in.Declared.Risks)
		if len(lost) == 0 {
			continue
		}
		missing++
		says := fmt.Sprintf("%s (%s): %s not in the register: %s of %s%s", g.Verdict.Expectation, g.Verdict.Severity, are(len(lost), "finding"), lost[0].Rule, subject(lost[0]), more(len(lost)-1))
		if at := ref.Within(g.Verdict.Expectation); unread {
			out.Unclear(at, "untracked", "%s, or stand where it cannot be read", says)
		} else {
			out.Fail(at, "untracked", "%s", says)
		}
	}
	switch {
	case missing > 0 || unread:
	case hidden(in) != "":
		out.Unclear(ref, "hidden", "%s, so that gaps may be open of which the register knows nothing; mend what --problems lists", hidden(in))
	case len(open) == 0:
		out.Pass(ref, "complete", "no blocker or major is a gap, so the register lacks none")
	default:
		out.Pass(ref, "complete", "every gap that is open as a blocker or major is in the register (%d)", len(open))
	}
}

// hidden returns why gaps may be open that nobody found: not reading something
// must not complete the register.
func hidden(in expect.Input) string {
	for i := range in.Verdicts {
		v := &in.Verdicts[i]
		if v.Severity < verdict.Major {
			continue
		}
		if v.Unread != "" {
			return v.Unread
		}
		for _, f := range v.Findings {
			if f.Outcome == verdict.Unclear && len(f.RestsOn) > 0 {
				return f.Message
			}
		}
	}
	return ""
}

func subject(f *verdict.Finding) string {
	if f.Ref.Subject == "" {
		return "the service"
	}
	return f.Ref.Subject
}

func names(open []expect.Gap) string {
	var list []string
	for _, g := range open[:min(3, len(open))] {
		list = append(list, g.Verdict.Expectation)
	}
	return strings.Join(list, ", ") + more(len(open)-3)
}

func more(n int) string {
	if n < 1 {
		return ""
	}
	return fmt.Sprintf(" and %d more", n)
}

// are counts with a verb: "1 gap is", "2 gaps are".
func are(n int, noun string) string {
	if n == 1 {
		return verdict.Count(n, noun) + " is"
	}
	return verdict.Count(n, noun) + " are"
}
