package kustomize

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// origin is an object as it stands in a file.
type origin struct {
	doc  decode.Document
	node *decode.Node

	apiVersion, kind, namespace, name string
}

// placer gives the objects of one root their places.
type placer struct {
	plan    *Plan
	root    *Root
	cut     edits
	origins map[string][]origin // by file, read when first needed
}

// place returns the document of a rendered object. Its nodes carry the lines
// of the file that they come from, and none where they come from elsewhere.
func (p *placer) place(o object) (decode.Document, *fact.Problem) {
	p.trust(&o)
	doc := decode.Document{File: p.root.File, Data: []byte(o.YAML)}
	switch {
	case o.Origin != "":
		doc.File = p.plan.show(o.Origin)
	case o.Generator != "":
		doc.File = p.plan.show(o.Generator)
	}
	if head := doc.Head(); head.Kind == "CustomResourceDefinition" {
		// Long, and nobody looks inside: the file is all that is said of it.
		doc.Lines = func(int) int { return 0 }
		return doc, nil
	}
	root, problem := doc.Parse()
	if problem != nil {
		problem.Line, problem.Column = 0, 0
		return doc, problem
	}
	forget(root)
	doc.Root, doc.Placed = root, true
	if o.Generator != "" {
		p.generated(o, root)
		return doc, nil
	}
	if from := p.origin(o.Origin, root); from != nil {
		doc.File, doc.Line = from.doc.File, from.doc.Line
		t := transplant{at: from.doc.At}
		t.copy(root, from.node)
	}
	return doc, nil
}

// trust drops an origin that is no file of the root: the note of it is an
// annotation, which a patch can rewrite. Where a patch wiped it out, kustomize
// takes the patch for what generated the object.
func (p *placer) trust(o *object) {
	isMember := slices.ContainsFunc(p.root.members, func(m *member) bool { return m.file == o.Generator })
	if p.root.files[o.Generator] == nil && !isMember || !strings.HasSuffix(o.GeneratorKind, "Generator") {
		o.Generator = ""
	}
	if p.root.files[o.Origin] == nil {
		o.Origin = ""
	}
}

func forget(n *decode.Node) {
	if n == nil {
		return
	}
	n.Line, n.Column = 0, 0
	for _, c := range n.Content {
		forget(c)
	}
}

// origin finds what an object was rendered from: in its file, or, where a
// patch has wiped out the note of the file, in any.
func (p *placer) origin(name string, node *decode.Node) *origin {
	if name != "" {
		return p.among(p.read(name), p.affixes(name), node, true)
	}
	var found *origin
	for _, name := range p.fileNames() {
		if one := p.among(p.read(name), p.affixes(name), node, false); one != nil {
			if found != nil {
				return nil
			}
			found = one
		}
	}
	return found
}

func (p *placer) fileNames() []string {
	var out []string
	for name, f := range p.root.files {
		if f.objects {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// affixes returns what may have been put around the names of a file's objects.
func (p *placer) affixes(name string) []affix {
	var out []affix
	for _, m := range p.root.members {
		for _, u := range m.files {
			if u.name == name && u.entry.role == resource {
				out = append(out, m.affixes...)
			}
		}
	}
	return out
}

// read returns the objects of a file, those in lists included.
func (p *placer) read(name string) []origin {
	if known, found := p.origins[name]; found {
		return known
	}
	var out []origin
	if f := p.root.files[name]; f != nil {
		for _, doc := range decode.Split(p.plan.show(name), f.raw) {
			if node, problem := doc.Parse(); problem == nil && node != nil {
				out = unfold(out, doc, node, 0)
			}
		}
	}
	p.origins[name] = out
	return out
}

func unfold(into []origin, doc decode.Document, node *decode.Node, depth int) []origin {
	text := func(path ...any) string { return decode.Text(decode.Dig(node, path...)) }
	o := origin{doc: doc, node: node, apiVersion: text("apiVersion"), kind: text("kind"), namespace: text("metadata", "namespace"), name: text("metadata", "name")}
	items := decode.Child(node, "items")
	if !strings.HasSuffix(o.kind, "List") || items == nil || depth > 3 {
		return append(into, o)
	}
	for _, item := range decode.Items(items) {
		into = unfold(into, doc, decode.Follow(item), depth+1)
	}
	return into
}

// among picks the one object that can have become the rendered one: by kind
// and name, else, if alone is allowed, as the only one of its kind. Where
// several remain, the namespace decides, or nothing does.
func (p *placer) among(list []origin, around []affix, node *decode.Node, alone bool) *origin {
	text := func(path ...any) string { return decode.Text(decode.Dig(node, path...)) }
	name, namespace := text("metadata", "name"), text("metadata", "namespace")
	var named, kin []*origin
	for i := range list {
		o := &list[i]
		if o.kind != text("kind") || o.apiVersion != text("apiVersion") {
			continue
		}
		kin = append(kin, o)
		if o.name == name || slices.ContainsFunc(around, func(a affix) bool { return a.prefix+o.name+a.suffix == name }) {
			named = append(named, o)
		}
	}
	switch {
	case len(named) == 1:
		return named[0]
	case len(named) > 1:
		return only(named, func(o *origin) bool { return o.namespace == namespace })
	case alone && len(kin) == 1:
		return kin[0]
	}
	return nil
}

func only(list []*origin, fits func(*origin) bool) *origin {
	var found *origin
	for _, o := range list {
		if !fits(o) {
			continue
		}
		if found != nil {
			return nil
		}
		found = o
	}
	return found
}

// generated places an object at the entry that generates it, as a whole: its
// values have no lines of their own.
func (p *placer) generated(o object, root *decode.Node) {
	field := map[string]string{"ConfigMapGenerator": "configMapGenerator", "SecretGenerator": "secretGenerator"}[o.GeneratorKind]
	for _, m := range p.root.members {
		if m.file != o.Generator || field == "" {
			continue
		}
		entry := m.generator(field, decode.Text(decode.Dig(root, "metadata", "name")), p.cut[m.folder])
		if entry == nil {
			return
		}
		at := m.doc.At(entry)
		set(root, at)
		for _, key := range decode.Keys(root) {
			set(key, at)
		}
	}
}

// hashSuffix is what kustomize puts behind the names of generated objects.
var hashSuffix = regexp.MustCompile(`^-[0-9a-z]{10}$`)

// generator returns the entry of a kustomization that generates an object of
// that name, or nil.
func (m *member) generator(field, name string, cut map[string]bool) *decode.Node {
	var found *decode.Node
	for i, item := range decode.Items(decode.Child(m.node, field)) {
		key := field + "/" + strconv.Itoa(i)
		own := decode.Text(decode.Child(item, "name"))
		if own == "" || m.cut[key] || cut[key] || !slices.ContainsFunc(m.affixes, func(a affix) bool {
			rest, ok := strings.CutPrefix(name, a.prefix+own+a.suffix)
			return ok && (rest == "" || hashSuffix.MatchString(rest))
		}) {
			continue
		}
		if found != nil {
			return nil
		}
		found = item
	}
	return found
}

func set(n *decode.Node, at fact.Location) { n.Line, n.Column = at.Line, at.Column }

// transplant copies places from the nodes of a file onto those of the object
// that was rendered from it.
type transplant struct {
	at func(*decode.Node) fact.Location
}

// copy walks through both. A scalar gets a place only where it says the same
// on both sides: one that was changed stands elsewhere.
func (t transplant) copy(n, from *decode.Node) {
	n, from = decode.Follow(n), decode.Follow(from)
	if !alike(n, from) {
		return
	}
	set(n, t.at(from))
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			if there := decode.Child(from, key.Value); alike(value, there) {
				set(key, t.at(decode.KeyOf(from, key.Value)))
				t.copy(value, there)
			}
		}
	case yaml.SequenceNode:
		t.items(n.Content, from.Content)
	}
}

// alike reports whether one node can have come from the other: two mappings,
// two lists, or equal scalars.
func alike(n, from *decode.Node) bool {
	n, from = decode.Follow(n), decode.Follow(from)
	if n == nil || from == nil || n.Kind != from.Kind {
		return false
	}
	if n.Kind != yaml.ScalarNode {
		return true
	}
	a, b := decode.Resolve(n), decode.Resolve(from)
	if a.Kind != b.Kind {
		return false
	}
	if a.Kind == decode.StringScalar {
		return n.Value == from.Value
	}
	return a == b
}

// itemKeys are the fields by which items of Kubernetes' lists are told apart,
// the more telling first.
var itemKeys = []string{"name", "mountPath", "devicePath", "containerPort", "port", "key", "ip", "host", "path", "topologyKey", "type", "kind"}

// items pairs the items of two lists: by the first field that tells all of
// them apart on both sides, else by being equal.
func (t transplant) items(list, from []*decode.Node) {
	for _, key := range itemKeys {
		mine, theirs := byField(list, key), byField(from, key)
		if mine == nil || theirs == nil {
			continue
		}
		for value, n := range mine {
			if there := theirs[value]; there != nil {
				t.copy(n, there)
			}
		}
		return
	}
	mine, theirs := byContent(list), byContent(from)
	for content, ns := range mine {
		if there := theirs[content]; len(there) == len(ns) {
			for i := range ns {
				t.copy(ns[i], there[i])
			}
		}
	}
}

// byField maps the items by a field, or returns nil where one lacks it or two
// agree in it.
func byField(list []*decode.Node, key string) map[string]*decode.Node {
	out := make(map[string]*decode.Node, len(list))
	for _, n := range list {
		value := decode.Text(decode.Child(n, key))
		if value == "" || out[value] != nil {
			return nil
		}
		out[value] = n
	}
	return out
}

func byContent(list []*decode.Node) map[string][]*decode.Node {
	out := make(map[string][]*decode.Node, len(list))
	for _, n := range list {
		var b strings.Builder
		content(&b, n, 0)
		out[b.String()] = append(out[b.String()], n)
	}
	return out
}

// content writes what a node says, whatever its style and the order of keys.
func content(b *strings.Builder, n *decode.Node, depth int) {
	n = decode.Follow(n)
	if n == nil || depth > maxDepth || b.Len() > maxData {
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		keys := decode.Keys(n)
		slices.SortFunc(keys, func(x, y *decode.Node) int { return strings.Compare(x.Value, y.Value) })
		b.WriteByte('{')
		for _, key := range keys {
			b.WriteString(key.Value)
			b.WriteByte(0)
			content(b, decode.Child(n, key.Value), depth+1)
		}
		b.WriteByte('}')
	case yaml.SequenceNode:
		b.WriteByte('[')
		for _, c := range n.Content {
			content(b, c, depth+1)
		}
		b.WriteByte(']')
	default:
		b.WriteString(decode.Resolve(n).Kind.String())
		b.WriteByte(0)
		b.WriteString(n.Value)
		b.WriteByte(0)
	}
}
