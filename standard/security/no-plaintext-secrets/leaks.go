package noplaintextsecrets

import (
	"fmt"
	"time"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

const id = "security/no-plaintext-secrets"

// leaked judges what was found in files and in their history.
func leaked(out *verdict.Findings, in expect.Input) {
	if len(in.Here.Leaks)+len(in.Here.LeakScans) == 0 {
		return
	}
	var hidden, aside []*fact.Leaked
	known, open := judged(in.All), map[bool]bool{}
	once := map[[3]string][]*fact.Leaked{} // by what makes two places one secret
	var order [][3]string
	for _, l := range in.Here.Leaks {
		switch {
		case known.has(l):
			open[true] = true
		case l.HiddenBy != "":
			hidden = append(hidden, l)
		case l.Aside:
			aside = append(aside, l)
		default:
			open[l.StillThere] = true
			key := [3]string{l.Rule, l.Digest, l.First}
			if l.Digest == "" {
				key[1] = l.Path
			}
			if once[key] == nil {
				order = append(order, key)
			}
			once[key] = append(once[key], l)
		}
	}
	for _, key := range order {
		leak(out, in, once[key])
	}
	if len(hidden) > 0 {
		out.Note(hidden[0].Ref.Within("exceptions"), "hidden", "exceptions in this tree hide %s: %s", count(len(hidden), "finding"), places(hidden))
	}
	if len(aside) > 0 {
		out.Note(aside[0].Ref.Within("aside"), "aside", "tests, examples and documents hold %s like secrets: %s", count(len(aside), "value"), places(aside))
	}
	for _, s := range in.Here.LeakScans {
		scan(out, in, s, open[!s.History])
	}
}

// leak judges one secret, wherever it stands: only its rotation closes it.
func leak(out *verdict.Findings, in expect.Input, all []*fact.Leaked) {
	l := all[0]
	holds := fmt.Sprintf("%s holds %s in plain text", l.Path, l.Smell)
	if len(all) > 1 {
		holds += fmt.Sprintf(", and so do %s", places(all[1:]))
	}
	rule := "leak"
	if !l.StillThere {
		rule = "leak-in-history"
		holds = fmt.Sprintf("%s, committed on %s, is %s in plain text", short(l), l.Since.Format(time.DateOnly), l.Smell)
	} else if l.Commit != "" {
		holds += fmt.Sprintf(" since %s (%s)", l.Since.Format(time.DateOnly), short(l))
	}
	a := rotation(in, all)
	switch {
	case a == nil && l.Guessed:
		out.Unclear(l.Ref, "maybe-leak", "%s, if it is one: only a person can tell", holds)
	case a == nil && !l.StillThere:
		out.Fail(l.Ref, rule, "%s; deleting it did not close it", holds)
	case a == nil:
		out.Fail(l.Ref, rule, "%s", holds)
	case a.By == "" || a.Date.IsZero():
		out.Unclear(l.Ref, "rotation-open", "%s; its rotation is declared without a person and a date", holds)
	case l.Since.IsZero():
		out.Unclear(l.Ref, "rotation-open", "%s; %s declares that it was rotated on %s, and only --history tells whether it came before that", holds, a.By, a.Date.Format(time.DateOnly))
	case a.Date.Before(l.Since.Truncate(24 * time.Hour)):
		out.Fail(l.Ref, rule, "%s, after the rotation that %s declares for %s", holds, a.By, a.Date.Format(time.DateOnly))
	default:
		out.Pass(l.Ref, "rotated", "%s; %s declares that it was rotated on %s", holds, a.By, a.Date.Format(time.DateOnly))
	}
}

// scan says what a search without findings tells, and what it leaves open.
func scan(out *verdict.Findings, in expect.Input, s *fact.LeakScan, found bool) {
	ref := s.Ref
	switch {
	case s.Absent:
		out.Note(ref, "no-history", "%s", s.Unread)
	case s.Unread != "" && s.Commits == 0:
		out.Unclear(ref, "history-unread", "%s", s.Unread)
	case s.Unread != "":
		out.Unclear(ref, "history-cut", "only a part of the history (%s) was searched: %s", count(s.Commits, "commit"), s.Unread)
	case found || s.Files == 0:
	case s.History:
		out.Pass(ref, "history-clean", "no secret stands in %s but those of the tree", count(s.Commits, "commit"))
	case judgesMore(in):
		out.Pass(ref, "tree-clean", "no secret that a rule recognises stands in %s", count(s.Files, "file"))
	default:
		out.Note(ref, "tree-clean", "no secret that a rule recognises stands in %s", count(s.Files, "file"))
	}
}

// judgesMore reports whether there is anything else to judge than files: a clean
// folder in which nothing runs says nothing of what runs.
func judgesMore(in expect.Input) bool {
	for _, set := range in.All {
		if set != in.Here && set.Rung != fact.Declared && set.Source != "documents" {
			return true
		}
	}
	return false
}

func places(list []*fact.Leaked) string {
	var out []string
	for _, l := range list {
		out = append(out, fmt.Sprintf("%s:%d", l.Path, l.Line))
	}
	return few(out)
}

// count says a number of things: "1 file", "3 files".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
