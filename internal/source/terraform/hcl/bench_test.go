package hcl

import (
	"fmt"
	"strings"
	"testing"
)

// estate is about what a company has: 50 roots that call 10 modules each, in 500
// files.
func estate() string {
	var b strings.Builder
	for m := range 50 {
		fmt.Fprintf(&b, "-- modules/m%d/main.tf --\nvariable \"name\" {}\nvariable \"tags\" { default = {} }\nvariable \"ports\" { default = [80, 443] }\n", m)
		for r := range 8 {
			fmt.Fprintf(&b, `
resource "aws_security_group" "sg%d" {
  name = "${var.name}-%d"
  tags = merge(var.tags, { Name = format("%%s-%%d", var.name, %d) })
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = [cidrsubnet("10.0.0.0/16", 8, ingress.key)]
    }
  }
}
resource "aws_iam_policy" "p%d" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for a in ["s3:GetObject", "s3:PutObject"] : { Effect = "Allow", Action = a, Resource = "${aws_security_group.sg%d.arn}/*" }]
  })
}
`, r, r, r, r, r)
		}
		fmt.Fprintf(&b, "-- modules/m%d/outputs.tf --\noutput \"ids\" { value = [aws_security_group.sg0.id, aws_security_group.sg1.id] }\n", m)
	}
	for r := range 50 {
		for f := range 8 {
			fmt.Fprintf(&b, "-- live/r%d/f%d.tf --\n", r, f)
			if f == 0 {
				b.WriteString("variable \"env\" { default = \"prod\" }\nlocals { tags = { Env = var.env, Owner = \"team\" } }\nprovider \"aws\" { region = \"eu-central-1\" }\n")
			}
			fmt.Fprintf(&b, "module \"a%d\" {\n  source = \"../../modules/m%d\"\n  name   = \"x-${var.env}\"\n  tags   = local.tags\n}\n", f, (r+f)%50)
			for q := range 6 {
				fmt.Fprintf(&b, "resource \"aws_sqs_queue\" \"q%d%d\" {\n  name = \"q-${var.env}-%d\"\n  tags = local.tags\n  policy = module.a%d.ids[0]\n}\n", f, q, q, f)
			}
		}
	}
	return b.String()
}

// BenchmarkRead reads 500 files of 50 roots, with about 9,000 instances of
// resources. It must stay well below a second.
func BenchmarkRead(b *testing.B) {
	in := estate()
	for b.Loop() {
		n := 0
		for _, u := range read(b, in) {
			for _, c := range u.Configs {
				n += len(c.Resources)
				if len(c.Problems) > 0 {
					b.Fatal(c.Problems[0])
				}
			}
		}
		if n < 8000 {
			b.Fatalf("only %d resources", n)
		}
	}
}
