package aws

import "seaworthy.dev/seaworthy/internal/fact"

// unread names what runs something or holds data and is not turned into facts:
// nothing becomes met where such a resource stands. A cluster of EKS is not among
// them: what it runs stands in manifests.
func (r *reader) unread() {
	r.Unread([]fact.Kind{fact.Workloads, fact.Services},
		"aws_apprunner_service", "aws_elastic_beanstalk_environment", "aws_lightsail_instance", "aws_lightsail_container_service",
		"aws_batch_job_definition", "aws_sagemaker_endpoint", "aws_spot_instance_request", "aws_spot_fleet_request", "aws_ec2_fleet",
		"aws_emr_cluster", "aws_emrserverless_application", "aws_mwaa_environment", "aws_gamelift_fleet")
	r.Unread([]fact.Kind{fact.Backups, fact.Storage},
		"aws_timestreamwrite_database", "aws_timestreaminfluxdb_db_instance", "aws_keyspaces_table", "aws_qldb_ledger", "aws_dsql_cluster",
		"aws_docdbelastic_cluster", "aws_redshiftserverless_namespace", "aws_opensearchserverless_collection", "aws_s3tables_table_bucket",
		"aws_lightsail_database", "aws_fsx_lustre_file_system", "aws_fsx_ontap_file_system", "aws_fsx_openzfs_file_system", "aws_fsx_windows_file_system")
}
