// Package watched tells by what an alert's condition asks which kind of trouble it
// would notice. Its name says nothing: rules are renamed, metrics are not.
package watched

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"seaworthy.dev/seaworthy/internal/derive/promql"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Class is a kind of trouble.
type Class string

// The classes of which a service has rules, whatever it does.
const (
	Certificates Class = "certificates" // certificates end
	Resources    Class = "resources"    // something is not there, or lacks what it needs
	Providers    Class = "providers"    // what those below announce or do
	Budget       Class = "budget"       // the error budget is spent too fast
)

// Classes lists them in the order in which the standard does.
func Classes() []Class { return []Class{Certificates, Resources, Providers, Budget} }

// Says names what a rule of the class watches.
func (c Class) Says() string {
	switch c {
	case Certificates:
		return "the expiry of certificates"
	case Resources:
		return "the health of resources"
	case Providers:
		return "what the provider announces"
	}
	return "how fast the error budget burns"
}

//go:embed metrics.txt
var table string

type line struct {
	class  Class
	metric string
	family bool // all that begin so
}

// lines reads the table once, longest names first: a cache of pure values.
var lines = sync.OnceValue(func() (out []line) {
	for _, text := range strings.Split(table, "\n") {
		fields := strings.Fields(text)
		if len(fields) < 2 || strings.HasPrefix(text, "#") {
			continue
		}
		name, family := strings.CutSuffix(fields[1], "*")
		out = append(out, line{Class(fields[0]), name, family})
	}
	slices.SortStableFunc(out, func(a, b line) int { return len(b.metric) - len(a.metric) })
	return out
})

// Metric returns the class of a well-known metric; empty for any other.
func Metric(name string) Class {
	for _, l := range lines() {
		if name == l.metric || l.family && strings.HasPrefix(name, l.metric) {
			return l.class
		}
	}
	return ""
}

// Recorded is what recording rules write, by name.
type Recorded map[string][]*fact.Recording

// Record collects the recordings of sets.
func Record(sets []*fact.Set) Recorded {
	out := Recorded{}
	for _, s := range sets {
		for _, r := range s.Recordings {
			out[r.Name] = append(out[r.Name], r)
		}
	}
	return out
}

// Of returns the classes of an alert. Recordings stand for what they are made of;
// one that is a share of bad events, compared in two windows or more, watches the
// error budget.
func (r Recorded) Of(a *fact.Alert) (out []Class) {
	add := func(c Class) {
		if c != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	shares := 0
	for _, name := range a.Metrics {
		add(Metric(name))
		if r.share(name, 0) {
			shares++
		}
		for _, base := range r.bases(name, 0) {
			add(Metric(base))
		}
	}
	if shares >= 2 || a.Burns || direct(a) {
		add(Budget)
	}
	return out
}

// maxDepth bounds how far recordings of recordings are followed.
const maxDepth = 8

// bases returns the metrics of which a recording is made.
func (r Recorded) bases(name string, depth int) (out []string) {
	if depth == maxDepth {
		return nil
	}
	for _, one := range r[name] {
		for _, m := range one.Metrics {
			if m == name {
				continue
			}
			if len(r[m]) > 0 {
				out = append(out, r.bases(m, depth+1)...)
			} else {
				out = append(out, m)
			}
		}
	}
	return out
}

// share reports whether a recording is a share of events.
func (r Recorded) share(name string, depth int) bool {
	if depth == maxDepth {
		return false
	}
	for _, one := range r[name] {
		q, err := promql.Parse(one.Expression)
		if err != nil {
			continue
		}
		if _, is := q.Ratio(); is {
			return true
		}
	}
	return false
}

// direct reports whether a condition compares shares over two windows by itself,
// without recordings: the same amounts of events over ranges of two lengths.
func direct(a *fact.Alert) bool {
	q, err := promql.Parse(a.Expression)
	if err != nil {
		return false
	}
	return q.Windows() >= 2
}
