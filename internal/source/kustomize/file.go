package kustomize

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// file is a file that a kustomization names.
type file struct {
	// raw is what stands on disk; data is what kustomize gets: without the
	// documents that would make it refuse the whole.
	raw, data []byte
	// brief is data with empty schemas in its definitions.
	brief []byte
	// objects is true where the file is a list of resources.
	objects bool
	holes   []fact.Hole
}

// inspect reads the files of a kustomization and leaves out what would make
// the build fail as a whole.
func (p *planner) inspect(k *kustomization) {
	if k.inspected || k.lost {
		return
	}
	k.inspected = true
	for _, e := range k.list() {
		if e.inline && !k.cut[e.key] {
			p.inline(k, e)
		}
	}
	for n := 0; n < len(k.files); n++ { // plugins add to the list
		u := k.files[n]
		if known := p.files[u.name]; known != nil && (u.entry.role != resource || known.objects) {
			continue
		}
		limit := int64(decode.MaxDocument)
		if u.entry.role == data {
			limit = maxData
		}
		raw, err := p.tree.read(u.at, limit)
		if err != nil {
			k.refuse(u.entry, "names %s, which %v", u.entry.text, err)
			continue
		}
		f := &file{raw: raw, data: raw, brief: raw}
		shown := p.plan.show(u.name)
		switch u.entry.role {
		case resource:
			f.objects = true
			p.objects(shown, f)
		case patch, settings, plugin:
			if problem := firstProblem(shown, raw); problem != nil {
				k.cut[u.entry.key] = true
				k.trouble(problem.Location, "%s", problem.Message)
				continue
			}
			if u.entry.role == plugin && !p.builtin(k, u.entry, raw) {
				continue
			}
		}
		p.files[u.name] = f
	}
}

// inline looks at content that stands in the kustomization itself.
func (p *planner) inline(k *kustomization, e entry) {
	if e.role == patch {
		problem := firstProblem(k.doc.File, []byte(e.text))
		if problem == nil {
			return
		}
		at := k.doc.At(e.node)
		if e.node != nil && e.node.Style&yaml.LiteralStyle != 0 && problem.Line > 0 {
			at.Line, at.Column = at.Line+problem.Line, 0 // the text starts below its key
		}
		k.cut[e.key] = true
		k.trouble(at, "%s", problem.Message)
		return
	}
	p.builtin(k, e, []byte(e.text))
}

// firstProblem returns what keeps a file from being read as YAML, or nil.
func firstProblem(shown string, raw []byte) *fact.Problem {
	for _, doc := range decode.Split(shown, raw) {
		if _, problem := doc.Parse(); problem != nil {
			return problem
		}
	}
	return nil
}

// objects reports each document that kustomize would refuse, and leaves it
// out, so that it does not take its neighbours along.
func (p *planner) objects(shown string, f *file) {
	var kept, brief [][]byte
	docs := decode.Split(shown, f.raw)
	for _, doc := range docs {
		if head := doc.Head(); head.Kind == "CustomResourceDefinition" && head.Name != "" {
			kept = append(kept, doc.Data) // recognised by its header, for it is long
			brief = append(brief, withoutSchemas(doc.Data))
			continue
		}
		node, problem := doc.Parse()
		if problem == nil && node != nil {
			problem = refusedObject(doc, node)
		}
		if problem != nil {
			p.report(*problem)
			f.holes = append(f.holes, fact.Hole{Location: problem.Location, Why: why(problem.Location, problem.Message)})
			continue
		}
		kept, brief = append(kept, doc.Data), append(brief, nil)
	}
	if len(kept) < len(docs) {
		f.data = bytes.Join(kept, []byte("\n---\n"))
	}
	f.brief = f.data
	if slices.ContainsFunc(brief, func(b []byte) bool { return b != nil }) {
		for i, doc := range kept {
			if brief[i] == nil {
				brief[i] = doc
			}
		}
		f.brief = bytes.Join(brief, []byte("\n---\n"))
	}
}

// refusedObject returns why kustomize would not take an object, or nil.
func refusedObject(doc decode.Document, node *decode.Node) *fact.Problem {
	refuse := func(n *decode.Node, format string, args ...any) *fact.Problem {
		return &fact.Problem{Location: doc.At(n), Message: fmt.Sprintf(format, args...)}
	}
	kind := decode.Text(decode.Child(node, "kind"))
	meta := decode.Child(node, "metadata")
	switch {
	case !decode.IsMapping(node):
		return refuse(node, "is %s but a resource of a kustomization must be an object", decode.Shape(node))
	case kind == "":
		return refuse(node, "has no kind, so kustomize refuses it; give it one, or list it under patches if it is a patch")
	case strings.HasSuffix(kind, "List") && decode.Child(node, "items") != nil:
	case decode.Text(decode.Child(meta, "name")) == "" && decode.Child(meta, "generateName") != nil:
		return refuse(meta, "%s has a generateName, which kustomize does not know; give it a name", kind)
	case decode.Text(decode.Child(meta, "name")) == "":
		return refuse(node, "%s has no metadata.name, so kustomize refuses it; give it a name", kind)
	}
	if empty := emptyItem(node, 0); empty != nil {
		return refuse(empty, "is an empty item of a list, which kustomize refuses; fill or remove it")
	}
	return nil
}

func emptyItem(n *decode.Node, depth int) *decode.Node {
	if n == nil || depth > maxDepth {
		return nil
	}
	for _, c := range n.Content {
		if n.Kind == yaml.SequenceNode && decode.IsNull(c) {
			return c
		}
		if empty := emptyItem(c, depth+1); empty != nil {
			return empty
		}
	}
	return nil
}

// builtin reports whether the configuration of generators and transformers
// asks for nothing but those that are part of kustomize; files that it names
// are added to the kustomization's.
func (p *planner) builtin(k *kustomization, e entry, raw []byte) bool {
	for _, doc := range decode.Split(k.doc.File, raw) {
		node, problem := doc.Parse()
		if problem != nil || !decode.IsMapping(node) {
			k.refuse(e, "names the configuration of a plugin, which is no YAML object")
			return false
		}
		api, kind := decode.Text(decode.Child(node, "apiVersion")), decode.Text(decode.Child(node, "kind"))
		switch {
		case api != "builtin":
			k.refuse(e, "asks for the plugin %s, which is not run", kind)
			return false
		case kind == "HelmChartInflationGenerator":
			k.refuse(e, "names the Helm chart %s, which is not rendered inside a kustomization", decode.Text(decode.Child(node, "name")))
			return false
		}
		for _, name := range pathsIn(node) {
			if !p.pluginFile(k, e, name) {
				return false
			}
		}
	}
	return true
}

func (p *planner) pluginFile(k *kustomization, e entry, name string) bool {
	if isRemote(name) {
		k.refuse(e, "names %s, which is remote and is not fetched", withoutUser(name))
		return false
	}
	full := path.Join(k.folder, name)
	at, info, err := p.tree.find(full)
	switch {
	case err != nil:
		k.refuse(e, "names %s, which %v", name, err)
		return false
	case info.IsDir():
		return true
	}
	p.plan.Consumed[full] = true
	k.files = append(k.files, use{entry: entry{key: e.key, role: data, text: name, node: e.node}, name: full, at: at})
	return true
}

// pathsIn returns the files that the configuration of a builtin plugin names.
func pathsIn(node *decode.Node) []string {
	var out []string
	take := func(n *decode.Node) {
		text := decode.Text(n)
		if _, name, found := strings.Cut(text, "="); found {
			text = name
		}
		if text != "" {
			out = append(out, text)
		}
	}
	for _, field := range []string{"path", "env", "targetFilePath"} {
		if v := decode.Child(node, field); v != nil && v.Kind == yaml.ScalarNode && !strings.Contains(v.Value, "\n") {
			take(v)
		}
	}
	for _, field := range []string{"paths", "files", "envs"} {
		for _, item := range decode.Items(decode.Child(node, field)) {
			if text := decode.Text(item); !strings.Contains(text, "\n") {
				take(item)
			}
		}
	}
	for _, item := range decode.Items(decode.Child(node, "replacements")) {
		take(decode.Child(item, "path"))
	}
	return out
}
