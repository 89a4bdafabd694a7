package hcl

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// read reads a tree that is written as an archive; a text without files is
// main.tf.
func read(t testing.TB, archive string) []Unit {
	t.Helper()
	a := txtar.Parse([]byte(archive))
	if len(a.Files) == 0 {
		a.Files = []txtar.File{{Name: "main.tf", Data: a.Comment}}
	}
	files := map[string]string{}
	tree := Tree{Show: func(rel string) string { return rel }, Open: func(rel string, _ int) ([]byte, error) {
		data, found := files[path.Clean(rel)]
		if !found {
			return nil, errors.New("no such file")
		}
		return []byte(data), nil
	}}
	for _, f := range a.Files {
		files[f.Name] = string(f.Data)
		tree.Files = append(tree.Files, f.Name)
	}
	return Read(context.Background(), tree)
}

// only returns the one configuration of a tree.
func only(t testing.TB, archive string) *model.Config {
	t.Helper()
	units := read(t, archive)
	if len(units) != 1 || len(units[0].Configs) != 1 {
		t.Fatalf("got %d roots, want one with one variant", len(units))
	}
	return units[0].Configs[0]
}

// written shows a value: what is known as JSON would, and of what is not known
// "?", the beginning that is known, the reason, and what it is made of.
func written(v model.Value) string {
	refs := ""
	if len(v.Refs) > 0 {
		refs = " <" + strings.Join(v.Refs, " ") + ">"
	}
	switch v.Kind {
	case model.Absent:
		return "absent"
	case model.Null:
		return "null"
	case model.Scalar:
		if v.Type == model.StringType {
			return fmt.Sprintf("%q%s", v.Text, refs)
		}
		return v.Text + refs
	case model.List:
		var items []string
		for _, i := range v.Items {
			items = append(items, written(i))
		}
		return "[" + strings.Join(items, ", ") + "]" + refs
	case model.Object:
		return "{" + fields(v) + "}" + refs
	}
	out := "?"
	if v.Text != "" {
		out += fmt.Sprintf("%q", v.Text)
	}
	if len(v.Fields) > 0 {
		out += "{" + fields(v) + "}"
	}
	if v.Failed {
		out += " failed:"
	}
	return out + " " + v.Why + refs
}

func fields(v model.Value) string {
	var out []string
	for _, name := range v.Names() {
		out = append(out, name+": "+written(v.Fields[name]))
	}
	return strings.Join(out, ", ")
}

// TestExpressions works single expressions out, among a few names.
func TestExpressions(t *testing.T) {
	t.Parallel()
	const names = `
variable "none" {}
variable "size" { default = 3 }
variable "region" { default = "eu-central-1" }
variable "secret" {
  default   = "hunter2"
  sensitive = true
}
variable "shape" {
  type    = object({ cpu = optional(number, 256), name = string, zones = optional(list(string)) })
  default = { name = "web" }
}
locals {
  ports = { http = 80, https = 443 }
  list  = ["a", "b"]
}
resource "aws_s3_bucket" "b" {
  bucket = "shop-data"
  tags   = { Owner = "team" }
}
resource "aws_subnet" "s" {
  count      = 2
  cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)
}
resource "aws_sqs_queue" "q" {
  for_each = toset(["x", "y"])
  name     = "queue-${each.key}"
}
resource "aws_sns_topic" "t" { count = var.none }
resource "aws_sns_topic" "zero" { count = 0 }
data "aws_vpc" "v" { default = true }
resource "x_probe" "p" {
  got = %s
}
`
	for _, tt := range []struct{ expr, want string }{
		// Plain values, operators, templates.
		{`"a"`, `"a"`},
		{`1.50`, `1.5`},
		{`true`, `true`},
		{`null`, `null`},
		{`1 + 2 * 3`, `7`},
		{`7 % 4`, `3`},
		{`1 / 0`, `? failed: it divides by zero`},
		{`-var.size`, `-3`},
		{`"${var.size}" == var.size`, `true`},
		{`"3" == var.size`, `false`},
		{`1 == 1.0`, `true`},
		{`"n-${var.size}-${var.region}"`, `"n-3-eu-central-1"`},
		{`"n-${var.none}"`, `?"n-" variable none has no value in these files`},
		{`"%{ if var.size > 2 }big%{ else }small%{ endif }"`, `"big"`},
		{`"%{ for p in local.list }${p};%{ endfor }"`, `"a;b;"`},
		{"<<EOF\nline ${var.size}\nEOF\n", `"line 3\n"`},
		{"<<-EOF\n    line\n      more\n    EOF\n", `"line\n  more\n"`},
		{`var.size > 2 ? "big" : "small"`, `"big"`},
		{`var.none ? "big" : "small"`, `? variable none has no value in these files`},
		{`var.none ? "same" : "same"`, `"same"`},
		{`var.none ? aws_s3_bucket.b.arn : null`, `? variable none has no value in these files <aws_s3_bucket.b>`},
		{`var.none ? {a = 1, b = 2} : {a = 1, b = 3}`, `?{a: 1} variable none has no value in these files`},
		{`false && var.none`, `false`},
		{`true || var.none`, `true`},
		{`var.none || true`, `true`},
		{`true && var.none`, `? variable none has no value in these files`},
		{`!var.none`, `? variable none has no value in these files`},
		{`var.none == null`, `? variable none has no value in these files`},
		{`[var.none] == null`, `false`},
		{`var.secret`, `? variable secret is sensitive`},
		{`"x${var.secret}"`, `?"x" variable secret is sensitive`},
		{`var.shape`, `{cpu: 256, name: "web", zones: null}`},
		{`path.module`, `"."`},
		{`terraform.workspace`, `? terraform.workspace is known only where it is run`},

		// References.
		{`aws_s3_bucket.b.arn`, `? aws_s3_bucket.b gives it only once it is applied <aws_s3_bucket.b>`},
		{`aws_s3_bucket.b.bucket`, `"shop-data" <aws_s3_bucket.b>`},
		{`aws_s3_bucket.b.tags.Owner`, `"team" <aws_s3_bucket.b>`},
		{`aws_s3_bucket.b["tags"]["Owner"]`, `"team" <aws_s3_bucket.b>`},
		{`"arn:aws:s3:::${aws_s3_bucket.b.id}/*"`, `?"arn:aws:s3:::" aws_s3_bucket.b gives it only once it is applied <aws_s3_bucket.b>`},
		{`aws_subnet.s[1].cidr_block`, `"10.0.1.0/24" <aws_subnet.s>`},
		{`aws_subnet.s[2].cidr_block`, `? failed: the list has 2 items and no number 2`},
		{`aws_subnet.s[*].cidr_block`, `["10.0.0.0/24" <aws_subnet.s>, "10.0.1.0/24" <aws_subnet.s>]`},
		{`aws_subnet.s.*.cidr_block`, `["10.0.0.0/24" <aws_subnet.s>, "10.0.1.0/24" <aws_subnet.s>]`},
		{`length(aws_subnet.s)`, `2`},
		{`aws_sqs_queue.q["x"].name`, `"queue-x" <aws_sqs_queue.q>`},
		{`[for k, q in aws_sqs_queue.q : "${k}=${q.name}"]`, `["x=queue-x" <aws_sqs_queue.q>, "y=queue-y" <aws_sqs_queue.q>]`},
		{`values(aws_sqs_queue.q)[*].arn`, `[? aws_sqs_queue.q gives it only once it is applied <aws_sqs_queue.q>, ? aws_sqs_queue.q gives it only once it is applied <aws_sqs_queue.q>]`},
		{`aws_sns_topic.t[0].arn`, `? it is not known how many there are <aws_sns_topic.t>`},
		{`aws_sns_topic.t[*].arn`, `? it is not known how many there are <aws_sns_topic.t>`},
		{`one(aws_sns_topic.zero[*].arn)`, `null`},
		{`try(aws_sns_topic.zero[0].arn, "none")`, `"none"`},
		{`data.aws_vpc.v.cidr_block`, `? data.aws_vpc.v is read only when it is applied <data.aws_vpc.v>`},
		{`aws_s3_bucket.b[*].id`, `[? aws_s3_bucket.b gives it only once it is applied <aws_s3_bucket.b>]`},

		// Collections.
		{`[for s in local.list : upper(s)]`, `["A", "B"]`},
		{`[for s in local.list : s if s != "a"]`, `["b"]`},
		{`{for k, v in local.ports : k => v + 1}`, `{http: 81, https: 444}`},
		{`{for s in ["x1", "x2", "y1"] : substr(s, 0, 1) => s...}`, `{x: ["x1", "x2"], y: ["y1"]}`},
		{`[for s in var.none : s.id]`, `? variable none has no value in these files`},
		{`concat(local.list, ["c"])`, `["a", "b", "c"]`},
		{`concat(var.none, [aws_s3_bucket.b.id])`, `? variable none has no value in these files`},
		{`merge({a = 1}, {a = 2, b = 3})`, `{a: 2, b: 3}`},
		{`merge(var.none, {Owner = "team"})`, `?{Owner: "team"} variable none has no value in these files`},
		{`merge({Owner = "team"}, var.none)`, `? variable none has no value in these files`},
		{`merge(local.ports, null)`, `{http: 80, https: 443}`},
		{`lookup(local.ports, "http", 1)`, `80`},
		{`lookup(local.ports, "ftp", 21)`, `21`},
		{`element(local.list, 3)`, `"b"`},
		{`keys(local.ports)`, `["http", "https"]`},
		{`values(local.ports)`, `[80, 443]`},
		{`toset(["b", "a", "b"])`, `["a", "b"]`},
		{`tostring(3)`, `"3"`},
		{`tonumber("3")`, `3`},
		{`flatten([["a"], ["b", ["c"]]])`, `["a", "b", "c"]`},
		{`flatten([["a"], var.none])`, `? variable none has no value in these files`},
		{`coalesce("", null, "x")`, `"x"`},
		{`coalesce(var.none, "x")`, `? variable none has no value in these files`},
		{`coalesce("x", var.none)`, `"x"`},
		{`compact(["a", "", null])`, `["a"]`},
		{`distinct(["a", "b", "a"])`, `["a", "b"]`},
		{`contains(local.list, "b")`, `true`},
		{`contains(concat(local.list, [var.none]), "b")`, `true`},
		{`contains(concat(local.list, [var.none]), "z")`, `? variable none has no value in these files`},
		{`zipmap(["a", "b"], [1, 2])`, `{a: 1, b: 2}`},
		{`slice(["a", "b", "c"], 1, 3)`, `["b", "c"]`},
		{`sort(["b", "a"])`, `["a", "b"]`},
		{`range(3)`, `[0, 1, 2]`},
		{`sum([1, 2.5])`, `3.5`},
		{`max(local.ports...)`, `? what it is given is not known`},
		{`max([1, 5]...)`, `5`},
		{`setunion(["a"], ["b", "a"])`, `["a", "b"]`},
		{`setproduct(["a"], ["x", "y"])`, `[["a", "x"], ["a", "y"]]`},
		{`alltrue([true, false, var.none])`, `false`},
		{`anytrue([false, var.none])`, `? variable none has no value in these files`},
		{`can(local.ports.ftp)`, `false`},
		{`try(local.ports.ftp, local.ports.http)`, `80`},
		{`index(["a", "b"], "b")`, `1`},

		// Texts.
		{`join(",", local.list)`, `"a,b"`},
		{`join(",", ["a", var.none, "b"])`, `?"a," variable none has no value in these files`},
		{`format("%s-%03d", "web", 7)`, `"web-007"`},
		{`format("arn:%s:%s", "aws", var.none)`, `?"arn:aws:" variable none has no value in these files`},
		{`formatlist("%s.x", local.list)`, `["a.x", "b.x"]`},
		{`split(",", "a,b")`, `["a", "b"]`},
		{`replace("a.b", ".", "-")`, `"a-b"`},
		{`replace("a1b2", "/[0-9]/", "")`, `"ab"`},
		{`trimsuffix("web-", "-")`, `"web"`},
		{`startswith("prod-eu", "prod") == true`, `true`},
		{`regex("[a-z]+", "12ab")`, `"ab"`},
		{`regex("[a-z]+", "12")`, `? failed: regex fails: pattern did not match any part of the given string`},
		{`base64decode(base64encode("x"))`, `"x"`},
		{`sha256("")`, `"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"`},
		{`cidrsubnet("10.0.0.0/16", 8, 2)`, `"10.0.2.0/24"`},
		{`cidrsubnet("fd00::/48", 16, 5)`, `"fd00:0:0:5::/64"`},
		{`cidrhost("10.0.0.0/24", -2)`, `"10.0.0.254"`},
		{`cidrnetmask("10.0.0.0/20")`, `"255.255.240.0"`},
		{`cidrsubnets("10.0.0.0/16", 4, 8)`, `["10.0.0.0/20", "10.0.16.0/24"]`},
		{`jsondecode("{\"a\": [1, true, null]}")`, `{a: [1, true, null]}`},
		{`jsondecode(jsonencode({a = var.none}))`, `{a: ? variable none has no value in these files}`},
		{`yamldecode("a: 1\nb: [x]\n")`, `{a: 1, b: ["x"]}`},
		{`jsonencode({b = 1, a = [true, "x<y"]})`, `"{\"a\":[true,\"x\\u003cy\"],\"b\":1}"`},
		{`timestamp()`, `? timestamp is known only where it is run`},
		{`sensitive("x")`, `? it is marked sensitive`},
		{`provider::aws::arn_parse("x")`, `? function provider::aws::arn_parse belongs to a provider`},
		{`file("/etc/passwd")`, `? /etc/passwd is outside of these files`},
		{`file("../../etc/passwd")`, `? ../../etc/passwd is outside of these files`},

		// What would take too much.
		{`format("%99999d", 1)`, `? what format is given is too large`},
		{`indent(100000, "a\nb")`, `? what indent is given is too large`},
	} {
		c := only(t, fmt.Sprintf(names, tt.expr))
		got := "nothing"
		for _, r := range c.Of("x_probe") {
			v := r.Body.Get("got")
			got = written(v)
			if v.At.File != "main.tf" || v.At.Line == 0 {
				t.Errorf("%s: stands at %v", tt.expr, v.At)
			}
		}
		if got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.expr, got, tt.want)
		}
	}
}
