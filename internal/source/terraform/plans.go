package terraform

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/cloudformation"
	"seaworthy.dev/seaworthy/internal/source/terraform/hcl"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/plan"
)

// plans reads the plans among the JSON files. Each replaces the code that it
// was made of; several of one root are its variants.
func plans(ctx context.Context, out *Reading, tree Tree, units []hcl.Unit) []hcl.Unit {
	replaced := map[int][]*model.Config{} // by unit
	var alone []hcl.Unit
	for _, file := range tree.JSON {
		if ctx.Err() != nil {
			break
		}
		c := readPlan(out, tree, file)
		if c == nil {
			continue
		}
		i := origin(file, c, units)
		if i < 0 {
			alone = append(alone, hcl.Unit{Dir: file, Configs: []*model.Config{c}})
			continue
		}
		c.Code = code(units[i], planned(file))
		plan.Borrow(c, c.Code)
		c.Dir, c.Variant = units[i].Dir, planned(file)
		replaced[i] = append(replaced[i], c)
		out.Assumptions = append(out.Assumptions, fmt.Sprintf("%s is judged by its plan %s, and not by the code", tree.Show(units[i].Dir), tree.Show(file)))
	}
	for i, list := range replaced {
		if len(list) == 1 {
			list[0].Variant = ""
		}
		units[i].Configs = list
	}
	return append(units, alone...)
}

// templates reads the templates of CloudFormation.
func templates(ctx context.Context, tree Tree, units []hcl.Unit) []hcl.Unit {
	for _, file := range tree.Templates {
		if ctx.Err() != nil {
			break
		}
		if head := tree.Head(file); !bytes.Contains(head, []byte("AWSTemplateFormatVersion")) && !bytes.Contains(head, []byte("AWS::")) {
			continue
		}
		data, err := tree.Open(file, cloudformation.MaxFile)
		if err != nil {
			continue // whoever reads manifests says so
		}
		if c := cloudformation.Read(tree.Show(file), data); c != nil {
			c.Dir = file
			units = append(units, hcl.Unit{Dir: file, Configs: []*model.Config{c}})
		}
	}
	return units
}

// planned is what a plan's file is called, without what says that it is one.
func planned(file string) string {
	name := strings.TrimSuffix(path.Base(file), ".json")
	for _, end := range []string{".tfplan", ".plan", "-tfplan", "-plan", "_plan"} {
		name = strings.TrimSuffix(name, end)
	}
	return name
}

// code is the root's variant of that name, or its first.
func code(u hcl.Unit, variant string) *model.Config {
	for _, c := range u.Configs {
		if path.Base(c.Variant) == variant && c.Engine != "plan" {
			return c
		}
	}
	return u.Configs[0]
}

// readPlan returns a plan, or nil where the file is none.
func readPlan(out *Reading, tree Tree, file string) *model.Config {
	in, err := tree.Stream(file)
	if err != nil {
		if plan.Named(file) {
			at := fact.Location{File: tree.Show(file)}
			out.Problems = append(out.Problems, fact.Problem{Location: at, Message: fmt.Sprintf("cannot be read: %v", err)})
		}
		return nil
	}
	defer in.Close()
	head := make([]byte, 1024)
	n, err := io.ReadFull(in, head)
	if err != nil && n == 0 {
		return nil
	}
	if !plan.Named(file) && !plan.Begins(head[:n]) {
		return nil
	}
	return plan.Read(tree.Show(file), io.MultiReader(strings.NewReader(string(head[:n])), in))
}

// origin returns the root of which a plan was made: the one with which it
// shares most resources, the nearer the better; -1 where there is none.
func origin(file string, c *model.Config, units []hcl.Unit) int {
	bases := map[string]bool{}
	for _, r := range c.Resources {
		bases[r.Base] = true
	}
	best, most := -1, 0
	for i, u := range units {
		if len(u.Configs) == 0 {
			continue
		}
		seen := map[string]bool{}
		shared := 0
		for _, r := range u.Configs[0].Resources {
			if !seen[r.Base] && bases[r.Base] {
				shared++
			}
			seen[r.Base] = true
		}
		if shared*2 < len(bases) {
			continue
		}
		score := 2 * shared
		if path.Dir(file) == u.Dir {
			score++
		}
		if score > most {
			best, most = i, score
		}
	}
	return best
}
