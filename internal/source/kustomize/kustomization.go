package kustomize

import (
	"fmt"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/types"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// kustomization is one kustomization file, and what it names.
type kustomization struct {
	// folder and file are relative to the judged folder.
	folder, file string
	doc          decode.Document
	node         *decode.Node
	typed        types.Kustomization

	folders []include
	files   []use
	cut     map[string]bool   // entries that cannot be used
	renamed map[string]string // folders whose links were followed

	problems []fact.Problem
	holes    []fact.Hole
	// foreign is true for another object under a kustomization's name, lost
	// for a kustomization of which nothing could be read.
	foreign, lost bool
	inspected     bool
}

// include is a kustomization in another folder that an entry names.
type include struct {
	entry  entry
	folder string
}

// use is a file that an entry names. Its name is the one that kustomize knows,
// at the place where it really stands.
type use struct {
	entry    entry
	name, at string
}

func (k *kustomization) component() bool { return k.typed.Kind == types.ComponentKind }

// trouble records a problem and that facts of any kind may be missing.
func (k *kustomization) trouble(at fact.Location, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	k.problems = append(k.problems, fact.Problem{Location: at, Message: message})
	k.holes = append(k.holes, fact.Hole{Location: at, Why: why(at, message)})
}

// aboutFile matches messages that the file's name completes to a sentence.
var aboutFile = regexp.MustCompile(`^(is|has|names|includes|stands|starts|brings|generates|changes|tests|takes|puts|asks|sets|holds|makes|rendering)\b`)

// why completes a message to a sentence that is read without its place and
// without the remedy.
func why(at fact.Location, message string) string {
	message, _, _ = strings.Cut(message, "; ")
	if aboutFile.MatchString(message) {
		return path.Base(at.File) + " " + message
	}
	return path.Base(at.File) + ": " + message
}

// gone reports whether an entry, or the one that it is a part of, is left out.
func (k *kustomization) gone(e entry) bool {
	field, rest, _ := strings.Cut(e.key, "/")
	index, _, _ := strings.Cut(rest, "/")
	return k.cut[e.key] || k.cut[field+"/"+index]
}

// refuse records why an entry cannot be used, and leaves it out.
func (k *kustomization) refuse(e entry, format string, args ...any) {
	k.cut[e.key] = true
	k.trouble(k.doc.At(e.node), format, args...)
}

// fileNames are those of kustomization files.
func fileNames() []string { return konfig.RecognizedKustomizationFileNames() }

// load reads the kustomization of a folder; nil if it has none.
func (p *planner) load(folder string) *kustomization {
	if known, found := p.known[folder]; found {
		return known
	}
	var found []string
	for _, name := range fileNames() {
		if _, info, err := p.tree.find(path.Join(folder, name)); err == nil && !info.IsDir() || err == errLink {
			found = append(found, name)
		}
	}
	if len(found) == 0 {
		p.known[folder] = nil
		return nil
	}
	k := &kustomization{folder: folder, file: path.Join(folder, found[0]), cut: map[string]bool{}, renamed: map[string]string{}}
	p.known[folder] = k
	k.doc.File = p.plan.show(k.file)
	if len(found) > 1 {
		k.lost = true
		k.trouble(fact.Location{File: k.doc.File}, "stands beside %s, and kustomize refuses a folder with both; remove one", strings.Join(found[1:], " and "))
		return k
	}
	real, _, err := p.tree.find(k.file)
	var data []byte
	if err == nil {
		data, err = p.tree.read(real, maxKustomization)
	}
	if err != nil {
		k.lost = true
		k.trouble(fact.Location{File: k.doc.File}, "%s", err)
		return k
	}
	k.parse(data)
	if !k.lost && !k.foreign {
		p.resolve(k)
	}
	return k
}

func (k *kustomization) parse(data []byte) {
	docs := decode.Split(k.doc.File, data)
	if len(docs) == 0 {
		k.lost = true
		k.trouble(fact.Location{File: k.doc.File}, "is empty, which kustomize refuses; name its resources or remove it")
		return
	}
	k.doc = docs[0]
	node, problem := k.doc.Parse()
	switch {
	case problem != nil:
		k.lost = true
		k.trouble(problem.Location, "%s", problem.Message)
		return
	case !decode.IsMapping(node):
		k.lost = true
		k.trouble(k.doc.At(node), "is %s but must be a mapping", decode.Shape(node))
		return
	}
	k.node = node
	if isOther(node) {
		k.foreign = true
		return
	}
	if len(docs) > 1 {
		at := fact.Location{File: k.doc.File, Line: docs[1].Line}
		k.problems = append(k.problems, fact.Problem{Location: at, Message: "starts a second document, which kustomize does not read; remove it"})
	}
	spell(node, reflect.TypeFor[types.Kustomization](), 0)
	for _, m := range decode.Into(node, &k.typed, true) {
		at := k.doc.At(m.Node)
		switch m.Kind {
		case decode.DuplicateKey:
			k.problems = append(k.problems, fact.Problem{Location: at, Message: strings.Replace(m.Message, "Kubernetes takes the last one or refuses both", "kustomize takes the last one", 1)})
		case decode.UnknownField:
			what, hint, _ := strings.Cut(m.Message, "; ")
			if hint != "" {
				hint = "; " + hint
			}
			k.trouble(at, "%s, so kustomize refuses the file%s", what, hint)
		case decode.WrongType:
			k.trouble(at, "%s", m.Message)
			k.cutAround(m.Node)
		}
	}
	k.header()
}

// cutAround leaves out the entry in which a value has the wrong type, since
// what remains of it would say something else.
func (k *kustomization) cutAround(wrong *decode.Node) {
	for _, e := range k.suspects() {
		if e.node != nil && holds(e.node, wrong, 0) {
			k.cut[e.key] = true
		}
	}
}

func holds(n, wanted *decode.Node, depth int) bool {
	if n == wanted {
		return true
	}
	return depth < maxDepth && slices.ContainsFunc(n.Content, func(c *decode.Node) bool { return holds(c, wanted, depth+1) })
}

// isOther reports whether a file holds an object of another tool: Flux calls
// its own objects Kustomization too.
func isOther(node *decode.Node) bool {
	group, _, found := strings.Cut(decode.Text(decode.Child(node, "apiVersion")), "/")
	kind := decode.Text(decode.Child(node, "kind"))
	if group == types.KustomizationVersion[:strings.IndexByte(types.KustomizationVersion, '/')] {
		return false
	}
	return found && decode.Child(node, "metadata") != nil && decode.Child(node, "spec") != nil ||
		kind != "" && kind != types.KustomizationKind && kind != types.ComponentKind && decode.Child(node, "metadata") != nil
}

// header reports what kustomize refuses of the kind and the version. The rest
// is rendered as if they were right.
func (k *kustomization) header() {
	want := types.KustomizationVersion
	switch k.typed.Kind {
	case "", types.KustomizationKind:
		k.typed.Kind = types.KustomizationKind
	case types.ComponentKind:
		want = types.ComponentVersion
	default:
		k.trouble(k.doc.At(decode.Child(k.node, "kind")), "kind is %s but must be Kustomization or Component", k.typed.Kind)
		k.typed.Kind = types.KustomizationKind
	}
	if k.typed.APIVersion != "" && k.typed.APIVersion != want {
		k.trouble(k.doc.At(decode.Child(k.node, "apiVersion")), "apiVersion is %s but must be %s for a %s, so kustomize refuses the file", k.typed.APIVersion, want, k.typed.Kind)
	}
	empty := k.typed
	empty.TypeMeta = types.TypeMeta{}
	if reflect.DeepEqual(empty, types.Kustomization{}) && len(k.problems) == 0 {
		k.trouble(fact.Location{File: k.doc.File, Line: k.doc.At(k.node).Line}, "is empty, which kustomize refuses; name its resources or remove it")
	}
}

// spell corrects the case of fields, to which kustomize is blind.
func spell(n *decode.Node, t reflect.Type, depth int) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		if t.Kind() == reflect.Slice {
			for _, item := range decode.Items(n) {
				spell(item, t.Elem(), depth+1)
			}
			return
		}
		t = t.Elem()
	}
	n = decode.Follow(n)
	if t.Kind() != reflect.Struct || !decode.IsMapping(n) || depth > maxDepth {
		return
	}
	known := map[string]reflect.StructField{}
	fields(t, known)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if f, found := known[strings.ToLower(n.Content[i].Value)]; found {
			n.Content[i].Value = fieldName(f)
			spell(n.Content[i+1], f.Type, depth+1)
		}
	}
}

func fieldName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

func fields(t reflect.Type, into map[string]reflect.StructField) {
	for i := range t.NumField() {
		f := t.Field(i)
		switch name := fieldName(f); {
		case f.Anonymous && name == "":
			fields(f.Type, into)
		case name != "" && name != "-":
			into[strings.ToLower(name)] = f
		}
	}
}

// resolve looks up every file and folder that a kustomization names.
func (p *planner) resolve(k *kustomization) {
	for _, e := range k.list() {
		switch {
		case k.gone(e):
			continue
		case e.role == refused:
			p.values(k)
			k.refuse(e, "names the Helm chart %s, which is not rendered inside a kustomization; judge what `kustomize build --enable-helm` makes of this", e.text)
			continue
		case e.inline:
			continue // its content is looked at once it is known to be needed
		case strings.TrimSpace(e.text) == "":
			k.refuse(e, "names nothing here; name a file or remove the entry")
			continue
		case path.IsAbs(e.text):
			k.refuse(e, "names %s by an absolute path, which differs from machine to machine; name it relative to this file", e.text)
			continue
		}
		name := path.Join(k.folder, e.text)
		at, info, err := p.tree.find(name)
		if isRemote(e.text) && (err != nil || hasScheme.MatchString(e.text)) {
			k.refuse(e, "names %s, which is remote and is not fetched; copy it into the tree, or judge what `kustomize build` makes of this", withoutUser(e.text))
			continue
		}
		if err != nil {
			k.refuse(e, "names %s, which %v", e.text, err)
			continue
		}
		if info.IsDir() {
			p.folder(k, e, at)
			continue
		}
		p.plan.Consumed[name] = true
		p.plan.Consumed[at] = true
		switch {
		case e.role == component:
			k.refuse(e, "names the file %s, but a component is a folder with a kustomization", e.text)
		case !within(name, k.folder) || !within(at, k.folder):
			k.refuse(e, "names %s outside the folder of this file, which kustomize refuses by default; include a folder with a kustomization instead", e.text)
		default:
			k.files = append(k.files, use{entry: e, name: name, at: at})
		}
	}
}

// values marks the files of values for charts, which are no manifests.
func (p *planner) values(k *kustomization) {
	var names []string
	for _, c := range k.typed.HelmCharts {
		names = append(append(names, c.ValuesFile), c.AdditionalValuesFiles...)
	}
	for _, c := range k.typed.HelmChartInflationGenerator {
		names = append(names, c.Values)
	}
	for _, name := range names {
		if name != "" {
			p.plan.Consumed[path.Join(k.folder, name)] = true
		}
	}
}

func (p *planner) folder(k *kustomization, e entry, at string) {
	if e.role != resource && e.role != component && e.role != plugin {
		k.refuse(e, "names the folder %s where a file must stand", e.text)
		return
	}
	if at == k.folder || within(k.folder, at) {
		p.load(at) // it may stand for itself
		k.refuse(e, "names %s, which leads back to this folder or one around it; kustomize refuses that", e.text)
		return
	}
	other := p.load(at)
	switch {
	case other == nil || other.foreign:
		k.refuse(e, "names %s, a folder without a kustomization; name its files one by one, or add a kustomization.yaml", e.text)
		return
	case !other.lost && e.role == component && !other.component():
		k.refuse(e, "names %s, which is no component, since its kind is Kustomization; move it to resources", e.text)
		return
	case e.role != component && other.component():
		k.refuse(e, "names %s, which is a component; move it to components", e.text)
		return
	}
	if path.Join(k.folder, e.text) != at {
		k.renamed[e.key] = relative(k.folder, at)
	}
	k.folders = append(k.folders, include{entry: e, folder: at})
}

var (
	hasScheme = regexp.MustCompile(`(?i)^([a-z0-9+]+::)?[a-z][a-z0-9+.-]*://`)
	userOf    = regexp.MustCompile(`//[^/]*@`)
)

// withoutUser drops the user from an address, since a password may follow it.
func withoutUser(address string) string { return userOf.ReplaceAllString(address, "//") }
