package kube

import (
	"strconv"
	"time"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// rolloutKinds lists what brings a new build to its users step by step, beside
// the workloads that do it themselves.
func rolloutKinds() map[string]kind {
	return map[string]kind{
		"argoproj.io/AnalysisTemplate":        {yields(fact.Rollouts), Reader.analysisTemplate},
		"argoproj.io/ClusterAnalysisTemplate": {yields(fact.Rollouts), Reader.analysisTemplate},
		"flagger.app/Canary":                  {yields(fact.Rollouts), Reader.flaggerCanary},
		"flagger.app/MetricTemplate":          {yields(fact.Rollouts), Reader.metricTemplate},
	}
}

// argoAnalysis is a use of analysis templates by Argo Rollouts.
type argoAnalysis struct {
	Templates []struct {
		TemplateName string `json:"templateName"`
		ClusterScope bool   `json:"clusterScope"`
	} `json:"templates"`
	DryRun []struct {
		MetricName string `json:"metricName"`
	} `json:"dryRun"`
	StartingStep int `json:"startingStep"`
}

// dry reports whether every metric runs without consequence.
func (a *argoAnalysis) dry() bool {
	for _, d := range a.DryRun {
		if d.MetricName == "*" {
			return true
		}
	}
	return false
}

// argoStep is one step of a canary; what neither shifts traffic nor waits nor
// judges is left out.
type argoStep struct {
	SetWeight  *int `json:"setWeight"`
	Experiment *struct {
		Analyses []struct {
			TemplateName string `json:"templateName"`
			ClusterScope bool   `json:"clusterScope"`
		} `json:"analyses"`
	} `json:"experiment"`
	Analysis *argoAnalysis `json:"analysis"`
}

// readArgoRollout reads how an Argo Rollout moves from one build to the next.
func readArgoRollout(o *object, into *Fragment) {
	var in struct {
		Spec struct {
			Replicas    *int `json:"replicas"`
			WorkloadRef *struct {
				Kind string `json:"kind"`
				Name string `json:"name"`
			} `json:"workloadRef"`
			ProgressDeadlineSeconds *int `json:"progressDeadlineSeconds"`
			ProgressDeadlineAbort   bool `json:"progressDeadlineAbort"`
			Strategy                struct {
				BlueGreen *struct {
					AutoPromotionEnabled  *bool         `json:"autoPromotionEnabled"`
					ScaleDownDelaySeconds *int          `json:"scaleDownDelaySeconds"`
					PrePromotionAnalysis  *argoAnalysis `json:"prePromotionAnalysis"`
					PostPromotionAnalysis *argoAnalysis `json:"postPromotionAnalysis"`
				} `json:"blueGreen"`
				Canary *struct {
					Steps    []argoStep    `json:"steps"`
					Analysis *argoAnalysis `json:"analysis"`
				} `json:"canary"`
			} `json:"strategy"`
		} `json:"spec"`
	}
	if !o.fit(into, o.node, &in, false) {
		return
	}
	spec := decode.Child(o.node, "spec")
	strategy := decode.Child(spec, "strategy")
	out := &fact.Rollout{
		Ref: o.ref(), Namespace: o.meta.Namespace, Name: o.meta.Name, Engine: "argo-rollouts",
		TargetKind: "Rollout", TargetName: o.meta.Name, Replicas: 1, Background: -1, FirstShare: -1,
		MannerAt: o.key(spec, "strategy"), Deadline: 600, AbortsOnDeadline: in.Spec.ProgressDeadlineAbort,
	}
	if in.Spec.Replicas != nil {
		out.Replicas = *in.Spec.Replicas
	}
	if ref := in.Spec.WorkloadRef; ref != nil {
		out.TargetKind, out.TargetName, out.Replaces = ref.Kind, ref.Name, true
	}
	if in.Spec.ProgressDeadlineSeconds != nil {
		out.Deadline = *in.Spec.ProgressDeadlineSeconds
	}
	switch {
	case in.Spec.Strategy.BlueGreen != nil:
		bg, node := in.Spec.Strategy.BlueGreen, decode.Child(strategy, "blueGreen")
		out.Manner, out.MannerAt = "blue-green", o.key(strategy, "blueGreen")
		out.AutoPromote = bg.AutoPromotionEnabled == nil || *bg.AutoPromotionEnabled
		out.KeepsOld, out.KeepsOldAt = 30, o.key(node, "scaleDownDelaySeconds") // Argo Rollouts' default
		if bg.ScaleDownDelaySeconds != nil {
			out.KeepsOld = *bg.ScaleDownDelaySeconds
		}
		o.uses(out, bg.PrePromotionAnalysis, "pre-promotion", decode.Child(node, "prePromotionAnalysis"))
		o.uses(out, bg.PostPromotionAnalysis, "post-promotion", decode.Child(node, "postPromotionAnalysis"))
	case decode.Child(strategy, "canary") != nil:
		out.Manner, out.MannerAt = "canary", o.key(strategy, "canary")
		node := decode.Child(strategy, "canary")
		out.Routed = decode.IsMapping(decode.Child(node, "trafficRouting"))
		canary := in.Spec.Strategy.Canary
		if canary == nil {
			break
		}
		if canary.Analysis != nil && len(canary.Analysis.Templates) > 0 {
			if !canary.Analysis.dry() {
				out.Background = canary.Analysis.StartingStep
			}
			o.uses(out, canary.Analysis, "background", decode.Child(node, "analysis"))
		}
		for i := range canary.Steps {
			o.step(out, &canary.Steps[i], decode.Dig(node, "steps", i))
		}
		first(out)
	}
	into.Facts.Rollouts = append(into.Facts.Rollouts, out)
}

// step adds one step of a canary.
func (o *object) step(out *fact.Rollout, in *argoStep, node *decode.Node) {
	s := fact.Step{Share: -1, At: o.at(node)}
	switch {
	case in.SetWeight != nil:
		s.Share = *in.SetWeight
	case in.Analysis != nil:
		s.Analysis = len(in.Analysis.Templates) > 0 && !in.Analysis.dry()
		o.uses(out, in.Analysis, "step", decode.Child(node, "analysis"))
	case in.Experiment != nil:
		for _, a := range in.Experiment.Analyses {
			s.Analysis = true
			out.Analyses = append(out.Analyses, fact.AnalysisUse{Kind: templateKind(a.ClusterScope), Name: a.TemplateName, When: "step", At: s.At})
		}
	case decode.KeyOf(node, "pause") != nil:
		s.Pause = true
		length := decode.Text(decode.Dig(node, "pause", "duration"))
		s.Seconds = seconds(length)
		s.Forever = length == ""
	}
	out.Steps = append(out.Steps, s)
}

// first fills the share that the new build reaches first: that of the first
// step with a weight, or everything where no step has one.
func first(out *fact.Rollout) {
	for _, s := range out.Steps {
		if s.Share > 0 {
			out.FirstShare, out.FirstAt = s.Share, s.At
			return
		}
	}
	out.FirstShare, out.FirstAt = 100, out.MannerAt
}

func (o *object) uses(out *fact.Rollout, in *argoAnalysis, when string, node *decode.Node) {
	if in == nil {
		return
	}
	var dry []string
	for _, d := range in.DryRun {
		dry = append(dry, d.MetricName)
	}
	for i, t := range in.Templates {
		out.Analyses = append(out.Analyses, fact.AnalysisUse{
			Kind: templateKind(t.ClusterScope), Name: t.TemplateName, When: when, DryRun: dry,
			At: o.at(decode.Dig(node, "templates", i)),
		})
	}
}

func templateKind(cluster bool) string {
	if cluster {
		return "ClusterAnalysisTemplate"
	}
	return "AnalysisTemplate"
}

// seconds reads "30", "30s" or "1h"; 0 for anything else.
func seconds(text string) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0
	}
	return int(d / time.Second)
}
