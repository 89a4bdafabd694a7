package hcl

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// source is a folder's module as it is written, before anything is evaluated.
type source struct {
	// dir is relative to the judged path; "." is the path itself.
	dir       string
	engine    string
	locked    bool
	variables map[string]*hclsyntax.Block
	locals    map[string]*hclsyntax.Attribute
	outputs   map[string]*hclsyntax.Block
	modules   map[string]*hclsyntax.Block
	providers map[string]*hclsyntax.Block
	// resources by "type.name", data sources by "data.type.name".
	resources map[string]*hclsyntax.Block
	// order lists the keys of resources in the order of the files.
	order    []string
	settings []*hclsyntax.Block // terraform blocks
	problems []fact.Problem
	holes    []fact.Hole
	// broken is true where a file could not be parsed as a whole.
	broken bool
	// at is the first block of the folder.
	at fact.Location
}

// blockTypes are those that may stand at the top of a file, with the number of
// their labels.
var blockTypes = map[string]int{
	"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "variable": 1, "output": 1, "provider": 1, "check": 1,
	"terraform": 0, "locals": 0, "moved": 0, "import": 0, "removed": 0, "language": 0, "action": 2,
}

// join makes one module of the files of a folder. Files that override others
// come last.
func join(dir string, files []*parsed) *source {
	s := &source{
		dir: dir, engine: "terraform",
		variables: map[string]*hclsyntax.Block{}, locals: map[string]*hclsyntax.Attribute{}, outputs: map[string]*hclsyntax.Block{},
		modules: map[string]*hclsyntax.Block{}, providers: map[string]*hclsyntax.Block{}, resources: map[string]*hclsyntax.Block{},
	}
	sort.SliceStable(files, func(i, j int) bool { return !overrides(files[i].name) && overrides(files[j].name) })
	for _, f := range files {
		s.problems = append(s.problems, f.problems...)
		if f.lost != "" {
			s.broken = true
			at := fact.Location{File: f.name}
			if len(f.problems) > 0 {
				at = f.problems[0].Location
			}
			s.holes = append(s.holes, fact.Hole{Location: at, Why: f.lost})
		}
		if ext := strings.TrimSuffix(strings.ToLower(f.name), ".json"); strings.HasSuffix(ext, ".tofu") {
			s.engine = "opentofu"
		}
		for _, name := range sortedKeys(f.body.Attributes) {
			a := f.body.Attributes[name]
			s.problem(place(a.NameRange), "%s stands outside of every block; put it into the block that it belongs to, or into a .tfvars file", a.Name)
		}
		for _, b := range f.body.Blocks {
			s.add(b, overrides(f.name))
		}
	}
	return s
}

func (s *source) problem(at fact.Location, format string, args ...any) {
	s.problems = append(s.problems, fact.Problem{Location: at, Message: fmt.Sprintf(format, args...)})
}

// overrides reports whether a file changes what others declare.
func overrides(name string) bool {
	base := strings.ToLower(path.Base(name))
	base = strings.TrimSuffix(base, ".json")
	base = strings.TrimSuffix(strings.TrimSuffix(base, ".tf"), ".tofu")
	return base == "override" || strings.HasSuffix(base, "_override")
}

func (s *source) add(b *hclsyntax.Block, override bool) {
	at := place(b.TypeRange)
	n, known := blockTypes[b.Type]
	if !known {
		message := fmt.Sprintf("%q is no type of block", b.Type)
		if near := nearest(b.Type); near != "" {
			message += fmt.Sprintf("; write %q", near)
		} else {
			message += "; Terraform knows " + strings.Join(sortedKeys(blockTypes), ", ")
		}
		s.problem(at, "%s", message)
		s.holes = append(s.holes, fact.Hole{Location: at, Why: fmt.Sprintf("block %q in %s is not understood", b.Type, path.Base(at.File))})
		return
	}
	if len(b.Labels) != n {
		s.problem(at, "a %s block takes %d names and has %d; write `%s`", b.Type, n, len(b.Labels), example[b.Type])
		if b.Type == "resource" || b.Type == "module" {
			s.holes = append(s.holes, fact.Hole{Location: at, Why: fmt.Sprintf("a %s block in %s has no complete name", b.Type, path.Base(at.File))})
		}
		return
	}
	if s.at.File == "" {
		s.at = at
	}
	switch b.Type {
	case "resource":
		s.named(s.resources, b.Labels[0]+"."+b.Labels[1], b, override)
	case "data", "ephemeral":
		s.named(s.resources, b.Type+"."+b.Labels[0]+"."+b.Labels[1], b, override)
	case "module":
		s.named(s.modules, b.Labels[0], b, override)
	case "variable":
		s.named(s.variables, b.Labels[0], b, override)
	case "output":
		s.named(s.outputs, b.Labels[0], b, override)
	case "provider":
		name := b.Labels[0]
		if alias := literal(b.Body, "alias"); alias != "" {
			name += "." + alias
		}
		s.named(s.providers, name, b, override)
	case "terraform":
		s.settings = append(s.settings, b)
	case "locals":
		for _, name := range sortedKeys(b.Body.Attributes) {
			a := b.Body.Attributes[name]
			if before := s.locals[name]; before != nil && !override {
				s.problem(place(a.NameRange), "local %s is set at %s already; give one of the two another name", name, show(place(before.NameRange)))
			}
			s.locals[name] = a
		}
	case "check": // holds data sources of its own, which nothing else may read
	}
}

var example = map[string]string{
	"resource": `resource "aws_s3_bucket" "logs" {`, "data": `data "aws_region" "current" {`, "ephemeral": `ephemeral "random_password" "db" {`, "module": `module "network" {`,
	"variable": `variable "region" {`, "output": `output "address" {`, "provider": `provider "aws" {`, "check": `check "health" {`,
	"terraform": `terraform {`, "locals": `locals {`, "moved": `moved {`, "import": `import {`, "removed": `removed {`, "language": `language {`, "action": `action "aws_lambda_invoke" "seed" {`,
}

// named keeps a block under its name. A file that overrides changes the
// attributes, and replaces the blocks of the types, that it holds.
func (s *source) named(in map[string]*hclsyntax.Block, name string, b *hclsyntax.Block, override bool) {
	before := in[name]
	switch {
	case before == nil:
		if override {
			s.problem(place(b.TypeRange), "%s %s overrides nothing: no other file declares it; take _override off the file's name", b.Type, name)
		}
		if b.Type == "resource" || b.Type == "data" || b.Type == "ephemeral" {
			s.order = append(s.order, name)
		}
		in[name] = b
	case !override:
		s.problem(place(b.TypeRange), "%s %s is declared at %s already; give one of the two another name", b.Type, name, show(place(before.TypeRange)))
	default:
		in[name] = merged(before, b)
	}
}

func merged(before, b *hclsyntax.Block) *hclsyntax.Block {
	out := *before
	body := &hclsyntax.Body{SrcRange: before.Body.SrcRange, Attributes: hclsyntax.Attributes{}}
	for name, a := range before.Body.Attributes {
		body.Attributes[name] = a
	}
	for name, a := range b.Body.Attributes {
		body.Attributes[name] = a
	}
	replaced := map[string]bool{}
	for _, sub := range b.Body.Blocks {
		replaced[sub.Type] = true
	}
	for _, sub := range before.Body.Blocks {
		if !replaced[sub.Type] || sub.Type == "lifecycle" {
			body.Blocks = append(body.Blocks, sub)
		}
	}
	body.Blocks = append(body.Blocks, b.Body.Blocks...)
	out.Body = body
	return &out
}

// literal returns an attribute's text where it is written as plain text.
func literal(body *hclsyntax.Body, name string) string {
	a := body.Attributes[name]
	if a == nil {
		return ""
	}
	return literalText(a.Expr)
}

func literalText(e hclsyntax.Expression) string {
	switch e := e.(type) {
	case *hclsyntax.TemplateExpr:
		if len(e.Parts) == 1 {
			return literalText(e.Parts[0])
		}
	case *hclsyntax.LiteralValueExpr:
		v := scalarOf(e.Val, fact.Location{})
		return v.Text
	}
	return ""
}

// nearest returns the block type that a word is a slip of, or nothing.
func nearest(word string) string {
	best, least := "", 3
	for _, known := range sortedKeys(blockTypes) {
		if d := decode.Distance(word, known); d < least && d < len(known)/2+1 {
			best, least = known, d
		}
	}
	return best
}

func show(at fact.Location) string { return fmt.Sprintf("%s:%d", at.File, at.Line) }

func sortedKeys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
