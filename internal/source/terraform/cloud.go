package terraform

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// clouds are the providers whose resources stand somewhere in the world and
// carry tags, by the first word of a resource's type.
var clouds = map[string]string{
	"aws": "aws", "google": "google", "azurerm": "azurerm", "azapi": "azurerm", "digitalocean": "digitalocean", "hcloud": "hcloud",
	"oci": "oci", "ibm": "ibm", "alicloud": "alicloud", "scaleway": "scaleway", "exoscale": "exoscale", "linode": "linode", "vultr": "vultr", "ovh": "ovh",
	"openstack": "openstack", "yandex": "yandex",
}

// resources turns every resource of a cloud into a fact, whatever it is for.
func resources(c *model.Config, into *fact.Set) {
	providers := map[string]*model.Provider{}
	for _, p := range c.Providers {
		providers[p.Name] = p
	}
	for _, r := range c.Resources {
		word, _, _ := strings.Cut(r.Type, "_")
		cloud := clouds[word]
		if strings.HasPrefix(r.Type, "AWS::") {
			cloud = "aws"
		}
		if cloud == "" || r.Data || r.Part {
			continue
		}
		p := providers[r.Provider]
		out := &fact.Resource{Ref: r.Ref(), Type: r.Type, Name: r.Name, Provider: cloud, TagsAt: r.At}
		region(out, r, p)
		tags(out, r, p)
		if protect, known := r.Lifecycle.Get("prevent_destroy").Bool(false); known {
			out.Protected = protect
		}
		replicas(out, r)
		into.Cloud = append(into.Cloud, out)
	}
}

// worldwide are types of AWS that stand in no region.
func worldwide(kind string) bool {
	for _, prefix := range []string{"aws_iam_", "aws_route53_", "aws_cloudfront_", "aws_organizations_", "aws_shield_", "aws_globalaccelerator_", "aws_budgets_", "aws_waf_"} {
		if strings.HasPrefix(kind, prefix) {
			return !strings.HasPrefix(kind, "aws_route53_resolver")
		}
	}
	return false
}

// region is what the resource says, or else its provider.
func region(out *fact.Resource, r *model.Resource, p *model.Provider) {
	if worldwide(r.Type) {
		return
	}
	take := func(v model.Value) bool {
		if !v.Present() {
			return false
		}
		out.Region, _ = v.String()
		out.RegionAt = v.At
		return true
	}
	switch out.Provider {
	case "google":
		if take(r.Body.Get("location")) || take(r.Body.Get("region")) || take(r.Body.Get("zone")) {
			return
		}
	case "aws":
		if v := r.Body.Get("region"); r.Type != "aws_db_instance_automated_backups_replication" && take(v) { // since version 6 of the provider
			return
		}
	default:
		if take(r.Body.Get("location")) || take(r.Body.Get("region")) {
			return
		}
	}
	if p != nil {
		take(p.Body.Get("region"))
	}
}

// tags joins those of the resource with those that its provider adds.
func tags(out *fact.Resource, r *model.Resource, p *model.Provider) {
	out.TagsKnown = true
	name := "tags"
	var given model.Value
	switch out.Provider {
	case "google":
		name = "labels"
		if v := r.Body.Get("user_labels"); v.Present() {
			name = "user_labels"
		}
		if p != nil {
			given = p.Body.Get("default_labels")
		}
	case "aws":
		if p != nil {
			given = p.Body.Get("default_tags", "tags")
		}
	case "hcloud":
		name = "labels"
	}
	own := r.Body.Get(name)
	out.Taggable = own.Present() || taggable(r.Type)
	if own.Present() {
		out.TagsAt = own.At
	}
	if r.Type == "aws_autoscaling_group" { // says its tags one by one, and takes none of its provider's
		out.Taggable, given = true, model.Value{}
	}
	if !out.Taggable {
		return
	}
	for _, v := range []model.Value{given, own} {
		out.TagsKnown = out.TagsKnown && v.Known()
		for _, key := range v.Names() {
			if out.Tags == nil {
				out.Tags = map[string]string{}
			}
			text, known := v.Fields[key].String()
			if !known {
				text = "" // there is such a tag, whatever it says
			}
			out.Tags[key] = text
		}
	}
	for _, tag := range r.Body.Get("tag").Each() {
		if key, known := tag.Get("key").String(); known && key != "" {
			if out.Tags == nil {
				out.Tags = map[string]string{}
			}
			out.Tags[key] = tag.Get("value").Text
		}
	}
	if !r.Body.Get("tag").Known() {
		out.TagsKnown = false
	}
}

// taggable lists the types for which missing tags mean something: what costs
// money or holds data.
func taggable(kind string) bool {
	if rest, found := strings.CutPrefix(kind, "AWS::"); found { // AWS::S3::Bucket is aws_s3_bucket
		kind = "aws_" + strings.ToLower(strings.ReplaceAll(rest, "::", "_"))
	}
	switch kind {
	case "aws_instance", "aws_db_instance", "aws_rds_cluster", "aws_s3_bucket", "aws_dynamodb_table", "aws_ecs_cluster", "aws_ecs_service", "aws_eks_cluster", "aws_eks_node_group",
		"aws_lambda_function", "aws_lb", "aws_alb", "aws_elasticache_cluster", "aws_elasticache_replication_group", "aws_efs_file_system", "aws_ebs_volume", "aws_vpc", "aws_nat_gateway", "aws_sqs_queue",
		"aws_sns_topic", "aws_kms_key", "aws_opensearch_domain", "aws_elasticsearch_domain", "aws_redshift_cluster", "aws_msk_cluster", "aws_docdb_cluster", "aws_neptune_cluster",
		"aws_kinesis_stream", "aws_secretsmanager_secret", "aws_cloudfront_distribution", "aws_ecr_repository", "aws_mq_broker", "aws_apprunner_service", "aws_cloudwatch_log_group":
		return true
	case "google_compute_instance", "google_sql_database_instance", "google_storage_bucket", "google_container_cluster", "google_cloud_run_service", "google_cloud_run_v2_service",
		"google_redis_instance", "google_bigquery_dataset", "google_pubsub_topic", "google_pubsub_subscription", "google_cloudfunctions_function", "google_cloudfunctions2_function",
		"google_filestore_instance", "google_spanner_instance", "google_alloydb_cluster", "google_secret_manager_secret", "google_compute_disk":
		return true
	case "azurerm_resource_group", "azurerm_linux_virtual_machine", "azurerm_windows_virtual_machine", "azurerm_storage_account", "azurerm_kubernetes_cluster", "azurerm_key_vault",
		"azurerm_postgresql_flexible_server", "azurerm_mysql_flexible_server", "azurerm_mssql_server", "azurerm_mssql_database", "azurerm_cosmosdb_account", "azurerm_redis_cache",
		"azurerm_container_app", "azurerm_linux_web_app", "azurerm_windows_web_app", "azurerm_service_plan", "azurerm_linux_function_app", "azurerm_virtual_network",
		"azurerm_servicebus_namespace", "azurerm_eventhub_namespace", "azurerm_container_registry", "azurerm_log_analytics_workspace":
		return true
	}
	return false
}

// replicas are the regions to which a resource copies what it holds.
func replicas(out *fact.Resource, r *model.Resource) {
	add := func(v model.Value) {
		if text, known := v.String(); known && text != "" {
			out.Replicas = append(out.Replicas, fact.Place{Name: text, At: v.At})
		}
	}
	switch r.Type {
	case "aws_dynamodb_table", "aws_dynamodb_global_table":
		for _, b := range r.Body.Get("replica").Each() {
			add(b.Get("region_name"))
		}
	case "aws_ecr_replication_configuration":
		for _, rule := range r.Body.Get("replication_configuration").Get("rule").Each() {
			for _, d := range rule.Get("destination").Each() {
				add(d.Get("region"))
			}
		}
	case "aws_secretsmanager_secret":
		for _, b := range r.Body.Get("replica").Each() {
			add(b.Get("region"))
		}
	case "azurerm_cosmosdb_account":
		for _, b := range r.Body.Get("geo_location").Each() {
			add(b.Get("location"))
		}
	case "google_secret_manager_secret":
		for _, b := range r.Body.Get("replication", "user_managed").Get("replicas").Each() {
			add(b.Get("location"))
		}
	}
}
