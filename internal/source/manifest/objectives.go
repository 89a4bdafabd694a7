package manifest

import (
	"cmp"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	form "seaworthy.dev/seaworthy/internal/manifest"
	"seaworthy.dev/seaworthy/internal/slo"
)

// defaultWindow is that of an objective for which none is written.
const defaultWindow = "30d"

// objectives returns the targets that the manifest names.
func (r *reader) objectives(spec *decode.Node, list []form.SLO) (out []*fact.Objective) {
	names := map[string]bool{}
	for i, in := range list {
		n := decode.Dig(spec, "slos", i)
		if names[in.Name] && in.Name != "" {
			r.mistaken(decode.Child(n, "name"), "spec.slos[%d] is called %q like another; give each a name of its own", i, in.Name)
		}
		names[in.Name] = true
		o := &fact.Objective{
			Ref: r.ref(n, "objective "+in.Name), Name: in.Name, Service: r.service.Name, Format: "seaworthy",
			Target: number(decode.Child(n, "objective"), in.Objective), Window: cmp.Or(in.Window, defaultWindow),
			Policy: r.page(decode.Child(n, "policy"), "policy of "+in.Name, in.Policy),
		}
		if in.Indicator != nil {
			o.Indicator = r.indicator(decode.Child(n, "indicator"), in.Name, in.Indicator)
		}
		out = append(out, o)
	}
	return out
}

func (r *reader) indicator(n *decode.Node, name string, in *form.Indicator) *fact.Indicator {
	measure := func(key, text string) *fact.IndicatorQuery {
		if strings.TrimSpace(text) == "" {
			return nil
		}
		return &fact.IndicatorQuery{Location: r.doc.At(decode.Child(n, key)), Text: text, Language: "promql"}
	}
	return &fact.Indicator{
		Ref:  r.ref(n, "indicator of "+name),
		Good: measure("good", in.Good), Bad: measure("bad", in.Bad), Total: measure("total", in.Total), Share: measure("ratio", in.Ratio),
	}
}

// agreement returns what customers were promised; nil where the manifest does not
// say.
func (r *reader) agreement(n *decode.Node, in *form.SLA) *fact.Agreement {
	if in == nil {
		return nil
	}
	return &fact.Agreement{
		Ref: r.ref(n, "sla"), Target: number(decode.Child(n, "objective"), in.Objective), Window: in.Window,
		Measurement: in.Measurement, Consequence: in.Consequence, Objective: in.SLO, Link: r.page(decode.Child(n, "link"), "sla", in.Link),
	}
}

// number returns a percentage as it is written; empty where none is.
func number(n *decode.Node, value float64) string {
	if n == nil || decode.IsNull(n) {
		return ""
	}
	if r := slo.FromFloat(value); r != nil {
		return slo.Decimal(r)
	}
	return ""
}
