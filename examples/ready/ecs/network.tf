resource "aws_security_group" "edge" {
  name        = "shop-edge"
  description = "The load balancer: HTTPS from everywhere, the shop and nothing else behind it"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "edge_https" {
  security_group_id = aws_security_group.edge.id
  description       = "customers"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "edge_shop" {
  security_group_id            = aws_security_group.edge.id
  description                  = "the shop"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  referenced_security_group_id = aws_security_group.shop.id
}

resource "aws_security_group" "shop" {
  name        = "shop"
  description = "The shop: requests from the load balancer; its database, its secrets and its traces"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "shop_edge" {
  security_group_id            = aws_security_group.shop.id
  description                  = "requests and health checks"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  referenced_security_group_id = aws_security_group.edge.id
}

resource "aws_vpc_security_group_egress_rule" "shop_database" {
  security_group_id            = aws_security_group.shop.id
  description                  = "orders"
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  referenced_security_group_id = aws_security_group.orders.id
}

resource "aws_vpc_security_group_egress_rule" "shop_endpoints" {
  security_group_id            = aws_security_group.shop.id
  description                  = "endpoints of ECR, CloudWatch Logs and Secrets Manager in this network"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = "sg-0123456789abcdef0"
}

resource "aws_vpc_security_group_egress_rule" "shop_traces" {
  security_group_id = aws_security_group.shop.id
  description       = "traces"
  ip_protocol       = "tcp"
  from_port         = 4318
  to_port           = 4318
  cidr_ipv4         = "10.20.0.0/16"
}

resource "aws_security_group" "orders" {
  name        = "shop-orders"
  description = "The database: the shop and nobody else"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "orders_shop" {
  security_group_id            = aws_security_group.orders.id
  description                  = "the shop"
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  referenced_security_group_id = aws_security_group.shop.id
}
