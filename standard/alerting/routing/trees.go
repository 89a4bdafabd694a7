package routing

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/routes"
	"seaworthy.dev/seaworthy/internal/derive/severity"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
)

// routed leaves out alerts that no Alertmanager gets: those that a cloud sends by
// itself.
func routed(list []*fact.Alert) (out []*fact.Alert) {
	for _, a := range list {
		if !sendsItself(a) {
			out = append(out, a)
		}
	}
	return out
}

// treesFor returns the trees of the set itself, or else those of all sets: there is
// often one Alertmanager for everything.
func treesFor(in expect.Input) []*routes.Tree {
	if own := routes.Trees(in.Here); len(own) > 0 {
		return own
	}
	return routes.Trees(in.All...)
}

// without says why no tree is known.
func without(in expect.Input, alerts int) string {
	whom := "whom they reach"
	if alerts == 1 {
		whom = "whom it reaches"
	}
	for _, set := range in.All {
		if hole, missing := set.Coverage.Missing(fact.Routings); missing {
			return fmt.Sprintf("%s is not known, for %s (%s)", whom, hole.Why, routes.Place(hole.Location))
		}
	}
	return "nothing here says " + whom
}

// firstTree returns the tree of the set where it is the first that has one and no
// set has alerts.
func firstTree(in expect.Input) *routes.Tree {
	own := routes.Trees(in.Here)
	if len(own) == 0 || slices.ContainsFunc(in.All, func(s *fact.Set) bool { return len(s.Alerts) > 0 }) ||
		!in.First(func(s *fact.Set) bool { return len(routes.Trees(s)) > 0 }) {
		return nil
	}
	return own[0]
}

// pages returns the ways in which the alert's severity may be one that wakes
// people: its labels narrowed to that. Sure is false where it may be a lesser one.
func pages(a *fact.Alert, l routes.Labels) (out []routes.Labels, sure bool) {
	name := severityLabel(a)
	value, known := l.Value(name)
	switch {
	case known && severity.Pages(value):
		return []routes.Labels{l}, true
	case known || name == "":
		return nil, true
	case len(l.OneOf[name]) == 0:
		return []routes.Labels{l}, false // it may be anything
	}
	for _, one := range l.OneOf[name] {
		if severity.Pages(one) {
			out = append(out, l.With(name, one))
		}
	}
	return out, true
}

// severityLabel is the label that says how bad it is; empty where the rule has
// none.
func severityLabel(a *fact.Alert) string {
	for _, want := range []string{"severity", "priority", "level"} {
		for name := range a.Labels {
			if strings.EqualFold(name, want) {
				return name
			}
		}
	}
	return ""
}
