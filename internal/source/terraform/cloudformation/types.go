package cloudformation

import (
	"strings"
	"unicode"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// mapping says how a type is called in Terraform. Properties whose names differ
// by more than their spelling are listed.
type mapping struct {
	kind  string
	names map[string]string
	// deep spells the names of what stands below the properties too.
	deep bool
	// mend makes what differs in structure or in defaults the same.
	mend func(*model.Resource)
	// parts returns what Terraform writes as resources of their own.
	parts func(*model.Resource) []*model.Resource
	// leaves returns the kinds of facts that stay unread all the same.
	leaves func(*model.Resource) []fact.Kind
}

// types are those whose properties mean the same in Terraform, one by one.
var types = map[string]mapping{
	"AWS::RDS::DBInstance": {kind: "aws_db_instance", mend: instance, names: map[string]string{
		"DBInstanceIdentifier": "identifier", "DBInstanceClass": "instance_class", "MasterUsername": "username", "MasterUserPassword": "password", "MultiAZ": "multi_az", "DBName": "db_name",
		"VPCSecurityGroups": "vpc_security_group_ids", "SourceDBInstanceIdentifier": "replicate_source_db", "EnableCloudwatchLogsExports": "enabled_cloudwatch_logs_exports",
		"PreferredBackupWindow": "backup_window", "EnableIAMDatabaseAuthentication": "iam_database_authentication_enabled", "EnablePerformanceInsights": "performance_insights_enabled",
		"DBParameterGroupName": "parameter_group_name", "DBSubnetGroupName": "db_subnet_group_name", "DBSnapshotIdentifier": "snapshot_identifier", "DBClusterIdentifier": "cluster_identifier",
	}},
	"AWS::EC2::SecurityGroup": {kind: "aws_security_group", mend: securityGroup, names: map[string]string{
		"GroupName": "name", "GroupDescription": "description", "SecurityGroupIngress": "ingress", "SecurityGroupEgress": "egress",
	}},
	"AWS::Logs::LogGroup": {kind: "aws_cloudwatch_log_group", names: map[string]string{"LogGroupName": "name"}},
	"AWS::SQS::Queue": {kind: "aws_sqs_queue", names: map[string]string{
		"QueueName": "name", "KmsMasterKeyId": "kms_master_key_id", "SqsManagedSseEnabled": "sqs_managed_sse_enabled", "VisibilityTimeout": "visibility_timeout_seconds", "MessageRetentionPeriod": "message_retention_seconds",
	}},
	"AWS::SNS::Topic":                {kind: "aws_sns_topic", deep: true, names: map[string]string{"TopicName": "name"}},
	"AWS::SNS::Subscription":         {kind: "aws_sns_topic_subscription"},
	"AWS::EC2::VPC":                  {kind: "aws_vpc"},
	"AWS::EC2::Subnet":               {kind: "aws_subnet"},
	"AWS::EC2::SecurityGroupIngress": {kind: "aws_security_group_rule", mend: func(r *model.Resource) { separate(r, "ingress") }, names: map[string]string{"GroupId": "security_group_id", "IpProtocol": "protocol"}},
	"AWS::EC2::SecurityGroupEgress":  {kind: "aws_security_group_rule", mend: func(r *model.Resource) { separate(r, "egress") }, names: map[string]string{"GroupId": "security_group_id", "IpProtocol": "protocol"}},

	"AWS::ECS::Service": {kind: "aws_ecs_service", deep: true, mend: ecsService, names: map[string]string{
		"ServiceName": "name", "LoadBalancers": "load_balancer", "PlacementStrategies": "ordered_placement_strategy",
	}},
	"AWS::ECS::TaskDefinition":                      {kind: "aws_ecs_task_definition", deep: true, mend: task, names: map[string]string{"Volumes": "volume"}},
	"AWS::ECS::Cluster":                             {kind: "aws_ecs_cluster", deep: true, parts: cluster, names: map[string]string{"ClusterName": "name"}},
	"AWS::ECS::ClusterCapacityProviderAssociations": {kind: "aws_ecs_cluster_capacity_providers", deep: true},
	"AWS::ElasticLoadBalancingV2::LoadBalancer":     {kind: "aws_lb", deep: true, mend: balancer, names: map[string]string{"Type": "load_balancer_type"}},
	"AWS::ElasticLoadBalancingV2::Listener":         {kind: "aws_lb_listener", deep: true, mend: listener, names: map[string]string{"DefaultActions": "default_action"}},
	"AWS::ElasticLoadBalancingV2::ListenerRule":     {kind: "aws_lb_listener_rule", deep: true, names: map[string]string{"Actions": "action", "Conditions": "condition"}},
	"AWS::ElasticLoadBalancingV2::TargetGroup":      {kind: "aws_lb_target_group", mend: targetGroup},

	"AWS::IAM::Role": {kind: "aws_iam_role", mend: role, names: map[string]string{
		"RoleName": "name", "AssumeRolePolicyDocument": "assume_role_policy", "Policies": "inline_policy",
	}},
	"AWS::IAM::Policy":        {kind: "AWS::IAM::Policy", parts: inlinePolicy, names: map[string]string{"PolicyName": "name", "PolicyDocument": "policy"}},
	"AWS::IAM::ManagedPolicy": {kind: "aws_iam_policy", parts: attachments, names: map[string]string{"ManagedPolicyName": "name", "PolicyDocument": "policy"}},

	"AWS::Lambda::Function":    {kind: "aws_lambda_function", deep: true, mend: function},
	"AWS::Lambda::Url":         {kind: "aws_lambda_function_url", names: map[string]string{"TargetFunctionArn": "function_name", "AuthType": "authorization_type"}},
	"AWS::Serverless::HttpApi": {kind: "aws_apigatewayv2_api", deep: true, leaves: domain},
	"AWS::Serverless::Api":     {kind: "aws_api_gateway_rest_api", deep: true, mend: restAPI, leaves: domain},
	"AWS::Serverless::Function": {kind: "aws_lambda_function", deep: true, mend: serverless,
		leaves: besides},

	"AWS::ApplicationAutoScaling::ScalableTarget": {kind: "aws_appautoscaling_target", parts: scheduled},
	"AWS::ApplicationAutoScaling::ScalingPolicy":  {kind: "aws_appautoscaling_policy", deep: true, mend: scalingPolicy, names: map[string]string{"PolicyName": "name"}},

	"AWS::S3::Bucket":       {kind: "aws_s3_bucket", deep: true, mend: bucket, parts: bucketParts, names: map[string]string{"BucketName": "bucket"}},
	"AWS::S3::BucketPolicy": {kind: "aws_s3_bucket_policy", names: map[string]string{"PolicyDocument": "policy"}},
	"AWS::DynamoDB::Table": {kind: "aws_dynamodb_table", deep: true, mend: dynamo, names: map[string]string{
		"TableName": "name", "SSESpecification": "server_side_encryption", "DeletionProtectionEnabled": "deletion_protection_enabled",
	}},
	"AWS::Backup::BackupPlan":      {kind: "aws_backup_plan", deep: true, mend: backupPlan},
	"AWS::Backup::BackupSelection": {kind: "aws_backup_selection", deep: true, mend: backupSelection},
	"AWS::Backup::BackupVault":     {kind: "aws_backup_vault", names: map[string]string{"BackupVaultName": "name"}},

	"AWS::SecretsManager::Secret":           {kind: "aws_secretsmanager_secret", deep: true, names: map[string]string{"ReplicaRegions": "replica"}},
	"AWS::SecretsManager::RotationSchedule": {kind: "aws_secretsmanager_secret_rotation"},
	"AWS::SecretsManager::ResourcePolicy":   {kind: "aws_secretsmanager_secret_policy", names: map[string]string{"SecretId": "secret_arn", "ResourcePolicy": "policy"}},
	"AWS::Route53::RecordSet":               {kind: "aws_route53_record", deep: true, names: map[string]string{"AliasTarget": "alias", "ResourceRecords": "records"}},
	"AWS::KMS::Key":                         {kind: "aws_kms_key", names: map[string]string{"KeyPolicy": "policy"}},
	"AWS::SSM::Parameter":                   {kind: "aws_ssm_parameter"},
	"AWS::CertificateManager::Certificate":  {kind: "aws_acm_certificate", mend: certificate},
	"AWS::CloudWatch::Alarm":                {kind: "aws_cloudwatch_metric_alarm", deep: true, mend: alarm},
	"AWS::CloudWatch::CompositeAlarm":       {kind: "aws_cloudwatch_composite_alarm"},
	"AWS::CloudWatch::Dashboard":            {kind: "aws_cloudwatch_dashboard"},
	"AWS::Events::Rule":                     {kind: "aws_cloudwatch_event_rule", parts: eventTargets},
	"AWS::RDS::EventSubscription":           {kind: "aws_db_event_subscription", names: map[string]string{"SnsTopicArn": "sns_topic"}},
	"AWS::CodeDeploy::DeploymentGroup": {kind: "aws_codedeploy_deployment_group", deep: true, mend: deploymentGroup, names: map[string]string{
		"ApplicationName": "app_name", "AutoScalingGroups": "autoscaling_groups", "BlueGreenDeploymentConfiguration": "blue_green_deployment_config", "ECSServices": "ecs_service",
	}},
	"AWS::CodeDeploy::Application": {kind: "aws_codedeploy_app", names: map[string]string{"ApplicationName": "name"}},
	"AWS::ECR::Repository":         {kind: "aws_ecr_repository", names: map[string]string{"RepositoryName": "name"}},
}

// instance fills in the defaults that CloudFormation has and Terraform has not.
func instance(r *model.Resource) {
	if f := r.Body.Fields; f != nil && !f["backup_retention_period"].Present() {
		f["backup_retention_period"] = model.Value{Kind: model.Scalar, Type: model.NumberType, Text: "1", At: r.At}
	}
}

// securityGroup gives rules Terraform's form. Without rules for what goes out,
// everything may.
func securityGroup(r *model.Resource) {
	if r.Body.Fields == nil {
		return
	}
	for _, name := range []string{"ingress", "egress"} {
		v := r.Body.Fields[name]
		if v.Kind != model.List {
			continue
		}
		out := model.Value{Kind: model.List, At: v.At}
		for _, item := range v.Items {
			rule := renamed(item, map[string]string{"IpProtocol": "protocol"})
			for from, to := range peers {
				if one := rule.Fields[from]; one.Present() || !one.Known() {
					rule.Fields[to] = model.Value{Kind: model.List, At: one.At, Items: []model.Value{one}}
				}
			}
			out.Items = append(out.Items, rule)
		}
		r.Body.Fields[name] = out
	}
	if !r.Body.Fields["egress"].Present() {
		scalar := func(text string) model.Value { return model.Value{Kind: model.Scalar, Text: text, At: r.At} }
		everywhere := model.Value{Kind: model.List, At: r.At, Items: []model.Value{scalar("0.0.0.0/0")}}
		r.Body.Fields["egress"] = model.Value{Kind: model.List, At: r.At, Items: []model.Value{{Kind: model.Object, At: r.At, Fields: map[string]model.Value{
			"protocol": scalar("-1"), "from_port": scalar("0"), "to_port": scalar("0"), "cidr_blocks": everywhere,
		}}}}
	}
}

// separate gives a rule that stands alone Terraform's form.
func separate(r *model.Resource, side string) {
	f := r.Body.Fields
	f["type"] = written(side, r.At)
	for from, to := range peers {
		if one := f[from]; one.Present() || !one.Known() {
			f[to] = model.Value{Kind: model.List, At: one.At, Items: []model.Value{one}}
			if to == "security_groups" {
				f["source_security_group_id"] = one
			}
		}
	}
}

// peers are the fields of a rule that name one whom it means.
var peers = map[string]string{
	"cidr_ip": "cidr_blocks", "cidr_ipv6": "ipv6_cidr_blocks", "source_security_group_id": "security_groups", "destination_security_group_id": "security_groups",
	"source_prefix_list_id": "prefix_list_ids", "destination_prefix_list_id": "prefix_list_ids", "source_security_group_name": "security_groups",
}

// written is a text that stands for what CloudFormation does by itself.
func written(text string, at fact.Location) model.Value {
	return model.Value{Kind: model.Scalar, Text: text, At: at}
}

// renamed returns an object with Terraform's names for its fields.
func renamed(v model.Value, names map[string]string) model.Value {
	if v.Fields == nil {
		return v
	}
	out := v
	out.Fields = make(map[string]model.Value, len(v.Fields))
	for name, f := range v.Fields {
		to, listed := names[name]
		if !listed {
			to = snake(name)
		}
		out.Fields[to] = f
	}
	return out
}

// opaque are properties whose fields are named by others.
var opaque = map[string]bool{
	"policy_document": true, "assume_role_policy_document": true, "variables": true, "container_definitions": true, "tags": true, "options": true, "parameters": true,
}

// spelled spells the names of everything below as Terraform does.
func spelled(v model.Value) model.Value {
	if v.Items != nil {
		items := make([]model.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = spelled(item)
		}
		v.Items = items
	}
	if v.Fields == nil {
		return v
	}
	fields := make(map[string]model.Value, len(v.Fields))
	for name, f := range v.Fields {
		if name = snake(name); !opaque[name] {
			f = spelled(f)
		}
		fields[name] = f
	}
	v.Fields = fields
	return v
}

// snake spells BackupRetentionPeriod backup_retention_period.
func snake(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, c := range runes {
		if unicode.IsUpper(c) && i > 0 && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]) && unicode.IsUpper(runes[i-1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}
