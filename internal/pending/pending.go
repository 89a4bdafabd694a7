//go:build pending

// Package pending keeps modules in go.mod that are about to be used.
package pending

import (
	_ "cel.dev/cel-go/cel"
	_ "github.com/compose-spec/compose-go/v2/loader"
	_ "github.com/hashicorp/hcl/v2/hclsyntax"
	_ "github.com/hashicorp/hcl/v2/json"
	_ "github.com/hashicorp/terraform-json"
	_ "github.com/hmarr/codeowners"
	_ "github.com/moby/buildkit/frontend/dockerfile/instructions"
	_ "github.com/moby/buildkit/frontend/dockerfile/parser"
	_ "github.com/rhysd/actionlint"
	_ "github.com/zclconf/go-cty/cty/function/stdlib"
	_ "github.com/zricethezav/gitleaks/v8/detect"
)
