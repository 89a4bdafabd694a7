resource "aws_ecs_cluster" "production" {
  name = "production"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_task_definition" "shop" {
  family                   = local.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048
  execution_role_arn       = aws_iam_role.start.arn
  task_role_arn            = aws_iam_role.shop.arn

  volume {
    name = "secrets"
  }

  container_definitions = jsonencode([
    {
      name                   = "shop"
      image                  = var.image
      essential              = true
      user                   = "65532"
      readonlyRootFilesystem = true
      privileged             = false
      stopTimeout            = 90
      linuxParameters = {
        capabilities       = { drop = ["ALL"] }
        initProcessEnabled = false
      }
      portMappings = [{ name = "https", containerPort = local.port, protocol = "tcp" }]
      environment = [
        { name = "SHOP_DATABASE_URL", value = "postgres://shop@${aws_db_instance.orders.address}:5432/shop?sslmode=verify-full&sslrootcert=/etc/ssl/rds/global-bundle.pem" },
        { name = "SHOP_SESSION_KEY_FILE", value = "/run/secrets/session-key" },
        { name = "OTEL_EXPORTER_OTLP_ENDPOINT", value = "https://traces.corp.internal:4318" },
        { name = "OTEL_SERVICE_NAME", value = local.name },
      ]
      mountPoints = [{ sourceVolume = "secrets", containerPath = "/run/secrets", readOnly = true }]
      dependsOn   = [{ containerName = "secrets", condition = "HEALTHY" }]
      # /livez asks the process alone; the load balancer asks /readyz.
      healthCheck = {
        command     = ["CMD", "/shop", "healthcheck", "/livez"]
        interval    = 10
        timeout     = 2
        retries     = 3
        startPeriod = 30
      }
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.shop.name
          awslogs-region        = local.region
          awslogs-stream-prefix = "shop"
        }
      }
    },
    {
      # Writes the key that signs sessions to a file whenever it changes in Secrets
      # Manager, so that a rotation needs no restart.
      name                   = "secrets"
      image                  = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/secrets-writer@sha256:1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90a"
      essential              = true
      user                   = "65532"
      readonlyRootFilesystem = true
      privileged             = false
      stopTimeout            = 90
      linuxParameters        = { capabilities = { drop = ["ALL"] }, initProcessEnabled = false }
      environment = [
        { name = "SECRET_ID", value = aws_secretsmanager_secret.session_key.name },
        { name = "INTERVAL", value = "60s" },
      ]
      mountPoints = [{ sourceVolume = "secrets", containerPath = "/run/secrets", readOnly = false }]
      healthCheck = {
        command     = ["CMD", "/secrets-writer", "-check"]
        interval    = 10
        timeout     = 2
        retries     = 3
        startPeriod = 10
      }
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.shop.name
          awslogs-region        = local.region
          awslogs-stream-prefix = "secrets"
        }
      }
    },
  ])
}

resource "aws_ecs_service" "shop" {
  name            = local.name
  cluster         = aws_ecs_cluster.production.id
  task_definition = aws_ecs_task_definition.shop.arn
  launch_type     = "FARGATE"

  # The autoscaler decides from here on.
  desired_count                      = 3
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  availability_zone_rebalancing      = "ENABLED"
  health_check_grace_period_seconds  = 60
  enable_execute_command             = false
  propagate_tags                     = "SERVICE"

  deployment_controller {
    type = "CODE_DEPLOY"
  }

  network_configuration {
    subnets          = local.private
    security_groups  = [aws_security_group.shop.id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.blue.arn
    container_name   = "shop"
    container_port   = local.port
  }

  lifecycle {
    ignore_changes = [desired_count, task_definition, load_balancer]
  }
}

resource "aws_appautoscaling_target" "shop" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.production.name}/${aws_ecs_service.shop.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 3
  max_capacity       = 12
}

resource "aws_appautoscaling_policy" "shop" {
  name               = "requests"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.shop.service_namespace
  resource_id        = aws_appautoscaling_target.shop.resource_id
  scalable_dimension = aws_appautoscaling_target.shop.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value = 600

    predefined_metric_specification {
      predefined_metric_type = "ALBRequestCountPerTarget"
      resource_label         = "${aws_lb.shop.arn_suffix}/${aws_lb_target_group.blue.arn_suffix}"
    }
  }
}
