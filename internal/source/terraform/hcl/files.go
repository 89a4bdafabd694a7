package hcl

import (
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// read returns a file that the code names. Only files within the tree are read.
func (c *call) read() (shown string, data []byte, problem value) {
	name := c.arg(0)
	if name.Kind != model.Scalar {
		return "", nil, c.open(name)
	}
	if path.IsAbs(name.Text) || strings.Contains(name.Text, "\\") {
		return "", nil, c.with(unknown(c.at, "%s is outside of these files", name.Text))
	}
	rel := path.Join(c.m.run.dir, name.Text)
	if rel == ".." || strings.HasPrefix(rel, "../") {
		return "", nil, c.with(unknown(c.at, "%s is outside of these files", name.Text))
	}
	shown = c.m.run.r.tree.Show(rel)
	data, err := c.m.run.r.open(rel, maxText)
	if err != nil {
		return shown, nil, c.with(unknown(c.at, "%s cannot be read: %v", shown, err))
	}
	return shown, data, value{}
}

func file(c *call) value {
	shown, data, problem := c.read()
	if problem.Kind == model.Unknown {
		return problem
	}
	v := text(string(data), fact.Location{File: shown, Line: 1})
	return c.with(v)
}

func fileExists(c *call) value {
	_, _, problem := c.read()
	if problem.Kind == model.Unknown {
		return c.with(unknown(c.at, "%s", problem.Why))
	}
	return truth(true, c.at)
}

// templateFile fills a template; the places of what is in it are the file's.
func templateFile(c *call) value {
	shown, data, problem := c.read()
	if problem.Kind == model.Unknown {
		return problem
	}
	return c.fill(shown, data, 1)
}

func templateString(c *call) value {
	t := c.arg(0)
	if t.Kind != model.Scalar {
		return c.open(t)
	}
	return c.fill(c.at.File, []byte(t.Text), max(1, c.at.Line))
}

func (c *call) fill(shown string, data []byte, line int) value {
	vars := c.arg(1)
	if vars.Kind != model.Object && (vars.Kind != model.Unknown || vars.Fields == nil) {
		return c.open(vars)
	}
	if why := tooMuch(data); why != "" {
		return c.with(unknown(c.at, "%s %s", shown, why))
	}
	r := c.m.run.r
	e, done := r.templates[string(data)]
	if !done {
		var diags hcl.Diagnostics
		e, diags = hclsyntax.ParseTemplate(data, shown, hcl.Pos{Line: line - 1, Column: 1}) // as a heredoc, which starts a line above
		if diags.HasErrors() {
			d := diags.Errs()
			c.m.run.problem(fact.Location{File: shown, Line: line}, "the template cannot be parsed: %v", d[0])
			e = nil
		}
		r.templates[string(data)] = e
	}
	if e == nil {
		return c.with(failed(c.at, "the template %s cannot be parsed", shown))
	}
	v := c.m.eval(e, &scope{names: vars.Fields, only: true})
	v.At = fact.Location{File: shown, Line: line}
	return c.with(v)
}
