package terraform

import "testing"

// TestProviders: the table of providers can be read, and what it says of some is
// what it says.
func TestProviders(t *testing.T) {
	t.Parallel()
	types, err := providers()
	if err != nil {
		t.Fatal(err)
	}
	for kind, harmless := range map[string]bool{
		"random_password": true, "null_resource": true, "cloudflare_record": true, "cloudflare_workers_script": false, "cloudflare_r2_bucket": false,
		"datadog_dashboard": true, "datadog_monitor_json": false, "kubernetes_namespace": true, "kubernetes_deployment_v1": false, "helm_release": false,
	} {
		kinds, known := types.Of(kind)
		if !known || harmless != (len(kinds) == 0) {
			t.Errorf("%s: %v %v", kind, kinds, known)
		}
	}
	for kind := range mapped {
		if types.Knows(kind + "_") {
			t.Errorf("%s is decided about by its own mapping", kind)
		}
	}
}
