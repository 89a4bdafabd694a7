package overlay

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// reader understands one document and collects what is wrong with it.
type reader struct {
	doc      *decode.Document
	root     *decode.Node
	standard []*expect.Expectation
	problems []fact.Problem
}

// Read understands an overlay of the given standard. With problems, the overlay
// is nil: half an overlay would judge by a standard that nobody wrote.
func Read(doc *decode.Document, root *decode.Node, standard []*expect.Expectation) (*Overlay, []fact.Problem) {
	r := &reader{doc: doc, root: root, standard: standard}
	var in Document
	for _, m := range decode.Into(root, &in, true) {
		r.problems = append(r.problems, fact.Problem{Location: doc.At(m.Node), Message: m.Message})
	}
	if len(r.problems) > 0 {
		return nil, r.problems
	}
	if in.APIVersion != APIVersion {
		r.fail([]any{"apiVersion"}, "an overlay's apiVersion is %s, not %q", APIVersion, in.APIVersion)
	}
	if in.Metadata.Name == "" {
		r.fail([]any{"metadata"}, "the overlay has no metadata.name, by which reports name it")
	}
	out := &Overlay{Name: in.Metadata.Name, places: map[string]fact.Location{}}
	ids := make([]string, 0, len(in.Spec.Expectations))
	for id := range in.Spec.Expectations {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	for _, id := range ids {
		if c, ok := r.change(id, in.Spec.Expectations[id], in.Metadata.Name); ok {
			out.changes = append(out.changes, c)
		}
	}
	for i, own := range in.Spec.Own {
		if e := r.own(i, own, out.own); e != nil {
			out.own = append(out.own, e)
			out.places[e.ID] = doc.At(decode.Dig(root, "spec", "own", i, "id"))
		}
	}
	if len(r.problems) > 0 {
		return nil, r.problems
	}
	return out, nil
}

// fail reports a mistake at a path into the document, or at the nearest part of
// it that is there.
func (r *reader) fail(path []any, format string, args ...any) {
	at := r.root
	for i := range path {
		if n := decode.Dig(r.root, path[:i+1]...); n != nil {
			at = n
		}
	}
	r.problems = append(r.problems, fact.Problem{Location: r.doc.At(at), Message: fmt.Sprintf(format, args...)})
}

func (r *reader) change(id string, in Change, name string) (out change, ok bool) {
	path := func(more ...any) []any { return append([]any{"spec", "expectations", id}, more...) }
	before := len(r.problems)
	i := slices.IndexFunc(r.standard, func(e *expect.Expectation) bool { return e.ID == id })
	if i < 0 {
		var ids []string
		for _, e := range r.standard {
			ids = append(ids, e.ID)
		}
		at := r.doc.At(decode.KeyOf(decode.Dig(r.root, "spec", "expectations"), id))
		r.problems = append(r.problems, fact.Problem{Location: at, Message: fmt.Sprintf("the standard has no expectation %q%s", id, nearest(id, ids))})
		return out, false
	}
	e := r.standard[i]
	out = change{id: id, at: r.doc.At(decode.Dig(r.root, path()...)), numbers: in.Thresholds}
	if in.Severity != "" {
		severity, err := verdict.ParseSeverity(in.Severity)
		if err != nil {
			r.fail(path("severity"), "%v", err)
		}
		out.severity = &severity
	}
	out.asks = r.asks(e, in.Asks, path("asks"))
	out.maxAge = map[fact.Rung]time.Duration{}
	for _, rung := range sorted(in.MaxAge) {
		found, _ := fact.ParseRung(rung)
		age, err := age(in.MaxAge[rung])
		switch {
		case !e.Has(found):
			r.fail(path("maxAge", rung), "%s has no rung %q; it has %s", id, rung, rungs(e))
		case err != nil:
			r.fail(path("maxAge", rung), "%q is no age; write one such as 90d or 24h", in.MaxAge[rung])
		}
		out.maxAge[found] = age
	}
	if in.Grace != "" {
		var err error
		if out.grace, err = age(in.Grace); err != nil {
			r.fail(path("grace"), "%q is no span of time; write one such as 14d or 12h", in.Grace)
		}
	}
	for _, name := range sorted(in.Thresholds) {
		if names := thresholds(e); !slices.Contains(names, name) {
			r.fail(path("thresholds", name), "%s has no threshold %q that can be changed%s; it has %s", id, name, nearest(name, names), list(names))
		} else if in.Thresholds[name] < 0 {
			r.fail(path("thresholds", name), "%d is below zero", in.Thresholds[name])
		}
	}
	if in.Off != nil {
		if strings.TrimSpace(in.Off.Reason) == "" || strings.TrimSpace(in.Off.By) == "" {
			r.fail(path("off"), "to turn %s off takes a reason and the person who decided it: `off: {reason: ..., by: ...}`", id)
		}
		out.off = fmt.Sprintf("turned off by the overlay %s: %s (%s)", name, strings.TrimSpace(in.Off.Reason), in.Off.By)
	}
	return out, len(r.problems) == before
}

// asks reads the rungs by tier; tiers that are not named stay NoRung.
func (r *reader) asks(e *expect.Expectation, in map[string]string, path []any) (out [3]fact.Rung) {
	for _, tier := range sorted(in) {
		number, err := strconv.Atoi(strings.TrimPrefix(tier, "tier"))
		at := append(slices.Clone(path), tier)
		if err != nil || number < 1 || number > 3 || !strings.HasPrefix(tier, "tier") {
			r.fail(at, "%q is no tier; tiers are tier1, tier2 and tier3", tier)
			continue
		}
		rung, _ := fact.ParseRung(in[tier])
		if rung == fact.NoRung || !e.Has(rung) {
			r.fail(at, "%s has no rung %q; it has %s", e.ID, in[tier], rungs(e))
			continue
		}
		out[number-1] = rung
	}
	return out
}

func rungs(e *expect.Expectation) string {
	var names []string
	for _, t := range e.Rungs {
		names = append(names, t.Rung.String())
	}
	return list(names)
}

func thresholds(e *expect.Expectation) (names []string) {
	for _, t := range e.Thresholds {
		if t.Name != "" {
			names = append(names, t.Name)
		}
	}
	return names
}

func list(names []string) string {
	switch len(names) {
	case 0:
		return "none"
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// nearest returns " (did you mean ...?)" for a name that is almost one of the
// list, or nothing.
func nearest(name string, names []string) string {
	best, distance := "", 1+len(name)/3
	for _, n := range names {
		if d := decode.Distance(name, n); d < distance {
			best, distance = n, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", best)
}

// age reads "90d" or anything that time.ParseDuration reads.
func age(text string) (time.Duration, error) {
	if days, found := strings.CutSuffix(text, "d"); found {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(text)
}

func sorted[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for name := range m {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}
