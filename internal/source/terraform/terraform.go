// Package terraform reads Terraform and OpenTofu, as they are written or as
// they are planned, and turns what they say into facts.
package terraform

import (
	"context"
	"fmt"
	"io"
	"path"
	"sort"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/aws"
	"seaworthy.dev/seaworthy/internal/source/terraform/azure"
	"seaworthy.dev/seaworthy/internal/source/terraform/google"
	"seaworthy.dev/seaworthy/internal/source/terraform/hcl"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// Source is what sets of this technology are called.
const Source = "terraform"

// Mapping turns the resources of one provider into facts.
type Mapping func(c *model.Config, into *fact.Set)

// mappings lists what makes facts of resources.
func mappings() []Mapping {
	return []Mapping{resources, stack, branchRules, unseen, provisioners, clusters, aws.Facts, google.Facts, azure.Facts, datadog, datadogObjectives, dashboards, charges, collection}
}

// Tree is where files are read from. Paths are relative to the judged one.
type Tree struct {
	// Files lists those that are Terraform's by name, JSON others that may be
	// plans.
	Files, JSON []string
	// Templates are files that may be templates of CloudFormation; Head returns the
	// first bytes of one.
	Templates []string
	Head      func(rel string) []byte
	// Open returns a file's content up to a limit; a larger one, or one that
	// stands outside of the tree, is an error. Show returns how a path is
	// written in reports.
	Open func(rel string, limit int) ([]byte, error)
	Show func(rel string) string
	// Given lists, by root, the choices of variable files with which it is applied.
	Given map[string][][]string
	// Stream opens a file of any size.
	Stream func(rel string) (io.ReadCloser, error)
}

// Reading is what a tree yields.
type Reading struct {
	Sets        []*fact.Set
	Problems    []fact.Problem
	Assumptions []string
	// Files counts the files in which something stands.
	Files int
}

// Read returns a set of facts for every root module in each of its variants. A
// plan takes the place of the code that it was made of.
func Read(ctx context.Context, tree Tree) Reading {
	var out Reading
	units := hcl.Read(ctx, hcl.Tree{Files: tree.Files, Open: tree.Open, Show: tree.Show, Given: tree.Given})
	units = plans(ctx, &out, tree, units)
	units = templates(ctx, tree, units)
	files := map[string]bool{}
	for _, unit := range units {
		for _, c := range unit.Configs {
			set := facts(c)
			out.Problems = append(append(out.Problems, c.Problems...), badTexts(c)...)
			if len(c.Resources)+len(c.Modules)+len(c.Holes) == 0 {
				continue // declares nothing that is applied
			}
			out.Sets = append(out.Sets, set)
			out.Problems = append(out.Problems, notRead(set)...)
			for _, r := range c.Resources {
				files[r.At.File] = true
			}
		}
	}
	bundles.MarkStacks(out.Sets)
	for _, f := range tree.Files {
		if strings.HasSuffix(f, ".tfstate") || strings.HasSuffix(f, ".tfstate.backup") {
			state(&out, tree, f)
		}
	}
	out.Files = len(files)
	return out
}

// notRead says of each thing that is not read at all what can be done about it.
func notRead(set *fact.Set) (out []fact.Problem) {
	for _, h := range set.Coverage.Holes {
		if h.Unread {
			says := h.Why + ", so what it may run, keep or let through is not judged; what is no part of the service belongs in a file that `sources.exclude` of seaworthy.yaml leaves out"
			out = append(out, fact.Problem{Location: h.Location, Message: says})
		}
	}
	return out
}

// facts puts a configuration to every mapping. One that fails costs what it
// would have said, not the run.
func facts(c *model.Config) *fact.Set {
	set := &fact.Set{Bundle: c.Dir, Variant: c.Variant, Source: Source, Rung: fact.Configured, ProductionLike: true}
	set.Coverage.Holes = append(set.Coverage.Holes, c.Holes...)
	for _, m := range mappings() {
		func() {
			defer func() {
				if r := recover(); r != nil {
					c.Problems = append(c.Problems, fact.Problem{Location: c.At, Message: fmt.Sprintf("cannot be turned into facts: %v; please report it with these files", r)})
					set.Coverage.Holes = append(set.Coverage.Holes, fact.Hole{Location: c.At, Why: path.Base(c.Dir) + " could not be turned into facts"})
				}
			}()
			m(c, set)
		}()
	}
	set.Coverage.Sort()
	sort.SliceStable(set.Cloud, func(i, j int) bool { return set.Cloud[i].Subject < set.Cloud[j].Subject })
	return set
}
