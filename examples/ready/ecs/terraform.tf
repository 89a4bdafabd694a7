# The shop on Amazon ECS: the same service as ../deploy, for teams without a
# cluster of their own. One folder, one state, one environment.
terraform {
  required_version = "~> 1.13"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "6.21.0"
    }
  }

  backend "s3" {
    bucket       = "example-shop-terraform-state"
    key          = "production/shop.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = "eu-central-1"

  default_tags {
    tags = {
      service     = "shop"
      owner       = "team-storefront"
      cost-centre = "retail"
      environment = "production"
    }
  }
}
