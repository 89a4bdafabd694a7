variable "vpc_id" {
  description = "The network of production, which the platform team keeps."
  type        = string
  default     = "vpc-0f2e4c6a8b1d3e5f7"
}

variable "zones" {
  description = "The private subnets of production by availability zone."
  type        = map(string)
  default = {
    "eu-central-1a" = "subnet-0a1b2c3d4e5f60718"
    "eu-central-1b" = "subnet-0b1c2d3e4f5a60729"
    "eu-central-1c" = "subnet-0c1d2e3f4a5b6073a"
  }
}

variable "public_zones" {
  description = "The public subnets, for the load balancer alone."
  type        = map(string)
  default = {
    "eu-central-1a" = "subnet-0d1e2f3a4b5c6074b"
    "eu-central-1b" = "subnet-0e1f2a3b4c5d6075c"
    "eu-central-1c" = "subnet-0f1a2b3c4d5e6076d"
  }
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
  private = values(var.zones)
  public  = values(var.public_zones)
  port    = 8443
}
