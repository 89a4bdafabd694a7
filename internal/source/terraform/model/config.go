package model

import (
	"seaworthy.dev/seaworthy/internal/fact"
)

// Config is what is applied together: a root module with the modules that it
// calls, or a plan.
type Config struct {
	// Dir is the folder of the root module relative to the judged path, or the
	// file of a plan. Variant names the variables file or the workspace; empty
	// where there is only one.
	Dir, Variant string
	// Engine is terraform, opentofu, plan or cloudformation.
	Engine    string
	Resources []*Resource
	Providers []*Provider
	// Backend is the state's place: its type, and its settings.
	Backend   string
	BackendAt Value
	// Required and Locked tell how providers are pinned: version constraints by
	// source address, and whether a lock file stands beside them.
	Required map[string]Value
	Locked   bool
	// Partial is true where some of the root module could not be parsed.
	Partial bool
	// Wrapped is true where Terragrunt adds to what is written: backend, providers
	// and the values of variables.
	Wrapped bool
	// Code is that of which a plan was made, where it stands beside it.
	Code *Config
	// Version is the constraint on the program itself.
	Version Value
	// At is where the module begins.
	At fact.Location
	// Modules lists every module call, read or not.
	Modules []*ModuleCall
	// Variables are those of the root, with defaults that are not shown where
	// they are sensitive.
	Variables []*Variable
	// Drift lists what a plan found changed by others.
	Drift    []Drift
	Problems []fact.Problem
	Holes    []fact.Hole
}

// Resource is one resource or data source, one instance each where count or
// for_each is known.
type Resource struct {
	// Address with module path and index: module.web.aws_ecs_service.this[0].
	Address string
	// Base is the address without any index, as Value.Refs spells it.
	Base       string
	Type, Name string
	// Data is true for a data source.
	Data bool
	// Part is true for what is written inside of another resource, where
	// Terraform has a resource for it.
	Part bool
	// Count is Unknown where it is not known how many there are, maybe none.
	Count Value
	// Provider is the address of the provider's configuration, "aws" or "aws.eu".
	Provider string
	Body     Value
	// Lifecycle is the block of that name: prevent_destroy, ignore_changes.
	Lifecycle Value
	At        fact.Location
}

// Ref names the resource as a subject of findings.
func (r *Resource) Ref() fact.Ref { return fact.Ref{Subject: r.Address, Location: r.At} }

// Provider is a provider's configuration: its region, default tags, keys.
type Provider struct {
	// Name is the local name, with the alias: "aws", "aws.eu".
	Name string
	Body Value
	At   fact.Location
}

// ModuleCall is a call of another module.
type ModuleCall struct {
	Address, Source, Version string
	// Read is false where its content is not in the tree; Local is true where it
	// is named by a path.
	Read, Local bool
	At          fact.Location
	VersionAt   fact.Location
	Args        Value
}

// Variable is an input of the root module.
type Variable struct {
	Name    string
	Default Value
	// Value is what a file of variables sets; absent where none does.
	Value     Value
	Sensitive bool
	At        fact.Location
}

// Drift is a difference between the state and the world that a plan found.
type Drift struct {
	Address, Type string
	// Actions are those of the change: update, delete.
	Actions []string
	// Fields lists the attributes that differ.
	Fields []string
}

// Find returns the resources of an address without index.
func (c *Config) Find(base string) []*Resource {
	var out []*Resource
	for _, r := range c.Resources {
		if r.Base == base {
			out = append(out, r)
		}
	}
	return out
}

// Of returns the managed resources of the given types.
func (c *Config) Of(types ...string) []*Resource {
	var out []*Resource
	for _, r := range c.Resources {
		for _, t := range types {
			if r.Type == t && !r.Data {
				out = append(out, r)
			}
		}
	}
	return out
}

// Referring returns the managed resources of a type whose attribute at a path
// is made of the given resource.
func (c *Config) Referring(kind, base string, path ...string) []*Resource {
	var out []*Resource
	for _, r := range c.Of(kind) {
		if r.Body.Get(path...).RefersTo(base) {
			out = append(out, r)
		}
	}
	return out
}
