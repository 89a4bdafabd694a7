# What is looked at at night: is the shop healthy, what changed, where is the fault.
# Figures of the networks and accounts that it shares are on the platform team's own
# dashboard, which seaworthy.yaml links.
resource "aws_cloudwatch_dashboard" "shop" {
  dashboard_name = "shop"

  dashboard_body = jsonencode({
    widgets = [
      { type = "text", x = 0, y = 0, width = 24, height = 1, properties = { markdown = "# Healthy? [Runbooks](${local.runbooks})" } },
      { type = "metric", x = 0, y = 1, width = 8, height = 6, properties = {
        title   = "Requests a minute"
        region  = local.region
        period  = 60
        stat    = "Sum"
        metrics = [["AWS/ApplicationELB", "RequestCount", "LoadBalancer", aws_lb.shop.arn_suffix]]
      } },
      { type = "metric", x = 8, y = 1, width = 8, height = 6, properties = {
        title  = "Failed requests a minute"
        region = local.region
        period = 60
        stat   = "Sum"
        metrics = [
          ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "LoadBalancer", aws_lb.shop.arn_suffix, { label = "from the shop" }],
          [".", "HTTPCode_ELB_5XX_Count", ".", ".", { label = "before the shop" }],
        ]
      } },
      { type = "metric", x = 16, y = 1, width = 8, height = 6, properties = {
        title  = "Latency"
        region = local.region
        period = 60
        metrics = [
          ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", aws_lb.shop.arn_suffix, { stat = "p50" }],
          ["...", { stat = "p99" }],
        ]
      } },
      { type = "metric", x = 0, y = 7, width = 8, height = 6, properties = {
        title   = "Orders placed a minute"
        region  = local.region
        period  = 60
        stat    = "Sum"
        metrics = [["Shop", "orders_placed"]]
      } },
      { type = "metric", x = 8, y = 7, width = 16, height = 6, properties = {
        title  = "What changed: requests to each release, blue and green"
        region = local.region
        period = 60
        stat   = "Sum"
        metrics = [
          ["AWS/ApplicationELB", "RequestCount", "TargetGroup", aws_lb_target_group.blue.arn_suffix, "LoadBalancer", aws_lb.shop.arn_suffix, { label = "blue" }],
          ["AWS/ApplicationELB", "RequestCount", "TargetGroup", aws_lb_target_group.green.arn_suffix, "LoadBalancer", aws_lb.shop.arn_suffix, { label = "green" }],
        ]
      } },
      { type = "text", x = 0, y = 13, width = 24, height = 1, properties = { markdown = "# Where?" } },
      { type = "metric", x = 0, y = 14, width = 8, height = 6, properties = {
        title  = "Processors and memory of the shop"
        region = local.region
        period = 60
        metrics = [
          ["AWS/ECS", "CPUUtilization", "ClusterName", aws_ecs_cluster.production.name, "ServiceName", aws_ecs_service.shop.name],
          [".", "MemoryUtilization", ".", ".", ".", "."],
        ]
      } },
      { type = "metric", x = 8, y = 14, width = 8, height = 6, properties = {
        title  = "Database: sessions at work and connections"
        region = local.region
        period = 60
        metrics = [
          ["AWS/RDS", "DBLoad", "DBInstanceIdentifier", aws_db_instance.orders.identifier],
          [".", "DatabaseConnections", ".", "."],
        ]
      } },
      { type = "metric", x = 16, y = 14, width = 8, height = 6, properties = {
        title  = "Hosts that answer, by zone"
        region = local.region
        period = 60
        stat   = "Minimum"
        metrics = [for zone in var.zones :
          ["AWS/ApplicationELB", "HealthyHostCount", "AvailabilityZone", zone, "LoadBalancer", aws_lb.shop.arn_suffix, { label = zone }]
        ]
      } },
    ]
  })
}

# The access log says which orders were placed; counted, it shows when nobody can buy.
resource "aws_cloudwatch_log_metric_filter" "orders" {
  name           = "orders-placed"
  log_group_name = aws_cloudwatch_log_group.shop.name
  pattern        = "{ $.route = \"POST /orders\" && $.status = 201 }"

  metric_transformation {
    namespace     = "Shop"
    name          = "orders_placed"
    value         = "1"
    default_value = "0"
  }
}
