// Package calico reads the expressions by which Calico's policies select:
// https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#selectors.
package calico

import (
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

var (
	all     = regexp.MustCompile(`^all\(\s*\)$`)
	has     = regexp.MustCompile(`^(!?)\s*has\(\s*([\w./-]+)\s*\)$`)
	compare = regexp.MustCompile(`^([\w./-]+)\s*(==|!=)\s*(?:'([^']*)'|"([^"]*)")$`)
	among   = regexp.MustCompile(`^([\w./-]+)\s+(not\s+in|in)\s*\{([^{}]*)\}$`)
	word    = regexp.MustCompile(`^\s*(?:'([^']*)'|"([^"]*)")\s*$`)
)

// Parse reads an expression that joins comparisons by &&; an empty one selects
// everything. False means that it uses more of the language than that, and the
// selector then selects nothing.
func Parse(expression string) (fact.Selector, bool) {
	var out fact.Selector
	for _, part := range conjuncts(expression) {
		if part == "" && strings.TrimSpace(expression) != "" {
			return fact.Selector{}, false
		}
		if !add(&out, part) {
			return fact.Selector{}, false
		}
	}
	out.Everything = len(out.Labels) == 0 && len(out.Terms) == 0
	return out, true
}

// add reads one comparison.
func add(out *fact.Selector, part string) bool {
	if part == "" || all.MatchString(part) {
		return true
	}
	if m := has.FindStringSubmatch(part); m != nil {
		operator := map[string]string{"": "Exists", "!": "DoesNotExist"}[m[1]]
		return term(out, m[2], operator)
	}
	if m := compare.FindStringSubmatch(part); m != nil {
		// Calico's != holds for a label that is missing, as NotIn does.
		operator := map[string]string{"==": "In", "!=": "NotIn"}[m[2]]
		return term(out, m[1], operator, m[3]+m[4])
	}
	if m := among.FindStringSubmatch(part); m != nil {
		var values []string
		for _, item := range strings.Split(m[3], ",") {
			w := word.FindStringSubmatch(item)
			if w == nil {
				return false
			}
			values = append(values, w[1]+w[2])
		}
		operator := "In"
		if m[2] != "in" {
			operator = "NotIn"
		}
		return term(out, m[1], operator, values...)
	}
	return false
}

// term adds a condition on a label of pods or namespaces. Calico's own labels
// of endpoints are not those of the pod, except that every pod of Kubernetes
// has its orchestrator.
func term(out *fact.Selector, key, operator string, values ...string) bool {
	switch key {
	case "projectcalico.org/orchestrator":
		return operator == "In" && len(values) == 1 && values[0] == "k8s" || operator == "Exists"
	case "projectcalico.org/namespace", "projectcalico.org/serviceaccount":
		return false
	}
	if _, said := out.Labels[key]; operator == "In" && len(values) == 1 && !said {
		if out.Labels == nil {
			out.Labels = map[string]string{}
		}
		out.Labels[key] = values[0]
		return true
	}
	out.Terms = append(out.Terms, fact.Term{Key: key, Operator: operator, Values: values})
	return true
}

// conjuncts splits at && outside of quotes.
func conjuncts(expression string) []string {
	var parts []string
	quote, start := byte(0), 0
	for i := 0; i < len(expression); i++ {
		switch c := expression[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '&' && i+1 < len(expression) && expression[i+1] == '&':
			parts = append(parts, strings.TrimSpace(expression[start:i]))
			i++
			start = i + 1
		}
	}
	return append(parts, strings.TrimSpace(expression[start:]))
}
