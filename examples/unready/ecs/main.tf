# The shop on Amazon ECS, as it was clicked together and written down later.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}

variable "db_password" {
  default = "Tr0ub4dor-shop"
}

resource "aws_ecs_cluster" "main" {
  name = "main"
}

resource "aws_ecs_task_definition" "shop" {
  family                   = "shop"
  requires_compatibilities = ["EC2"]
  network_mode             = "host"
  execution_role_arn       = aws_iam_role.shop.arn
  task_role_arn            = aws_iam_role.shop.arn

  container_definitions = jsonencode([
    {
      name         = "shop"
      image        = "example/shop:latest"
      cpu          = 512
      memory       = 512
      essential    = true
      privileged   = true
      user         = "root"
      stopTimeout  = 2
      command      = ["sh", "-c", "/shop | tee /var/log/shop.log"]
      portMappings = [{ containerPort = 8080, hostPort = 8080 }]
      environment = [
        { name = "DATABASE_URL", value = "postgres://shop:Tr0ub4dor-shop@${aws_db_instance.shop.address}:5432/shop?sslmode=disable" },
        { name = "STRIPE_API_KEY", value = "not-a-real-key-but-a-secret-5f2e9c1b7a" },
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.shop.name
          awslogs-region        = "eu-central-1"
          awslogs-stream-prefix = "shop"
        }
      }
    },
  ])
}

resource "aws_ecs_service" "shop" {
  name            = "shop"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.shop.arn
  launch_type     = "EC2"
  desired_count   = 1

  deployment_minimum_healthy_percent = 0
  deployment_maximum_percent         = 100

  load_balancer {
    target_group_arn = aws_lb_target_group.shop.arn
    container_name   = "shop"
    container_port   = 8080
  }
}

resource "aws_lb" "shop" {
  name            = "shop"
  subnets         = ["subnet-0d1e2f3a4b5c6074b", "subnet-0e1f2a3b4c5d6075c"]
  security_groups = [aws_security_group.all.id]
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.shop.arn
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-2016-08"
  certificate_arn   = aws_acm_certificate.shop.arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.shop.arn
  }
}

resource "aws_acm_certificate" "shop" {
  certificate_body = file("${path.module}/shop.crt")
  private_key      = file("${path.module}/shop.key")
}

resource "aws_lb_target_group" "shop" {
  name                 = "shop"
  vpc_id               = "vpc-0f2e4c6a8b1d3e5f7"
  port                 = 8080
  protocol             = "HTTP"
  deregistration_delay = 300

  health_check {
    path                = "/"
    interval            = 60
    unhealthy_threshold = 5
  }
}

resource "aws_security_group" "all" {
  name   = "all"
  vpc_id = "vpc-0f2e4c6a8b1d3e5f7"

  ingress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_db_instance" "shop" {
  identifier              = "shop"
  engine                  = "postgres"
  engine_version          = "14.19"
  instance_class          = "db.t4g.micro"
  allocated_storage       = 20
  username                = "shop"
  password                = var.db_password
  publicly_accessible     = true
  multi_az                = false
  storage_encrypted       = false
  backup_retention_period = 0
  skip_final_snapshot     = true
  vpc_security_group_ids  = [aws_security_group.all.id]
}

resource "aws_iam_role" "shop" {
  name = "shop"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "shop" {
  name = "everything"
  role = aws_iam_role.shop.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}

resource "aws_iam_user" "deploy" {
  name = "deploy"
}

resource "aws_iam_access_key" "deploy" {
  user = aws_iam_user.deploy.name
}

resource "aws_cloudwatch_log_group" "shop" {
  name = "shop"
}
