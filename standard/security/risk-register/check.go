// Package riskregister checks that every known gap stands in the register, with
// an owner and a date that holds.
package riskregister

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check compares the register with what was judged: it passes entries that are
// complete and not overdue, and waivers in force.
func Check(in expect.Input) (out verdict.Findings) {
	open := expect.Gaps(in.Verdicts)
	if in.Declared == nil || len(in.Declared.Registers) == 0 {
		if len(open) > 0 {
			out.Unclear(fact.Ref{}, "no-register", "%s open (%s), and no risks.yaml says that they are known", are(len(open), "gap"), names(open))
		}
		return out
	}
	for _, r := range in.Declared.Registers {
		if r.Unread != "" {
			out.Unclear(fact.Ref{Subject: "risk register " + r.File, Location: r.Location}, "unread", "%s", r.Unread)
		}
	}
	for _, r := range in.Declared.Risks {
		if r.Open() {
			entry(&out, in, r)
		}
	}
	complete(&out, in, open)
	references(&out, in)
	return out
}

// entry judges one entry by itself, and a waiver beside what it accepts.
func entry(out *verdict.Findings, in expect.Input, r *fact.Risk) {
	if r.Decision == "accept" {
		if flaw := expect.FlawOf(r, in.Service, in.AsOf); flaw != nil && flaw.Rule == "proposal" {
			out.Note(r.Ref, flaw.Rule, "%s", flaw.Says)
		} else if flaw != nil {
			out.Fail(r.Ref, flaw.Rule, "%s", flaw.Says)
			return
		}
	}
	var lacks []string
	for _, field := range []struct {
		missing bool
		name    string
	}{{r.Owner == "", "owner"}, {r.Severity == "", "severity"}, {r.Decision == "", "decision"}, {r.Due.IsZero(), "due date"}} {
		if field.missing {
			lacks = append(lacks, field.name)
		}
	}
	switch {
	case len(lacks) > 0:
		out.Fail(r.Ref, "incomplete", "%s has no %s", r.Name(), strings.Join(lacks, ", no "))
	case expect.Past(r.Due, in.AsOf):
		out.Fail(r.Ref, "overdue", "%s of %s was due on %s and is still %s", r.Name(), r.Owner, expect.Day(r.Due), standing(r))
	case !expect.Accepted(r, in.Service, in.AsOf):
		out.Pass(r.Ref, "tracked", "%s of %s is due on %s", r.Name(), r.Owner, expect.Day(r.Due))
	case expect.Gone(r, in.Verdicts):
		out.Fail(r.Ref, "matches-nothing", "%s accepts %s of %s, and nothing of the kind is found any more", r.Name(), r.Rule, r.About)
	default:
		out.Pass(r.Ref, "accepted", "%s is accepted until %s by %s", r.Name(), expect.Day(r.Expires), r.Approval.Approver)
	}
}

func standing(r *fact.Risk) string {
	if r.Decision == "accept" {
		return "accepted"
	}
	return "open"
}
