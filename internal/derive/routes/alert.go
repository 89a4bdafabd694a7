package routes

import (
	"maps"
	"slices"
	"strings"
	"text/template/parse"

	"seaworthy.dev/seaworthy/internal/derive/promql"
	"seaworthy.dev/seaworthy/internal/fact"
)

// external are labels that Prometheus adds to all its alerts by custom
// (external_labels): the documentation of Prometheus, of its operator, Thanos and
// Mimir. What they say is not known from the rule.
var external = []string{"cluster", "region", "environment", "env", "prometheus", "prometheus_replica", "replica", "datacenter", "dc", "zone", "tenant", "stage", "monitor"}

// OfAlert returns what is known of the labels that a rule's alerts have: its
// name, the labels written in the rule, and those that its expression leaves. A
// rule of an object in a namespace is taken to be about that namespace, as far as
// its expression leaves the label: operators give it to every series.
func OfAlert(a *fact.Alert) Labels {
	l := Labels{Known: map[string]string{}, OneOf: map[string][]string{}, Open: map[string]bool{}}
	for _, name := range external {
		l.Open[name] = true
	}
	y := promql.Yields{Rest: true}
	if q, err := promql.Parse(a.Expression); err == nil {
		y = q.Yields()
	}
	l.Rest = y.Rest
	maps.Copy(l.Open, y.Open)
	for name := range y.Never {
		if !slices.Contains(external, name) {
			l.Known[name] = ""
		}
	}
	maps.Copy(l.Known, y.Pinned)
	if ns := Namespace(a); ns != "" && l.Known["namespace"] == "" && y.May("namespace") {
		l.Known["namespace"] = ns
	}
	for name, value := range a.Labels {
		delete(l.Known, name)
		delete(l.Open, name)
		switch some := candidates(value); {
		case !strings.Contains(value, "{{"):
			l.Known[name] = value
		case len(some) == 1:
			l.Known[name] = some[0]
		case len(some) > 1:
			l.OneOf[name] = some
		default:
			l.Open[name] = true
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
// man's switch does: its expression reads no series.
func Always(a *fact.Alert) bool {
	q, err := promql.Parse(a.Expression)
	if err != nil {
		return false
	}
	text := strings.Join(strings.Fields(q.Text), "")
	return text == "vector(1)" || text == "absent(nonexistent)" || len(q.Selectors()) == 0 && strings.HasPrefix(text, "vector(")
}

// candidates lists the texts that a template can yield, where it yields nothing
// but what is written in it: {{ if gt $value 5.0 }}page{{ else }}ticket{{ end }}.
// It returns nothing for any other template.
func candidates(text string) []string {
	if len(text) > 4096 {
		return nil
	}
	t := parse.New("label")
	t.Mode = parse.SkipFuncCheck
	// Prometheus declares these before every template.
	tree, err := t.Parse(`{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}`+text, "", "", map[string]*parse.Tree{})
	if err != nil {
		return nil
	}
	out, ok := written(tree.Root)
	if !ok {
		return nil
	}
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// written lists what a list of nodes can yield.
func written(list *parse.ListNode) ([]string, bool) {
	out := []string{""}
	if list == nil {
		return out, true
	}
	for _, node := range list.Nodes {
		var some []string
		switch n := node.(type) {
		case *parse.TextNode:
			some = []string{string(n.Text)}
		case *parse.CommentNode:
			continue
		case *parse.ActionNode:
			if len(n.Pipe.Decl) == 0 {
				return nil, false
			}
			continue
		case *parse.IfNode:
			yes, ok := written(n.List)
			no, ok2 := written(n.ElseList)
			if !ok || !ok2 {
				return nil, false
			}
			some = append(yes, no...)
		default:
			return nil, false
		}
		var next []string
		for _, before := range out {
			for _, s := range some {
				next = append(next, before+s)
			}
		}
		if out = next; len(out) > 16 {
			return nil, false
		}
	}
	return out, true
}
