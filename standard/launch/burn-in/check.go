// Package burnin checks that there is a plan for the time at full load before
// on-call takes over.
package burnin

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes the manifest's plan where it is as long and as heavy as the standard
// asks, says who watches and what is injected, and ends before on-call takes over.
func Check(in expect.Input) (out verdict.Findings) {
	if !in.First(func(s *fact.Set) bool { return s.Rung != fact.Declared }) {
		return out
	}
	library := page.LibraryOf(in.All)
	if in.Declared != nil && in.Declared.BurnIn != nil {
		planned(&out, in, in.Declared.BurnIn, library)
		return out
	}
	for _, d := range library.Own {
		if _, ok := page.BurnInOf(d, false); ok {
			out.Unclear(d.Ref, "unnamed", "%s speaks of a burn-in; whether it is the plan cannot be told", d.Path)
			return out
		}
	}
	for _, s := range in.All {
		if len(s.Workloads) > 0 {
			out.Unclear(s.Workloads[0].Ref.Within("burn-in"), "no-plan", "nothing here says how long %s runs at full load before on-call takes over, or that it has", in.Service.Name)
			return out
		}
	}
	return out
}

func planned(out *verdict.Findings, in expect.Input, b *fact.BurnIn, library *page.Library) {
	before := len(out.List)
	days, share := in.Limit("days"), in.Limit("share")
	asked := time.Duration(days) * 24 * time.Hour
	if b.Length < asked {
		out.Fail(b.Ref.Within("length"), "too-short", "the burn-in lasts %s; %d days hold every day of the week once", span(b.Length), days)
	}
	if b.Share < float64(share) {
		out.Fail(b.Ref.Within("share"), "too-light", "the burn-in counts %s %% of the expected peak as full load; %d %% are asked", amount(b.Share), share)
	}
	if end := b.From.Add(b.Length); !b.From.IsZero() && !b.Handover.IsZero() && b.Handover.Before(end) {
		out.Fail(b.Ref.Within("handover"), "early-handover", "on-call takes over on %s, and the burn-in of %s from %s ends on %s", expect.Day(b.Handover), span(b.Length), expect.Day(b.From), expect.Day(end))
	}
	if lacks := missing(out, in, b, library); len(lacks) > 0 {
		out.Fail(b.Ref.Within("plan"), "incomplete", "the plan of the burn-in does not say %s", strings.Join(lacks, ", nor "))
	}
	if len(out.List) == before {
		out.Pass(b.Ref, "planned", "the burn-in starts on %s and lasts %s at %s %% of %s requests a second or more; on-call takes over on %s",
			expect.Day(b.From), span(b.Length), amount(b.Share), amount(in.Declared.Performance.Peak), expect.Day(handover(b)))
	}
}

// missing lists what neither the manifest nor the page that it names says, in words.
// What a page that was not read may say is open.
func missing(out *verdict.Findings, in expect.Input, b *fact.BurnIn, library *page.Library) (lacks []string) {
	if b.From.IsZero() {
		lacks = append(lacks, "when it starts (`from`)")
	}
	if in.Declared.Performance == nil || in.Declared.Performance.Peak <= 0 {
		lacks = append(lacks, "which peak is expected (`performance.peak`)")
	}
	says := page.BurnIn{Watch: b.Watch != "", Problem: b.Problem != ""}
	var rest []string
	if l := b.Plan; l != nil {
		switch d := library.Page(l.File); {
		case !l.Resolves && !l.Beyond:
			out.Fail(l.Ref, "not-there", "the plan of the burn-in is %s, which is not there", l.Target)
		case d == nil || d.Partly != "" || !page.English(d):
			if !says.Watch || !says.Problem {
				out.Unclear(l.Ref, "elsewhere", "who watches the burn-in and what is injected may stand in %s, which was not read", l.Target)
			}
			return lacks
		default:
			written, _ := page.BurnInOf(d, true)
			says.Watch, says.Problem = says.Watch || written.Watch, says.Problem || written.Problem
		}
	}
	if !says.Watch {
		rest = append(rest, "who watches until the handover (`watch`)")
	}
	if !says.Problem {
		rest = append(rest, "what is injected if no problem occurs (`problem`)")
	}
	return append(lacks, rest...)
}

// handover returns when on-call takes over: as written, or when the burn-in ends.
func handover(b *fact.BurnIn) time.Time {
	if b.Handover.IsZero() {
		return b.From.Add(b.Length)
	}
	return b.Handover
}

// span renders a length in whole days where it is some.
func span(d time.Duration) string {
	switch day := 24 * time.Hour; {
	case d == day:
		return "1 day"
	case d%day == 0:
		return fmt.Sprintf("%d days", d/day)
	}
	return strings.TrimSuffix(strings.TrimSuffix(d.String(), "0s"), "0m")
}

func amount(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
