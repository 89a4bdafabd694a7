// Package gamedays checks that a gameday was held and recorded. The exercise
// itself is proved by its drill.
package gamedays

import (
	"slices"
	"time"

	"seaworthy.dev/seaworthy/internal/derive/attested"
	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes the record when somebody attests one that counts, and the page that
// it links to, where that can be read, says what a record must. A page that nobody
// attests is the record at tier 3, where one person is enough.
func Check(in expect.Input) (out verdict.Findings) {
	library := page.LibraryOf(in.All)
	if in.Here.Rung == fact.Declared {
		attested.Judge(&out, in, "alerting/gamedays", "record", "the record", attested.Rules{Attested: "recorded", Flawed: "flawed-record"})
		if !slices.ContainsFunc(out.List, func(f *verdict.Finding) bool { return f.Outcome == verdict.Pass }) {
			return out
		}
		for _, a := range attested.For(in, "alerting/gamedays", "record") {
			d := library.Page(a.File)
			if a.File == "" || d == nil || attested.Flaw(in, a, in.MaxAge(fact.Declared)) != "" || !page.English(d) {
				continue
			}
			r, ok := page.RecordOf(d, true)
			if !ok {
				out.Fail(a.Ref, "no-record", "%s, to which the attestation links, does not say when a gameday was held and what was tried or found", d.Path)
				continue
			}
			judge(&out, in, d, r)
		}
		return out
	}
	if library.Home == nil || library.Home != in.Here || len(attested.For(in, "alerting/gamedays", "record")) > 0 {
		return out
	}
	newest, record := latest(in, library.Own)
	most := in.MaxAge(fact.Declared)
	switch {
	case newest == nil:
	case expect.Past(record.Date.Add(most), in.AsOf):
		out.Fail(newest.Ref, "old-record", "the last gameday with a record is that of %s (%s), more than %d days ago", expect.Day(record.Date), newest.Path, int(most/(24*time.Hour)))
	case in.Tier < 3:
		out.Unclear(newest.Ref, "not-attested", "%s records a gameday of %s, but nobody attests it, and tiers 1 and 2 ask for a second person", newest.Path, expect.Day(record.Date))
	default:
		before := len(out.List)
		if judge(&out, in, newest, record); len(out.List) == before {
			out.Pass(newest.Ref, "recorded", "%s records a gameday of %s with %d findings", newest.Path, expect.Day(record.Date), len(record.Findings))
		}
	}
	return out
}

// latest returns the record with the latest day that has passed.
func latest(in expect.Input, pages []*fact.Document) (found *fact.Document, best page.Record) {
	for _, d := range pages {
		if r, ok := page.RecordOf(d, false); ok && !r.Date.After(in.AsOf) && r.Date.After(best.Date) {
			found, best = d, r
		}
	}
	return found, best
}

// judge holds a record to what it must say.
func judge(out *verdict.Findings, in expect.Input, d *fact.Document, r page.Record) {
	if !r.Scenario {
		out.Fail(d.Ref, "no-scenario", "%s does not say what was tried", d.Path)
	}
	if len(r.Findings) == 0 && !r.Clean {
		out.Fail(d.Ref, "no-findings", "%s names no findings, and does not say that there were none", d.Path)
	}
	for _, f := range r.Findings {
		switch {
		case f.Done:
		case f.Owner == "":
			out.Fail(d.AtLine(f.Line), "no-owner", "%s names nobody for the finding %q", d.Path, short(f.Text))
		case f.Due.IsZero():
			out.Fail(d.AtLine(f.Line), "no-due-date", "%s does not say until when %s follows up %q", d.Path, f.Owner, short(f.Text))
		case expect.Past(f.Due, in.AsOf):
			out.Fail(d.AtLine(f.Line), "overdue", "%q was due on %s by %s and is not done (%s)", short(f.Text), expect.Day(f.Due), f.Owner, d.Path)
		}
	}
}

func short(text string) string {
	if r := []rune(text); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return text
}
