// Package remediation checks that automation which repairs known failures is bounded,
// and that somebody hears when it fails.
package remediation

import (
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a repair that is limited and on whose failing an alert is here. Where
// nothing repairs, no failure may repeat, or it runs elsewhere.
func Check(in expect.Input) (out verdict.Findings) {
	for _, m := range in.Here.Remedies {
		judge(&out, in, m)
	}
	for _, s := range in.All {
		if len(s.Remedies) > 0 {
			return out
		}
	}
	for _, s := range in.All {
		if len(s.Workloads) > 0 {
			if s == in.Here && in.Declared.NoneOf("alerting/remediation") == nil {
				out.Unclear(s.Workloads[0].Ref.Within("repairs"), "no-repair", "nothing here repairs a failure of %s that is known and repeats; whether one does repeat cannot be told from files", in.Service.Name)
			}
			return out
		}
	}
	return out
}

func judge(out *verdict.Findings, in expect.Input, m *fact.Remedy) {
	watcher, rules, open := watching(in, m)
	title := m.Ref.Title(m.Name)
	bounded := true
	switch {
	case !m.Limited.Known:
		bounded = false
		out.Unclear(m.Ref.Within("limit"), "limit-unknown", "whether something bounds how often %s acts is not known: %s", title, m.Limited.Why)
	case !m.Limited.Yes:
		bounded = false
		out.Fail(m.Ref.Within("limit"), "unlimited", "nothing bounds how often %s acts (%s: %s)", title, m.Trigger, m.Action)
	}
	switch {
	case watcher != nil && bounded:
		out.Pass(m.Ref, "watched", "%s repairs (%s: %s), and %s tells when it fails", title, m.Trigger, m.Action, watcher.Name)
	case watcher != nil:
	case rules == 0:
		out.Unclear(m.Ref, "no-rules", "%s repairs (%s: %s), and no alert rule is here that could tell when it fails", title, m.Trigger, m.Action)
	case open:
		out.Unclear(m.Ref, "may-watch", "whether an alert tells when %s fails is not known, for some are not understood", title)
	default:
		out.Lacks(m.Ref, []fact.Kind{fact.Alerts}, "unwatched", "when %s fails (%s: %s), none of the %d alerts here tells anybody", title, m.Trigger, m.Action, rules)
	}
}

// speaks is how the name of an alert says that it is about repairs.
var speaks = regexp.MustCompile(`(?i)(?:remediat|auto-?heal|self-?heal|repair|automation)\w*[-_ ]?(?:fail|error|throttl|stuck|exhaust)|(?:fail|error)\w*[-_ ]?(?:remediat|auto-?heal|self-?heal|repair|automation)`)

// watching returns an alert that tells when a repair fails: by the metrics of its
// engine, or by its own name and a metric that says the same.
func watching(in expect.Input, m *fact.Remedy) (watcher *fact.Alert, rules int, open bool) {
	for _, s := range in.All {
		for _, a := range s.Alerts {
			rules++
			open = open || !a.Parsed
			for _, metric := range a.Metrics {
				for _, failing := range m.Failing {
					if strings.HasPrefix(metric, failing) && a.Name != m.Name {
						return a, rules, false
					}
				}
				if speaks.MatchString(a.Name) && speaks.MatchString(metric) {
					return a, rules, false
				}
			}
		}
	}
	return nil, rules, open
}
