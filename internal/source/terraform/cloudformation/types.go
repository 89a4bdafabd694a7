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
	// mend makes what differs in structure or in defaults the same.
	mend func(*model.Resource)
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
	"AWS::SNS::Topic": {kind: "aws_sns_topic", names: map[string]string{"TopicName": "name"}},
	"AWS::EC2::VPC":   {kind: "aws_vpc"},
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
			for from, to := range map[string]string{"cidr_ip": "cidr_blocks", "cidr_ipv6": "ipv6_cidr_blocks", "source_security_group_id": "security_groups", "destination_security_group_id": "security_groups", "source_prefix_list_id": "prefix_list_ids"} {
				if one := rule.Fields[from]; one.Present() {
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

// holds returns the kinds of facts that a type of resource may hold; nil means
// any.
func holds(kind string) []fact.Kind {
	service, _, _ := strings.Cut(strings.TrimPrefix(kind, "AWS::"), "::")
	if kinds, known := services[service]; known {
		return append([]fact.Kind{fact.Cloud}, kinds...)
	}
	if !strings.HasPrefix(kind, "AWS::") { // Custom:: and third parties
		return anything
	}
	return append([]fact.Kind{fact.Cloud}, everything...)
}

var (
	everything = []fact.Kind{
		fact.Workloads, fact.Services, fact.Autoscalers, fact.Rollouts, fact.Policies, fact.Accounts, fact.Permissions, fact.Secrets, fact.Settings,
		fact.Certificates, fact.Alerts, fact.Backups, fact.Storage, fact.Images, fact.LogStores,
	}
	anything = append([]fact.Kind{fact.Cloud}, everything...)
	data     = []fact.Kind{fact.Storage, fact.Backups, fact.Policies, fact.Secrets}
	compute  = []fact.Kind{fact.Workloads, fact.Services, fact.Autoscalers, fact.Rollouts, fact.Accounts, fact.Settings, fact.Secrets, fact.Images, fact.Policies, fact.LogStores}
)

// services are the kinds of facts behind the services of AWS.
var services = map[string][]fact.Kind{
	"IAM": {fact.Permissions, fact.Accounts, fact.Secrets}, "S3": append([]fact.Kind{fact.Permissions, fact.LogStores}, data...), "RDS": data, "DynamoDB": data, "ElastiCache": data, "EFS": data,
	"Lambda": compute, "ECS": compute, "Serverless": compute, "AppRunner": compute, "Batch": compute, "EKS": compute, "StepFunctions": compute,
	"CloudWatch": {fact.Alerts}, "Logs": {fact.LogStores, fact.Alerts}, "Events": {fact.Alerts}, "SNS": {fact.Alerts, fact.Permissions}, "SQS": {fact.Permissions},
	"KMS": {fact.Permissions}, "SecretsManager": {fact.Secrets}, "SSM": {fact.Settings, fact.Secrets}, "CertificateManager": {fact.Certificates}, "Backup": {fact.Backups},
	"ElasticLoadBalancingV2": {fact.Services, fact.Policies}, "ElasticLoadBalancing": {fact.Services, fact.Policies}, "ApiGateway": {fact.Services, fact.LogStores}, "ApiGatewayV2": {fact.Services, fact.LogStores}, "CloudFront": {fact.Services, fact.LogStores},
	"Route53": {fact.Services}, "AutoScaling": compute, "ApplicationAutoScaling": {fact.Autoscalers}, "CodeDeploy": {fact.Rollouts}, "ECR": {fact.Images},
}
