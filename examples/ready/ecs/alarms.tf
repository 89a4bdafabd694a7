# What wakes the team, and what only opens a ticket. A release is taken back by the
# alarms in release.tf.

locals {
  runbooks = "https://git.corp.internal/storefront/shop/-/blob/main/docs/runbooks"
}

resource "aws_sns_topic" "pager" {
  name              = "shop-pager"
  kms_master_key_id = aws_kms_key.shop.id
}

resource "aws_sns_topic_subscription" "pager" {
  topic_arn = aws_sns_topic.pager.arn
  protocol  = "https"
  endpoint  = "https://events.pagerduty.com/integration/team-storefront/enqueue"
}

resource "aws_sns_topic" "tickets" {
  name              = "shop-tickets"
  kms_master_key_id = aws_kms_key.shop.id
}

resource "aws_sns_topic_subscription" "tickets" {
  topic_arn = aws_sns_topic.tickets.arn
  protocol  = "email"
  endpoint  = "storefront-tickets@corp.internal"
}

# The budget of 99.5 % over 30 days. At 14.4 times the pace that spends just all of
# it, 2 % of the budget is gone within an hour; the five minutes end the page soon
# after the fire is out.
resource "aws_cloudwatch_composite_alarm" "budget_burns" {
  alarm_name        = "shop-budget-burns"
  alarm_description = "The error budget is spent 14.4 times too fast. ${local.runbooks}/error-budget.md"
  alarm_rule        = "ALARM(${aws_cloudwatch_metric_alarm.burn["1h"].alarm_name}) AND ALARM(${aws_cloudwatch_metric_alarm.burn["5m"].alarm_name})"
  alarm_actions     = [aws_sns_topic.pager.arn]
  ok_actions        = [aws_sns_topic.pager.arn]
  tags              = { Severity = "critical" }
}

resource "aws_cloudwatch_metric_alarm" "burn" {
  for_each = { "1h" = 3600, "5m" = 300 }

  alarm_name          = "shop-burn-${each.key}"
  alarm_description   = "One of the two windows of shop-budget-burns."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 14.4 * 0.5
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "share"
    expression  = "100 * failed / requests"
    label       = "failed requests in percent"
    return_data = true
  }

  metric_query {
    id = "failed"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "HTTPCode_Target_5XX_Count"
      period      = each.value
      stat        = "Sum"
      dimensions  = { LoadBalancer = aws_lb.shop.arn_suffix }
    }
  }

  metric_query {
    id = "requests"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "RequestCount"
      period      = each.value
      stat        = "Sum"
      dimensions  = { LoadBalancer = aws_lb.shop.arn_suffix }
    }
  }
}

# ACM renews 60 days before the end; at 30 something keeps it from that.
resource "aws_cloudwatch_metric_alarm" "certificate" {
  alarm_name          = "shop-certificate-ends"
  alarm_description   = "The certificate ends in less than 30 days and was not renewed. ${local.runbooks}/certificates.md"
  namespace           = "AWS/CertificateManager"
  metric_name         = "DaysToExpiry"
  dimensions          = { CertificateArn = aws_acm_certificate.shop.arn }
  statistic           = "Minimum"
  comparison_operator = "LessThanThreshold"
  threshold           = 30
  period              = 86400
  evaluation_periods  = 1
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.tickets.arn]
  tags                = { Severity = "warning" }
}

resource "aws_cloudwatch_metric_alarm" "disk" {
  alarm_name          = "shop-database-disk"
  alarm_description   = "Less than 5 GB are free for the orders. ${local.runbooks}/database.md"
  namespace           = "AWS/RDS"
  metric_name         = "FreeStorageSpace"
  dimensions          = { DBInstanceIdentifier = aws_db_instance.orders.identifier }
  statistic           = "Minimum"
  comparison_operator = "LessThanThreshold"
  threshold           = 5000000000
  period              = 300
  evaluation_periods  = 2
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.pager.arn]
  ok_actions          = [aws_sns_topic.pager.arn]
  tags                = { Severity = "critical" }
}

# A db.r7g.large takes about 1,700 connections; the shop's pools ask for at most 120.
resource "aws_cloudwatch_metric_alarm" "connections" {
  alarm_name          = "shop-database-connections"
  alarm_description   = "More connections are open than the shop's pools may hold. ${local.runbooks}/database.md"
  namespace           = "AWS/RDS"
  metric_name         = "DatabaseConnections"
  dimensions          = { DBInstanceIdentifier = aws_db_instance.orders.identifier }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 120
  period              = 60
  evaluation_periods  = 10
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.tickets.arn]
  tags                = { Severity = "warning" }
}

# Sessions that run or wait at once, as Performance Insights counts them: above the
# two processors that it has, statements wait for each other.
resource "aws_cloudwatch_metric_alarm" "load" {
  alarm_name          = "shop-database-slow"
  alarm_description   = "Statements wait for processors, locks or the disk. ${local.runbooks}/database.md"
  namespace           = "AWS/RDS"
  metric_name         = "DBLoad"
  dimensions          = { DBInstanceIdentifier = aws_db_instance.orders.identifier }
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 2
  period              = 60
  evaluation_periods  = 10
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.tickets.arn]
  tags                = { Severity = "warning" }
}

# What AWS itself announces for this account and region.
resource "aws_cloudwatch_event_rule" "health" {
  name          = "shop-aws-health"
  description   = "AWS announces an event that concerns this account. ${local.runbooks}/provider.md"
  event_pattern = jsonencode({ source = ["aws.health"] })
  tags          = { Severity = "warning" }
}

resource "aws_cloudwatch_event_target" "health" {
  rule = aws_cloudwatch_event_rule.health.name
  arn  = aws_sns_topic.tickets.arn
}

# RDS backs up by itself; what it says of that is a ticket.
resource "aws_db_event_subscription" "orders" {
  name             = "shop-orders"
  sns_topic        = aws_sns_topic.tickets.arn
  source_type      = "db-instance"
  source_ids       = [aws_db_instance.orders.identifier]
  event_categories = ["availability", "backup", "failure", "low storage", "recovery"]
  tags             = { Severity = "warning", Runbook = "${local.runbooks}/backup.md" }
}
