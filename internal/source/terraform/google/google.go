// Package google turns resources of Google Cloud into facts.
package google

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// Facts adds what the configuration says of Google Cloud to a set.
func Facts(c *model.Config, into *fact.Set) {
	r := &reader{reading.New(c, into)}
	r.services()
	r.jobs()
	r.networks()
	r.groups()
	r.machines()
	r.balancers()
	r.pipelines()
	r.scaling()
	r.firewalls()
	r.access()
	r.databases()
	r.caches()
	r.buckets()
	r.queues()
	r.secrets()
	r.certificates()
	r.logs()
	r.budgets()
	r.unread()
}

type reader struct{ *reading.Reader }

func kinds(list ...fact.Kind) []fact.Kind { return list }

// unread names what runs something, guards something or holds data, and is not
// turned into facts: nothing becomes met where such a resource stands.
func (r *reader) unread() {
	r.Unread(kinds(fact.Workloads, fact.Services),
		"google_cloudfunctions_function", "google_cloudfunctions2_function", "google_app_engine_standard_app_version", "google_app_engine_flexible_app_version",
		"google_cloud_run_v2_worker_pool", "google_dataflow_job", "google_dataflow_flex_template_job", "google_dataproc_cluster", "google_composer_environment",
		"google_compute_instance_from_template", "google_compute_instance_group", "google_notebooks_instance", "google_workbench_instance", "google_batch_job")
	r.Unread(kinds(fact.Backups, fact.Storage),
		"google_alloydb_cluster", "google_bigquery_dataset", "google_bigquery_table", "google_bigtable_instance", "google_compute_disk", "google_compute_region_disk",
		"google_datastream_stream", "google_filestore_instance", "google_firestore_database", "google_healthcare_dataset", "google_memorystore_instance",
		"google_memcache_instance", "google_redis_cluster", "google_spanner_instance", "google_spanner_database", "google_managed_kafka_cluster", "google_netapp_volume")
	r.Unread(kinds(fact.Policies), "google_compute_firewall_policy_rule", "google_compute_network_firewall_policy_rule", "google_compute_region_network_firewall_policy_rule")
	r.Unread(kinds(fact.Backups), "google_backup_dr_backup_plan_association")
	r.Unread(kinds(fact.Certificates), "google_privateca_certificate", "google_apigee_env_keystore")
}

// region returns the region in which a resource stands: its own, that of its
// zone, or that of its provider. The reason says why it is not known.
func (r *reader) region(res *model.Resource) (region, unknown string) {
	p := r.Provider(res, "google")
	for _, v := range []model.Value{res.Body.Get("location"), res.Body.Get("region"), res.Body.Get("zone"), p.Get("region"), p.Get("zone")} {
		if !v.Known() {
			return "", reading.Why(v)
		}
		if t := reading.Text(v); t != "" {
			return where(t), ""
		}
	}
	return "", "no region is written; the environment of whoever applies decides"
}

// where returns the region of a zone or region, as Google writes it now: of
// several regions at once ("EU") the name stays.
func where(t string) string {
	t = t[strings.LastIndexByte(t, '/')+1:]
	if !strings.Contains(t, "-") {
		return strings.ToUpper(t)
	}
	t = strings.ToLower(t)
	if parts := strings.Split(t, "-"); len(parts) == 3 && len(parts[2]) == 1 {
		return parts[0] + "-" + parts[1] // europe-west3-a
	}
	return t
}

// labels are those of the resource and those that its provider gives to all.
func (r *reader) labels(res *model.Resource, own model.Value) []model.Value {
	return []model.Value{r.Provider(res, "google").Get("default_labels"), own}
}
