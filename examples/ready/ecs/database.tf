resource "aws_db_subnet_group" "orders" {
  name       = "shop-orders"
  subnet_ids = local.private
}

resource "aws_db_parameter_group" "orders" {
  name   = "shop-orders"
  family = "postgres17"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = "500"
  }
}

resource "aws_db_instance" "orders" {
  identifier     = "shop-orders"
  engine         = "postgres"
  engine_version = "17.6"
  instance_class = "db.r7g.large"
  db_name        = "shop"

  username                    = "shop"
  manage_master_user_password = true
  master_user_secret_kms_key_id = aws_kms_key.shop.key_id

  allocated_storage     = 100
  max_allocated_storage = 500
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = aws_kms_key.shop.arn

  multi_az               = true
  db_subnet_group_name   = aws_db_subnet_group.orders.name
  vpc_security_group_ids = [aws_security_group.orders.id]
  parameter_group_name   = aws_db_parameter_group.orders.name
  publicly_accessible    = false
  ca_cert_identifier     = "rds-ca-rsa2048-g1"

  # RDS asks clients for no certificate; a token of IAM says who they are.
  iam_database_authentication_enabled = true

  backup_retention_period   = 30
  backup_window             = "01:00-02:00"
  maintenance_window        = "tue:02:30-tue:03:30"
  copy_tags_to_snapshot     = true
  delete_automated_backups  = false
  deletion_protection       = true
  skip_final_snapshot       = false
  final_snapshot_identifier = "shop-orders-final"

  performance_insights_enabled    = true
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
}

resource "aws_kms_key" "shop" {
  description             = "Data of the shop"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

# The key with which the shop signs its sessions; the rotation function makes a
# new one.
resource "aws_secretsmanager_secret" "session_key" {
  name                    = "production/shop/session-key"
  kms_key_id              = aws_kms_key.shop.arn
  recovery_window_in_days = 30
}

resource "aws_secretsmanager_secret_rotation" "session_key" {
  secret_id           = aws_secretsmanager_secret.session_key.id
  rotation_lambda_arn = "arn:aws:lambda:eu-central-1:123456789012:function:platform-rotate-key"

  rotation_rules {
    automatically_after_days = 30
  }
}

resource "aws_cloudwatch_log_group" "shop" {
  name              = "/production/shop"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.shop.arn
}
