package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"

	"seaworthy.dev/seaworthy/internal/derive/affected"
)

// module is a Go module of the repository.
type module struct{ path, dir string }

// golang reads the imports of Go packages, in all modules of the repository: those
// that go.work joins, and those that a replacement leads to.
func (r *reader) golang() {
	modules := r.modules()
	if len(modules) == 0 {
		return
	}
	packages := map[string]bool{}
	files := token.NewFileSet()
	for _, file := range r.sorted {
		if !strings.HasSuffix(file, ".go") || strings.HasPrefix(file, "vendor/") || strings.Contains(file, "/vendor/") {
			continue
		}
		dir := path.Dir(file)
		own, found := moduleOf(modules, dir)
		if !found {
			continue
		}
		data, ok := r.load(file)
		if !ok {
			continue
		}
		if !packages[dir] {
			packages[dir] = true
			r.required(own, dir)
		}
		if bytes.Contains(data, []byte("//go:embed ")) {
			r.edges = append(r.edges, affected.Edge{From: dir, On: dir, Deep: true, How: "embedded by"})
		}
		parsed, err := parser.ParseFile(files, file, data, parser.ImportsOnly)
		if err != nil {
			if !strings.Contains(file, "testdata/") {
				r.unread(file, fmt.Errorf("its imports: %w", err))
			}
			continue
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue
			}
			if on, found := folderOf(modules, imported); found && on != dir && r.folders[on] {
				r.edges = append(r.edges, affected.Edge{From: dir, On: on, How: "imported by"})
			}
		}
	}
}

// required makes a package depend on what chooses the versions of its module.
func (r *reader) required(m module, dir string) {
	for _, file := range []string{path.Join(m.dir, "go.mod"), path.Join(m.dir, "go.sum"), "go.work", "go.work.sum"} {
		if r.files[file] {
			r.edges = append(r.edges, affected.Edge{From: dir, On: file, Deep: true, How: "required by"})
		}
	}
	if vendored := path.Join(m.dir, "vendor"); r.folders[vendored] {
		r.edges = append(r.edges, affected.Edge{From: dir, On: vendored, Deep: true, How: "imported by"})
	}
}

// modules returns the modules of the repository, the longest paths first.
func (r *reader) modules() []module {
	var out []module
	for _, file := range r.sorted {
		if path.Base(file) != "go.mod" || strings.Contains(file, "testdata/") || strings.Contains(file, "vendor/") {
			continue
		}
		dir := path.Dir(file)
		data, ok := r.load(file)
		if !ok {
			continue
		}
		if name := modfile.ModulePath(data); name != "" {
			out = append(out, module{name, dir})
		}
		parsed, err := modfile.Parse(file, data, nil)
		if err != nil {
			r.unread(file, err)
			continue
		}
		for _, replace := range parsed.Replace {
			to := path.Join(dir, replace.New.Path)
			if replace.New.Version == "" && r.folders[to] {
				out = append(out, module{replace.Old.Path, to})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b module) int { return len(b.path) - len(a.path) })
	return out
}

// moduleOf returns the module in whose folder a package stands.
func moduleOf(modules []module, dir string) (best module, found bool) {
	for _, m := range modules {
		if (m.dir == "." || dir == m.dir || strings.HasPrefix(dir, m.dir+"/")) && (!found || len(m.dir) > len(best.dir) || best.dir == ".") {
			best, found = m, true
		}
	}
	return best, found
}

// folderOf returns the folder of an imported package.
func folderOf(modules []module, imported string) (string, bool) {
	for _, m := range modules {
		if imported == m.path || strings.HasPrefix(imported, m.path+"/") {
			return path.Join(m.dir, strings.TrimPrefix(imported, m.path)), true
		}
	}
	return "", false
}

// npm reads which packages of workspaces use each other, by the names in their
// package.json.
func (r *reader) npm() {
	type manifest struct {
		Name     string            `json:"name"`
		Runtime  map[string]string `json:"dependencies"`
		Dev      map[string]string `json:"devDependencies"`
		Peer     map[string]string `json:"peerDependencies"`
		Optional map[string]string `json:"optionalDependencies"`
	}
	folders := map[string]string{}
	read := map[string]manifest{}
	var dirs []string
	for _, file := range r.sorted {
		if path.Base(file) != "package.json" {
			continue
		}
		data, ok := r.load(file)
		var m manifest
		if !ok || json.Unmarshal(data, &m) != nil {
			continue // whatever it is, npm would not read it either
		}
		dir := path.Dir(file)
		dirs = append(dirs, dir)
		read[dir] = m
		if m.Name != "" {
			folders[m.Name] = dir
		}
	}
	for _, dir := range dirs {
		m := read[dir]
		for _, list := range []map[string]string{m.Runtime, m.Dev, m.Peer, m.Optional} {
			for name, version := range list {
				on, found := folders[name]
				if local, isFile := strings.CutPrefix(version, "file:"); isFile {
					on, found = path.Join(dir, local), true
				}
				if found && on != dir && r.folders[on] {
					r.edges = append(r.edges, affected.Edge{From: dir, On: on, Deep: true, How: "used by"})
				}
			}
		}
	}
}
