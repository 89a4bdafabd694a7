package routes

import (
	"maps"
	"slices"

	"github.com/prometheus/alertmanager/pkg/labels"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Matcher is a condition on a label, ready to be asked.
type Matcher struct {
	fact.LabelMatcher
	holds *labels.Matcher
}

var types = map[string]labels.MatchType{"=": labels.MatchEqual, "!=": labels.MatchNotEqual, "=~": labels.MatchRegexp, "!~": labels.MatchNotRegexp}

// maxPattern bounds a pattern in bytes.
const maxPattern = 4096

// Compile makes a matcher ready. The error says why Alertmanager would not take
// it.
func Compile(m fact.LabelMatcher) (*Matcher, error) {
	kind, known := types[m.Op]
	switch {
	case !known:
		return nil, errNoMatcher("it is none of =, !=, =~ and !~")
	case len(m.Value) > maxPattern && len(m.Op) == 2 && m.Op != "!=":
		return nil, errNoMatcher("its pattern is too long")
	}
	holds, err := labels.NewMatcher(kind, m.Name, m.Value)
	if err != nil {
		return nil, err
	}
	return &Matcher{m, holds}, nil
}

type errNoMatcher string

func (e errNoMatcher) Error() string { return string(e) }

// Labels is what is known of the labels of an alert. The zero value has none.
type Labels struct {
	// Known are the labels with their values; an empty value says that the alert
	// has no such label.
	Known map[string]string
	// OneOf lists the values of which a label has one, without it being known
	// which.
	OneOf map[string][]string
	// Open lists labels of which nothing is known; Rest is true where that holds
	// for every label that is not named here.
	Open map[string]bool
	Rest bool
}

// Given returns labels of which everything is known.
func Given(set map[string]string) Labels { return Labels{Known: set} }

// Value returns the value of a label, and whether it is known. A label that is
// not there is known to be empty.
func (l Labels) Value(name string) (value string, known bool) {
	if v, found := l.Known[name]; found {
		return v, true
	}
	if len(l.OneOf[name]) > 0 || l.Open[name] || l.Rest {
		return "", false
	}
	return "", true
}

// world is one way in which everything that is not known may be: choices are
// made where something asks, in the order in which it asks.
type world struct {
	labels Labels
	// plan are the choices to make, made counts those that were.
	plan []choice
	made int
	// values are labels whose value was chosen, said the matchers whose outcome
	// was.
	values map[string]string
	said   map[string][]verdict
	// assumed lists the choices as they are told.
	assumed []fact.LabelMatcher
	// guessed is true once one was made of which nothing is known.
	guessed bool
}

type choice struct{ at, of int }

type verdict struct {
	m     *Matcher
	holds bool
}

// each runs the work in every world that the labels leave open, up to a number of
// them, and reports whether these were all: each label that is not known and that
// a route asks for makes another.
func each(l Labels, most int, work func(*world)) bool {
	var plan []choice
	for range most {
		w := &world{labels: l, plan: plan, values: map[string]string{}, said: map[string][]verdict{}}
		work(w)
		plan = w.plan
		for len(plan) > 0 && plan[len(plan)-1].at+1 >= plan[len(plan)-1].of {
			plan = plan[:len(plan)-1]
		}
		if len(plan) == 0 {
			return true
		}
		plan[len(plan)-1].at++
	}
	return false
}

// choose makes the next choice among a number of ways.
func (w *world) choose(of int) int {
	if of < 2 {
		return 0
	}
	if w.made == len(w.plan) {
		w.plan = append(w.plan, choice{0, of})
	}
	w.made++
	return w.plan[w.made-1].at
}

// holds decides a matcher, by what is known or else by choice.
func (w *world) holds(m *Matcher) bool {
	value, known := w.labels.Value(m.Name)
	if !known {
		value, known = w.values[m.Name]
	}
	if known {
		return m.holds.Matches(value)
	}
	if some := w.labels.OneOf[m.Name]; len(some) > 0 {
		value = some[w.choose(len(some))]
		w.values[m.Name] = value
		w.assume(fact.LabelMatcher{Name: m.Name, Op: "=", Value: value}, true)
		return m.holds.Matches(value)
	}
	exact := m.Op == "=" || m.Op == "!="
	for _, v := range w.said[m.Name] {
		switch {
		case v.m.LabelMatcher == m.LabelMatcher:
			return v.holds
		case exact && v.m.holds.Matches(m.Value) != v.holds: // it cannot be that value
			return m.Op == "!="
		}
	}
	holds := w.choose(2) == 0
	w.guessed = true
	if m.Op == "=" && holds || m.Op == "!=" && !holds {
		w.values[m.Name] = m.Value
	}
	w.said[m.Name] = append(w.said[m.Name], verdict{m, holds})
	w.assume(m.LabelMatcher, holds)
	return holds
}

func (w *world) assume(m fact.LabelMatcher, holds bool) {
	if !holds {
		m.Op = opposite[m.Op]
	}
	w.assumed = append(w.assumed, m)
}

var opposite = map[string]string{"=": "!=", "!=": "=", "=~": "!~", "!~": "=~"}

// all reports whether all matchers hold.
func (w *world) all(list []*Matcher) bool {
	return !slices.ContainsFunc(list, func(m *Matcher) bool { return !w.holds(m) })
}

// With returns the labels with one of them known.
func (l Labels) With(name, value string) Labels {
	known := maps.Clone(l.Known)
	if known == nil {
		known = map[string]string{}
	}
	known[name] = value
	l.Known = known
	return l
}
