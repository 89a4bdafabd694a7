package terraform

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// tariff says where a type of resource writes what decides its price. Paths are
// attributes separated by slashes; of several, the first that is written counts.
type tariff struct {
	kind string
	// class is where the size stands, as is "aws_launch_template/instance_type" a
	// path in the resource that this one names.
	class []string
	// gib and medium are what it keeps and on what; absent is the medium where
	// none is written, and per how many of the written unit make one GiB.
	gib, medium []string
	absent      string
	per         float64
	// least and most count the instances; one path in both for a fixed number.
	least, most []string
	// doubled is an attribute with the words (none for true) by which a standby
	// of the same size runs beside each instance.
	doubled string
	words   []string
	// template is the type whose class counts where this one has none.
	template []string
	capacity bool
	byUse    bool
}

// tariffs lists what is paid for, by type, as the clouds' price pages part it.
func tariffs() map[string]tariff {
	disk := []string{"root_block_device/volume_size"}
	sql := tariff{kind: "database", class: []string{"sku_name"}, gib: []string{"storage_mb"}, per: 1024, absent: "postgresql-flexible"}
	vm := tariff{kind: "machine", class: []string{"size"}, gib: []string{"os_disk/disk_size_gb"}, medium: []string{"os_disk/storage_account_type"}}
	vmss := tariff{kind: "machine", class: []string{"sku", "sku_name"}, least: []string{"instances"}, most: []string{"instances"}}
	return map[string]tariff{
		"aws_instance":          {kind: "machine", class: []string{"instance_type"}, gib: disk, medium: []string{"root_block_device/volume_type"}, absent: "gp3", template: []string{"aws_launch_template"}},
		"aws_autoscaling_group": {kind: "machine", least: []string{"min_size"}, most: []string{"max_size"}, template: []string{"aws_launch_template", "aws_launch_configuration"}},
		"aws_eks_node_group":    {kind: "machine", class: []string{"instance_types"}, least: []string{"scaling_config/min_size"}, most: []string{"scaling_config/max_size"}, template: []string{"aws_launch_template"}, capacity: true},
		"aws_eks_cluster":       {kind: "cluster"}, "aws_nat_gateway": {kind: "network"}, "aws_lb": {kind: "network"}, "aws_alb": {kind: "network"}, "aws_elb": {kind: "network"},
		"aws_ebs_volume":                    {kind: "volume", gib: []string{"size"}, medium: []string{"type"}, absent: "gp2"},
		"aws_db_instance":                   {kind: "database", class: []string{"instance_class"}, gib: []string{"allocated_storage"}, medium: []string{"storage_type"}, absent: "rds-gp2", doubled: "multi_az"},
		"aws_rds_cluster_instance":          {kind: "database", class: []string{"instance_class"}},
		"aws_docdb_cluster_instance":        {kind: "database", class: []string{"instance_class"}},
		"aws_elasticache_cluster":           {kind: "cache", class: []string{"node_type"}, least: []string{"num_cache_nodes"}, most: []string{"num_cache_nodes"}},
		"aws_elasticache_replication_group": {kind: "cache", class: []string{"node_type"}, least: []string{"num_cache_clusters", "number_cache_clusters"}, most: []string{"num_cache_clusters", "number_cache_clusters"}},
		"aws_opensearch_domain": {kind: "database", class: []string{"cluster_config/instance_type"}, least: []string{"cluster_config/instance_count"}, most: []string{"cluster_config/instance_count"},
			gib: []string{"ebs_options/volume_size"}, medium: []string{"ebs_options/volume_type"}, absent: "gp2"},
		"aws_msk_cluster": {kind: "database", class: []string{"broker_node_group_info/instance_type"}, least: []string{"number_of_broker_nodes"}, most: []string{"number_of_broker_nodes"},
			gib: []string{"broker_node_group_info/storage_info/ebs_storage_info/volume_size"}, absent: "msk"},
		"aws_mq_broker":        {kind: "database", class: []string{"host_instance_type"}},
		"aws_redshift_cluster": {kind: "database", class: []string{"node_type"}, least: []string{"number_of_nodes"}, most: []string{"number_of_nodes"}},
		"aws_rds_cluster":      {kind: "database", byUse: true}, "aws_s3_bucket": {kind: "storage", byUse: true}, "aws_dynamodb_table": {kind: "database", byUse: true},
		"aws_sqs_queue": {kind: "queue", byUse: true}, "aws_sns_topic": {kind: "queue", byUse: true}, "aws_efs_file_system": {kind: "storage", byUse: true},
		"aws_cloudfront_distribution": {kind: "network", byUse: true}, "aws_api_gateway_rest_api": {kind: "network", byUse: true}, "aws_apigatewayv2_api": {kind: "network", byUse: true},
		"aws_cloudwatch_log_group": {kind: "storage", byUse: true}, "aws_kinesis_stream": {kind: "queue", byUse: true}, "aws_ecr_repository": {kind: "storage", byUse: true},

		"google_compute_instance": {kind: "machine", class: []string{"machine_type"}, gib: []string{"boot_disk/initialize_params/size"}, medium: []string{"boot_disk/initialize_params/type"}, absent: "pd-standard"},
		"google_compute_disk":     {kind: "volume", gib: []string{"size"}, medium: []string{"type"}, absent: "pd-standard"},
		"google_container_node_pool": {kind: "machine", class: []string{"node_config/machine_type"}, least: []string{"autoscaling/min_node_count", "autoscaling/total_min_node_count", "node_count"},
			most: []string{"autoscaling/max_node_count", "autoscaling/total_max_node_count", "node_count"}, capacity: true},
		"google_container_cluster":     {kind: "cluster"},
		"google_sql_database_instance": {kind: "database", class: []string{"settings/tier"}, gib: []string{"settings/disk_size"}, medium: []string{"settings/disk_type"}, absent: "sql-ssd", doubled: "settings/availability_type", words: []string{"REGIONAL"}},
		"google_redis_instance":        {kind: "cache", gib: []string{"memory_size_gb"}, medium: []string{"tier"}, absent: "BASIC"},
		"google_storage_bucket":        {kind: "storage", byUse: true}, "google_pubsub_topic": {kind: "queue", byUse: true}, "google_bigquery_dataset": {kind: "database", byUse: true}, "google_artifact_registry_repository": {kind: "storage", byUse: true},

		"azurerm_linux_virtual_machine": vm, "azurerm_windows_virtual_machine": vm,
		"azurerm_linux_virtual_machine_scale_set": vmss, "azurerm_windows_virtual_machine_scale_set": vmss, "azurerm_orchestrated_virtual_machine_scale_set": vmss,
		"azurerm_managed_disk":               {kind: "volume", gib: []string{"disk_size_gb"}, medium: []string{"storage_account_type"}},
		"azurerm_postgresql_flexible_server": with(sql, "high_availability/mode", "ZoneRedundant", "SameZone"),
		"azurerm_mysql_flexible_server":      {kind: "database", class: []string{"sku_name"}, gib: []string{"storage/size_gb"}, absent: "mysql-flexible", doubled: "high_availability/mode", words: []string{"ZoneRedundant", "SameZone"}},
		"azurerm_mssql_database":             {kind: "database", class: []string{"sku_name"}, gib: []string{"max_size_gb"}, absent: "mssql"},
		"azurerm_service_plan":               {kind: "machine", class: []string{"sku_name"}, least: []string{"worker_count"}, most: []string{"maximum_elastic_worker_count", "worker_count"}},
		"azurerm_kubernetes_cluster": {kind: "machine", class: []string{"default_node_pool/vm_size"}, least: []string{"default_node_pool/min_count", "default_node_pool/node_count"},
			most: []string{"default_node_pool/max_count", "default_node_pool/node_count"}, capacity: true},
		"azurerm_kubernetes_cluster_node_pool": {kind: "machine", class: []string{"vm_size"}, least: []string{"min_count", "node_count"}, most: []string{"max_count", "node_count"}, capacity: true},
		"azurerm_redis_cache":                  {kind: "cache", class: []string{"sku_name"}},
		"azurerm_storage_account":              {kind: "storage", byUse: true}, "azurerm_cosmosdb_account": {kind: "database", byUse: true}, "azurerm_servicebus_namespace": {kind: "queue", byUse: true}, "azurerm_log_analytics_workspace": {kind: "storage", byUse: true},
	}
}

func with(t tariff, doubled string, words ...string) tariff {
	t.doubled, t.words = doubled, words
	return t
}

// charges lists what is paid for.
func charges(c *model.Config, into *fact.Set) {
	table := tariffs()
	for _, res := range c.Resources {
		t, paid := table[res.Type]
		if !paid || res.Data || res.Part {
			continue
		}
		provider, _, _ := strings.Cut(res.Type, "_")
		f := &fact.Charge{
			Ref: res.Ref(), Name: res.Address, Provider: provider, Type: res.Type, Kind: t.kind, Min: 1, Max: 1,
			Capacity: t.capacity, ByUse: t.byUse,
		}
		for _, cloud := range into.Cloud {
			if cloud.Subject == f.Subject {
				f.Region, f.Tags = cloud.Region, cloud.Tags
			}
		}
		if !res.Count.Known() {
			f.CountWhy = reading.Why(res.Count)
		}
		if !f.ByUse {
			t.size(c, res, f)
			t.number(res, f)
			t.keeps(res, f)
		}
		into.Charges = append(into.Charges, f)
	}
}

// written returns the first attribute that is written or not known.
func written(body model.Value, paths []string) model.Value {
	var v model.Value
	for _, p := range paths {
		if v = body.Get(strings.Split(p, "/")...); v.Present() || !v.Known() {
			return v
		}
	}
	return v
}

// size reads the class.
func (t tariff) size(c *model.Config, res *model.Resource, f *fact.Charge) {
	if len(t.class) == 0 && len(t.template) == 0 {
		return // one price for all
	}
	v := written(res.Body, t.class)
	if list, known := v.Strings(); known && len(list) > 0 {
		f.Class = list[0] // of several types the first is taken where there is capacity
		return
	}
	if text := reading.Text(v); text != "" {
		f.Class = text
		return
	}
	for _, other := range c.Of(t.template...) {
		if res.Body.RefersTo(other.Base) {
			class := other.Body.Get("instance_type")
			if f.Class = reading.Text(class); f.Class == "" {
				f.ClassWhy = reading.Why(class)
			}
			return
		}
	}
	f.ClassWhy = "no size is written"
	if !v.Known() {
		f.ClassWhy = reading.Why(v)
	}
}

// number counts instances and standbys.
func (t tariff) number(res *model.Resource, f *fact.Charge) {
	for _, one := range []struct {
		paths []string
		into  *int
	}{{t.least, &f.Min}, {t.most, &f.Max}} {
		if len(one.paths) == 0 {
			continue
		}
		v := written(res.Body, one.paths)
		n, known := v.Int(1)
		if *one.into = n; !known {
			f.CountWhy = reading.Why(v)
		}
	}
	if t.doubled == "" {
		return
	}
	v := res.Body.Get(strings.Split(t.doubled, "/")...)
	standby := reading.Says(res, v, false, t.words...)
	if len(t.words) == 0 {
		standby = reading.Truth(v, false)
	}
	switch {
	case !standby.Known:
		f.Max *= 2
	case standby.Yes:
		f.Min, f.Max = f.Min*2, f.Max*2
	}
}

// keeps reads what is kept and on what.
func (t tariff) keeps(res *model.Resource, f *fact.Charge) {
	if len(t.gib) == 0 {
		return
	}
	v := written(res.Body, t.gib)
	n, known := v.Int(0)
	if f.GiB = float64(n); t.per > 0 {
		f.GiB /= t.per
	}
	if !known {
		f.GiBWhy = reading.Why(v)
	}
	f.Medium = t.absent
	if medium := written(res.Body, t.medium); len(t.medium) > 0 && medium.Present() {
		if f.Medium = reading.Text(medium); f.Kind == "database" && strings.HasPrefix(t.absent, "rds-") {
			f.Medium = "rds-" + f.Medium
		}
	}
}
