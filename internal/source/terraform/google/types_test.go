package google

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
		"google_compute_subnetwork": true, "google_compute_global_forwarding_rule": true, "google_project_service": true, "google_monitoring_dashboard": true, "google_monitoring_snooze": false,
		"google_secret_manager_secret": true, "google_cloudbuild_trigger": false, "google_artifact_registry_repository": true, "google_container_cluster": true, "google_gke_hub_feature": false,
		"google_cloudfunctions2_function": false, "google_spanner_database": false, "google_spanner_instance_config": true, "google_bigquery_table": false, "google_bigquery_routine": true,
		"google_firestore_database": false, "google_firestore_index": true, "google_compute_network_firewall_policy_rule": false, "google_compute_network_firewall_policy": true,
		"google_storage_bucket_object": true, "google_workflows_workflow": false, "google_vertex_ai_endpoint": false,
	} {
		if kinds, known := table.Of(kind); !known || harmless != (len(kinds) == 0) {
			t.Errorf("%s: %v %v", kind, kinds, known)
		}
	}
	if kinds, known := table.Of("google_deployment_manager_deployment"); known {
		t.Errorf("a deployment holds anything, not %v", kinds)
	}
}
