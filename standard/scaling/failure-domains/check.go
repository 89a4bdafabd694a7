// Package failuredomains checks that the loss of one host or one zone leaves
// instances that serve.
package failuredomains

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload with at least two instances that rules of its own
// keep apart by zone and by host.
func Check(in expect.Input) (out verdict.Findings) {
	for _, w := range in.Here.Workloads {
		instances := in.Here.Instances(w)
		switch {
		case !w.Form.Serves():
			out.Skip(w.Ref, "not-serving", "%s runs to its end and can run again elsewhere", w.Name)
		case w.Form == fact.PerNode:
			out.Skip(w.Ref, "per-node", "%s runs once on every node, so it is spread as the nodes are", w.Name)
		case w.Form == fact.Bare:
			out.Fail(w.Ref, "bare-pod", "%s is a pod of its own: nothing replaces it when its node is lost", w.Name)
		case instances == 0:
			out.Skip(w.Ref, "scaled-to-zero", "%s may run no instance at all", w.Name)
		case instances == 1:
			out.Lacks(w.Ref.At(w.ReplicasAt), []fact.Kind{fact.Autoscalers}, "single-instance", "%s runs one instance%s, so the loss of its node stops it for minutes", w.Name, what(w))
		default:
			spread(&out, w, instances)
		}
	}
	return out
}

func what(w *fact.Workload) string {
	if store := w.DataStore(); store != "" {
		return " of " + store
	}
	return ""
}

// domain is what is known of a workload's spread over hosts or over zones.
type domain struct {
	name          string
	hard, soft    bool
	missed, loose *fact.Spread // rules of no use: for other pods, or with too much skew
}

func spread(out *verdict.Findings, w *fact.Workload, instances int) {
	zone, host := &domain{name: "zone"}, &domain{name: "host"}
	var other *fact.Spread
	for i := range w.Spread {
		s := &w.Spread[i]
		d := zone
		switch {
		case isHost(s.Topology):
			d = host
		case !isZone(s.Topology):
			other = s
			continue
		}
		switch {
		case !s.Selects.Matches(w.PodLabels):
			d.missed = s
		case s.MaxSkew >= instances:
			d.loose = s
		case s.Hard:
			d.hard = true
		default:
			d.soft = true
		}
	}
	sound := wrong(out, w, zone, instances)
	sound = wrong(out, w, host, instances) && sound
	zoned, hosted := zone.hard || zone.soft, host.hard || host.soft
	switch {
	case !sound:
	case !zoned && other != nil:
		out.Unclear(w.Ref.At(other.At), "own-topology", "%s is spread by %s; whether that tells zones apart depends on how nodes are labelled", w.Name, other.Topology)
	case !zoned && !hosted:
		out.Fail(w.Ref.At(w.PodAt), "no-spread", "nothing keeps the %d instances of %s apart: by default the scheduler only prefers to, so all may stand on one host", instances, w.Name)
	case !zoned:
		out.Fail(w.Ref.At(w.PodAt), "no-zone-spread", "%s is spread over hosts but not over zones, so all %d instances may stand in one zone", w.Name, instances)
	case !hosted:
		out.Fail(w.Ref.At(w.PodAt), "no-host-spread", "%s is spread over zones but not over hosts, so instances of a zone may share one host", w.Name)
	default:
		out.Pass(w.Ref, "spread", "%d instances of %s are spread over zones (%s) and hosts (%s)", instances, w.Name, strength(zone), strength(host))
		if !zone.hard {
			out.Note(w.Ref, "only-preferred", "the spread of %s over zones is a preference: when one zone is full, all instances may end up in another", w.Name)
		}
	}
}

// wrong fails rules of no effect where no other rule does their work.
func wrong(out *verdict.Findings, w *fact.Workload, d *domain, instances int) bool {
	switch {
	case d.hard || d.soft:
		return true
	case d.missed != nil:
		out.Fail(w.Ref.At(d.missed.At), "selects-others", "the rule that spreads %s over %ss selects %s, which its own pods are not, so it does nothing", w.Name, d.name, d.missed.Selects)
		return false
	case d.loose != nil:
		out.Fail(w.Ref.At(d.loose.At), "skew-too-large", "a maxSkew of %d lets all %d instances of %s stand in one %s", d.loose.MaxSkew, instances, w.Name, d.name)
		return false
	}
	return true
}

func strength(d *domain) string {
	if d.hard {
		return "required"
	}
	return "preferred"
}

func isZone(topology string) bool {
	return strings.HasSuffix(topology, "/zone") || topology == "zone"
}

func isHost(topology string) bool {
	return strings.HasSuffix(topology, "/hostname") || topology == "hostname"
}
