// Package riskregister checks that every known gap stands in the register, with
// an owner and a date that holds.
package riskregister

import (
	"fmt"
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check compares the register with what was judged: it passes entries that are
// complete and not overdue, and waivers in force.
func Check(in expect.Input) (out verdict.Findings) {
	open := gaps(in)
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
	case idle(in, r):
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

// idle reports whether a waiver has nothing to accept, as far as could be told.
func idle(in expect.Input, r *fact.Risk) bool {
	for i := range in.Verdicts {
		v := &in.Verdicts[i]
		if v.Expectation != r.Expectation {
			continue
		}
		for _, f := range v.Findings {
			if (f.Outcome == verdict.Fail || f.Outcome == verdict.Unclear) && r.Covers(v.Expectation, f.Rule, f.Ref) {
				return false
			}
		}
		return v.State != verdict.Unknown && v.Unread == ""
	}
	return false
}

// gap is a row that is open, with what the register must hold of it.
type gap struct {
	v        *verdict.Verdict
	findings []*verdict.Finding
}

// gaps lists the blockers and majors that are gaps, with the failures that
// nobody accepts: one for each rule and subject.
func gaps(in expect.Input) (out []gap) {
	for i := range in.Verdicts {
		v := &in.Verdicts[i]
		if v.State != verdict.Gap || v.Severity < verdict.Major {
			continue
		}
		g := gap{v: v}
		seen := map[string]bool{}
		for _, f := range v.Findings {
			key := f.Rule + "\x00" + f.Ref.Subject
			if f.Outcome == verdict.Fail && f.Waiver == nil && !seen[key] {
				g.findings, seen[key] = append(g.findings, f), true
			}
		}
		out = append(out, g)
	}
	return out
}

// complete demands that every open gap is in the register.
func complete(out *verdict.Findings, in expect.Input, open []gap) {
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
		lost := untracked(in, g)
		if len(lost) == 0 {
			continue
		}
		missing++
		says := fmt.Sprintf("%s (%s): %s not in the register: %s of %s%s", g.v.Expectation, g.v.Severity, are(len(lost), "finding"), lost[0].Rule, subject(lost[0]), more(len(lost)-1))
		if at := ref.Within(g.v.Expectation); unread {
			out.Unclear(at, "untracked", "%s, or stand where it cannot be read", says)
		} else {
			out.Fail(at, "untracked", "%s", says)
		}
	}
	if missing == 0 && !unread {
		out.Pass(ref, "complete", "every gap that is open as a blocker or major is in the register (%d)", len(open))
	}
}

func untracked(in expect.Input, g gap) (lost []*verdict.Finding) {
	for _, f := range g.findings {
		held := false
		for _, r := range in.Declared.Risks {
			held = held || r.Open() && r.Covers(g.v.Expectation, f.Rule, f.Ref)
		}
		if !held {
			lost = append(lost, f)
		}
	}
	return lost
}

func subject(f *verdict.Finding) string {
	if f.Ref.Subject == "" {
		return "the service"
	}
	return f.Ref.Subject
}

func names(open []gap) string {
	var list []string
	for _, g := range open[:min(3, len(open))] {
		list = append(list, g.v.Expectation)
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
