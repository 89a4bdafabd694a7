// Package escalation checks that for everything on which the service rests somebody
// can be called when it fails.
package escalation

import (
	"fmt"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/derive/discovered"
	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes each dependency, store and third party, declared or found, for which
// the manifest has a scenario with a path that can be walked.
func Check(in expect.Input) (out verdict.Findings) {
	if !in.First(func(*fact.Set) bool { return true }) {
		return out
	}
	library := page.LibraryOf(in.All)
	for _, n := range needs(in) {
		judge(&out, in, n, library)
	}
	undeclared(&out, in)
	return out
}

// need is something on which the service rests.
type need struct {
	fact.Ref
	name, says string
	// outside is true for a third party, whose support takes a contract.
	outside bool
}

// needs lists what the service rests on, each once.
func needs(in expect.Input) (out []need) {
	seen := map[string]bool{}
	add := func(n need) {
		if key := strings.ToLower(n.name); !seen[key] {
			seen[key] = true
			out = append(out, n)
		}
	}
	if d := in.Declared; d != nil {
		for _, p := range d.Dependencies {
			add(need{p.Ref, p.Name, "the dependency " + p.Name, false})
		}
		for _, s := range d.Stores {
			add(need{s.Ref, s.Name, fmt.Sprintf("the store %s (%s)", s.Name, s.Kind), false})
		}
		for _, p := range d.ThirdParties {
			add(need{p.Ref, p.Name, "the third party " + p.Name, true})
		}
	}
	for _, s := range discovered.Stores(in.All) {
		if s.Sure {
			add(need{s.Ref.Within("scenario"), s.Name, fmt.Sprintf("the store %s (%s)", s.Name, s.Kind), false})
		}
	}
	return out
}

func judge(out *verdict.Findings, in expect.Input, n need, library *page.Library) {
	s := scenario(in.Declared, n.name)
	switch {
	case in.Declared == nil || in.Declared.Manifest == "":
		out.Unclear(n.Ref, "no-manifest", "no seaworthy.yaml says whom to call when %s fails", n.says)
	case s == nil:
		out.Lacks(n.Ref, []fact.Kind{fact.Manifest}, "no-scenario", "no scenario of %s says whom to call when %s fails (`dependency: %s`)", in.Declared.Manifest, n.says, n.name)
	case len(s.Contacts) < 2:
		out.Fail(s.Ref, "one-step", "the path for %s ends with %s: nobody comes after", n.says, contacts(s))
	case late(s) != "":
		out.Fail(s.Ref, "no-delay", "the path for %s does not say how long to wait for %s", n.says, late(s))
	case !s.Resolves && s.Beyond:
		out.Unclear(s.Ref, "runbook-beyond", "the runbook for %s is %s, which stands outside of what is judged", n.says, s.Runbook)
	case !s.Resolves:
		out.Fail(s.Ref, "no-runbook", "the runbook for %s is %s, which is not there", n.says, s.Runbook)
	case idle(library, s):
		out.Fail(s.Ref, "no-steps", "the runbook for %s is %s, which tells nobody what to do", n.says, s.Runbook)
	case n.outside && s.Contract == "":
		out.Fail(s.Ref, "no-contract", "the scenario for %s names no contract or account to claim with", n.says)
	default:
		out.Pass(s.Ref, "walkable", "when %s fails, %s are called within %s (%s)", n.says, contacts(s), within(s), s.Runbook)
	}
}

// idle reports whether a scenario's runbook is a page that holds neither commands nor
// steps nor any part of a runbook.
func idle(library *page.Library, s *fact.Scenario) bool {
	d := library.Page(s.File)
	if s.File == "" || d == nil || d.Partly != "" || !page.English(d) {
		return false
	}
	if page.Unwritten(d.Sections) {
		return true
	}
	r := page.RunbookOf(d, "")
	steps := 0
	for _, section := range d.Sections {
		steps += len(section.Steps)
	}
	return steps == 0 && page.Runnable(d.Sections) == 0 && r.Check.State != page.Present && r.Try.State != page.Present
}

// scenario returns the declared scenario about something, or nil.
func scenario(d *fact.Declarations, name string) *fact.Scenario {
	if d == nil {
		return nil
	}
	for _, s := range d.Scenarios {
		if strings.EqualFold(s.Dependency, name) {
			return s
		}
	}
	return nil
}

// late returns the first contact before another one for whom no time to wait is
// written.
func late(s *fact.Scenario) string {
	for _, c := range s.Contacts[:len(s.Contacts)-1] {
		if c.Delay <= 0 {
			return c.Name
		}
	}
	return ""
}

// within returns how long it takes until the last contact is called.
func within(s *fact.Scenario) string {
	var sum time.Duration
	for _, c := range s.Contacts[:len(s.Contacts)-1] {
		sum += c.Delay
	}
	return strings.TrimSuffix(sum.String(), "0s")
}

func contacts(s *fact.Scenario) string {
	names := make([]string, len(s.Contacts))
	for i, c := range s.Contacts {
		names[i] = c.Name
	}
	if len(names) == 0 {
		return "nobody"
	}
	return strings.Join(names, ", then ")
}
