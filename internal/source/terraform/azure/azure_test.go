package azure

import (
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// A resource of which nothing is known says so, and does not break the reader.
func TestUnknown(t *testing.T) {
	for _, kind := range []string{
		"azurerm_container_app", "azurerm_linux_web_app", "azurerm_monitor_autoscale_setting", "azurerm_network_security_group", "azurerm_user_assigned_identity",
		"azurerm_role_assignment", "azuread_application_password", "azurerm_postgresql_flexible_server", "azurerm_mysql_flexible_server", "azurerm_mssql_database",
		"azurerm_storage_account", "azurerm_redis_cache", "azurerm_key_vault_certificate", "azurerm_log_analytics_workspace", "azurerm_consumption_budget_subscription",
		"azurerm_cosmosdb_account",
	} {
		for _, body := range []model.Value{{Kind: model.Unknown, Why: "nobody said"}, {Kind: model.Object}, {}} {
			set := &fact.Set{}
			Facts(&model.Config{Resources: []*model.Resource{{Address: kind + ".x", Base: kind + ".x", Type: kind, Name: "x", Body: body}}}, set)
			for _, d := range set.Databases {
				if body.Kind == model.Unknown && d.Managed.Public.Is() {
					t.Errorf("%s: taken for public, and nothing is known", kind)
				}
			}
		}
		set := &fact.Set{}
		Facts(&model.Config{Resources: []*model.Resource{{Address: kind + ".x", Base: kind + ".x", Type: kind, Name: "x", Count: model.Value{Kind: model.Unknown, Why: "nobody said"}}}}, set)
		if len(set.Coverage.Holes) == 0 {
			t.Errorf("%s: no hole where it is not known whether there is one", kind)
		}
	}
}
