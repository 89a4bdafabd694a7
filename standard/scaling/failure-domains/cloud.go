package failuredomains

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// cloud judges what a cloud places by itself, over the zones that it is given.
func cloud(out *verdict.Findings, in expect.Input, w *fact.Workload) {
	instances := in.Here.Instances(w)
	number, open := unknownNumber(in.Here, w)
	p := w.Placement
	switch {
	case w.Platform == fact.Lambda && (p == nil || p.At.File == ""):
		out.Skip(w.Ref, "regional", "Lambda runs %s in several zones by itself", w.Name)
	case w.Platform == fact.CloudRun:
		out.Skip(w.Ref, "regional", "Cloud Run runs %s in several zones by itself", w.Name)
	case w.Form == fact.PerNode:
		out.Skip(w.Ref, "per-node", "%s runs once on every node, so it is spread as the nodes are", w.Name)
	case w.Form == fact.Bare:
		out.Fail(w.Ref, "single-machine", "%s is one machine in one zone: nothing replaces it when it is lost", w.Name)
	case w.Platform == fact.Lambda:
		zones(out, w, p)
	case open:
		out.Unclear(w.Ref.At(number.At), "number-unknown", "how many instances of %s run is not known, for %s", w.Name, number.Why)
	case instances == 0:
		out.Skip(w.Ref, "scaled-to-zero", "%s may run no instance at all", w.Name)
	case instances == 1:
		alone(out, in.Here, w)
	default:
		zones(out, w, p)
	}
}

// unknownNumber returns why it is not known how many instances run at least.
func unknownNumber(here *fact.Set, w *fact.Workload) (fact.Unknown, bool) {
	for _, a := range here.AutoscalersFor(w) {
		return a.Unknown.Any(fact.Number)
	}
	return w.Unknown.Any(fact.Number)
}

func alone(out *verdict.Findings, here *fact.Set, w *fact.Workload) {
	rests := []fact.Kind{fact.Autoscalers}
	for _, a := range here.AutoscalersFor(w) {
		out.Lacks(w.Ref.At(a.MinAt), rests, "lone-instance", "%s lets %s shrink to one instance, and the loss of its zone stops that for minutes", a.Title(a.Name), w.Name)
		return
	}
	out.Lacks(w.Ref.At(w.ReplicasAt), rests, "lone-instance", "%s runs one instance, so the loss of its zone stops it for minutes", w.Name)
}

func zones(out *verdict.Findings, w *fact.Workload, p *fact.Placement) {
	switch {
	case p == nil:
		out.Unclear(w.Ref, "zones-unknown", "in which zones %s runs is not told here", w.Name)
	case p.Zones == 1 && p.Why != "":
		out.Fail(w.Ref.At(p.At), "one-zone", "nothing spreads %s over zones: %s", w.Name, p.Why)
	case p.Zones == 1:
		out.Fail(w.Ref.At(p.At), "one-zone", "all instances of %s stand in one zone%s", w.Name, in(p.Names))
	case p.Zones == 0:
		out.Unclear(w.Ref.At(p.At), "zones-unknown", "in how many zones %s runs is not known, for %s", w.Name, p.Why)
	case p.HostsWhy != "":
		out.Unclear(w.Ref.At(p.At), "zones-unknown", "whether instances of %s share a machine is not known, for %s", w.Name, p.HostsWhy)
	case !p.Hosts && w.Platform == fact.ECS:
		out.Fail(w.Ref.At(p.At), "shares-machines", "%s is spread over zones, but its tasks of one zone may share one machine", w.Name)
	default:
		out.Pass(w.Ref, "spread", "%s runs in at least %d zones%s, each instance on a host of its own", w.Name, p.Zones, in(p.Names))
	}
}

func in(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// managed judges a store that a cloud runs.
func managed(out *verdict.Findings, d *fact.Database) {
	switch m := d.Managed; {
	case m.Purpose == "replica":
		out.Skip(d.Ref, "replica", "%s is a copy of another database", d.Name)
	case !m.MultiZone.Known:
		out.Unclear(d.Ref.At(m.MultiZone.At), "zones-unknown", "whether %s (%s) survives the loss of a zone is not known, for %s", d.Name, d.Engine, m.MultiZone.Why)
	case m.MultiZone.Yes:
		out.Pass(d.Ref, "spread", "%s (%s) stands in several zones", d.Name, d.Engine)
	case m.Purpose == "files":
		out.Unclear(d.Ref.At(m.MultiZone.At), "zonal-volume", "%s (%s) stands in one zone; whether what uses it can do without is not told here", d.Name, d.Engine)
	default:
		out.Fail(d.Ref.At(m.MultiZone.At), "one-zone", "%s (%s) stands in one zone, so the loss of that zone stops it", d.Name, d.Engine)
	}
}
