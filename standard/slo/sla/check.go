// Package sla checks that what customers were promised is written: a number, a
// window, the measurement and the consequence.
package sla

import (
	"math/big"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/page"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/slo"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes the agreement of the manifest, or else the page that writes one, when
// all four parts are there. Where neither is, the agreement may stand elsewhere.
func Check(in expect.Input) (out verdict.Findings) {
	if !in.Once() {
		return out
	}
	library := page.LibraryOf(in.All)
	if in.Declared != nil && in.Declared.Agreement != nil {
		declared(&out, in.Declared.Agreement, library)
		return out
	}
	var found *fact.Document
	var best page.Promise
	for _, d := range library.Own {
		if p, ok := page.PromiseOf(d); ok && (p.Ours && !best.Ours || p.Ours == best.Ours && p.Parts() > best.Parts()) {
			found, best = d, p
		}
	}
	if found == nil {
		return out
	}
	ref := found.AtLine(best.Line)
	switch lacks := best.Lacks(); {
	case !best.Ours && len(lacks) == 0:
		out.Unclear(ref, "perhaps", "%s writes an agreement over %s %%, and whether this service promises it is not said; if it does, write `sla` in seaworthy.yaml", found.Path, best.Percent)
	case len(lacks) == 0:
		out.Pass(ref, "written", "%s promises %s %% and says over which time, how it is measured and what follows when it is missed", found.Path, best.Percent)
	case len(lacks) == 1 && best.Ours:
		out.Fail(ref, "lacking", "the agreement in %s does not say %s", found.Path, lacks[0])
	default: // it may be somebody else's, or lead to the agreement's text
		out.Unclear(ref, "perhaps", "%s speaks of an agreement and does not say %s; if it is this service's, write `sla` in seaworthy.yaml", found.Path, list(lacks))
	}
	return out
}

// declared judges the agreement that the manifest writes.
func declared(out *verdict.Findings, a *fact.Agreement, library *page.Library) {
	var lacks []string
	target, err := slo.ParsePercent(a.Target)
	if a.Target == "" || err != nil {
		lacks = append(lacks, "a number")
	}
	w, err := slo.ParseWindow(a.Window)
	switch {
	case strings.TrimSpace(a.Window) == "":
		lacks = append(lacks, "a window")
	case err != nil:
		out.Fail(a.Ref, "no-window", "the agreement's window is %q, which is no length of time", a.Window)
		return
	}
	for _, part := range []struct{ text, name string }{{a.Measurement, "how it is measured"}, {a.Consequence, "what follows when it is missed"}} {
		if page.Blank(part.text) {
			lacks = append(lacks, part.name)
		}
	}
	switch l := a.Link; {
	case len(lacks) > 0:
		out.Fail(a.Ref, "lacking", "the agreement does not say %s", list(lacks))
		return
	case target.Share().Cmp(big.NewRat(1, 100)) <= 0:
		out.Fail(a.Ref, "tiny", "the agreement promises %s of events; the number is in percent, so 0.999 is less than one in a hundred", target)
		return
	case l != nil && !l.URL && !l.Resolves && !l.Beyond:
		out.Fail(l.Ref, "not-there", "the agreement is to stand in %s, which is not there", l.Target)
		return
	}
	if target.Spent() {
		out.Note(a.Ref, "everything", "the agreement promises every event, which nothing that fails at times can keep")
	}
	differs(out, a, target, library)
	out.Pass(a.Ref, "written", "%s over %s are promised; measured: %s; if missed: %s", target, w, short(a.Measurement), short(a.Consequence))
}

// differs compares the manifest's number with that of the page to which it leads.
func differs(out *verdict.Findings, a *fact.Agreement, target slo.Target, library *page.Library) {
	if a.Link == nil || a.Link.File == "" {
		return
	}
	d := library.Page(a.Link.File)
	if d == nil {
		return
	}
	p, ok := page.PromiseOf(d)
	if written, err := slo.ParsePercent(p.Percent); ok && err == nil && written.Cmp(target) != 0 {
		out.Fail(d.AtLine(p.Line), "differs", "the agreement is %s in seaworthy.yaml and %s in %s", target, written, d.Path)
	}
}

func list(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:len(items)-1], ", ") + " and " + items[len(items)-1]
}

func short(text string) string {
	text = strings.TrimSuffix(strings.Join(strings.Fields(text), " "), ".")
	if r := []rune(text); len(r) > 80 {
		return string(r[:77]) + "..."
	}
	return text
}
