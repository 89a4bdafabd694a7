package google

import (
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

func scalar(t string) model.Value { return model.Value{Kind: model.Scalar, Text: t} }

// A resource of which nothing is known says so, and does not break the reader.
func TestUnknown(t *testing.T) {
	for _, kind := range []string{
		"google_cloud_run_v2_service", "google_cloud_run_service", "google_cloud_run_v2_job", "google_compute_region_instance_group_manager", "google_compute_instance",
		"google_compute_backend_service", "google_compute_region_autoscaler", "google_compute_network", "google_compute_firewall", "google_service_account", "google_project_iam_member",
		"google_project_iam_binding", "google_project_iam_policy", "google_sql_database_instance", "google_redis_instance", "google_storage_bucket", "google_pubsub_topic",
		"google_service_account_key", "google_certificate_manager_certificate", "google_logging_project_bucket_config", "google_billing_budget", "google_alloydb_cluster",
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

func TestWhere(t *testing.T) {
	for given, want := range map[string]string{
		"europe-west3": "europe-west3", "EUROPE-WEST3": "europe-west3", "europe-west3-a": "europe-west3", "eu": "EU", "projects/p/regions/us-east1": "us-east1",
		"northamerica-northeast1-b": "northamerica-northeast1",
	} {
		if got := where(given); got != want {
			t.Errorf("where(%q) = %q, want %q", given, got, want)
		}
	}
}

func TestHolder(t *testing.T) {
	r := &reader{reading.New(&model.Config{}, &fact.Set{})}
	for given, want := range map[string]string{
		"serviceAccount:web@shop.iam.gserviceaccount.com":                    "web",
		"serviceAccount:1234-compute@developer.gserviceaccount.com":          fact.DefaultAccount,
		"projects/shop/serviceAccounts/web@shop.iam.gserviceaccount.com":     "web",
		"principalSet://iam.googleapis.com/projects/1/locations/global/pool": "principalSet://iam.googleapis.com/projects/1/locations/global/pool",
	} {
		if got := r.holder(scalar(given)); len(got) != 1 || got[0] != want {
			t.Errorf("holder(%q) = %q, want %q", given, got, want)
		}
	}
}
