package hcl

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// hides returns the kinds of facts that may hide in a module that is not in the
// tree, by its name; nil means any.
func hides(source string) []fact.Kind {
	name := strings.ToLower(source)
	for _, known := range hiding {
		for _, word := range known.words {
			if strings.Contains(name, word) {
				return append([]fact.Kind{fact.Cloud}, known.kinds...)
			}
		}
	}
	return nil
}

// hiding lists well-known modules, the more special ones first. What is not
// listed may hold anything.
var hiding = []struct {
	words []string
	kinds []fact.Kind
}{
	{[]string{"security-group", "firewall"}, []fact.Kind{fact.Policies}},
	{[]string{"label/null", "null-label"}, nil},
	{[]string{"/vpc/", "/network/", "/subnets/", "terraform-aws-vpc"}, []fact.Kind{fact.Policies, fact.LogStores, fact.Services}},
	{[]string{"s3-bucket"}, []fact.Kind{fact.Backups, fact.Storage, fact.Policies, fact.Permissions, fact.LogStores}},
	{[]string{"/acm/", "certificate"}, []fact.Kind{fact.Certificates}},
	{[]string{"route53", "/dns/"}, []fact.Kind{fact.Services}},
	{[]string{"/kms/"}, []fact.Kind{fact.Permissions, fact.Secrets}},
	{[]string{"/iam/"}, []fact.Kind{fact.Permissions, fact.Accounts, fact.Secrets}},
}
