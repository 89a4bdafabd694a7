package routes

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/promql"
	"seaworthy.dev/seaworthy/internal/fact"
)

// external are labels that Prometheus adds to all its alerts by custom
// (external_labels): the documentation of Prometheus, of its operator, Thanos and
// Mimir. What they say is not known from the rule.
var external = []string{"cluster", "region", "environment", "env", "prometheus", "prometheus_replica", "replica", "datacenter", "dc", "zone", "tenant", "stage", "monitor"}

// OfAlert returns what is known of the labels that a rule's alerts have: its
// name, the labels written in the rule, and those that its condition leaves. A
// rule of an object in a namespace is taken to be about that namespace, as far as
// its condition leaves the label: operators give it to every series.
func OfAlert(a *fact.Alert) Labels {
	l := Labels{Known: map[string]string{}, OneOf: map[string][]string{}, Open: map[string]bool{}, Rest: !a.Closed}
	for _, name := range slices.Concat(external, a.Open) {
		l.Open[name] = true
	}
	for name, values := range a.Known {
		switch {
		case len(values) == 1 && values[0] == "" && slices.Contains(external, name):
		case len(values) == 1:
			l.Known[name] = values[0]
		default:
			l.OneOf[name] = values
		}
	}
	if ns := Namespace(a); ns != "" {
		if _, known := a.Raised("namespace"); !known {
			l.Known["namespace"] = ns
		}
	}
	l.Known["alertname"] = a.Name
	return l
}

// Namespace returns the namespace of the object that holds the rule; empty where
// there is none.
func Namespace(a *fact.Alert) string {
	_, name, _ := strings.Cut(a.Subject, " ")
	if ns, _, found := strings.Cut(name, "/"); found && strings.Contains(a.Subject, "/v") {
		return ns
	}
	return ""
}

// Always reports whether the rule's alert fires all the time, as that of a dead
// man's switch does.
func Always(a *fact.Alert) bool {
	q, err := promql.Parse(a.Expression)
	return err == nil && q.Outcome(0).Fires == promql.Always
}
