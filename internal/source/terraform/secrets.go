package terraform

import (
	"sort"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// vaults are attributes that hold a secret whatever they are called.
var vaults = map[string]string{
	"aws_secretsmanager_secret_version": "secret_string", "aws_ssm_parameter": "value", "google_secret_manager_secret_version": "secret_data",
	"azurerm_key_vault_secret": "value", "vault_generic_secret": "data_json", "vault_kv_secret_v2": "data_json", "vault_kv_secret": "data_json",
	"aws_secretsmanager_secret": "secret_string",
	"github_actions_secret":     "plaintext_value", "gitlab_project_variable": "value",
}

// secret is how a value looks that stands where only secrets stand.
const secret = "a secret's value"

// leaks finds the secrets that are written into the code: in defaults and files
// of variables, in attributes. A value that many take is reported once, where
// it is written.
func leaks(c *model.Config) []fact.Leak {
	f := finder{seen: map[fact.Location]bool{}}
	for _, v := range c.Variables {
		f.walk("the default of variable "+v.Name, v.Name, v.Default, 0)
		f.walk("variable "+v.Name, v.Name, v.Value, 0)
	}
	for _, p := range c.Providers {
		for _, name := range p.Body.Names() {
			f.walk(name+" of provider "+p.Name, name, p.Body.Fields[name], 0)
		}
	}
	for _, r := range c.Resources {
		if r.Data || r.Part {
			continue
		}
		attribute := vaults[r.Type]
		if r.Type == "aws_ssm_parameter" && r.Body.Get("type").Text != "SecureString" {
			attribute = ""
		}
		if r.Type == "gitlab_project_variable" && r.Body.Get("masked").Text != "true" {
			attribute = ""
		}
		for _, name := range r.Body.Names() {
			v := r.Body.Fields[name]
			if ignored(r, name) {
				continue // filled in by other means later
			}
			f.walk(name+" of "+r.Base, name, v, 0)
			if name == attribute && v.Encoded == nil && literal(v) && v.Text != "" && !secrecy.Placeholder(v.Text) {
				f.add(name+" of "+r.Base, secret, v.At)
			}
		}
	}
	for _, m := range c.Modules {
		for _, name := range m.Args.Names() {
			f.walk(name+" of "+m.Address, name, m.Args.Fields[name], 0)
		}
	}
	sort.SliceStable(f.list, func(i, j int) bool {
		a, b := f.list[i].At, f.list[j].At
		if a.File != b.File {
			return a.File < b.File
		}
		return a.Line < b.Line
	})
	return f.list
}

type finder struct {
	seen map[fact.Location]bool
	list []fact.Leak
}

func (f *finder) add(key, smell string, at fact.Location) {
	if !f.seen[at] || at.Line == 0 {
		f.seen[at] = true
		f.list = append(f.list, fact.Leak{Key: key, Smell: smell, At: at})
	}
}

// walk looks at a value and at everything below it by its name.
func (f *finder) walk(key, name string, v model.Value, depth int) {
	if depth > 20 {
		return
	}
	switch {
	case v.Encoded != nil:
		f.walk(key, name, *v.Encoded, depth+1)
	case literal(v):
		if smell := secrecy.Of(name, v.Text); smell != "" {
			f.add(key, smell, v.At)
		}
	}
	for _, item := range v.Items {
		// A variable of an environment says its name in a field.
		if called, value := item.Get("name"), item.Get("value"); called.Kind == model.Scalar && literal(value) {
			if smell := secrecy.Of(called.Text, value.Text); smell != "" {
				f.add(called.Text+" in "+key, smell, value.At)
				continue
			}
		}
		f.walk(key, name, item, depth+1)
	}
	for _, field := range v.Names() {
		f.walk(field+" in "+key, field, v.Fields[field], depth+1)
	}
}

// literal reports whether a value is written, and not taken from a resource.
func literal(v model.Value) bool {
	return v.Kind == model.Scalar && v.Type == model.StringType && len(v.Refs) == 0
}

// ignored reports whether Terraform leaves an attribute to others once it is
// made.
func ignored(r *model.Resource, name string) bool {
	list := r.Lifecycle.Get("ignore_changes")
	if list.Text == "all" {
		return true
	}
	for _, v := range list.Each() {
		if first, _, _ := strings.Cut(v.Text, "."); first == name {
			return true
		}
	}
	return false
}
