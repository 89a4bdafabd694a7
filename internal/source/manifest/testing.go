package manifest

import (
	"cmp"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	form "seaworthy.dev/seaworthy/internal/manifest"
)

// testing returns what must be tested; nil where nobody says.
func (r *reader) testing(spec *decode.Node, in *form.Spec) *fact.Testing {
	out := &fact.Testing{Layers: map[fact.TestLayer][]string{}, Expected: r.service.Sources.Results}
	if t := in.Tests; t != nil {
		out.Layers = map[fact.TestLayer][]string{fact.UnitLayer: t.Unit, fact.PartsLayer: t.Integration, fact.WholeLayer: t.EndToEnd}
	}
	if p := in.Performance; p != nil {
		for i, c := range p.CriticalPaths {
			at := decode.Dig(spec, "performance", "criticalPaths", i)
			out.Critical = append(out.Critical, &fact.CriticalPath{Ref: r.ref(at, "critical path "+c.Path), Path: r.below(c.Path), Threshold: cmp.Or(c.Threshold, 80)})
		}
	}
	for i, one := range in.Incidents {
		out.Incidents = append(out.Incidents, &fact.Incident{Ref: r.ref(decode.Dig(spec, "incidents", i), "incident "+one.Name), Name: one.Name, Test: one.Test})
	}
	if in.Tests == nil && len(out.Critical)+len(out.Incidents)+len(out.Expected) == 0 {
		return nil
	}
	return out
}
