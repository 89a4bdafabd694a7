package azure

import "testing"

// TestTypes: the table can be read, and what it says of some types is what it
// says: what runs or keeps something within a harmless family is not harmless.
func TestTypes(t *testing.T) {
	t.Parallel()
	table, err := types()
	if err != nil {
		t.Fatal(err)
	}
	for kind, harmless := range map[string]bool{
		"azurerm_resource_group": true, "azurerm_lb_rule": true, "azurerm_network_interface_security_group_association": true, "azurerm_subnet": true, "azurerm_virtual_network_peering": true, "azurerm_key_vault_secret": true, "azurerm_key_vault_access_policy": false,
		"azurerm_linux_function_app": false, "azurerm_container_group": false, "azurerm_cosmosdb_sql_container": false, "azurerm_monitor_diagnostic_setting": true, "azurerm_monitor_alert_processing_rule_suppression": false,
		"azurerm_cdn_frontdoor_route": true, "azurerm_cdn_frontdoor_endpoint": false, "azurerm_firewall_policy_rule_collection_group": false, "azurerm_network_manager_network_group": true,
		"azurerm_kubernetes_cluster_node_pool": true, "azurerm_kubernetes_cluster_extension": false, "azurerm_servicebus_queue": false, "azurerm_storage_container": true, "azuread_group": true,
		"azuread_directory_role_assignment": false, "microsoft.app::jobs": false, "microsoft.app::managedenvironments": true, "microsoft.insights::actiongroups": true, "microsoft.insights::metricalerts": false,
		"microsoft.network::networksecuritygroups": false, "microsoft.network::virtualnetworks::subnets": true, "microsoft.sql::servers::databases": false,
	} {
		kinds, known := table.Of(kind)
		if !known || harmless != (len(kinds) == 0) {
			t.Errorf("%s: %v %v", kind, kinds, known)
		}
	}
	for _, kind := range []string{"azurerm_resource_group_template_deployment", "azurerm_subscription_template_deployment", "azurerm_management_group_template_deployment", "microsoft.resources::deployments"} {
		if kinds, known := table.Of(kind); known {
			t.Errorf("%s makes anything, not %v", kind, kinds)
		}
	}
}
