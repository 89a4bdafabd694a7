package dashboards

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// isWidgets reports whether a mapping is a dashboard of CloudWatch.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
func isWidgets(n *decode.Node) bool {
	return slices.ContainsFunc(decode.Items(decode.Child(n, "widgets")), func(w *decode.Node) bool {
		switch decode.Text(decode.Child(w, "type")) {
		case "metric", "log", "alarm", "explorer", "text", "metrics":
			return decode.Child(w, "properties") != nil
		}
		return false
	})
}

// widgets reads a dashboard of CloudWatch. Its name stands around it.
func (r *reader) widgets(n *decode.Node) {
	r.out.Ref = r.Ref.At(r.At(n))
	for _, v := range decode.Items(decode.Child(n, "variables")) {
		r.out.Variables = append(r.out.Variables, &fact.Variable{Name: decode.Text(decode.Child(v, "id")), Type: "query", Query: decode.Text(decode.Child(v, "search"))})
	}
	row := ""
	for i, w := range decode.Items(decode.Child(n, "widgets")) {
		w = decode.Follow(w)
		kind, properties := decode.Text(decode.Child(w, "type")), decode.Child(w, "properties")
		if kind == "text" {
			text := decode.Text(decode.Child(properties, "markdown"))
			if first, _, _ := strings.Cut(strings.TrimLeft(text, "# \n"), "\n"); first != "" {
				row = first
			}
			r.add(&fact.Panel{Ref: r.out.Ref.At(r.At(w)).Within(fmt.Sprintf("widget %d", i+1)), Title: row, Type: kind, Silent: true, Links: within(text)})
			continue
		}
		p := r.panel(properties, kind, row)
		p.Ref = p.Ref.At(r.At(w))
		p.Silent = kind == "alarm" || kind == "custom"
		if query := decode.Child(properties, "query"); query != nil {
			p.Queries = append(p.Queries, &fact.PanelQuery{Language: "logs-insights", Expression: decode.Text(query), At: r.At(query)})
		}
		r.series(p, decode.Child(properties, "metrics"))
		for _, a := range decode.Items(decode.Dig(properties, "annotations", "vertical")) {
			if label := decode.Text(decode.Child(a, "label")); label != "" {
				m := &fact.Mark{Ref: r.out.Ref.At(r.At(a)).Within("annotation " + label), Name: label, Tags: []string{label}}
				r.out.Marks = append(r.out.Marks, m)
			}
		}
		r.add(p)
	}
}

// series reads the lists [namespace, metric, dimension, value, ..., options], in
// which dots repeat what stands above.
func (r *reader) series(p *fact.Panel, list *decode.Node) {
	var last []string
	for _, item := range decode.Items(list) {
		var words []string
		var options *decode.Node
		for _, part := range decode.Items(item) {
			if decode.IsMapping(decode.Follow(part)) {
				options = decode.Follow(part)
				continue
			}
			words = append(words, decode.Text(part))
		}
		q := &fact.PanelQuery{Language: CloudWatch, At: r.At(item), Hidden: decode.Text(decode.Child(options, "visible")) == "false"}
		if expression := decode.Text(decode.Child(options, "expression")); expression != "" {
			q.Expression, q.Parsed = expression, !strings.Contains(expression, "SEARCH(") && !strings.Contains(expression, "SELECT ")
			p.Queries = append(p.Queries, q)
			continue
		}
		for i, w := range words {
			switch {
			case w == "..." && len(last) > len(words):
				words = append(slices.Clone(last[:len(last)-len(words)+1]), words[i+1:]...)
			case w == "." && i < len(last):
				words[i] = last[i]
			}
			if w == "..." {
				break
			}
		}
		last = words
		if len(words) < 2 || words[0] == "" || words[1] == "" {
			q.Open = "only applying tells which metric it is"
			p.Queries = append(p.Queries, q)
			continue
		}
		q.Expression = words[0] + "/" + words[1]
		q.Parsed, q.Metrics = true, []string{q.Expression}
		reading := fact.Reading{Metric: q.Expression, Labels: map[string]string{}}
		for i := 2; i+1 < len(words); i += 2 {
			reading.Labels[words[i]] = words[i+1]
		}
		q.Reads = []fact.Reading{reading}
		if q.Expression += " " + decode.Text(decode.Child(options, "stat")); strings.HasSuffix(q.Expression, " ") {
			q.Expression = strings.TrimSpace(q.Expression)
		}
		p.Queries = append(p.Queries, q)
	}
}
