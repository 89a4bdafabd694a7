variable "vpc_id" {
  description = "The network of production, which the platform team keeps."
  type        = string
  default     = "vpc-0f2e4c6a8b1d3e5f7"
}

variable "zones" {
  description = "Where the shop runs."
  type        = set(string)
  default     = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
}

variable "image" {
  description = "The shop's image by digest; the pipeline sets it."
  type        = string
  default     = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:8f14e45fceea167a5a36dedd4bea2543f0a1c9b7d6e5f4a3b2c1d0e9f8a7b6c5"
}

locals {
  name    = "shop"
  account = "123456789012"
  region  = "eu-central-1"
  private = [for subnet in data.aws_subnet.private : subnet.id]
  public  = [for subnet in data.aws_subnet.public : subnet.id]
  port    = 8443
}

# The subnets are the platform team's; they are found by zone and tag.
data "aws_subnet" "private" {
  for_each          = var.zones
  vpc_id            = var.vpc_id
  availability_zone = each.value
  tags              = { tier = "private" }
}

data "aws_subnet" "public" {
  for_each          = var.zones
  vpc_id            = var.vpc_id
  availability_zone = each.value
  tags              = { tier = "public" }
}
