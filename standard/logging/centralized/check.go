// Package centralized checks that what a workload and the machines below it write
// reaches a platform on which it can be searched.
package centralized

import (
	"fmt"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/shipping"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a container whose lines something takes to a platform, and a set
// whose machines' own logs something takes there too.
func Check(in expect.Input) (out verdict.Findings) {
	var alone []*fact.Workload
	shipped := false
	for _, w := range in.Here.Workloads {
		if w.Platform == fact.Procfile || w.Platform == fact.Machines {
			alone = append(alone, w)
			continue
		}
		containers := w.Running()
		if len(containers) == 0 {
			containers = []*fact.Container{nil}
		}
		silent := true
		for _, c := range containers {
			switch container(in, &out, w, c) {
			case verdict.Pass:
				shipped, silent = true, false
			case verdict.Note:
			default:
				silent = false
			}
		}
		if silent {
			alone = append(alone, w)
		}
	}
	if len(alone) > 0 {
		unshipped(in, &out, alone)
	}
	if shipped {
		system(in, &out)
	}
	return out
}

// unshipped says what would settle where lines go of which nothing here speaks.
func unshipped(in expect.Input, out *verdict.Findings, alone []*fact.Workload) {
	ref, which := alone[0].Ref, alone[0].Name
	if len(alone) > 1 {
		which = fmt.Sprintf("%s and %s", which, verdict.Count(len(alone)-1, "other"))
	}
	switch alone[0].Platform {
	case fact.Compose:
		out.Unclear(ref, "stays-on-host", "the lines of %s stay on the host: no logging driver that ships is named, and nothing here reads them there", which)
	case fact.Systemd:
		out.Unclear(ref, "stays-on-host", "the lines of %s go to the journal of the host, and nothing here takes them from there", which)
	default:
		out.Unclear(ref, "no-shipper", "nothing here ships the lines of %s: no shipper's configuration was found", which)
	}
}

// container judges what one container writes. Note means that nothing here speaks
// of it.
func container(in expect.Input, out *verdict.Findings, w *fact.Workload, c *fact.Container) verdict.Outcome {
	ref, title := w.Ref, w.Name
	if c != nil {
		ref, title = c.Ref, w.Title(c)
	}
	if c != nil && c.Lines != nil {
		if o := driver(out, ref, title, w, c.Lines); o != verdict.Note {
			return o
		}
	}
	if by, key := optedOut(w, c); by != "" {
		out.Fail(ref, "opted-out", "%s asks %s to leave out its lines, by %s", title, by, key)
		return verdict.Fail
	}
	ways := shipping.Ways(in.All, w, c)
	if len(ways) == 0 {
		return verdict.Note
	}
	best := ways[0]
	for _, way := range ways[1:] {
		if grade(way) > grade(best) {
			best = way
		}
	}
	s, o := best.Shipper, best.Stream.Output
	by := s.Title()
	if s.Unknown != "" && !best.Is() {
		out.Unclear(ref, "not-sure", "whether %s takes the lines of %s is not known: %s", by, title, s.Unknown)
		return verdict.Unclear
	}
	switch {
	case best.IsNot():
		out.Lacks(ref, []fact.Kind{fact.Shippers}, "left-out", "%s leaves out the lines of %s: %s", by, title, best.Why)
		return verdict.Fail
	case !best.Known:
		out.Unclear(ref, "not-sure", "whether %s takes the lines of %s is not known: %s", by, title, best.Why)
		return verdict.Unclear
	}
	return fate(out, ref, fmt.Sprintf("%s takes the lines of %s", by, title), o)
}

// fate judges where lines go that are taken.
func fate(out *verdict.Findings, ref fact.Ref, says string, o fact.LogOutput) verdict.Outcome {
	to := o.Engine
	if o.To != "" {
		to += " (" + o.To + ")"
	}
	switch o.Fate {
	case fact.Central:
		out.Pass(ref, "shipped", "%s to %s", says, to)
		return verdict.Pass
	case fact.Dropped:
		out.Lacks(ref, []fact.Kind{fact.Shippers}, "dropped", "%s to %s, where nobody finds them", says, to)
		return verdict.Fail
	case fact.Archived:
		out.Unclear(ref, "archived", "%s to %s, which keeps them; whether they can be searched there is not known", says, to)
	case fact.Stays:
		out.Unclear(ref, "stays-on-host", "%s to %s on the same machine, and nothing here takes them from there", says, to)
	case fact.PassedOn:
		out.Unclear(ref, "passed-on", "%s to %s, and %s", says, to, o.Why)
	default:
		out.Unclear(ref, "passed-on", "%s to %s, and where that is is not known: %s", says, to, o.Why)
	}
	return verdict.Unclear
}

// driver judges what the platform itself does with the lines.
func driver(out *verdict.Findings, ref fact.Ref, title string, w *fact.Workload, o *fact.LogOutput) verdict.Outcome {
	ref = ref.At(o.At)
	switch {
	case o.Fate == fact.Stays:
		return verdict.Note
	case o.Fate == fact.Dropped:
		out.Fail(ref, "dropped", "the lines of %s are kept nowhere: %s", title, o.Why)
		return verdict.Fail
	}
	return fate(out, ref, fmt.Sprintf("%s sends the lines of %s", platform(w), title), *o)
}

func platform(w *fact.Workload) string {
	switch w.Platform {
	case fact.Compose:
		return "the logging driver"
	case fact.Systemd:
		return "systemd"
	}
	return w.Platform.Title()
}

// grade orders ways by how much they say for it.
func grade(w shipping.Way) int {
	switch {
	case w.IsNot():
		return 0
	case w.Is() && w.Stream.Output.Fate == fact.Central:
		return 6
	case !w.Known:
		return 4
	case w.Stream.Output.Fate == fact.Dropped:
		return 1
	}
	return 5
}

// optedOut returns who is asked by annotations to leave the container's lines out,
// and by which one.
func optedOut(w *fact.Workload, c *fact.Container) (by, key string) {
	name := w.Name
	if c != nil {
		name = c.Name
	}
	for _, ask := range []struct{ by, key, value string }{
		{"Fluent Bit", "fluentbit.io/exclude", "true"}, {"Fluent Bit", "fluentbit.io/exclude-" + name, "true"},
		{"Filebeat", "co.elastic.logs/enabled", "false"}, {"Filebeat", "co.elastic.logs." + name + "/enabled", "false"},
		{"Datadog", "ad.datadoghq.com/logs_exclude", "true"}, {"Datadog", "ad.datadoghq.com/" + name + ".logs_exclude", "true"},
	} {
		if strings.EqualFold(w.PodAnnotations[ask.key], ask.value) {
			return ask.by, ask.key + ": " + ask.value
		}
	}
	if w.PodLabels["vector.dev/exclude"] == "true" {
		return "Vector", "the label vector.dev/exclude: true"
	}
	return "", ""
}

// system judges the machines' own logs, once for a set: those of a cloud that runs
// containers itself are the cloud's.
func system(in expect.Input, out *verdict.Findings) {
	var w *fact.Workload
	for _, one := range in.Here.Workloads {
		if !one.Serverless && !one.Platform.Hosted() && one.Platform != fact.Lambda {
			w = one
			break
		}
	}
	if w == nil {
		out.Skip(in.Here.Workloads[0].Ref, "no-machines", "no machine of the owner's runs %s", in.Here.Workloads[0].Name)
		return
	}
	var dropped, unsure *shipping.Way
	for _, way := range shipping.System(in.All) {
		switch {
		case way.Is() && way.Stream.Output.Fate == fact.Central:
			out.Pass(way.Shipper.Ref, "system-shipped", "%s takes the logs of the machines (%s) to %s", way.Shipper.Title(), way.Stream.Name, way.Stream.Output.Engine)
			return
		case way.Stream.Output.Fate == fact.Dropped:
			dropped = &way
		default:
			unsure = &way
		}
	}
	switch {
	case unsure != nil:
		why := unsure.Why
		if why == "" {
			why = firstOf(unsure.Stream.Output.Why, "they go to "+unsure.Stream.Output.Engine)
		}
		out.Unclear(unsure.Shipper.Ref, "system-unknown", "whether the logs of the machines arrive by %s is not known: %s", unsure.Shipper.Title(), why)
	case dropped != nil:
		out.Lacks(dropped.Shipper.Ref, []fact.Kind{fact.Shippers}, "system-dropped", "%s sends the logs of the machines to %s, where nobody finds them", dropped.Shipper.Title(), dropped.Stream.Output.Engine)
	default:
		which := "the journal, the kernel's"
		if w.Platform == fact.Kubernetes {
			which = "the journal, the kubelet's, the kernel's"
		}
		out.Unclear(w.Ref, "system-unknown", "nothing here takes the logs of the machines that run %s: %s", w.Name, which)
	}
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
