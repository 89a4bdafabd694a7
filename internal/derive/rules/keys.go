package rules

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/decode"
)

// The keys of groups and of rules that Prometheus, Thanos, Mimir, Loki or vmalert
// know. What none of them knows is a mistake only where it is all but one of
// these: forks have keys of their own.
var (
	groupKeys = []string{
		"name", "interval", "rules", "labels", "limit", "query_offset", "partial_response_strategy", "source_tenants", "align_evaluation_time_on_interval",
		"evaluation_delay", "type", "concurrency", "params", "headers", "notifier_headers", "tenant", "eval_offset", "eval_delay", "eval_alignment", "extra_filter_labels", "debug",
	}
	ruleKeys = []string{"alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations", "debug", "update_entries_limit"}
)

// typos refuses keys that are all but one that is known.
func (r *reader) typos(node *decode.Node, known []string, of string) {
	for _, key := range decode.Keys(node) {
		name := decode.Text(key)
		if slices.Contains(known, name) || len(name) < 3 {
			continue
		}
		for _, near := range known {
			if len(near) > 3 && decode.Distance(name, near) <= 2 && decode.Child(node, near) == nil {
				r.refuse(key, "%s has the key %s, which Prometheus refuses; did you mean %s?", of, name, near)
				break
			}
		}
	}
}
