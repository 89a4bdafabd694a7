package objective

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// slothWindow is the window over which Sloth counts unless it is told otherwise
// (--default-slo-period; https://sloth.dev/usage/cli/).
const slothWindow = "30d"

// isSloth reports whether a mapping is a specification of Sloth's own
// (https://sloth.dev/specs/default/).
func isSloth(n *decode.Node) bool {
	return decode.Text(decode.Child(n, "version")) == "prometheus/v1" && decode.Child(n, "slos") != nil
}

// Sloth reads a PrometheusServiceLevel (https://sloth.dev/specs/kubernetes/).
func Sloth(o Object) (fact.Set, []fact.Problem) {
	r := &reader{ref: o.Ref, at: o.At}
	r.sloth(decode.Child(o.Node, "spec"))
	return r.out, r.problems
}

// sloth reads what both forms hold. Sloth's own files write keys with underscores,
// its objects in camel case; both are taken, as people mix them up, and so does
// Sloth's documentation.
func (r *reader) sloth(spec *decode.Node) {
	service := decode.Text(decode.Child(spec, "service"))
	list := decode.Child(spec, "slos")
	if list != nil && !decode.IsNull(list) && decode.Shape(list) != "a list" {
		r.refuse(list, "slos is %s but must be a list", decode.Shape(list))
		return
	}
	for i, n := range decode.Items(list) {
		n = decode.Follow(n)
		name := decode.Text(decode.Child(n, "name"))
		if i >= maxObjectives || !decode.IsMapping(n) {
			continue
		}
		o := &fact.Objective{Ref: r.part(n, "objective "+name), Name: name, Service: service, Format: "sloth", Window: slothWindow}
		o.Target = r.percent(decode.Child(n, "objective"), "the objective of "+name)
		if decode.Child(n, "objective") == nil {
			r.refuse(n, "%s has no objective, so Sloth refuses it; write one in percent, such as 99.9", name)
		}
		o.Indicator = r.slothIndicator(decode.Child(n, "sli"), name)
		o.Generator = r.slothAlerts(decode.Child(n, "alerting"))
		r.out.Objectives = append(r.out.Objectives, o)
	}
}

// either returns the child that one of two spellings names.
func either(n *decode.Node, snake, camel string) *decode.Node {
	if c := decode.Child(n, snake); c != nil {
		return c
	}
	return decode.Child(n, camel)
}

func (r *reader) slothIndicator(n *decode.Node, name string) *fact.Indicator {
	if n == nil || decode.IsNull(n) {
		return nil
	}
	out := &fact.Indicator{Ref: r.part(n, "indicator of "+name), Windowed: true}
	events := decode.Child(n, "events")
	out.Bad = r.promQuery(either(events, "error_query", "errorQuery"))
	out.Total = r.promQuery(either(events, "total_query", "totalQuery"))
	if share := r.promQuery(either(decode.Child(n, "raw"), "error_ratio_query", "errorRatioQuery")); share != nil {
		out.Share, out.Failures = share, true
	}
	out.Plugin = decode.Text(decode.Dig(n, "plugin", "id"))
	return out
}

// promQuery returns a query in PromQL; nil where none is written.
func (r *reader) promQuery(n *decode.Node) *fact.IndicatorQuery {
	text := strings.TrimSpace(decode.Text(n))
	if text == "" {
		return nil
	}
	return &fact.IndicatorQuery{Location: r.at(n), Text: text, Language: "promql"}
}

// slothAlerts reads which alerts Sloth makes: both, unless one is turned off.
func (r *reader) slothAlerts(n *decode.Node) *fact.RuleGenerator {
	out := &fact.RuleGenerator{Name: "Sloth", Pages: true, Tickets: true}
	page, ticket := either(n, "page_alert", "pageAlert"), either(n, "ticket_alert", "ticketAlert")
	off := func(n *decode.Node) bool {
		d := decode.Child(n, "disable")
		yes := d != nil && strings.EqualFold(decode.Text(d), "true")
		if yes && out.At.Line == 0 {
			out.At = r.at(d)
		}
		return yes
	}
	out.Pages, out.Tickets = !off(page), !off(ticket)
	out.PageSeverity = decode.Text(decode.Dig(page, "labels", "severity"))
	out.TicketSeverity = decode.Text(decode.Dig(ticket, "labels", "severity"))
	return out
}
