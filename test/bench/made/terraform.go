package made

import (
	"fmt"
	"strings"
)

// terraform writes stacks of ten files each: a network, a database, a bucket, a
// queue, roles, alarms, and what every stack has.
func (w *writer) terraform(files int) {
	parts := []func(*writer, string) string{
		(*writer).versions, (*writer).variables, (*writer).locals, (*writer).network, (*writer).database,
		(*writer).bucket, (*writer).cluster, (*writer).roles, (*writer).alarms, (*writer).outputs,
	}
	names := []string{"versions", "variables", "locals", "network", "database", "bucket", "cluster", "roles", "alarms", "outputs"}
	for n := range files {
		name := service(n / len(parts))
		w.file(fmt.Sprintf("infra/%s/%s.tf", name, names[n%len(parts)]), parts[n%len(parts)](w, name))
	}
}

func (w *writer) versions(name string) string {
	return fmt.Sprintf(`terraform {
  required_version = ">= 1.%d"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "%s"
    }
  }

  backend "s3" {
    bucket         = "shop-state"
    key            = "%s/terraform.tfstate"
    region         = "eu-central-1"
    encrypt        = true
    dynamodb_table = "locks"
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = local.tags
  }
}
`, 5+w.random.IntN(6), pick(w, "~> 5.60", "5.82.1", ">= 5.0"), name)
}

func (w *writer) variables(name string) string {
	var b strings.Builder
	for _, v := range []string{"region", "environment", "owner", "instance_class", "alarm_topic", "vpc_id"} {
		value := map[string]string{"region": "eu-central-1", "environment": "production", "owner": "team-" + name, "instance_class": "db.r6g.large", "alarm_topic": "arn:aws:sns:eu-central-1:123456789012:pages", "vpc_id": "vpc-" + w.hex(17)}[v]
		fmt.Fprintf(&b, "variable %q {\n  description = \"The %s of %s.\"\n  type        = string\n  default     = %q\n}\n\n", v, strings.ReplaceAll(v, "_", " "), name, value)
	}
	b.WriteString("variable \"subnets\" {\n  type = map(object({\n    cidr   = string\n    zone   = string\n    public = bool\n  }))\n  default = {\n")
	for i, zone := range []string{"a", "b", "c"} {
		fmt.Fprintf(&b, "    %s = { cidr = \"10.%d.%d.0/24\", zone = \"eu-central-1%s\", public = %v }\n", zone, w.random.IntN(250), i, zone, w.often(30))
	}
	b.WriteString("  }\n}\n\nvariable \"database_password\" {\n  type      = string\n  sensitive = true\n}\n")
	return b.String()
}

func (w *writer) locals(name string) string {
	return fmt.Sprintf(`locals {
  name = "%s-${var.environment}"
  tags = merge({
    Service     = "%s"
    Owner       = var.owner
    Environment = var.environment
  }, { ManagedBy = "terraform" })
  public  = [for k, s in var.subnets : k if s.public]
  private = { for k, s in var.subnets : k => s.cidr if !s.public }
}

data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["%s.amazonaws.com"]
    }
  }
}
`, name, name, pick(w, "ec2", "ecs-tasks", "lambda"))
}

func (w *writer) network(name string) string {
	var b strings.Builder
	b.WriteString("resource \"aws_subnet\" \"this\" {\n  for_each = var.subnets\n\n  vpc_id                  = var.vpc_id\n  cidr_block              = each.value.cidr\n  availability_zone       = each.value.zone\n  map_public_ip_on_launch = each.value.public\n}\n\n")
	fmt.Fprintf(&b, "resource \"aws_security_group\" \"this\" {\n  name        = local.name\n  description = \"Who may reach %s\"\n  vpc_id      = var.vpc_id\n\n", name)
	for range 1 + w.random.IntN(4) {
		port := pick(w, 80, 443, 5432, 6379, 8080)
		fmt.Fprintf(&b, "  ingress {\n    description = \"port %d\"\n    from_port   = %d\n    to_port     = %d\n    protocol    = \"tcp\"\n    cidr_blocks = [%q]\n  }\n\n", port, port, port, pick(w, "10.0.0.0/8", "10.20.0.0/16", "0.0.0.0/0"))
	}
	b.WriteString("  egress {\n    from_port   = 0\n    to_port     = 0\n    protocol    = \"-1\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n\n  lifecycle {\n    create_before_destroy = true\n  }\n}\n")
	return b.String()
}

func (w *writer) database(name string) string {
	return fmt.Sprintf(`resource "aws_db_subnet_group" "this" {
  name       = local.name
  subnet_ids = [for s in aws_subnet.this : s.id]
}

resource "aws_db_instance" "this" {
  identifier                   = local.name
  engine                       = "postgres"
  engine_version               = "%d.%d"
  instance_class               = var.instance_class
  allocated_storage            = %d
  db_name                      = "%s"
  username                     = "app"
  password                     = var.database_password
  multi_az                     = %v
  storage_encrypted            = %v
  backup_retention_period      = %d
  deletion_protection          = %v
  publicly_accessible          = %v
  db_subnet_group_name         = aws_db_subnet_group.this.name
  vpc_security_group_ids       = [aws_security_group.this.id]
  performance_insights_enabled = true
  skip_final_snapshot          = false
  final_snapshot_identifier    = "${local.name}-final"
}
`, 13+w.random.IntN(5), w.random.IntN(9), 20*(1+w.random.IntN(20)), strings.ReplaceAll(name, "-", "_"), w.often(60), w.often(80), w.random.IntN(35), w.often(60), w.often(10))
}

func (w *writer) bucket(name string) string {
	var b strings.Builder
	for _, use := range []string{"assets", "backups", "logs"}[:1+w.random.IntN(3)] {
		fmt.Fprintf(&b, "resource \"aws_s3_bucket\" %q {\n  bucket = \"${local.name}-%s\"\n}\n\n", use, use)
		if w.often(80) {
			fmt.Fprintf(&b, "resource \"aws_s3_bucket_public_access_block\" %q {\n  bucket                  = aws_s3_bucket.%s.id\n  block_public_acls       = true\n  block_public_policy     = true\n  ignore_public_acls      = true\n  restrict_public_buckets = true\n}\n\n", use, use)
		}
		if w.often(60) {
			fmt.Fprintf(&b, "resource \"aws_s3_bucket_versioning\" %q {\n  bucket = aws_s3_bucket.%s.id\n\n  versioning_configuration {\n    status = \"Enabled\"\n  }\n}\n\n", use, use)
		}
		if w.often(70) {
			fmt.Fprintf(&b, "resource \"aws_s3_bucket_server_side_encryption_configuration\" %q {\n  bucket = aws_s3_bucket.%s.id\n\n  rule {\n    apply_server_side_encryption_by_default {\n      sse_algorithm = \"aws:kms\"\n    }\n  }\n}\n\n", use, use)
		}
	}
	return b.String()
}

func (w *writer) cluster(name string) string {
	return fmt.Sprintf(`resource "aws_ecs_cluster" "this" {
  name = local.name
}

resource "aws_ecs_task_definition" "this" {
  family                   = local.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = %d
  memory                   = %d
  execution_role_arn       = aws_iam_role.this.arn
  container_definitions = jsonencode([{
    name         = "%s"
    image        = "registry.example.com/shop/%s:%d.%d.0"
    essential    = true
    portMappings = [{ containerPort = 8080 }]
    healthCheck  = { command = ["CMD-SHELL", "curl -f http://localhost:8080/livez"], interval = %d }
    environment  = [{ name = "REGION", value = var.region }, { name = "MODE", value = "live" }]
    logConfiguration = {
      logDriver = "awslogs"
      options   = { "awslogs-group" = aws_cloudwatch_log_group.this.name, "awslogs-region" = var.region }
    }
  }])
}

resource "aws_ecs_service" "this" {
  name            = local.name
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = %d
  launch_type     = "FARGATE"

  network_configuration {
    subnets         = [for s in aws_subnet.this : s.id]
    security_groups = [aws_security_group.this.id]
  }

  deployment_circuit_breaker {
    enable   = %v
    rollback = true
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/shop/${local.name}"
  retention_in_days = %d
}
`, 256*(1+w.random.IntN(4)), 512*(1+w.random.IntN(4)), name, name, 1+w.random.IntN(3), w.random.IntN(30), 10*(1+w.random.IntN(3)), 1+w.random.IntN(4), w.often(50), pick(w, 7, 30, 90, 400))
}

func (w *writer) roles(string) string {
	var b strings.Builder
	b.WriteString("resource \"aws_iam_role\" \"this\" {\n  name               = local.name\n  assume_role_policy = data.aws_iam_policy_document.assume.json\n}\n\ndata \"aws_iam_policy_document\" \"this\" {\n")
	for range 1 + w.random.IntN(4) {
		what := pick(w, "s3:GetObject", "s3:*", "sqs:ReceiveMessage", "secretsmanager:GetSecretValue", "kms:Decrypt", "dynamodb:Query")
		fmt.Fprintf(&b, "  statement {\n    actions   = [%q]\n    resources = [%s]\n  }\n\n", what, pick(w, `"*"`, `"arn:aws:s3:::${local.name}-assets/*"`, `"arn:aws:sqs:${var.region}:${data.aws_caller_identity.current.account_id}:${local.name}"`))
	}
	b.WriteString("}\n\nresource \"aws_iam_role_policy\" \"this\" {\n  role   = aws_iam_role.this.id\n  policy = data.aws_iam_policy_document.this.json\n}\n")
	return b.String()
}

func (w *writer) alarms(string) string {
	var b strings.Builder
	for i, metric := range []string{"CPUUtilization", "FreeStorageSpace", "DatabaseConnections", "ReplicaLag", "ReadLatency"}[:1+w.random.IntN(5)] {
		fmt.Fprintf(&b, "resource \"aws_cloudwatch_metric_alarm\" \"a%d\" {\n  alarm_name          = \"${local.name}-%s\"\n  namespace           = \"AWS/RDS\"\n  metric_name         = %q\n  statistic           = \"Average\"\n  comparison_operator = \"GreaterThanThreshold\"\n  threshold           = %d\n  period              = 300\n  evaluation_periods  = %d\n  alarm_actions       = [var.alarm_topic]\n\n  dimensions = {\n    DBInstanceIdentifier = aws_db_instance.this.identifier\n  }\n}\n\n", i, metric, metric, w.random.IntN(100), 1+w.random.IntN(5))
	}
	return b.String()
}

func (w *writer) outputs(name string) string {
	return fmt.Sprintf("output \"endpoint\" {\n  description = \"Where %s keeps its data.\"\n  value       = aws_db_instance.this.endpoint\n}\n\noutput \"role\" {\n  value = aws_iam_role.this.arn\n}\n\noutput \"subnets\" {\n  value = { for k, s in aws_subnet.this : k => s.id }\n}\n", name)
}
