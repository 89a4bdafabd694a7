package aws

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// rollouts reads how new builds reach users: deployment groups of CodeDeploy,
// what ECS itself does, refreshes of machines, weights of Lambda's aliases, and
// the alarms that they watch.
func (r *reader) rollouts() {
	for _, a := range r.of(kinds(fact.Rollouts), "aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm") {
		r.into.Analyses = append(r.into.Analyses, alarm(a))
	}
	for _, g := range r.of(kinds(fact.Rollouts), "aws_codedeploy_deployment_group") {
		r.into.Rollouts = append(r.into.Rollouts, r.deployment(g))
	}
	for _, res := range r.c.Of("aws_ecs_service") {
		if out := r.native(res); out != nil && res.Count.Known() && r.into.RolloutFor(&fact.Workload{Name: out.TargetName, Kind: out.TargetKind}) == nil {
			r.into.Rollouts = append(r.into.Rollouts, out)
		}
	}
	for _, g := range r.c.Of("aws_autoscaling_group") {
		p := g.Body.Get("instance_refresh", "preferences")
		back, _ := p.Get("auto_rollback").Bool(false)
		if watched := p.Get("alarm_specification", "alarms"); g.Count.Known() && back && (watched.Present() || !watched.Known()) {
			out := &fact.Rollout{Ref: g.Ref(), Name: name(g), Engine: "instance-refresh", TargetKind: "Auto Scaling group", TargetName: name(g), Manner: "rolling", MannerAt: p.At, FirstShare: -1, Background: 0}
			out.Analyses = r.alarms(watched)
			r.into.Rollouts = append(r.into.Rollouts, out)
		}
	}
	for _, a := range r.of(kinds(fact.Rollouts), "aws_lambda_alias") {
		if weights := a.Body.Get("routing_config", "additional_version_weights"); len(weights.Fields) > 0 {
			if f := r.one(a, a.Body.Get("function_name"), "function_name", "aws_lambda_function"); f != nil {
				r.into.Rollouts = append(r.into.Rollouts, &fact.Rollout{Ref: a.Ref(), Name: name(a), Engine: "lambda-alias", TargetKind: "Lambda function", TargetName: name(f, "function_name"), Manner: "split", MannerAt: weights.At, Background: -1, FirstShare: -1})
			}
		}
	}
}

// alarm reads an alarm as a measure with a threshold.
func alarm(a *model.Resource) *fact.Analysis {
	b := a.Body
	m := fact.Measure{Name: name(a, "alarm_name"), Provider: "cloudwatch", At: a.At}
	metrics := []string{text(b.Get("metric_name"))}
	for _, q := range nested(b.Get("metric_query")) {
		metrics = append(metrics, text(q.Get("metric", "metric_name")))
	}
	for _, metric := range metrics {
		if m.Signal == "" {
			m.Signal = measured(metric)
		}
	}
	switch threshold := b.Get("threshold"); {
	case a.Type == "aws_cloudwatch_composite_alarm":
		m.Threshold = "of other alarms"
	case threshold.Present() || !threshold.Known():
		m.Threshold = strings.TrimSpace(text(b.Get("comparison_operator")) + " " + text(threshold))
	case text(b.Get("threshold_metric_id")) != "":
		m.Threshold = "outside of a band"
	}
	return &fact.Analysis{Ref: a.Ref(), Kind: "alarm", Name: name(a, "alarm_name"), Measures: []fact.Measure{m}}
}

// measured tells which of the three signals a metric of AWS shows.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
func measured(metric string) string {
	switch lower := strings.ToLower(metric); {
	case strings.Contains(lower, "5xx"), lower == "errors", lower == "faultrate", lower == "targetconnectionerrorcount", strings.HasSuffix(lower, "errorrate"):
		return "errors"
	case lower == "targetresponsetime", lower == "latency", lower == "duration", lower == "integrationlatency", strings.Contains(lower, "p99"):
		return "latency"
	case lower == "unhealthyhostcount", lower == "healthyhostcount", lower == "runningtaskcount", lower == "statuscheckfailed":
		return "health"
	}
	return ""
}

// alarms names the alarms that a list means: by reference, or by name.
func (r *reader) alarms(list model.Value) []fact.AnalysisUse {
	var out []fact.AnalysisUse
	for _, a := range r.referred(list, "alarm_name", "aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm") {
		out = append(out, fact.AnalysisUse{Kind: "alarm", Name: name(a, "alarm_name"), When: "background", At: list.At})
	}
	texts, known := list.Strings()
	for _, t := range texts {
		if !slices.ContainsFunc(out, func(u fact.AnalysisUse) bool { return u.Name == t }) {
			out = append(out, fact.AnalysisUse{Kind: "alarm", Name: t, When: "background", At: list.At})
		}
	}
	if !known && len(out) == 0 {
		out = append(out, fact.AnalysisUse{Kind: "alarm", Name: "(" + why(list) + ")", When: "background", At: list.At})
	}
	return out
}

// deployment reads a deployment group of CodeDeploy.
// https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
func (r *reader) deployment(g *model.Resource) *fact.Rollout {
	b := g.Body
	out := &fact.Rollout{
		Ref: g.Ref(), Name: name(g, "deployment_group_name"), Engine: "codedeploy", Background: -1, FirstShare: -1, Routed: true,
		MannerAt: b.Get("deployment_config_name").At, AutoPromote: true,
	}
	if out.MannerAt.File == "" {
		out.MannerAt = g.At
	}
	out.TargetKind, out.TargetName = r.deployed(g)
	back := b.Get("auto_rollback_configuration")
	on, _ := back.Get("enabled").Bool(false)
	events, _ := back.Get("events").Strings()
	watch, _ := b.Get("alarm_configuration", "enabled").Bool(true)
	if alarms := b.Get("alarm_configuration", "alarms"); on && watch && slices.Contains(events, "DEPLOYMENT_STOP_ON_ALARM") && (alarms.Present() || !alarms.Known()) {
		out.Analyses, out.Background = r.alarms(alarms), 0
	}
	out.Unknown = unknown(back, back.Get("enabled"), back.Get("events"), b.Get("alarm_configuration"), b.Get("alarm_configuration", "enabled"))
	// A deployment fails where new instances do not get healthy in time.
	out.AbortsOnDeadline = on && slices.Contains(events, "DEPLOYMENT_FAILURE")
	r.shifts(out, g)
	if wait, known := number(b.Get("blue_green_deployment_config", "terminate_blue_instances_on_deployment_success", "termination_wait_time_in_minutes"), 0); known {
		out.KeepsOld = wait * 60
	} else {
		out.KeepsOld = 1
	}
	return out
}

// deployed returns what a deployment group deploys to.
func (r *reader) deployed(g *model.Resource) (kind, name string) {
	b := g.Body
	if s := b.Get("ecs_service", "service_name"); s.Present() || !s.Known() {
		if t := text(s); t != "" {
			return "ECS service", t
		}
		if w := r.workloadOf(g, s); w != nil {
			return w.Kind, w.Name
		}
		return "ECS service", "(" + why(s) + ")"
	}
	if groups := b.Get("autoscaling_groups"); groups.Present() || !groups.Known() {
		if w := r.workloadOf(g, groups); w != nil {
			return w.Kind, w.Name
		}
		if list, _ := groups.Strings(); len(list) > 0 {
			return "Auto Scaling group", list[0]
		}
	}
	var functions []*fact.Workload
	for _, w := range r.into.Workloads {
		if w.Platform == fact.Lambda {
			functions = append(functions, w)
		}
	}
	app := r.one(g, b.Get("app_name"), "name", "aws_codedeploy_app")
	if len(functions) == 1 && app != nil && text(app.Body.Get("compute_platform")) == "Lambda" {
		return functions[0].Kind, functions[0].Name // the only one that it can mean
	}
	return "", "what its AppSpec names"
}

// workloadOf returns the workload that a value is made of, or nil. Of several
// instances it is the one with the index of the resource that refers to them.
func (r *reader) workloadOf(from *model.Resource, v model.Value) *fact.Workload {
	var first *fact.Workload
	for _, w := range r.into.Workloads {
		for _, ref := range v.AllRefs() {
			switch {
			case w.Subject == ref, strings.HasPrefix(w.Subject, ref+"[") && index(w.Subject) == index(from.Address):
				return w
			case first == nil && strings.HasPrefix(w.Subject, ref+"["):
				first = w
			}
		}
	}
	return first
}

// shifts reads in which shares traffic moves.
func (r *reader) shifts(out *fact.Rollout, g *model.Resource) {
	config, group := g.Body.Get("deployment_config_name"), g.Body
	named := text(config)
	if own := r.one(g, config, "deployment_config_name", "aws_codedeploy_deployment_config"); own != nil {
		routing := own.Body.Get("traffic_routing_config")
		for _, kind := range []string{"time_based_canary", "time_based_linear"} {
			if block := routing.Get(kind); block.Present() {
				share, a := number(block.Get("percentage"), 0)
				minutes, c := number(block.Get("interval"), 0)
				if a && c {
					steps(out, share, minutes, kind == "time_based_linear", block.At)
				} else {
					out.Manner, out.FirstAt = "canary", block.At
				}
				return
			}
		}
	}
	var share, minutes int
	style := text(group.Get("deployment_style", "deployment_type"))
	switch {
	case !config.Known():
		out.Manner = "unknown"
	case strings.Contains(named, "AllAtOnce"), named == "" && style == "BLUE_GREEN":
		out.Manner = "blue-green"
		for i := range out.Analyses {
			out.Analyses[i].When = "post-promotion"
		}
	case strings.Contains(named, "Canary"):
		share, minutes = percents(named, "Canary")
		steps(out, share, minutes, false, out.MannerAt)
	case strings.Contains(named, "Linear"):
		share, minutes = percents(named, "Linear")
		steps(out, share, minutes, true, out.MannerAt)
	default: // CodeDeployDefault.OneAtATime and HalfAtATime go machine by machine
		out.Manner = "rolling"
	}
}

// percents reads CodeDeployDefault.ECSCanary10Percent5Minutes.
func percents(config, kind string) (share, minutes int) {
	_, rest, _ := strings.Cut(config, kind)
	a, b, _ := strings.Cut(rest, "Percent")
	b = strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(b, "Every"), "s"), "Minute")
	share, _ = strconv.Atoi(a)
	minutes, _ = strconv.Atoi(b)
	return share, minutes
}

// steps fills the steps of a canary: one share and then all, or equal shares.
func steps(out *fact.Rollout, share, minutes int, linear bool, at fact.Location) {
	out.Manner, out.FirstShare, out.FirstAt = "canary", share, at
	for reached := share; reached > 0 && reached < 100; reached += share {
		out.Steps = append(out.Steps, fact.Step{Share: reached, At: at}, fact.Step{Share: -1, Pause: true, Seconds: minutes * 60, At: at})
		if !linear {
			break
		}
	}
	out.Steps = append(out.Steps, fact.Step{Share: 100, At: at})
}

// native reads what ECS does without CodeDeploy; nil where it is a plain
// rolling update that nothing watches.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
func (r *reader) native(res *model.Resource) *fact.Rollout {
	b := res.Body
	if text(b.Get("deployment_controller", "type")) == "CODE_DEPLOY" {
		return nil
	}
	out := &fact.Rollout{
		Ref: res.Ref(), Name: name(res), Engine: "ecs", TargetKind: "ECS service", TargetName: name(res), Manner: "rolling",
		MannerAt: res.At, Background: -1, FirstShare: -1, Routed: true, AutoPromote: true,
	}
	breaker := b.Get("deployment_circuit_breaker")
	on, _ := breaker.Get("enable").Bool(false)
	back, _ := breaker.Get("rollback").Bool(false)
	out.AbortsOnDeadline = on && back
	watch, _ := b.Get("alarms", "enable").Bool(true)
	undo, _ := b.Get("alarms", "rollback").Bool(false)
	out.Unknown = unknown(breaker, breaker.Get("enable"), breaker.Get("rollback"), b.Get("alarms"), b.Get("alarms", "enable"), b.Get("alarms", "rollback"),
		b.Get("deployment_controller", "type"), b.Get("deployment_configuration", "strategy"))
	if names := b.Get("alarms", "alarm_names"); watch && undo && (names.Present() || !names.Known()) {
		out.Analyses, out.Background = r.alarms(names), 0
	}
	d := b.Get("deployment_configuration")
	// Left out, ECS or the provider fills in a time; the API demands one:
	// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
	kept := 1
	if v := d.Get("bake_time_in_minutes"); v.Present() {
		if minutes, known := number(v, 0); known {
			kept = minutes * 60
		}
	}
	switch strategy := d.Get("strategy"); text(strategy) {
	case "BLUE_GREEN":
		out.Manner, out.MannerAt, out.KeepsOld = "blue-green", strategy.At, kept
		for i := range out.Analyses {
			out.Analyses[i].When = "post-promotion"
		}
		out.Hooks = len(nested(d.Get("lifecycle_hook")))
	case "CANARY":
		c := d.Get("canary_configuration")
		share := percent(c.Get("canary_percent"), 5)
		wait, _ := number(c.Get("canary_bake_time_in_minutes"), 10)
		steps(out, share, wait, false, strategy.At)
		out.MannerAt = strategy.At
	case "LINEAR":
		c := d.Get("linear_configuration")
		share := percent(c.Get("step_percent"), 10)
		wait, _ := number(c.Get("step_bake_time_in_minutes"), 6)
		steps(out, share, wait, true, strategy.At)
		out.MannerAt = strategy.At
	default:
		if !out.AbortsOnDeadline && len(out.Analyses) == 0 && out.Unknown == "" {
			return nil
		}
	}
	return out
}

// unknown returns why the first of the values that is not known is not; empty
// where all are.
func unknown(values ...model.Value) string {
	for _, v := range values {
		if !v.Known() {
			return why(v)
		}
	}
	return ""
}

// percent returns a share in whole percent, rounded up; -1 where it is not known.
func percent(v model.Value, absent int) int {
	if !v.Present() && v.Known() {
		return absent
	}
	f, err := strconv.ParseFloat(text(v), 64)
	if err != nil || f < 0 || f > 100 {
		return -1
	}
	return int(math.Ceil(f))
}
