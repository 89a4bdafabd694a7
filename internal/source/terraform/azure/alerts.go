package azure

import (
	"slices"
	"strconv"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/promql"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// monitor is the language of Azure's alerts, and the engine of what they tell.
const monitor = "azure-monitor"

// alerts reads alert rules of Azure Monitor.
func (r *reader) alerts() {
	for _, res := range r.Of(kinds(fact.Alerts), "azurerm_monitor_metric_alert") {
		if a := r.alert(res); a != nil {
			for _, part := range []string{"criteria", "dynamic_criteria"} {
				list := res.Body.Get(part)
				a.Parsed = a.Parsed && list.Known()
				for _, c := range reading.Nested(list) {
					name, known := c.Get("metric_name").String()
					space, sure := c.Get("metric_namespace").String()
					a.Parsed = a.Parsed && known && sure
					a.Metrics = append(a.Metrics, strings.Trim(space+"/"+name, "/"))
					a.Expression += strings.TrimSpace(" " + name + " " + reading.Text(c.Get("operator")) + " " + reading.Text(c.Get("threshold")))
				}
			}
			if web := res.Body.Get("application_insights_web_test_location_availability_criteria"); web.Present() {
				a.Metrics = append(a.Metrics, "Microsoft.Insights/components/availabilityResults/availabilityPercentage")
			}
			a.For = iso(reading.Text(res.Body.Get("window_size")))
			r.keep(a, res, res.Body.Get("action"))
		}
	}
	for _, res := range r.Of(kinds(fact.Alerts), "azurerm_monitor_scheduled_query_rules_alert", "azurerm_monitor_scheduled_query_rules_alert_v2") {
		if a := r.alert(res); a != nil {
			query := res.Body.Get("query")
			if !query.Present() {
				query = res.Body.Get("criteria", "query")
			}
			a.Expression, a.Parsed = query.Text, false // Kusto is not read
			r.keep(a, res, res.Body.Get("action"))
		}
	}
	for _, res := range r.Of(kinds(fact.Alerts), "azurerm_monitor_activity_log_alert") {
		if a := r.alert(res); a != nil {
			category, known := res.Body.Get("criteria", "category").String()
			a.Parsed, a.Expression = known, category
			if known && category != "" {
				a.Metrics = []string{category}
			}
			r.keep(a, res, res.Body.Get("action"))
		}
	}
	r.prometheusRules()
}

// alert begins an alert of a resource; nil where it is switched off.
func (r *reader) alert(res *model.Resource) *fact.Alert {
	if on, known := res.Body.Get("enabled").Bool(true); known && !on {
		return nil
	}
	a := reading.Alarm(res, monitor, reading.Name(res), res.Body.Get("description"), res.Body.Get("tags"))
	if a.Severity == "" && res.Type != "azurerm_monitor_activity_log_alert" {
		a.Severity, a.Rated = graded(res.Body.Get("severity"), 3), true
	}
	return a
}

// graded spells Azure's severities: 0 is critical, 1 an error, 2 a warning.
// https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-overview#alert-severity
func graded(v model.Value, absent int) string {
	n, known := v.Int(absent)
	if names := []string{"critical", "error", "warning", "informational", "verbose"}; known && n >= 0 && n < len(names) {
		return names[n]
	}
	return ""
}

// keep adds the alert with whom it tells.
func (r *reader) keep(a *fact.Alert, res *model.Resource, actions model.Value) {
	slices.Sort(a.Metrics)
	a.Metrics = slices.Compact(a.Metrics)
	if !actions.Known() {
		r.Sends(a, res, actions, "id", "azurerm_monitor_action_group")
	}
	for _, action := range reading.Nested(actions) {
		for _, key := range []string{"action_group_id", "action_groups", "action_group"} {
			if to := action.Get(key); to.Present() || !to.Known() {
				r.Sends(a, res, to, "id", "azurerm_monitor_action_group")
			}
		}
	}
	r.Into.Alerts = append(r.Into.Alerts, a)
}

// iso returns the seconds of a duration such as PT15M or P1D; 0 for any other.
func iso(text string) (seconds int) {
	units := map[byte]int{'D': 86400, 'H': 3600, 'M': 60, 'S': 1}
	number := ""
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case '0' <= c && c <= '9':
			number += string(c)
		case units[c] > 0:
			n, _ := strconv.Atoi(number)
			seconds, number = seconds+n*units[c], ""
		}
	}
	return seconds
}

// prometheusRules reads rules in PromQL that Azure evaluates.
func (r *reader) prometheusRules() {
	for _, res := range r.Of(kinds(fact.Alerts), "azurerm_monitor_alert_prometheus_rule_group") {
		if on, known := res.Body.Get("rule_group_enabled").Bool(true); known && !on {
			continue
		}
		for _, rule := range reading.Nested(res.Body.Get("rule")) {
			name := reading.Text(rule.Get("alert"))
			if on, known := rule.Get("enabled").Bool(true); name == "" || known && !on {
				continue
			}
			a := reading.Alarm(res, monitor, name, rule.Get("annotations", "description"), res.Body.Get("tags"), rule.Get("labels"), rule.Get("annotations"))
			a.Ref = a.Ref.Within("alert " + name).At(rule.At)
			if a.Severity == "" {
				a.Severity, a.Rated = graded(rule.Get("severity"), 3), true
			}
			a.Expression = rule.Get("expression").Text
			q, err := promql.Parse(a.Expression)
			if a.Parsed = err == nil && rule.Get("expression").Known(); a.Parsed {
				a.Metrics, a.Burns = q.Metrics(), q.Windows() >= 2
			}
			r.keep(a, res, rule.Get("action"))
		}
	}
}

// groupsTold reads whom alerts tell.
// https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups
func (r *reader) groupsTold() {
	for _, res := range r.Of(kinds(fact.Routings), "azurerm_monitor_action_group") {
		to := r.Told(monitor, res.Base, res.At)
		b := res.Body
		if on, known := b.Get("enabled").Bool(true); known && !on {
			continue // it is told nothing
		}
		add := func(c fact.Channel) { to.Channels = append(to.Channels, c) }
		for _, one := range reading.Nested(b.Get("email_receiver")) {
			add(reading.Mail(one.Get("email_address"), reading.Place(one, res)))
		}
		for _, one := range reading.Nested(b.Get("webhook_receiver")) {
			add(reading.Webhook(one.Get("service_uri"), reading.Place(one, res)))
		}
		for _, one := range reading.Nested(b.Get("voice_receiver")) {
			add(fact.Channel{Kind: "voice call", Wakes: fact.Yes(reading.Place(one, res))})
		}
		for _, one := range reading.Nested(b.Get("arm_role_receiver")) {
			add(fact.Channel{Kind: "email", Target: reading.Text(one.Get("name")), Wakes: fact.No(reading.Place(one, res))})
		}
		for kind, why := range map[string]string{
			"sms_receiver": "a text message wakes only whoever hears it", "azure_app_push_receiver": "a push message wakes only whoever hears it",
			"logic_app_receiver": "what the logic app does is not written here", "azure_function_receiver": "what the function does is not written here",
			"automation_runbook_receiver": "a runbook of Azure Automation repairs, and need tell nobody", "event_hub_receiver": "what reads the event hub is not written here",
			"itsm_receiver": "what the ticket system does with it is not written here",
		} {
			for _, one := range reading.Nested(b.Get(kind)) {
				reading.Unseen(to, strings.ReplaceAll(strings.TrimSuffix(kind, "_receiver"), "_", " "), why, reading.Place(one, res))
			}
		}
		slices.SortFunc(to.Channels, func(a, b fact.Channel) int { return strings.Compare(a.Kind+a.Target, b.Kind+b.Target) })
	}
}
