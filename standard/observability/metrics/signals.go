package metrics

import (
	"fmt"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/dashboards"
	"seaworthy.dev/seaworthy/internal/derive/discovered"
	"seaworthy.dev/seaworthy/internal/derive/signals"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// use is what uses signals in a service.
type use struct {
	// by names for each signal an alert or a panel that uses it.
	by map[signals.Signal]string
	// alerts and boards count those that are the service's.
	alerts, boards int
	// opaque says why there may be more than was understood; empty where all was.
	opaque string
}

// used collects what the service's alerts and its dashboards use.
func used(in expect.Input) use {
	u := use{by: map[signals.Signal]string{}}
	take := func(expression string, metrics []string, by string, compared bool) {
		if len(u.by) == len(signals.All()) {
			return
		}
		seen := signals.Of(strings.Join(append([]string{expression}, clouds(metrics)...), " "))
		if compared && slices.Contains(seen, signals.Errors) { // those that fail among all
			seen = slices.DeleteFunc(seen, func(s signals.Signal) bool { return s == signals.Requests })
		}
		if slices.ContainsFunc(metrics, signals.Counts) {
			seen = append(seen, signals.Business)
		}
		for _, s := range seen {
			if u.by[s] == "" {
				u.by[s] = by
			}
		}
	}
	lost := func(format string, args ...any) {
		if u.opaque == "" {
			u.opaque = fmt.Sprintf(format, args...)
		}
	}
	names := dashboards.NamesOf(in.Service.Name, in.All)
	for _, set := range in.All {
		for _, a := range set.Alerts {
			u.alerts++
			take(a.Expression, a.Metrics, "alert "+a.Name, true)
			if !a.Parsed {
				lost("the condition of alert %s was not understood", a.Name)
			}
		}
		for _, d := range set.Dashboards {
			about := names.AboutOf(d)
			if !about.Service {
				if len(about.Layers) == 0 {
					lost("%s names no service and may be this one's", d.Title)
				}
				continue
			}
			u.boards++
			for _, p := range d.Panels {
				for _, q := range p.Queries {
					if q.Parsed {
						take(q.Expression, q.Metrics, fmt.Sprintf("panel %q of %s", p.Title, d.Title), false)
					} else if q.Mistake == "" {
						lost("what panel %q of %s asks was not understood", p.Title, d.Title)
					}
				}
				if p.Library != "" {
					lost("panel %q of %s stands in Grafana alone", p.Title, d.Title)
				}
			}
		}
		if h, missing := set.Coverage.Missing(fact.Alerts, fact.Dashboards); missing && set.ProductionLike {
			lost("%s", h.Why)
		}
	}
	return u
}

// clouds returns the metrics that a cloud names, which stand in no expression.
func clouds(metrics []string) (out []string) {
	for _, m := range metrics {
		if strings.Contains(m, "/") {
			out = append(out, m)
		}
	}
	return out
}

// judgeSignals says which of the six signals are used. One that is not is missing
// where both the service's alerts and its dashboards are here and were understood;
// whether a service queues, and what its business counts, only its people know.
func judgeSignals(out *verdict.Findings, in expect.Input, first *fact.Workload) {
	u := used(in)
	ref := first.Ref.Within("signals")
	if len(u.by) == 0 && u.boards == 0 && first.Platform.Cloud() && u.alerts == 0 {
		out.Unclear(ref, "signals-open", "no alert rule or dashboard that was read uses any of the six signals; what the cloud shows by itself was not weighed")
		return
	}
	var by, missing, open []string
	for _, s := range signals.All() {
		switch n := in.Declared.NoneOf(s.Key()); {
		case u.by[s] != "":
			by = append(by, fmt.Sprintf("%s (%s)", s, u.by[s]))
		case n != nil && expect.NoneFlaw(n, in.Tier, in.AsOf) == "":
			by = append(by, fmt.Sprintf("%s (none, says %s: %s)", s, n.By, n.Reason))
		case s == signals.Business, s == signals.Backlog && !queues(in), u.alerts == 0, u.boards == 0, u.opaque != "":
			open = append(open, string(s))
		default:
			missing = append(missing, string(s))
		}
	}
	switch {
	case len(missing) > 0:
		out.Fail(ref, "signal-unused", "no alert here and no dashboard of %s uses %s", in.Service.Name, join(missing, "or"))
	case len(open) == 0:
		out.Pass(ref, "signals", "each signal is used: %s", strings.Join(by, ", "))
	}
	if len(open) == 0 {
		return
	}
	says := "nothing that was read uses " + join(open, "or")
	switch {
	case len(by) == 0 && u.alerts+u.boards == 0:
		says = "no alert rule and no dashboard is here that uses any of the six signals"
	case len(by) > 0:
		says = "used are " + strings.Join(by, ", ") + "; " + says
	}
	switch {
	case u.opaque != "":
		says += ", but " + u.opaque
	case u.boards == 0 && u.alerts > 0:
		says += "; dashboards may stand elsewhere"
	case u.alerts == 0 && u.boards > 0:
		says += "; alert rules may stand elsewhere"
	}
	out.Unclear(ref, "signals-open", "%s", says)
}

// queues reports whether the service works with a broker that was found or declared.
func queues(in expect.Input) bool {
	broker := func(kind string) bool {
		return slices.Contains([]string{"rabbitmq", "kafka", "nats", "pulsar", "activemq", "sqs", "pubsub", "servicebus", "eventhub", "kinesis"}, strings.ToLower(kind))
	}
	for _, s := range discovered.Stores(in.All) {
		if broker(s.Kind) {
			return true
		}
	}
	return in.Declared != nil && slices.ContainsFunc(in.Declared.Stores, func(s *fact.DeclaredStore) bool { return broker(s.Kind) })
}

func join(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + last + " " + words[len(words)-1]
}
