package google

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// pipelines reads delivery pipelines of Cloud Deploy: how their last stage, which
// is the one that everybody meets, moves to a new build.
// https://cloud.google.com/deploy/docs/deployment-strategies/canary
func (r *reader) pipelines() {
	for _, res := range r.Of(kinds(fact.Rollouts), "google_clouddeploy_delivery_pipeline") {
		stages := reading.Nested(res.Body.Get("serial_pipeline", "stages"))
		off, known := res.Body.Get("suspended").Bool(false)
		if len(stages) == 0 || !known {
			r.Hole(res, kinds(fact.Rollouts), "what "+res.Address+" does"+reading.Because(res.Body.Get("serial_pipeline", "stages")))
			continue
		}
		if off {
			continue
		}
		stage := stages[len(stages)-1]
		out := &fact.Rollout{
			Ref: res.Ref(), Name: reading.Name(res), Engine: "cloud-deploy", Manner: "blue-green", MannerAt: stage.At, FirstAt: stage.At,
			Background: -1, FirstShare: -1, Routed: true, AutoPromote: true,
		}
		strategy := stage.Get("strategy")
		canary := strategy.Get("canary")
		r.means(out, res, canary.Get("runtime_config"))
		switch {
		case !strategy.Known():
			out.Unknown = reading.Why(strategy)
		case canary.Get("canary_deployment").Present():
			phases(out, canary.Get("canary_deployment"))
		case canary.Get("custom_canary_deployment").Present():
			custom(out, canary.Get("custom_canary_deployment"))
		case out.TargetName == "":
			// It applies what stands elsewhere; the platform decides how.
			r.Hole(res, kinds(fact.Rollouts), "what "+res.Address+" deploys is not told here, and how that moves to a new build")
			continue
		default:
			out.Manner = "unknown"
		}
		r.taken(out, res, stage)
		r.Into.Rollouts = append(r.Into.Rollouts, out)
	}
}

// means reads what a canary is of: a Deployment by its name; a service of Cloud
// Run only where there is one that it can mean.
func (r *reader) means(out *fact.Rollout, res *model.Resource, runtime model.Value) {
	for _, kind := range []string{"service_networking", "gateway_service_mesh"} {
		block := runtime.Get("kubernetes", kind)
		if v := block.Get("deployment"); v.Present() || !v.Known() {
			out.TargetKind, out.TargetName = "Deployment", reading.Text(v)
			out.Routed = kind == "gateway_service_mesh" // else shares are made up of whole pods
			if !v.Known() {
				out.TargetName = "(" + reading.Why(v) + ")"
			}
			return
		}
	}
	if !runtime.Get("cloud_run").Present() {
		return
	}
	services := r.Config.Of("google_cloud_run_v2_service", "google_cloud_run_service")
	out.TargetKind, out.TargetName = "Cloud Run service", "that its skaffold.yaml names"
	if len(services) != 1 {
		r.Hole(res, kinds(fact.Rollouts), "which service "+res.Address+" deploys is said in skaffold.yaml")
	} else {
		out.TargetName = reading.Name(services[0])
		if !reading.Ignores(services[0], "template") {
			out.Unknown = "Terraform sets its template as well, by which a new build gets all traffic (no ignore_changes)"
		}
	}
}

// phases reads the shares of a canary, each of which ends with verification
// where that is asked for, and then all.
func phases(out *fact.Rollout, v model.Value) {
	out.Manner, out.MannerAt, out.FirstAt = "canary", v.At, v.At
	list, verify := v.Get("percentages"), reading.Truth(v.Get("verify"), false)
	if !verify.Known {
		out.Unknown = verify.Why
	}
	if !list.Known() {
		out.Unknown = reading.Why(list)
	}
	for _, p := range list.Each() {
		n, known := p.Int(0)
		if !known {
			out.Unknown = reading.Why(p)
		}
		out.Steps = append(out.Steps, step(n, verify.Yes, v.At)...)
	}
	finish(out, verify.Yes, v.At)
}

// custom reads phases that are written one by one.
func custom(out *fact.Rollout, v model.Value) {
	out.Manner, out.MannerAt, out.FirstAt = "canary", v.At, v.At
	configs := v.Get("phase_configs")
	if !configs.Known() {
		out.Unknown = reading.Why(configs)
	}
	verified := false
	for _, p := range reading.Nested(configs) {
		n, known := p.Get("percentage").Int(0)
		verify := reading.Truth(p.Get("verify"), false)
		if !known || !verify.Known {
			out.Unknown = reading.Why(p.Get("percentage"))
		}
		verified = verified || verify.Yes
		if n < 100 {
			out.Steps = append(out.Steps, step(n, verify.Yes, p.At)...)
		}
	}
	finish(out, verified, v.At)
}

func step(share int, verify bool, at fact.Location) []fact.Step {
	out := []fact.Step{{Share: share, At: at}}
	if verify {
		out = append(out, fact.Step{Share: -1, Analysis: true, At: at})
	}
	return out
}

func finish(out *fact.Rollout, verified bool, at fact.Location) {
	if len(out.Steps) > 0 {
		out.FirstShare = out.Steps[0].Share
	}
	out.Steps = append(out.Steps, fact.Step{Share: 100, At: at})
	if verified {
		// What it looks at stands in skaffold.yaml.
		out.Checks = []fact.Measure{{Name: "its verification", Provider: "job", Threshold: "passes", At: at}}
	}
}

// taken reads whether an automation takes a rollout back that fails.
// https://cloud.google.com/deploy/docs/automation-rules#repair-rollout
func (r *reader) taken(out *fact.Rollout, pipeline *model.Resource, stage model.Value) {
	for _, a := range r.Of(kinds(fact.Rollouts), "google_clouddeploy_automation") {
		b := a.Body
		if !r.Means(a, pipeline, "delivery_pipeline") && reading.Text(b.Get("delivery_pipeline")) != reading.Name(pipeline) {
			continue
		}
		off, known := b.Get("suspended").Bool(false)
		why := "" // which rollouts it takes back is not known
		switch {
		case !known:
			why = reading.Why(b.Get("suspended"))
		case off:
			continue
		case !r.selected(b.Get("selector"), stage.Get("target_id")):
			why = "whether it is for the last stage is not told"
		}
		for _, rule := range reading.Nested(b.Get("rules")) {
			repair := rule.Get("repair_rollout_rule")
			if repair.Get("phases").Present() || repair.Get("jobs").Present() {
				why = "it is for some of the phases or jobs"
			}
			for _, phase := range reading.Nested(repair.Get("repair_phases")) {
				switch {
				case phase.Get("rollback").Kind == model.Absent:
				case why == "":
					out.AbortsOnDeadline = true
				default:
					out.Checks = append(out.Checks, fact.Measure{Name: reading.Name(a) + " (" + why + ")", Provider: "automation", Threshold: "failed", At: a.At})
				}
			}
		}
	}
}

// selected reports whether an automation is surely for a target.
func (r *reader) selected(selector, target model.Value) bool {
	for _, t := range reading.Nested(selector.Get("targets")) {
		id := t.Get("id")
		if reading.Text(id) == "*" || reading.Text(id) != "" && reading.Text(id) == reading.Text(target) {
			return true
		}
		for _, ref := range id.AllRefs() {
			if target.RefersTo(ref) {
				return true
			}
		}
	}
	return false
}
