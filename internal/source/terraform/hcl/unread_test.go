package hcl

import "testing"

// TestHides knows public modules by their names, wherever they are taken from.
func TestHides(t *testing.T) {
	for source, any := range map[string]bool{
		"terraform-aws-modules/vpc/aws":                                                false,
		"registry.terraform.io/terraform-aws-modules/vpc/aws":                          false,
		"terraform-aws-modules/iam/aws//modules/iam-role":                              false,
		"git::https://github.com/terraform-aws-modules/terraform-aws-vpc.git?ref=v5.0": false,
		"github.com/cloudposse/terraform-aws-eks-cluster?ref=1.0":                      false,
		"git@github.com:cloudposse/terraform-null-label.git":                           false,
		"acme/vpc/aws":                   true, // somebody else's may hold anything
		"terraform-aws-modules/other/x":  true,
		"git::https://example.com/x.git": true,
		"s3::https://x.amazonaws.com/m":  true,
	} {
		if got := len(hides(source)) == len(anything); got != any {
			t.Errorf("%s: anything may hide: %v, want %v", source, got, any)
		}
	}
}
