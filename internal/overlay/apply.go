package overlay

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Apply returns the standard as the overlays leave it: changed expectations are
// copies, own ones follow the built-in ones. Two overlays that set the same
// thing contradict each other; the problems name the second place.
func Apply(standard []*expect.Expectation, overlays []*Overlay) ([]*expect.Expectation, []fact.Problem) {
	out := slices.Clone(standard)
	var problems []fact.Problem
	by := map[string]string{} // who set what
	for _, o := range overlays {
		for _, c := range o.changes {
			i := slices.IndexFunc(out, func(e *expect.Expectation) bool { return e.ID == c.id })
			changed := *out[i]
			for _, what := range c.apply(&changed) {
				key := c.id + " " + what
				if other, taken := by[key]; taken && other != o.Name {
					problems = append(problems, fact.Problem{Location: c.at, Message: fmt.Sprintf("the overlays %s and %s both set %s of %s; keep one of them", other, o.Name, what, c.id)})
				}
				by[key] = o.Name
			}
			out[i] = &changed
		}
		for _, own := range o.own {
			if slices.ContainsFunc(out, func(e *expect.Expectation) bool { return e.ID == own.ID }) {
				problems = append(problems, fact.Problem{Location: o.places[own.ID], Message: fmt.Sprintf("%s is defined already%s; give one of them another id", own.ID, definedBy(by, own.ID))})
				continue
			}
			placed := *own
			placed.Order = len(out) + 1
			by[own.ID] = o.Name
			out = append(out, &placed)
		}
	}
	return out, problems
}

// definedBy says which overlay has an expectation; the standard's own has none.
func definedBy(by map[string]string, id string) string {
	if name := by[id]; name != "" {
		return " by the overlay " + name
	}
	return " by the standard"
}

// apply changes an expectation and returns what it set.
func (c change) apply(e *expect.Expectation) (set []string) {
	if c.severity != nil {
		e.Severity = *c.severity
		set = append(set, "severity")
	}
	for tier, rung := range c.asks {
		if rung != fact.NoRung {
			e.Asks[tier] = rung
			set = append(set, fmt.Sprintf("asks.tier%d", tier+1))
		}
	}
	if len(c.maxAge) > 0 {
		e.MaxAge = maps.Clone(e.MaxAge)
		if e.MaxAge == nil {
			e.MaxAge = map[fact.Rung]time.Duration{}
		}
		for rung, age := range c.maxAge {
			e.MaxAge[rung] = age
			set = append(set, "maxAge."+rung.String())
		}
	}
	if c.grace > 0 {
		e.Grace = c.grace
		set = append(set, "grace")
	}
	if len(c.numbers) > 0 {
		e.Thresholds = slices.Clone(e.Thresholds)
		for i := range e.Thresholds {
			if n, found := c.numbers[e.Thresholds[i].Name]; found && e.Thresholds[i].Name != "" {
				e.Thresholds[i].Number = n
				set = append(set, "thresholds."+e.Thresholds[i].Name)
			}
		}
	}
	if c.off != "" {
		e.Off = c.off
		set = append(set, "off")
	}
	return set
}

// Difference is one thing in which two standards differ.
type Difference struct {
	Expectation, What, From, To string
}

// Diff lists what differs between the built-in standard and another, in the
// order of the latter.
func Diff(builtin, other []*expect.Expectation) (out []Difference) {
	for _, e := range other {
		add := func(what, from, to string) {
			if from != to {
				out = append(out, Difference{e.ID, what, from, to})
			}
		}
		i := slices.IndexFunc(builtin, func(b *expect.Expectation) bool { return b.ID == e.ID })
		if i < 0 {
			add("own expectation", "", e.Title)
			continue
		}
		b := builtin[i]
		add("severity", b.Severity.String(), e.Severity.String())
		for tier := range e.Asks {
			add(fmt.Sprintf("asked at tier %d", tier+1), b.Asks[tier].String(), e.Asks[tier].String())
		}
		for _, rung := range fact.Rungs() {
			add(rung.String()+" evidence counts for", Span(b.MaxAge[rung]), Span(e.MaxAge[rung]))
		}
		add("grace", Span(b.Grace), Span(e.Grace))
		for i, t := range e.Thresholds {
			add("threshold "+t.Name, number(b.Thresholds[i]), number(t))
		}
		add("judged", "yes", strings.TrimSpace(judged(e)))
	}
	return out
}

func judged(e *expect.Expectation) string {
	if e.Off == "" {
		return "yes"
	}
	return "no: " + e.Off
}

func number(t expect.Threshold) string { return fmt.Sprintf("%d %s", t.Number, t.Unit) }

// Span writes a length of time as overlays do: "90d", "24h"; empty for none.
func Span(d time.Duration) string {
	switch {
	case d == 0:
		return ""
	case d%(24*time.Hour) == 0:
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	}
	if d%time.Hour == 0 {
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return d.String()
}
