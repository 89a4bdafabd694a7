package routing

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/routes"
	"seaworthy.dev/seaworthy/internal/fact"
)

// quiet grades a page that reaches somebody by what may keep it quiet: something
// that fires all the time, something that wakes nobody itself, or something that it
// keeps quiet in turn.
func (j *judge) quiet(a *fact.Alert, l routes.Labels, t *routes.Tree, g grade) grade {
	for _, by := range t.Inhibitors(l, j.labels) {
		other := j.others[by.By]
		rule := fmt.Sprintf("the inhibition at %s", routes.Place(by.Rule.At))
		where := ""
		if len(by.Rule.Equal) > 0 {
			where = " where both have the same " + strings.Join(by.Rule.Equal, ", ")
		}
		ways, _ := pages(other, j.labels[by.By])
		switch {
		case routes.Always(other) && by.Sure:
			return grade{bad, "always-quiet", fmt.Sprintf("is kept quiet by %s, which fires all the time, by %s", other.Name, rule)}
		case other == a && len(ways) > 0:
			return grade{bad, "quiets-itself", fmt.Sprintf("is kept quiet by its own lesser form%s, by %s", where, rule)}
		case other == a || planned(other):
		case len(ways) == 0:
			return grade{bad, "kept-quiet", fmt.Sprintf("is kept quiet by %s, which wakes nobody,%s by %s", title(other), where, rule)}
		case j.mutual(a, t, by.By):
			return grade{bad, "quiet-each-other", fmt.Sprintf("and %s keep each other quiet where both fire, by %s: nobody hears of either", title(other), rule)}
		}
	}
	return g
}

// mutual reports whether an alert keeps quiet what keeps it quiet.
func (j *judge) mutual(a *fact.Alert, t *routes.Tree, number int) bool {
	return len(t.Inhibitors(j.labels[number], []routes.Labels{routes.OfAlert(a)})) > 0
}

// planned reports whether an alert by its name stands for work that is announced,
// during which pages are kept quiet on purpose.
func planned(a *fact.Alert) bool {
	name := strings.ToLower(a.Name)
	return slices.ContainsFunc([]string{"maintenance", "downtime", "silence", "deploying", "upgrade", "inhibit"}, func(word string) bool { return strings.Contains(name, word) })
}
