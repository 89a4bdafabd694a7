package objective

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Pyrra reads a ServiceLevelObjective of pyrra.dev/v1alpha1. Its metrics choose
// counters, which Pyrra turns into sums of increases
// (https://github.com/pyrra-dev/pyrra, kubernetes/api/v1alpha1).
func Pyrra(o Object) (fact.Set, []fact.Problem) {
	r := &reader{ref: o.Ref, at: o.At}
	spec := decode.Child(o.Node, "spec")
	name := decode.Text(decode.Dig(o.Node, "metadata", "name"))
	out := &fact.Objective{Ref: o.Ref, Name: name, Format: "pyrra", Window: decode.Text(decode.Child(spec, "window"))}
	out.Service = decode.Text(decode.Dig(o.Node, "metadata", "labels", "pyrra.dev/service"))
	out.Target = r.percent(decode.Child(spec, "target"), "the target of "+name)
	if decode.Child(spec, "target") == nil {
		r.refuse(spec, "%s has no target, so Pyrra refuses it; write one in percent, such as \"99.9\"", name)
	}
	in := decode.Child(spec, "indicator")
	metric := func(path ...any) *fact.IndicatorQuery { return r.promQuery(decode.Dig(in, append(path, "metric")...)) }
	switch i := (&fact.Indicator{Ref: r.part(in, "indicator"), Bare: true}); {
	case decode.Child(in, "ratio") != nil:
		i.Bad, i.Total = metric("ratio", "errors"), metric("ratio", "total")
		out.Indicator = i
	case decode.Child(in, "latency") != nil:
		i.Good, i.Total = metric("latency", "success"), metric("latency", "total")
		out.Indicator = i
	case decode.Child(in, "latencyNative") != nil:
		i.Total = metric("latencyNative", "total")
		i.Plugin = "latencyNative" // Pyrra counts the fast ones among the total itself
		out.Indicator = i
	case decode.Child(in, "bool_gauge") != nil:
		i.Total, i.Gauge = metric("bool_gauge"), true
		out.Indicator = i
	}
	out.Generator = r.pyrraAlerts(decode.Child(spec, "alerting"))
	r.out.Objectives = []*fact.Objective{out}
	return r.out, r.problems
}

// pyrraAlerts reads whether Pyrra makes alerts: four burn rates, of which the fast
// two have the severity critical and the slow two warning.
func (r *reader) pyrraAlerts(n *decode.Node) *fact.RuleGenerator {
	out := &fact.RuleGenerator{Name: "Pyrra", Pages: true, Tickets: true, PageSeverity: "critical", TicketSeverity: "warning"}
	for key, off := range map[string]string{"disabled": "true", "burnrates": "false"} {
		if c := decode.Child(n, key); c != nil && strings.EqualFold(decode.Text(c), off) {
			out.Pages, out.Tickets, out.At = false, false, r.at(c)
		}
	}
	return out
}
