package terraform

import (
	"sort"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// stack says how a root module is kept: where its state is, and what it takes
// from elsewhere.
func stack(c *model.Config, into *fact.Set) {
	out := &fact.Stack{
		Ref: fact.Ref{Subject: "terraform " + c.Dir, Location: c.At}, Name: c.Dir, Engine: c.Engine,
		Backend: c.Backend, BackendKnown: c.Engine != "plan" || c.Code != nil, BackendAt: c.At, Locked: c.Locked,
	}
	if c.BackendAt.At.File != "" {
		out.BackendAt = c.BackendAt.At
	}
	for _, r := range c.Resources {
		if !r.Data && !r.Part {
			out.Resources++
		}
	}
	out.Locking = locking(c)
	for source, v := range c.Required {
		out.Providers = append(out.Providers, fact.Pin{Name: source, Source: source, Version: v.Text, Exact: exact(v.Text), At: v.At})
	}
	sort.Slice(out.Providers, func(i, j int) bool { return out.Providers[i].Name < out.Providers[j].Name })
	for _, m := range c.Modules {
		if m.Local {
			continue
		}
		version, pinned := pin(m)
		out.Modules = append(out.Modules, fact.Pin{Name: m.Address, Source: m.Source, Version: version, Exact: pinned, At: m.VersionAt})
	}
	for _, d := range c.Drift {
		change := fact.Change{Ref: fact.Ref{Subject: d.Address, Location: c.At}, Type: d.Type, Fields: d.Fields}
		for _, r := range c.Resources {
			if r.Address == d.Address {
				change.Location = r.At
			}
		}
		for _, a := range d.Actions {
			change.Deleted = change.Deleted || a == "delete"
		}
		out.Drift = append(out.Drift, change)
	}
	if c.Dir == "." {
		out.Name = "the root module"
	}
	out.Planned = c.Engine == "plan"
	code := c
	if c.Code != nil {
		code = c.Code
	}
	if code.Wrapped {
		out.Wrapper = "terragrunt"
	}
	out.Partial = code.Partial
	out.Leaks = leaks(code)
	out.Configured = len(code.Providers) > 0
	into.Stacks = append(into.Stacks, out)
}
