package aws

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// TestTypes: every type that the code names is read by itself, or listed; and
// what is read is not listed, for it would be forgotten there.
func TestTypes(t *testing.T) {
	t.Parallel()
	types, err := Types()
	if err != nil {
		t.Fatal(err)
	}
	r := facts(&model.Config{}, &fact.Set{})
	for name := range named(t) {
		switch reads, lists := r.Reads(name), types.Lists(name); {
		case reads && lists:
			t.Errorf("%s is read, and stands in types.txt: take it out there", name)
		case !reads && !lists:
			t.Errorf("%s is named in the code, but no reader asks for all of them, and types.txt does not say that they are harmless", name)
		}
	}
}

// named returns the types of resources that the code of this package spells out.
func named(t *testing.T) map[string]bool {
	t.Helper()
	kind := regexp.MustCompile(`^aws_[a-z0-9_]*[a-z0-9]$`)
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, is := n.(*ast.BasicLit); is && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil && kind.MatchString(text) {
					out[text] = true
				}
			}
			return true
		})
	}
	return out
}
