package hcl

import (
	"context"
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	ctyfunc "github.com/zclconf/go-cty/cty/function"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
)

// Tree is where files are read from. Paths are relative to the judged one.
type Tree struct {
	// Files lists the files of Terraform.
	Files []string
	// Open returns a file's content, up to a limit; one that is larger, or
	// stands outside of the tree, is an error.
	Open func(rel string, limit int) ([]byte, error)
	// Show returns how a path is written in reports.
	Show func(rel string) string
	// Given lists, by root, the choices of variable files with which it is applied;
	// those of a root that is not in it are found by their names.
	Given map[string][][]string
}

// Unit is a root module in all its variants.
type Unit struct {
	Dir     string
	Configs []*model.Config
}

// maxSteps bounds the evaluation of one root in one variant; maxVariants the
// variants of a root.
const (
	maxSteps    = 1_500_000
	maxVariants = 12
	maxAllSteps = 20_000_000
)

// reader holds what all roots share.
type reader struct {
	tree      Tree
	left      int                 // steps of evaluation for all roots together
	folders   map[string][]string // files by folder
	parsed    map[string]*parsed
	sources   map[string]*source
	templates map[string]hclsyntax.Expression
	files     map[string][]byte
	functions map[string]function
	texts     map[string]func([]string) (string, error)
	cty       map[string]ctyfunc.Function
}

// run is the evaluation of one root in one variant.
type run struct {
	r         *reader
	dir       string
	config    *model.Config
	said      map[fact.Problem]bool
	depth     int
	steps     int
	modules   int
	exhausted bool
	// unread are the calls of modules that are not in the tree.
	unread []*model.ModuleCall
}

// Read returns every root module of a tree, in the order of its folders, each
// in its variants.
func Read(ctx context.Context, tree Tree) []Unit {
	r := &reader{
		tree: tree, left: maxAllSteps, folders: map[string][]string{}, parsed: map[string]*parsed{}, sources: map[string]*source{},
		templates: map[string]hclsyntax.Expression{}, files: map[string][]byte{},
		functions: functions(), texts: textFunctions(), cty: ctyFunctions(),
	}
	for _, f := range tree.Files {
		r.folders[path.Dir(f)] = append(r.folders[path.Dir(f)], f)
	}
	var out []Unit
	for _, dir := range r.roots() {
		if ctx.Err() != nil {
			return out
		}
		unit := Unit{Dir: dir}
		for _, v := range r.variants(dir) {
			unit.Configs = append(unit.Configs, r.config(dir, v))
		}
		out = append(out, unit)
	}
	return out
}

func (r *reader) open(rel string, limit int) ([]byte, error) {
	if data, done := r.files[rel]; done {
		return data, nil
	}
	data, err := r.tree.Open(rel, limit)
	if err == nil {
		r.files[rel] = data
	}
	return data, err
}

// isCode reports whether a file declares something, and is no variable file.
func isCode(name string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".json")
	return strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tofu")
}

func isVars(name string) bool {
	return strings.HasSuffix(strings.TrimSuffix(strings.ToLower(name), ".json"), ".tfvars")
}

// source returns the module of a folder, or nil where there is none.
func (r *reader) source(dir string) *source {
	if s, done := r.sources[dir]; done {
		return s
	}
	var files []*parsed
	locked := false
	for _, f := range r.folders[dir] {
		switch {
		case isCode(f) && !r.hidden(f):
			files = append(files, r.parse(f))
		case path.Base(f) == ".terraform.lock.hcl":
			locked = true
		}
	}
	var s *source
	if len(files) > 0 {
		s = join(dir, files)
		s.locked = locked
	}
	r.sources[dir] = s
	return s
}

// hidden reports whether OpenTofu's file of the same name takes a file's place.
func (r *reader) hidden(file string) bool {
	for _, end := range []string{".tf", ".tf.json"} {
		if base, found := strings.CutSuffix(file, end); found {
			return slices.Contains(r.folders[path.Dir(file)], base+strings.Replace(end, ".tf", ".tofu", 1))
		}
	}
	return false
}

func (r *reader) parse(file string) *parsed {
	if p := r.parsed[file]; p != nil {
		return p
	}
	shown := r.tree.Show(file)
	data, err := r.tree.Open(file, maxFile)
	var p *parsed
	if err != nil {
		p = &parsed{name: shown, body: &hclsyntax.Body{}}
		p.fail(fact.Location{File: shown}, "cannot be read: %v", err)
	} else {
		p = parse(shown, data)
	}
	r.parsed[file] = p
	return p
}

// roots returns the folders that are applied by themselves: those that no other
// module calls, and those that keep a state of their own.
func (r *reader) roots() []string {
	called := map[string]bool{}
	var dirs []string
	for dir := range r.folders {
		s := r.source(dir)
		if s == nil {
			continue
		}
		dirs = append(dirs, dir)
		for _, b := range s.modules {
			if where := literal(b.Body, "source"); local(where) {
				to := path.Join(dir, where)
				// Examples and tests call what others call as well; to them a
				// module is no less a root.
				if !below(dir, to) || to == dir {
					called[to] = true
				}
			}
		}
	}
	sort.Strings(dirs)
	return slices.DeleteFunc(dirs, func(dir string) bool { return called[dir] && !r.source(dir).keepsState() })
}

// wrapped reports whether Terragrunt is used here: it calls modules from folders
// of its own, and adds backends to them.
func (r *reader) wrapped() bool {
	return slices.ContainsFunc(r.tree.Files, func(f string) bool { return path.Base(f) == "terragrunt.hcl" })
}

// below reports whether dir stands within another folder.
func below(dir, in string) bool { return in == "." && dir != "." || strings.HasPrefix(dir, in+"/") }

// keepsState reports whether the module says where its state is kept, which
// only a root may.
func (s *source) keepsState() bool {
	for _, b := range s.settings {
		for _, sub := range b.Body.Blocks {
			if sub.Type == "backend" || sub.Type == "cloud" {
				return true
			}
		}
	}
	return false
}

func (r *run) hole(at fact.Location, kinds []fact.Kind, format string, args ...any) {
	r.config.Holes = append(r.config.Holes, fact.Hole{Location: at, Kinds: kinds, Why: fmt.Sprintf(format, args...)})
}

func (r *run) module(src *source) *module {
	return &module{
		run: r, src: src, known: map[string]value{}, weight: map[string]int{}, busy: map[string]bool{}, expanded: map[string][]*instance{}, kids: map[string]*kids{},
	}
}

// config evaluates a root in one variant. Whatever goes wrong in it costs this
// root and no other.
func (r *reader) config(dir string, v variant) (c *model.Config) {
	src := r.source(dir)
	c = &model.Config{Dir: dir, Variant: v.name, Engine: src.engine, Locked: src.locked, Required: map[string]value{}, At: src.at, Wrapped: r.wrapped(), Partial: len(src.holes) > 0}
	run := &run{r: r, dir: dir, config: c, said: map[fact.Problem]bool{}, steps: min(maxSteps, r.left)}
	defer func() { r.left -= min(maxSteps, r.left) - max(0, run.steps) }()
	defer func() {
		if p := recover(); p != nil {
			at := fact.Location{File: r.tree.Show(dir)}
			c.Problems = append(c.Problems, fact.Problem{Location: at, Message: fmt.Sprintf("cannot be worked out: it makes the evaluation fail (%v); judge the plan instead, `terraform show -json`", p)})
			c.Holes = append(c.Holes, fact.Hole{Location: at, Why: dir + " could not be worked out"})
		}
	}()
	root := run.module(src)
	root.given = run.given(root, v)
	run.collect(root, map[*source]bool{})
	run.settings(root)
	for _, name := range sortedKeys(src.variables) {
		b := src.variables[name]
		sensitive, _ := root.eval(exprOf(b.Body, "sensitive"), nil).Bool(false)
		out := &model.Variable{Name: name, Sensitive: sensitive, At: place(b.TypeRange)}
		if a := b.Body.Attributes["default"]; a != nil {
			out.Default = root.eval(a.Expr, nil)
		}
		if given, set := root.given[name]; set {
			out.Value = given
		}
		c.Variables = append(c.Variables, out)
	}
	run.missing()
	if run.exhausted {
		run.hole(src.at, nil, "%s takes too long to work out", r.tree.Show(dir))
		run.problem(src.at, "takes too long to work out; judge the plan instead: `terraform show -json`")
	}
	return c
}

// missing says once which modules are not in the tree, and what tells what is in
// them.
func (r *run) missing() {
	if len(r.unread) == 0 {
		return
	}
	var names []string
	for i, m := range r.unread {
		if i == 3 {
			names = append(names, fmt.Sprintf("%d more", len(r.unread)-i))
			break
		}
		names = append(names, strings.TrimPrefix(m.Address, "module.")+" from "+orElse(m.Source, "a source that is not known"))
	}
	what := "modules that are not in these files, so what they hold is not judged"
	if len(r.unread) == 1 {
		what = "a module that is not in these files, so what it holds is not judged"
	}
	r.problem(r.unread[0].At, "calls %s: %s; put a plan beside the code: `terraform plan -out=tfplan && terraform show -json tfplan > tfplan.json`", what, strings.Join(names, ", "))
}

// collect evaluates a module and all that it calls.
func (r *run) collect(m *module, seen map[*source]bool) {
	c := r.config
	if !seen[m.src] {
		seen[m.src] = true
		for _, p := range m.src.problems {
			r.problem(p.Location, "%s", p.Message)
		}
		c.Holes = append(c.Holes, m.src.holes...)
	}
	for _, name := range sortedKeys(m.src.providers) {
		b := m.src.providers[name]
		shown := name
		if m.up != nil {
			shown = m.base + name
		}
		if m.up == nil || !slices.ContainsFunc(c.Providers, func(p *model.Provider) bool { return p.Name == shown }) {
			c.Providers = append(c.Providers, &model.Provider{Name: shown, Body: m.body(b.Body, nil, 1), At: place(b.TypeRange)})
		}
	}
	for _, key := range m.src.order {
		r.resource(m, key, m.src.resources[key])
	}
	for _, name := range sortedKeys(m.src.modules) {
		r.call(m, name, seen)
	}
	at := m.src.at
	for _, name := range sortedKeys(m.src.locals) {
		m.local(name, at)
	}
	for _, name := range sortedKeys(m.src.outputs) {
		m.yield(name, at)
	}
}

func (r *run) resource(m *module, key string, b *hclsyntax.Block) {
	for _, i := range m.instances(key, b) {
		if len(r.config.Resources) >= maxResources {
			if len(r.config.Resources) == maxResources {
				r.hole(place(b.TypeRange), nil, "there are more than %d resources", maxResources)
			}
			return
		}
		v := m.bodyOf(key, b, i)
		out := &model.Resource{
			Address: m.path + key + i.suffix, Base: m.base + key, Type: b.Labels[0], Name: b.Labels[1], Data: b.Type != "resource",
			Count: i.count, Body: v, At: place(b.TypeRange), Provider: m.providerOf(b),
		}
		if m.perhaps.Kind == model.Unknown {
			out.Count = m.perhaps
		}
		for _, sub := range b.Body.Blocks {
			if sub.Type == "lifecycle" {
				out.Lifecycle = m.lifecycle(sub)
			}
		}
		if a := b.Body.Attributes["lifecycle"]; a != nil { // JSON
			out.Lifecycle = m.eval(a.Expr, nil)
		}
		r.config.Resources = append(r.config.Resources, out)
	}
}

// lifecycle is read without following names: ignore_changes lists attributes.
func (m *module) lifecycle(b *hclsyntax.Block) value {
	out := value{Kind: model.Object, At: place(b.TypeRange), Fields: map[string]value{}}
	for name, a := range b.Body.Attributes {
		at := place(a.SrcRange)
		switch name {
		case "ignore_changes", "replace_triggered_by":
			list, ok := a.Expr.(*hclsyntax.TupleConsExpr)
			if !ok {
				out.Fields[name] = text(traversed(a.Expr), at) // all
				continue
			}
			v := value{Kind: model.List, At: at}
			for _, item := range list.Exprs {
				v.Items = append(v.Items, text(traversed(item), place(item.Range())))
			}
			out.Fields[name] = v
		default:
			out.Fields[name] = m.eval(a.Expr, nil)
		}
	}
	return out
}

// providerOf returns the root's name of the configuration with which a resource
// is made.
func (m *module) providerOf(b *hclsyntax.Block) string {
	if e := exprOf(b.Body, "provider"); e != nil {
		if name := traversed(e); name != "" {
			return m.provider(name)
		}
	}
	name, _, _ := strings.Cut(b.Labels[0], "_")
	return m.provider(name)
}

func (r *run) call(m *module, name string, seen map[*source]bool) {
	b := m.src.modules[name]
	at := place(b.TypeRange)
	where := m.sourceOf(b)
	out := &model.ModuleCall{Address: m.base + "module." + name, At: at, Source: where.Text, Local: local(where.Text)}
	if a := b.Body.Attributes["version"]; a != nil {
		out.Version, out.VersionAt = m.eval(a.Expr, nil).Text, place(a.SrcRange)
	}
	if a := b.Body.Attributes["source"]; a != nil && out.VersionAt.File == "" {
		out.VersionAt = place(a.SrcRange)
	}
	out.Args = m.body(b.Body, nil, 0)
	r.config.Modules = append(r.config.Modules, out)
	switch {
	case b.Body.Attributes["source"] == nil:
		r.problem(at, "module %s has no source; say where it comes from, such as source = \"./modules/%s\"", name, name)
		r.hole(at, anything, "module %s has no source", name)
	case out.Local && m.run.r.source(path.Join(m.src.dir, out.Source)) == nil:
		r.problem(out.VersionAt, "module %s is to come from %s, where there is no Terraform; mend the path", name, m.run.r.tree.Show(path.Join(m.src.dir, out.Source)))
		r.hole(at, anything, "module %s is not where its source says", name)
	case !out.Local:
		from := out.Source
		if from == "" {
			from = "a source that is not known"
		}
		r.hole(at, hides(from), "module %s (%s) is not in these files", name, from)
		r.unread = append(r.unread, out)
	}
	k := m.children(name)
	out.Read = len(k.list) > 0 || k.shape != model.Absent
	for _, c := range k.list {
		for _, arg := range sortedKeys(b.Body.Attributes) {
			a := b.Body.Attributes[arg]
			if !meta(arg) && arg != "source" && arg != "version" && c.src.variables[arg] == nil {
				r.problem(place(a.NameRange), "module %s has no variable %s%s; delete the argument or mend its name", name, arg, near(arg, c.src.variables))
			}
		}
		r.collect(c, seen)
	}
}

func (m *module) sourceOf(b *hclsyntax.Block) value {
	if s := literal(b.Body, "source"); s != "" {
		return text(s, place(b.TypeRange))
	}
	return m.eval(exprOf(b.Body, "source"), nil) // OpenTofu takes variables
}

// settings reads the terraform blocks of a root: backend and pins.
func (r *run) settings(m *module) {
	c := r.config
	for _, b := range m.src.settings {
		body := m.settingsOf(b.Body)
		for _, back := range body.Fields["backend"].Each() {
			for _, name := range back.Names() {
				c.Backend, c.BackendAt = name, back.Fields[name]
			}
		}
		for _, cloud := range body.Fields["cloud"].Each() {
			c.Backend, c.BackendAt = "cloud", cloud
		}
		for _, list := range body.Fields["required_providers"].Each() {
			for _, name := range list.Names() {
				v := list.Fields[name]
				source, version := name, v
				if v.Kind == model.Object {
					source, version = orElse(v.Get("source").Text, name), v.Get("version")
					if version.At.File == "" {
						version.At = v.At
					}
				}
				if !strings.Contains(source, "/") {
					source = "hashicorp/" + source
				}
				c.Required[source] = version
			}
		}
		c.Version = body.Get("required_version")
	}
}

// settingsOf reads a terraform block, in which names stand for themselves.
func (m *module) settingsOf(b *hclsyntax.Body) value {
	out := value{Kind: model.Object, At: place(b.SrcRange), Fields: map[string]value{}}
	for _, name := range sortedKeys(b.Attributes) {
		out.Fields[name] = m.setting(b.Attributes[name].Expr)
	}
	for _, sub := range b.Blocks {
		v := m.settingsOf(sub.Body)
		v.At = place(sub.TypeRange)
		for i := len(sub.Labels) - 1; i >= 0; i-- {
			v = object(v.At, sub.Labels[i], v)
		}
		add(out.Fields, sub.Type, v)
	}
	return out
}

// setting reads a value of a terraform block. Aliases of providers are names
// that nothing declares, and are left out.
func (m *module) setting(e hclsyntax.Expression) value {
	o, ok := e.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return m.eval(e, nil)
	}
	out := value{Kind: model.Object, At: place(o.SrcRange), Fields: map[string]value{}}
	for _, item := range o.Items {
		if name := m.eval(item.KeyExpr, nil).Text; name != "configuration_aliases" {
			out.Fields[name] = m.setting(item.ValueExpr)
		}
	}
	return out
}
