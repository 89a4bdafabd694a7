// Package routing checks that each alert reaches the team that is responsible for
// it, at any hour.
package routing

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/routes"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check sends each alert through the trees of routes at 03:00 on a Sunday and in
// office hours. An alert that wakes people passes where somebody is woken both
// times, and nobody else than its owner's team; any other passes where somebody
// hears of it.
func Check(in expect.Input) (out verdict.Findings) {
	clouds(&out, in)
	alerts := routed(in.Here.Alerts)
	if len(alerts) == 0 {
		if first := firstTree(in); first != nil {
			out.Unclear(first.Ref, "no-alerts", "the routes of %s were read, but no alert rules that go through them", first.Title)
		}
		return out
	}
	trees := treesFor(in)
	if len(trees) == 0 {
		out.Unclear(alerts[0].Ref, "no-tree", "%s, and %s", count(len(alerts), "alert rule was found", "alert rules were found"), without(in, len(alerts)))
		return out
	}
	j := &judge{in: in, out: &out, teams: teams(in, trees), moments: []routes.Moment{routes.Night(in.AsOf), routes.Office(in.AsOf)}}
	for _, set := range in.All {
		j.others = append(j.others, routed(set.Alerts)...)
	}
	for _, a := range j.others {
		j.labels = append(j.labels, routes.OfAlert(a))
	}
	for _, a := range alerts {
		j.alert(a, trees)
	}
	return out
}

// judge is the judging of one set's alerts.
type judge struct {
	in      expect.Input
	out     *verdict.Findings
	teams   []string
	moments []routes.Moment
	// others are all alerts that may keep one quiet, with their labels.
	others []*fact.Alert
	labels []routes.Labels
}

// alert judges one alert by the trees that may get it: where they disagree, it
// depends on where the rule is loaded.
func (j *judge) alert(a *fact.Alert, trees []*routes.Tree) {
	l := routes.OfAlert(a)
	var grades []grade
	for _, t := range trees {
		if t.Unseen && t.Namespace != "" && !may(l, t.Namespace) {
			continue
		}
		g := j.inTree(a, l, t)
		if len(trees) > 1 {
			g.says += ", as " + t.Title + " has it"
		}
		grades = append(grades, g)
	}
	if len(grades) == 0 {
		j.out.Unclear(a.Ref, "not-its-namespace", "%s %s", a.Name, elsewhere(l, trees))
		return
	}
	worst := slices.MaxFunc(grades, func(g, h grade) int { return int(g.state) - int(h.state) })
	if worst.state == bad && slices.ContainsFunc(grades, func(g grade) bool { return g.state == good }) {
		worst.state, worst.rule = open, "trees-differ"
		worst.says += "; by another tree it wakes somebody"
	}
	switch worst.state {
	case good:
		j.out.Pass(a.Ref, worst.rule, "%s %s", title(a), worst.says)
	case noted:
		j.out.Note(a.Ref, worst.rule, "%s %s", title(a), worst.says)
	case open:
		j.out.Unclear(a.Ref, worst.rule, "%s %s", title(a), worst.says)
	case bad:
		j.out.Fail(a.Ref, worst.rule, "%s %s", title(a), worst.says)
	}
}

// elsewhere says why an alert goes through none of the trees.
func elsewhere(l routes.Labels, trees []*routes.Tree) string {
	t := trees[0]
	if ns, known := l.Value("namespace"); known && ns != "" {
		return fmt.Sprintf("is of namespace %s, and %s takes only alerts of namespace %s", ns, t.Title, t.Namespace)
	}
	return fmt.Sprintf("has no label namespace, for its expression leaves none, and %s takes only alerts with namespace=%q unless its Alertmanager says otherwise", t.Title, t.Namespace)
}

// may reports whether an alert can be of a namespace.
func may(l routes.Labels, ns string) bool {
	value, known := l.Value("namespace")
	return !known || value == ns
}

func title(a *fact.Alert) string {
	if s := a.Severity; s != "" && !strings.Contains(s, "{{") {
		return fmt.Sprintf("%s (%s)", a.Name, s)
	}
	return a.Name
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
