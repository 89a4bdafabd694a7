package terraform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"sort"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/fact"
)

// read reads a tree that is written as an archive.
func read(t *testing.T, archive string) Reading {
	t.Helper()
	files := map[string]string{}
	tree := Tree{
		Show: func(rel string) string { return rel },
		Open: func(rel string, _ int) ([]byte, error) {
			data, found := files[path.Clean(rel)]
			if !found {
				return nil, errors.New("no such file")
			}
			return []byte(data), nil
		},
		Head:   func(rel string) []byte { return []byte(files[rel]) },
		Stream: func(rel string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(files[rel])), nil },
	}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		files[f.Name] = string(f.Data)
		switch {
		case strings.HasSuffix(f.Name, ".yaml"):
			tree.Templates = append(tree.Templates, f.Name)
		case strings.HasSuffix(f.Name, ".json"):
			tree.JSON = append(tree.JSON, f.Name)
			tree.Templates = append(tree.Templates, f.Name)
		default:
			tree.Files = append(tree.Files, f.Name)
		}
	}
	return Read(context.Background(), tree)
}

// TestCloud joins tags with those of the provider, and finds regions.
func TestCloud(t *testing.T) {
	t.Parallel()
	r := read(t, `
-- main.tf --
provider "aws" {
  region = "eu-central-1"
  default_tags {
    tags = { Team = "shop", Owner = "default" }
  }
}
provider "aws" {
  alias  = "us"
  region = var.region
}
variable "region" {}
variable "tags" {}
resource "aws_s3_bucket" "data" {
  tags = { Owner = "team" }
  lifecycle {
    prevent_destroy = true
  }
}
resource "aws_s3_bucket" "us" {
  provider = aws.us
  tags     = merge(var.tags, { Owner = "x" })
}
resource "aws_s3_bucket" "own" {
  region = "eu-west-1"
}
resource "aws_iam_role" "r" {}
resource "aws_s3_bucket_policy" "p" {}
resource "aws_dynamodb_table" "t" {
  replica {
    region_name = "us-east-1"
  }
}
resource "aws_autoscaling_group" "g" {
  tag {
    key                 = "Owner"
    value               = "team"
    propagate_at_launch = true
  }
}
resource "google_storage_bucket" "b" {
  location = "EU"
  labels   = { owner = "team" }
}
resource "random_id" "x" {}
data "aws_region" "current" {}
`)
	var got []string
	for _, set := range r.Sets {
		for _, c := range set.Cloud {
			var tags []string
			for k, v := range c.Tags {
				tags = append(tags, k+"="+v)
			}
			sort.Strings(tags)
			line := fmt.Sprintf("%s %s %q %v", c.Subject, c.Provider, c.Region, tags)
			if !c.Taggable {
				line += " untaggable"
			}
			if !c.TagsKnown {
				line += " and perhaps more"
			}
			if c.Protected {
				line += " protected"
			}
			for _, p := range c.Replicas {
				line += " copied to " + p.Name
			}
			got = append(got, line)
		}
	}
	want := `aws_autoscaling_group.g aws "eu-central-1" [Owner=team]
aws_dynamodb_table.t aws "eu-central-1" [Owner=default Team=shop] copied to us-east-1
aws_iam_role.r aws "" [] untaggable
aws_s3_bucket.data aws "eu-central-1" [Owner=team Team=shop] protected
aws_s3_bucket.own aws "eu-west-1" [Owner=default Team=shop]
aws_s3_bucket.us aws "" [Owner=x] and perhaps more
aws_s3_bucket_policy.p aws "eu-central-1" [] untaggable
google_storage_bucket.b google "EU" [owner=team]`
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

// TestEnvironments judges what is production's: of variable files, of folders
// beside one another, of plans of one root.
func TestEnvironments(t *testing.T) {
	t.Parallel()
	r := read(t, `
-- envs/dev/net/main.tf --
resource "aws_vpc" "v" {}
-- envs/prod/net/main.tf --
resource "aws_vpc" "v" {}
-- shared/main.tf --
resource "aws_vpc" "v" {}
-- staging/main.tf --
resource "aws_vpc" "v" {}
-- app/main.tf --
variable "size" {}
resource "aws_sqs_queue" "q" { name = var.size }
-- app/dev.tfvars --
size = 1
-- app/prod.tfvars --
size = 2
-- planned/main.tf --
resource "aws_kms_key" "k" {}
-- planned/prod.tfplan.json --
{"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": [{"address": "aws_kms_key.k", "mode": "managed", "type": "aws_kms_key", "name": "k", "change": {"actions": ["create"], "after": {"rotation_period_in_days": 90}}}]}
-- planned/dev.tfplan.json --
{"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": [{"address": "aws_kms_key.k", "mode": "managed", "type": "aws_kms_key", "name": "k", "change": {"actions": ["create"], "after": {}}}]}
`)
	got := map[string]bool{}
	for _, s := range r.Sets {
		got[s.Bundle+" "+s.Variant] = s.ProductionLike
	}
	want := map[string]bool{
		"envs/dev/net ": false, "envs/prod/net ": true, "shared ": true, "staging ": true, "app dev": false, "app prod": true, "planned prod": true, "planned dev": false,
	}
	for name, judged := range want {
		if is, found := got[name]; !found || is != judged {
			t.Errorf("%s: judged %v (there: %v), want %v", name, is, found, judged)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
	if len(r.Assumptions) != 2 {
		t.Errorf("assumptions %q", r.Assumptions)
	}
}

// TestPins tells what names one state for good.
func TestPins(t *testing.T) {
	t.Parallel()
	r := read(t, `
-- main.tf --
provider "aws" {}
module "a" {
  source  = "acme/a/aws"
  version = "1.2.3"
}
module "b" {
  source  = "acme/b/aws"
  version = "= 1.2.3"
}
module "c" {
  source  = "acme/c/aws"
  version = "~> 1.2"
}
module "d" { source = "git::https://example.com/d.git?ref=v1.2.3" }
module "e" { source = "git::https://example.com/e.git?ref=release/1.2.3" }
module "f" { source = "git::https://example.com/f.git?ref=0a1b2c3d4e5f" }
module "g" { source = "git::https://example.com/g.git?ref=main" }
module "h" { source = "git::https://example.com/h.git?ref=v1" }
module "i" { source = "git::https://example.com/i.git" }
`)
	got := ""
	for _, m := range r.Sets[0].Stacks[0].Modules {
		got += fmt.Sprintf("%s=%v ", strings.TrimPrefix(m.Name, "module."), m.Exact)
	}
	if want := "a=true b=true c=false d=true e=true f=true g=false h=false i=false "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !r.Sets[0].Coverage.Complete(fact.Reconcilers) || r.Sets[0].Coverage.Complete(fact.Workloads) {
		t.Error("modules that are not read may hold workloads, and no reconcilers")
	}
}

// TestUnseen leaves a hole for what Terraform installs into clusters.
func TestUnseen(t *testing.T) {
	t.Parallel()
	r := read(t, "-- main.tf --\nresource \"helm_release\" \"web\" {\n  name  = \"web\"\n  chart = \"nginx\"\n}\n")
	holes := r.Sets[0].Coverage.Holes
	if len(holes) != 1 || holes[0].Why != "helm_release.web installs chart nginx, which is not read" || holes[0].Line != 1 {
		t.Errorf("got %v", holes)
	}
}
