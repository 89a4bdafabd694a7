package terraform

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/slo"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// datadogObjectives reads the service level objectives of Datadog: one for each time
// frame that has a target.
// https://docs.datadoghq.com/api/latest/service-level-objectives/
func datadogObjectives(c *model.Config, into *fact.Set) {
	r := reading.New(c, into)
	yields := []fact.Kind{fact.Objectives}
	for _, res := range r.Of(yields, "datadog_service_level_objective") {
		b := res.Body
		name := reading.Name(res)
		service := ""
		if v, ok := tagged(b.Get("tags")).Fields["service"]; ok {
			service = reading.Text(v)
		}
		indicator := datadogIndicator(res, b)
		targets := reading.Nested(b.Get("thresholds"))
		if b.Get("target_threshold").Present() {
			targets = []model.Value{{Kind: model.Object, Fields: map[string]model.Value{"timeframe": b.Get("timeframe"), "target": b.Get("target_threshold")}}}
		}
		if !b.Get("thresholds").Known() {
			r.Hole(res, yields, "the targets of "+res.Base+reading.Because(b.Get("thresholds")))
		}
		for _, t := range targets {
			o := &fact.Objective{Name: name, Service: service, Format: datadogLanguage, Window: reading.Text(t.Get("timeframe")), Indicator: indicator}
			if len(targets) > 1 {
				o.Name += " / " + o.Window
			}
			o.Ref = res.Ref().Within("objective " + o.Name)
			for _, part := range []string{"timeframe", "target"} {
				if v := t.Get(part); !v.Known() {
					r.Hole(res, yields, part+" of "+res.Base+reading.Because(v))
				}
			}
			if target, err := slo.ParsePercent(reading.Text(t.Get("target"))); err == nil {
				o.Target = strings.TrimSuffix(target.String(), " %")
			}
			into.Objectives = append(into.Objectives, o)
		}
	}
}

// datadogIndicator reads how an objective is measured: by two queries, or by what
// monitors and slices of time say.
func datadogIndicator(res *model.Resource, b model.Value) *fact.Indicator {
	out := &fact.Indicator{Ref: res.Ref().Within("indicator")}
	query := func(v model.Value) *fact.IndicatorQuery {
		return &fact.IndicatorQuery{Location: reading.Place(v, res), Text: reading.Text(v), Language: datadogLanguage}
	}
	switch reading.Text(b.Get("type")) {
	case "metric":
		for _, q := range reading.Nested(b.Get("query")) {
			out.Good, out.Total = query(q.Get("numerator")), query(q.Get("denominator"))
		}
	case "monitor":
		out.Builtin = "the share of time in which its monitors are quiet"
	default:
		out.Threshold = &fact.IndicatorQuery{Location: res.At, Text: "time_slice", Language: datadogLanguage}
	}
	return out
}
