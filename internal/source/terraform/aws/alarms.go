package aws

import (
	"regexp"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// cloudwatch is the language of AWS's alarms, and the engine of what they tell.
const cloudwatch = "cloudwatch"

// heard are the types of resources that an alarm or an event can tell so that
// people may hear of it.
var heard = []string{"aws_sns_topic", "aws_ssmincidents_response_plan"}

// rated gives alarms that say no severity that of whom they tell: AWS knows none, so
// the topic is how a page is told from a ticket.
func (r *reader) rated() {
	for _, a := range r.into.Alerts {
		if a.Language != cloudwatch || a.Severity != "" || len(a.Routes) == 0 {
			continue
		}
		wakes, known := false, true
		for _, name := range a.Routes {
			for _, c := range r.Told(cloudwatch, name, a.Location).Channels {
				wakes, known = wakes || c.Wakes.Is(), known && c.Wakes.Known
			}
		}
		switch {
		case wakes:
			a.Severity, a.Rated = "page", true
		case known:
			a.Severity, a.Rated = "ticket", true
		}
	}
}

// alerts reads the alarms that tell people. Those that only scale, repair, stop a
// release, or feed another alarm tell nobody on purpose.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
func (r *reader) alerts() {
	for _, res := range r.of(kinds(fact.Alerts), "aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm") {
		a := reading.Alarm(res, cloudwatch, name(res, "alarm_name"), res.Body.Get("alarm_description"), r.provider(res).Get("default_tags", "tags"), res.Body.Get("tags"))
		if res.Type == "aws_cloudwatch_composite_alarm" {
			r.composed(a, res)
		} else {
			measures(a, res)
		}
		actions := res.Body.Get("alarm_actions")
		r.repairs(a, actions)
		on, known := res.Body.Get("actions_enabled").Bool(true)
		switch {
		case known && !on && !r.serves(res), known && on && empty(actions) && !r.serves(res):
			r.into.Alerts = append(r.into.Alerts, a) // shown on a page, told to nobody
		case known && !on, empty(actions), r.mechanical(actions):
		default:
			r.Sends(a, res, r.people(actions), "arn", heard...)
			r.into.Alerts = append(r.into.Alerts, a)
		}
	}
}

func empty(v model.Value) bool { return v.Known() && len(v.Each()) == 0 }

// automatic are the actions of an alarm that tell nobody: what they refer to, and
// what stands in their addresses.
var (
	automatic      = []string{"aws_autoscaling_policy", "aws_appautoscaling_policy", "aws_lambda_function", "aws_lambda_alias"}
	automaticNames = regexp.MustCompile(`^arn:[a-z-]+:(autoscaling|automate|lambda|swf):`)
)

// acts reports whether an action only has a machine do something.
func (r *reader) acts(action model.Value) bool {
	return len(r.referred(action, "arn", automatic...)) > 0 || automaticNames.MatchString(action.Text)
}

// mechanical reports whether all actions are such.
func (r *reader) mechanical(actions model.Value) bool {
	return actions.Known() && !slices.ContainsFunc(actions.Each(), func(one model.Value) bool { return !r.acts(one) })
}

// repairs reads the actions of an alarm that call a function. What EC2 does to the
// instance, and scaling, the platform does by itself.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/UsingAlarmActions.html
func (r *reader) repairs(a *fact.Alert, actions model.Value) {
	for _, action := range actions.Each() {
		called := "a function"
		functions := r.referred(action, "arn", "aws_lambda_function", "aws_lambda_alias")
		if len(functions) > 0 {
			called = name(functions[0], "function_name")
		} else if !strings.Contains(action.Text, ":lambda:") {
			continue
		}
		r.into.Remedies = append(r.into.Remedies, &fact.Remedy{
			Ref: a.Ref.Within("repair"), Engine: cloudwatch, Name: a.Name, Trigger: "the alarm " + a.Name, Action: "calls " + called,
			Limited: fact.Truth{Why: "what the function counts is not read", At: a.Location}, Failing: []string{"AWS/Lambda/Errors", "AWS/Lambda/AsyncEventsDropped"},
		})
	}
}

// people leaves out the actions that tell nobody.
func (r *reader) people(actions model.Value) model.Value {
	if actions.Kind == model.List {
		actions.Items = slices.DeleteFunc(slices.Clone(actions.Items), r.acts)
	}
	return actions
}

// serves reports whether an alarm serves another one, or a release.
func (r *reader) serves(alarm *model.Resource) bool {
	own := name(alarm, "alarm_name")
	for _, other := range r.c.Resources {
		if other == alarm || other.Type == "aws_cloudwatch_metric_alarm" {
			continue
		}
		switch other.Type {
		case "aws_cloudwatch_composite_alarm":
			rule := other.Body.Get("alarm_rule")
			if rule.RefersTo(alarm.Base) || strings.Contains(rule.Text, own) {
				return true
			}
		default:
			if other.Body.RefersTo(alarm.Base) {
				return true
			}
			for _, list := range []model.Value{other.Body.Get("alarm_configuration", "alarms"), other.Body.Get("alarms", "alarm_names")} {
				if names, _ := list.Strings(); slices.Contains(names, own) {
					return true
				}
			}
		}
	}
	return false
}

// measures says what a metric alarm compares.
func measures(a *fact.Alert, res *model.Resource) {
	b := res.Body
	add := func(m model.Value) {
		space, metric := m.Get("namespace"), m.Get("metric_name")
		if !metric.Present() && metric.Known() {
			return
		}
		if !space.Known() || !metric.Known() {
			a.Parsed = false
			return
		}
		a.Metrics = append(a.Metrics, text(space)+"/"+text(metric))
		a.Reads = append(a.Reads, fact.Reading{Metric: text(space) + "/" + text(metric), Labels: dimensions(m.Get("dimensions"))})
	}
	add(b)
	var expressions []string
	for _, q := range nested(b.Get("metric_query")) {
		if m := q.Get("metric"); m.Present() {
			add(m)
		}
		if e := text(q.Get("expression")); e != "" {
			expressions = append(expressions, e)
			a.Parsed = a.Parsed && !strings.Contains(e, "SEARCH(") && !strings.Contains(e, "SELECT ")
		}
	}
	if v := b.Get("metric_query"); !v.Known() {
		a.Parsed = false
	}
	slices.Sort(a.Metrics)
	a.Metrics = slices.Compact(a.Metrics)
	a.Burns = slices.Contains(a.Metrics, "AWS/ApplicationSignals/BurnRate")
	a.Expression = strings.TrimSpace(strings.Join(append(a.Metrics, expressions...), ", ") + " " + text(b.Get("comparison_operator")) + " " + text(b.Get("threshold")))
	period, known := number(b.Get("period"), 60)
	for _, q := range nested(b.Get("metric_query")) {
		if p, sure := number(q.Get("metric", "period"), 0); sure && p > period {
			period = p
		}
	}
	if times, sure := number(b.Get("evaluation_periods"), 1); sure && known {
		a.For = times * period
	}
}

func dimensions(v model.Value) map[string]string {
	out := map[string]string{}
	for _, key := range v.Names() {
		if t, known := v.Get(key).String(); known {
			out[key] = t
		}
	}
	return out
}

// composed reads an alarm made of others: it watches what they do. Where all must
// hold and they compare one share over two times, it watches how fast the budget
// is spent.
func (r *reader) composed(a *fact.Alert, res *model.Resource) {
	rule := res.Body.Get("alarm_rule")
	a.Expression = rule.Text
	texts := rule.Text
	for _, p := range rule.Pieces {
		texts += p.Text
	}
	spans := map[int]bool{}
	shares, parts := 0, 0
	for _, part := range r.c.Of("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm") {
		if part == res || !rule.RefersTo(part.Base) && !strings.Contains(rule.Text, name(part, "alarm_name")) {
			continue
		}
		parts++
		one := &fact.Alert{Parsed: true}
		measures(one, part)
		a.Metrics = append(a.Metrics, one.Metrics...)
		a.Burns = a.Burns || one.Burns
		if ratio(part) {
			shares++
			spans[one.For] = true
		}
	}
	slices.Sort(a.Metrics)
	a.Metrics = slices.Compact(a.Metrics)
	a.Parsed = parts > 0
	a.Burns = a.Burns || shares >= 2 && len(spans) >= 2 && strings.Contains(texts, "AND")
}

// ratio reports whether an alarm compares a share of two sums.
func ratio(res *model.Resource) bool {
	return slices.ContainsFunc(nested(res.Body.Get("metric_query")), func(q model.Value) bool { return strings.Contains(text(q.Get("expression")), "/") })
}
