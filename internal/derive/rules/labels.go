package rules

import (
	"slices"
	"strings"
	"text/template/parse"

	ranked "seaworthy.dev/seaworthy/internal/derive/severity"
)

var severities = []string{"severity", "priority", "level"}

// severity returns the worst severity that labels can have.
func severity(known map[string][]string) string {
	for _, name := range severities {
		for label, values := range known {
			if plain(label) != name || len(values) == 0 {
				continue
			}
			if worst := ranked.Worst(values); worst != "" {
				return worst
			}
			return strings.ToLower(strings.TrimSpace(values[0]))
		}
	}
	return ""
}

// Runbook returns what an annotation or label says of the runbook: the names are
// those of the Prometheus mixins (runbook_url), OpenShift (sop_url) and their
// spellings.
func Runbook(maps ...map[string]string) string {
	for _, m := range maps {
		if v := First(m, "runbook_url", "runbook", "runbookurl", "runbook_link", "playbook_url", "playbook", "sop_url", "sop"); v != "" {
			return v
		}
	}
	return ""
}

// First returns the value of the first of the names that the map has, whatever
// the case of its keys and their separators.
func First(m map[string]string, names ...string) string {
	for _, name := range names {
		found := ""
		for key, value := range m {
			if plain(key) == name && (found == "" || value < found) {
				found = strings.TrimSpace(value)
			}
		}
		if found != "" {
			return found
		}
	}
	return ""
}

func plain(key string) string { return strings.ReplaceAll(strings.ToLower(key), "-", "_") }

// Values lists for each label the values that it can have, without those that
// only data tells.
func Values(labels map[string]string) map[string][]string {
	out := map[string][]string{}
	for name, text := range labels {
		if values, known := Possible(text); known {
			out[name] = values
		}
	}
	return out
}

// Possible lists what the text of a label can become: itself, or the texts
// between which its template chooses. known is false where data fills it in.
func Possible(text string) (values []string, known bool) {
	if !strings.Contains(text, "{{") {
		return []string{text}, true
	}
	if len(text) > 4096 {
		return nil, false
	}
	tree := parse.New("label")
	tree.Mode = parse.SkipFuncCheck
	const defined = "{{$labels := .}}{{$value := .}}{{$externalLabels := .}}{{$externalURL := .}}"
	if _, err := tree.Parse(defined+text, "", "", map[string]*parse.Tree{}); err != nil || tree.Root == nil {
		return nil, false
	}
	values, known = outcomes(tree.Root.Nodes)
	for i := range values {
		values[i] = strings.TrimSpace(values[i])
	}
	slices.Sort(values)
	return slices.Compact(values), known
}

// outcomes lists the texts that nodes of a template can become.
func outcomes(nodes []parse.Node) ([]string, bool) {
	out := []string{""}
	for _, n := range nodes {
		var parts []string
		switch in := n.(type) {
		case *parse.TextNode:
			parts = []string{string(in.Text)}
		case *parse.CommentNode:
			continue
		case *parse.ActionNode:
			if len(in.Pipe.Decl) > 0 {
				continue
			}
			if len(in.Pipe.Cmds) != 1 || len(in.Pipe.Cmds[0].Args) != 1 {
				return nil, false
			}
			s, ok := in.Pipe.Cmds[0].Args[0].(*parse.StringNode)
			if !ok {
				return nil, false
			}
			parts = []string{s.Text}
		case *parse.IfNode:
			yes, ok := outcomes(in.List.Nodes)
			if !ok {
				return nil, false
			}
			no := []string{""}
			if in.ElseList != nil {
				if no, ok = outcomes(in.ElseList.Nodes); !ok {
					return nil, false
				}
			}
			parts = slices.Concat(yes, no)
		default:
			return nil, false
		}
		var next []string
		for _, head := range out {
			for _, tail := range parts {
				next = append(next, head+tail)
			}
		}
		if out = next; len(out) > 32 {
			return nil, false
		}
	}
	return out, true
}
