// Package aws turns resources of Amazon Web Services into facts.
package aws

import (
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// Facts adds what the resources of a configuration say.
func Facts(c *model.Config, into *fact.Set) {}
