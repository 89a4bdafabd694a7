package kube

import (
	"fmt"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// flaggerCanary reads Flagger's Canary with Flagger's defaults: 600 seconds
// until instances must have made progress, after which it rolls back.
func (r Reader) flaggerCanary(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			TargetRef struct {
				Kind string `json:"kind"`
				Name string `json:"name"`
			} `json:"targetRef"`
			AutoscalerRef struct {
				Name string `json:"name"`
			} `json:"autoscalerRef"`
			ProgressDeadlineSeconds *int             `json:"progressDeadlineSeconds"`
			SkipAnalysis            bool             `json:"skipAnalysis"`
			Analysis                *flaggerAnalysis `json:"analysis"`
			CanaryAnalysis          *flaggerAnalysis `json:"canaryAnalysis"` // before v1beta1
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	spec := decode.Child(o.node, "spec")
	out := &fact.Rollout{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: "flagger",
		TargetKind: in.Spec.TargetRef.Kind, TargetName: in.Spec.TargetRef.Name,
		Routed: true, Background: -1, FirstShare: -1, MannerAt: o.at(spec), FirstAt: o.at(spec),
		Deadline: 600, AbortsOnDeadline: true, SkipsAnalysis: in.Spec.SkipAnalysis, AutoPromote: true,
		Autoscaler: in.Spec.AutoscalerRef.Name,
	}
	if in.Spec.ProgressDeadlineSeconds != nil {
		out.Deadline = *in.Spec.ProgressDeadlineSeconds
	}
	analysis, field := in.Spec.Analysis, "analysis"
	if analysis == nil {
		analysis, field = in.Spec.CanaryAnalysis, "canaryAnalysis"
	}
	if analysis == nil {
		out.SkipsAnalysis = true
		into.Facts.Rollouts = append(into.Facts.Rollouts, out)
		return
	}
	node := decode.Child(spec, field)
	out.MannerAt, out.FirstAt = o.key(spec, field), o.key(spec, field)
	switch {
	case len(analysis.Match) > 0:
		out.Manner = "ab-test"
	case len(analysis.StepWeights) > 0:
		out.Manner, out.FirstShare, out.FirstAt = "canary", analysis.StepWeights[0], o.key(node, "stepWeights")
	case analysis.StepWeight > 0:
		out.Manner, out.FirstShare, out.FirstAt = "canary", analysis.StepWeight, o.key(node, "stepWeight")
	case analysis.Iterations > 0:
		// The old colour serves until the analysis is over, and everything
		// goes back to it where that fails.
		out.Manner, out.KeepsOld = "blue-green", analysis.Iterations
	case analysis.MaxWeight > 0:
		out.Manner, out.FirstShare, out.FirstAt = "canary", analysis.MaxWeight, o.key(node, "maxWeight")
	}
	for i := range analysis.Metrics {
		out.Checks = append(out.Checks, analysis.Metrics[i].measure(o, decode.Dig(node, "metrics", i)))
	}
	for _, h := range analysis.Webhooks {
		switch h.Type {
		case "", "rollout", "pre-rollout", "rollback":
			out.Hooks++
		}
	}
	into.Facts.Rollouts = append(into.Facts.Rollouts, out)
}

type flaggerAnalysis struct {
	Iterations  int             `json:"iterations"`
	MaxWeight   int             `json:"maxWeight"`
	StepWeight  int             `json:"stepWeight"`
	StepWeights []int           `json:"stepWeights"`
	Match       []struct{}      `json:"match"`
	Metrics     []flaggerMetric `json:"metrics"`
	Webhooks    []struct {
		Type string `json:"type"`
	} `json:"webhooks"`
}

type flaggerMetric struct {
	Name           string   `json:"name"`
	Threshold      *float64 `json:"threshold"`
	ThresholdRange *struct {
		Min *float64 `json:"min"`
		Max *float64 `json:"max"`
	} `json:"thresholdRange"`
	Query       string `json:"query"`
	TemplateRef *struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"templateRef"`
}

func (m *flaggerMetric) measure(o *object, node *decode.Node) fact.Measure {
	out := fact.Measure{Name: m.Name, Provider: "prometheus", At: o.at(node)}
	switch {
	case m.ThresholdRange != nil && m.ThresholdRange.Min != nil:
		out.Threshold = fmt.Sprintf("at least %g", *m.ThresholdRange.Min)
	case m.ThresholdRange != nil && m.ThresholdRange.Max != nil:
		out.Threshold = fmt.Sprintf("at most %g", *m.ThresholdRange.Max)
	case m.Threshold != nil:
		out.Threshold = fmt.Sprintf("threshold %g", *m.Threshold)
	}
	out.Signal, out.Query = measuredSignal(m.Name, m.Query), m.Query
	switch m.Name {
	case "request-success-rate": // built in
		out.Signal = "errors"
	case "request-duration":
		out.Signal = "latency"
	}
	if m.TemplateRef != nil {
		out.Template = &fact.AnalysisUse{Kind: "MetricTemplate", Namespace: m.TemplateRef.Namespace, Name: m.TemplateRef.Name, At: out.At}
	}
	return out
}
