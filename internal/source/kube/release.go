package kube

import (
	"encoding/json"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Release is a chart that a reconciler installs, with what it lays over the
// chart's values. Values may hold secrets: they are for rendering only.
type Release struct {
	By *fact.Reconciler
	// Name is the release's name.
	Name string
	// Files are values files: relative to the chart's folder, or to the root
	// of the repository where they start with a slash.
	Files []string
	// Values are YAML mappings laid over the files, in order.
	Values []string
	// Sets are laid over all, one value each.
	Sets []Set
	// Elsewhere says what else gives values and is not read; empty if nothing
	// does.
	Elsewhere string
}

// Set is one value as the command line of Helm takes it: "image.tag" and "1.0".
type Set struct {
	Name, Value string
	// Text keeps a value that looks like a number a text.
	Text bool
}

// argoRelease adds the chart that a source of an Application may be.
func (r Reader) argoRelease(by *fact.Reconciler, o *object, source *decode.Node, into *Fragment) {
	helm := decode.Child(source, "helm")
	out := Release{By: by, Name: decode.Text(decode.Child(helm, "releaseName"))}
	if out.Name == "" {
		out.Name = o.meta.Name
	}
	for _, f := range decode.Items(decode.Child(helm, "valueFiles")) {
		file := decode.Text(f)
		// "$values/a.yaml" stands in the repository of another source.
		if ref, rest, found := strings.Cut(file, "/"); found && strings.HasPrefix(ref, "$") {
			file = "/" + rest
		}
		if strings.Contains(file, "://") {
			out.Elsewhere = file
			continue
		}
		if file != "" {
			out.Files = append(out.Files, file)
		}
	}
	if text := decode.Text(decode.Child(helm, "values")); text != "" {
		out.Values = append(out.Values, text)
	}
	out.lay(decode.Child(helm, "valuesObject"))
	for _, p := range decode.Items(decode.Child(helm, "parameters")) {
		out.Sets = append(out.Sets, Set{
			Name: decode.Text(decode.Child(p, "name")), Value: decode.Text(decode.Child(p, "value")),
			Text: decode.Text(decode.Child(p, "forceString")) == "true",
		})
	}
	if len(decode.Items(decode.Child(helm, "fileParameters"))) > 0 {
		out.Elsewhere = "files that its parameters name"
	}
	into.Releases = append(into.Releases, out)
}

// fluxRelease adds the chart of a HelmRelease.
func (r Reader) fluxRelease(by *fact.Reconciler, o *object, spec *decode.Node, into *Fragment) {
	out := Release{By: by, Name: decode.Text(decode.Child(spec, "releaseName"))}
	if out.Name == "" {
		out.Name = o.meta.Name
		if target := decode.Text(decode.Child(spec, "targetNamespace")); target != "" {
			out.Name = target + "-" + out.Name
		}
	}
	for _, f := range decode.Items(decode.Dig(spec, "chart", "spec", "valuesFiles")) {
		// Flux takes them from the root of the source.
		out.Files = append(out.Files, "/"+strings.TrimLeft(strings.TrimPrefix(decode.Text(f), "./"), "/"))
	}
	for _, from := range decode.Items(decode.Child(spec, "valuesFrom")) {
		if decode.Text(decode.Child(from, "optional")) != "true" {
			out.Elsewhere = decode.Text(decode.Child(from, "kind")) + " " + decode.Text(decode.Child(from, "name"))
		}
	}
	out.lay(decode.Child(spec, "values"))
	into.Releases = append(into.Releases, out)
}

// lay adds values that are written as a mapping.
func (out *Release) lay(node *decode.Node) {
	if decode.IsNull(node) {
		return
	}
	var values map[string]any
	decode.Into(node, &values, false)
	if text, err := json.Marshal(values); err == nil {
		out.Values = append(out.Values, string(text))
	}
}
