package hcl

import (
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// anything are the kinds of facts that infrastructure may hold.
var anything = []fact.Kind{
	fact.Cloud, fact.Workloads, fact.Services, fact.Autoscalers, fact.Rollouts, fact.Policies, fact.Accounts, fact.Permissions, fact.Secrets, fact.Settings,
	fact.Certificates, fact.Alerts, fact.Dashboards, fact.Backups, fact.Storage, fact.Images, fact.LogStores,
}

// hides returns the kinds of facts that may hide in a module that is not in the
// tree, by its name in the public registry.
func hides(source string) []fact.Kind {
	source, _, _ = strings.Cut(source, "?")
	source = strings.TrimPrefix(source, "registry.terraform.io/")
	main, _, _ := strings.Cut(strings.ReplaceAll(source, "://", ":"), "//")
	var space, name string
	switch steps := strings.Split(main, "/"); {
	case len(steps) == 3 && !strings.ContainsAny(main, ":."): // namespace/name/provider
		space, name = steps[0], steps[1]
	case len(steps) > 1: // git: .../namespace/terraform-provider-name
		repository := strings.TrimSuffix(path.Base(main), ".git")
		space = path.Base(path.Dir(strings.ReplaceAll(main, ":", "/")))
		if _, rest, found := strings.Cut(repository, "terraform-"); found {
			_, name, _ = strings.Cut(rest, "-")
		}
	}
	if !wellKnown[space] {
		return anything
	}
	kinds, known := hiding[name]
	if !known {
		return anything
	}
	return append([]fact.Kind{fact.Cloud}, kinds...)
}

// wellKnown are namespaces of the public registry whose modules hold what they
// are named for.
var wellKnown = map[string]bool{
	"terraform-aws-modules": true, "cloudposse": true, "terraform-google-modules": true, "GoogleCloudPlatform": true, "Azure": true, "aws-ia": true,
}

// What modules may hold, by what they are for. All of them may make roles for
// themselves, and write logs.
var (
	nothing  = []fact.Kind{}
	network  = []fact.Kind{fact.Policies, fact.LogStores, fact.Permissions}
	edge     = []fact.Kind{fact.Services, fact.Policies, fact.LogStores, fact.Certificates}
	store    = []fact.Kind{fact.Storage, fact.Backups, fact.Policies, fact.Permissions, fact.LogStores, fact.Secrets, fact.Alerts, fact.Autoscalers}
	queue    = []fact.Kind{fact.Storage, fact.Permissions, fact.Alerts}
	computer = []fact.Kind{fact.Workloads, fact.Services, fact.Autoscalers, fact.Policies, fact.Accounts, fact.Permissions, fact.LogStores, fact.Settings, fact.Secrets, fact.Rollouts, fact.Images}
	cluster  = []fact.Kind{fact.Autoscalers, fact.Policies, fact.Accounts, fact.Permissions, fact.LogStores}
	grants   = []fact.Kind{fact.Permissions, fact.Accounts, fact.Secrets}
	secret   = []fact.Kind{fact.Secrets, fact.Permissions, fact.Settings}
	watch    = []fact.Kind{fact.Alerts, fact.Dashboards, fact.LogStores, fact.Scrapes}
	names    = []fact.Kind{fact.Services}
)

// hiding lists modules of those namespaces. What is not listed may hold
// anything.
var hiding = map[string][]fact.Kind{
	"label": nothing, "pricing": nothing, "key-pair": nothing, "utils": nothing,
	"vpc": network, "security-group": network, "network": network, "dynamic-subnets": network, "subnets": network, "nat-gateway": network, "cloud-nat": network, "cloud-router": network,
	"transit-gateway": network, "vpn-gateway": network, "network-firewall": network, "vnet": network, "avm-res-network-virtualnetwork": network, "vpc-endpoints": network,
	"alb": edge, "elb": edge, "cloudfront": edge, "global-accelerator": edge, "apigateway-v2": edge, "lb-http": edge, "cloudfront-s3-cdn": edge,
	"rds": store, "rds-aurora": store, "rds-cluster": store, "dynamodb-table": store, "s3-bucket": store, "elasticache": store, "elasticache-redis": store, "memory-db": store, "msk": store, "msk-apache-kafka-cluster": store,
	"opensearch": store, "elasticsearch": store, "redshift": store, "efs": store, "fsx": store, "documentdb-cluster": store, "sql-db": store, "cloud-storage": store, "memorystore": store, "bigquery": store, "rds-proxy": store, "dynamodb": store, "postgresql": store,
	"sqs": queue, "sns": queue, "pubsub": queue, "eventbridge": queue, "sns-topic": queue,
	"eks": cluster, "eks-cluster": cluster, "eks-node-group": cluster, "kubernetes-engine": cluster, "aks": cluster, "ecr": {fact.Permissions, fact.Images},
	"ecs": computer, "lambda": computer, "lambda-function": computer, "ec2-instance": computer, "autoscaling": computer, "app-runner": computer, "batch": computer, "ecs-web-app": computer, "ecs-alb-service-task": computer,
	"ecs-container-definition": nothing, "vm": computer, "cloud-run": computer, "step-functions": computer, "ec2-autoscale-group": computer,
	"iam": grants, "iam-role": grants, "iam-policy": grants, "service-accounts": grants, "workload-identity": grants, "kms": grants, "kms-key": grants, "project-factory": grants,
	"secrets-manager": secret, "ssm-parameter": secret, "ssm-parameter-store": secret, "secret-manager": secret,
	"cloudwatch": watch, "cloudwatch-logs": watch, "managed-service-prometheus": watch, "managed-service-grafana": watch, "notify-slack": watch,
	"acm": {fact.Certificates}, "acm-request-certificate": {fact.Certificates}, "route53": names, "route53-cluster-zone": names, "cloud-dns": names,
}
