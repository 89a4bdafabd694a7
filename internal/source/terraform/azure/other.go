package azure

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// certificates reads those that Azure issues or lets an authority issue, and
// those that were uploaded.
// https://learn.microsoft.com/azure/key-vault/certificates/overview-renew-certificate
func (r *reader) certificates() {
	for _, res := range r.Of(kinds(fact.Certificates), "azurerm_app_service_managed_certificate", "azurerm_key_vault_certificate",
		"azurerm_app_service_certificate", "azurerm_container_app_environment_certificate", "azurerm_container_app_environment_managed_certificate") {
		c := &fact.Certificate{Ref: res.Ref(), Name: reading.Name(res), Engine: "azure", SecretName: res.Address, Manner: "imported", At: res.At}
		policy := res.Body.Get("certificate_policy")
		action, issuer := policy.Get("lifetime_action", "action", "action_type"), policy.Get("issuer_parameters", "name")
		switch {
		case res.Type == "azurerm_app_service_managed_certificate", res.Type == "azurerm_container_app_environment_managed_certificate":
			c.Manner = "managed"
		case res.Body.Get("key_vault_secret_id").Present() || !res.Body.Get("key_vault_secret_id").Known():
			c.Manner, c.Unknown = "unknown", "it is taken from Key Vault, where its policy decides"
		case res.Type != "azurerm_key_vault_certificate":
		case res.Body.Get("certificate").Present() || !res.Body.Get("certificate").Known():
		case !action.Known() || !issuer.Known():
			c.Manner, c.Unknown = "unknown", reading.Why(action)
		case reading.Text(issuer) == "Unknown":
			c.At = policy.At // an authority that Key Vault does not speak to
		case reading.Text(action) == "AutoRenew" && reading.Text(issuer) == "Self":
			c.Manner = "self-signed"
		case reading.Text(action) == "AutoRenew":
			c.Manner = "managed"
		case action.Present():
			c.Manner, c.At = "EMAIL", action.At
		default:
			c.Manner, c.Unknown = "unknown", "its policy does not say what happens at the end of its life"
		}
		r.Into.Certificates = append(r.Into.Certificates, c)
	}
}

// logs reads workspaces of Log Analytics, which keep lines for 30 days unless
// they say otherwise.
// https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure
func (r *reader) logs() {
	for _, res := range r.Of(kinds(fact.LogStores), "azurerm_log_analytics_workspace") {
		days := res.Body.Get("retention_in_days")
		l := &fact.LogStore{Ref: res.Ref(), Name: reading.Name(res), Engine: "log-analytics", At: reading.Place(days, res)}
		n, known := days.Int(30)
		if l.Days = n; !known {
			l.Days, l.Why = -1, reading.Why(days)
		}
		l.Region, l.RegionWhy = r.region(res)
		r.Into.LogStores = append(r.Into.LogStores, l)
	}
	// Without a workspace, Application Insights keeps 90 days by itself:
	// https://learn.microsoft.com/azure/azure-monitor/app/create-workspace-resource
	for _, res := range r.Of(kinds(fact.LogStores), "azurerm_application_insights") {
		days, workspace := res.Body.Get("retention_in_days"), res.Body.Get("workspace_id")
		if workspace.Present() || !workspace.Known() {
			if r.One(res, workspace, "id", "azurerm_log_analytics_workspace") == nil {
				r.Hole(res, kinds(fact.LogStores), "the workspace of "+res.Address+" is not among these files")
			}
			continue
		}
		l := &fact.LogStore{Ref: res.Ref(), Name: reading.Name(res), Engine: "application-insights", At: reading.Place(days, res)}
		n, known := days.Int(90)
		if l.Days = n; !known {
			l.Days, l.Why = -1, reading.Why(days)
		}
		l.Region, l.RegionWhy = r.region(res)
		r.Into.LogStores = append(r.Into.LogStores, l)
	}
}

// budgets reads budgets with those whom they tell, and what watches for costs
// out of the ordinary.
func (r *reader) budgets() {
	for _, res := range r.Of(kinds(fact.Cloud), "azurerm_cost_anomaly_alert") {
		s := &fact.SpendLimit{Ref: res.Ref(), Name: reading.Name(res, "display_name"), Kind: "anomaly", Notifies: fact.No(res.At)}
		switch to := res.Body.Get("email_addresses"); {
		case len(to.Each()) > 0:
			s.Notifies = fact.Yes(to.At)
		case !to.Known():
			s.Notifies = fact.Truth{Why: reading.Why(to), At: to.At}
		}
		r.Into.SpendLimits = append(r.Into.SpendLimits, s)
	}
	for _, res := range r.Of(kinds(fact.Cloud), "azurerm_consumption_budget_subscription", "azurerm_consumption_budget_resource_group", "azurerm_consumption_budget_management_group") {
		s := &fact.SpendLimit{Ref: res.Ref(), Name: reading.Name(res), Kind: "budget", Notifies: fact.No(res.At)}
		if v := res.Body.Get("notification"); !v.Known() {
			s.Notifies = fact.Truth{Why: reading.Why(v), At: v.At}
		}
		for _, n := range reading.Nested(res.Body.Get("notification")) {
			on, known := n.Get("enabled").Bool(true)
			told := false
			for _, field := range []string{"contact_emails", "contact_groups", "contact_roles"} {
				v := n.Get(field)
				told = told || len(v.Each()) > 0 || len(v.AllRefs()) > 0
				known = known && v.Known()
			}
			switch {
			case on && told:
				s.Notifies = fact.Yes(n.At)
				s.Forecast = s.Forecast || reading.Text(n.Get("threshold_type")) == "Forecasted"
			case !known && !s.Notifies.Is():
				s.Notifies = fact.Truth{Why: reading.Why(n.Get("contact_emails")), At: n.At}
			}
		}
		r.Into.SpendLimits = append(r.Into.SpendLimits, s)
	}
}
