package dashboards

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/dashboards"
	"seaworthy.dev/seaworthy/internal/derive/signals"
	"seaworthy.dev/seaworthy/internal/fact"
)

// answers are what dashboards show together, each with the panel that does; empty
// where none does.
type answers struct {
	requests, errors, latency, changes, where string
	// opaque says why there may be more than was understood.
	opaque string
}

func answersOf(list []*fact.Dashboard) (a answers) {
	take := func(into *string, text string) {
		if *into == "" {
			*into = text
		}
	}
	for _, d := range list {
		for _, m := range d.Marks {
			if dashboards.Marked(m) {
				take(&a.changes, fmt.Sprintf("annotation %q", m.Name))
			}
		}
		for _, p := range d.Panels {
			name := fmt.Sprintf("%q", title(p))
			for _, s := range a.shown(p) {
				switch s {
				case signals.Requests:
					take(&a.requests, name)
				case signals.Errors:
					take(&a.errors, name)
				case signals.Latency:
					take(&a.latency, name)
				}
			}
			if a.changes == "" && dashboards.Changed(p) {
				take(&a.changes, "panel "+name)
			}
			if a.where == "" {
				if by := dashboards.Where(p, d); by != "" {
					a.where = name + " by " + by
				}
			}
			if p.Library != "" {
				take(&a.opaque, fmt.Sprintf("panel %s is the shared panel %q, which stands in Grafana alone", name, p.Library))
			}
			if i := slices.IndexFunc(p.Queries, func(q *fact.PanelQuery) bool { return !q.Parsed && q.Mistake == "" }); i >= 0 {
				take(&a.opaque, fmt.Sprintf("what panel %s asks (%s) was not understood", name, language(p.Queries[i])))
			}
		}
		if d.Partly != "" {
			take(&a.opaque, d.Title+" was not read whole: "+d.Partly)
		}
	}
	return a
}

// shown returns the signals of a panel, as long as some are missing.
func (a answers) shown(p *fact.Panel) []signals.Signal {
	if a.requests != "" && a.errors != "" && a.latency != "" {
		return nil
	}
	return dashboards.Shows(p)
}

// missing lists what of the service's health is not shown.
func (a answers) missing() (out []string) {
	for _, one := range []struct{ seen, name string }{{a.requests, "the request rate"}, {a.errors, "errors"}, {a.latency, "latency"}} {
		if one.seen == "" {
			out = append(out, one.name)
		}
	}
	return out
}

// unmarked says what annotations there are instead of those that mark changes.
func (a answers) unmarked(list []*fact.Dashboard) string {
	var others []string
	for _, d := range list {
		for _, m := range d.Marks {
			if !m.Own {
				others = append(others, fmt.Sprintf("%q", m.Name))
			}
		}
	}
	switch len(others) {
	case 0:
		return "it has no annotation of its own"
	case 1:
		return "its annotation " + others[0] + " marks none"
	}
	return "its annotations " + strings.Join(others[:min(3, len(others))], ", ") + " mark none"
}

func title(p *fact.Panel) string {
	if p.Title == "" {
		return strings.TrimPrefix(p.Part[strings.LastIndex(p.Part, "panel ")+1:], "anel ")
	}
	return p.Title
}

// list names a few dashboards.
func list(all []*fact.Dashboard) string {
	var names []string
	for _, d := range all {
		if !slices.Contains(names, d.Title) {
			names = append(names, d.Title)
		}
	}
	switch n := len(names); {
	case n == 1:
		return names[0]
	case n > 3:
		return fmt.Sprintf("%s, %s and %d more", names[0], names[1], n-2)
	default:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}

func are(all []*fact.Dashboard) string {
	if len(all) == 1 {
		return "is"
	}
	return "are"
}

// layersOf names layers in words.
func layersOf(list []string) string {
	words := map[string]string{"nodes": "nodes", "cluster": "the cluster", "ingress": "ingress", "database": "data stores"}
	var out []string
	for _, l := range []string{"nodes", "cluster", "ingress", "database"} {
		if slices.Contains(list, l) {
			out = append(out, words[l])
		}
	}
	return join(out, "and")
}

// join lists words.
func join(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + last + " " + words[len(words)-1]
}

// language names that of a question.
func language(q *fact.PanelQuery) string {
	switch q.Language {
	case "promql":
		return "PromQL"
	case "metricsql":
		return "MetricsQL"
	case "logql":
		return "LogQL"
	case "sql":
		return "SQL"
	case "":
		return "in a language that nothing tells"
	}
	return q.Language
}
