package logs

import (
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"

	"seaworthy.dev/seaworthy/internal/fact"
)

// selected turns a selector of Kubernetes' written as text into rules on the
// field; ok is false where it is none.
func selected(text, field string, at fact.Location) (rules []fact.LogRule, ok bool) {
	parsed, err := labels.Parse(text)
	if err != nil {
		return nil, false
	}
	list, _ := parsed.Requirements()
	for _, r := range list {
		rule := fact.LogRule{Keep: true, Of: []fact.LogField{{Of: field, Key: r.Key()}}, Text: "it selects " + text, At: at}
		if field == "namespace" {
			rule.Of[0].Key = ""
		}
		for _, v := range r.Values().List() {
			rule.Match = append(rule.Match, fact.Pattern{Text: v})
		}
		switch r.Operator() {
		case selection.NotIn, selection.NotEquals:
			rule.Keep = false
		case selection.Exists, selection.DoesNotExist:
			rule.Of[0].Of, rule.Match = "has-"+field, []fact.Pattern{{Text: "true"}}
			rule.Keep = r.Operator() == selection.Exists
		case selection.GreaterThan, selection.LessThan:
			return nil, false
		}
		rules = append(rules, rule)
	}
	return rules, true
}
