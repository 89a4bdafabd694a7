// Package graph reads which folders of a repository depend on which: imports of
// Go packages, charts, overlays, Terraform modules, what images are built from,
// and packages of npm workspaces. Whatever cannot be read depends on everything.
package graph

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/affected"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Bounds on what is looked through: the largest public repository known to us
// has about 150,000 files.
const (
	maxFiles = 500_000
	maxSize  = 4 << 20
)

// Graph is what depends on what.
type Graph struct {
	Edges    []affected.Edge
	Problems []fact.Problem
}

// Read looks through a folder and all below it. Links are not followed.
func Read(root string) (*Graph, error) {
	r := &reader{root: root, files: map[string]bool{}, folders: map[string]bool{".": true}}
	if err := r.walk(); err != nil {
		return nil, fmt.Errorf("look through %s: %w", root, err)
	}
	r.golang()
	for _, file := range r.sorted { // before Dockerfiles, for they say where those are built
		if dir, name := path.Split(file); isCompose(name) {
			r.compose(file, path.Clean(dir))
		}
	}
	for _, file := range r.sorted {
		dir, name := path.Split(file)
		dir = path.Clean(dir)
		switch {
		case name == "Chart.yaml":
			r.chart(file, dir)
		case name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization":
			r.kustomization(file, dir)
		case strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tofu"):
			r.terraform(file, dir)
		case isDockerfile(name):
			r.dockerfile(file, dir)
		}
	}
	r.npm()
	return &Graph{Edges: compact(r.edges), Problems: r.problems}, nil
}

// reader is one look through a repository.
type reader struct {
	root     string
	sorted   []string
	files    map[string]bool
	folders  map[string]bool
	edges    []affected.Edge
	problems []fact.Problem
	// contexts are the folders in which Dockerfiles are built, as compose files
	// say.
	contexts map[string][]string
}

func (r *reader) walk() error {
	return filepath.WalkDir(r.root, func(name string, d fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(r.root, name)
		if relErr != nil {
			return relErr
		}
		rel = filepath.ToSlash(rel)
		switch {
		case err != nil && rel == ".":
			return err
		case err != nil:
			r.unread(rel, err)
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			if base := d.Name(); rel != "." && (base == ".git" || base == "node_modules" || base == ".terraform") {
				return fs.SkipDir
			}
			r.folders[rel] = true
			return nil
		case !d.Type().IsRegular():
			return nil
		}
		if len(r.sorted) == maxFiles {
			r.unread(path.Dir(rel), fmt.Errorf("the repository has more than %d files", maxFiles))
			return fs.SkipAll
		}
		r.sorted = append(r.sorted, rel)
		r.files[rel] = true
		return nil
	})
}

// load returns a file's content; ok is false where it cannot be read, which
// makes its folder depend on everything.
func (r *reader) load(rel string) (data []byte, ok bool) {
	file, err := os.Open(filepath.Join(r.root, filepath.FromSlash(rel)))
	if err == nil {
		defer file.Close()
		data, err = io.ReadAll(io.LimitReader(file, maxSize+1))
	}
	if err == nil && len(data) > maxSize {
		err = fmt.Errorf("it is larger than %d MiB", maxSize>>20)
	}
	if err != nil {
		r.unread(rel, err)
		return nil, false
	}
	return data, true
}

// unread records what cannot be read: its folder may depend on anything.
func (r *reader) unread(rel string, err error) {
	at := fact.Location{File: rel}
	r.problems = append(r.problems, fact.Problem{Location: at, Message: fmt.Sprintf("cannot be read (%v), so every change counts for %s", err, path.Dir(rel))})
	r.edges = append(r.edges, affected.Edge{From: path.Dir(rel), On: ".", Deep: true, How: "perhaps used by"})
}

// link adds an edge to whatever a path names, seen from a folder: a file, or a
// folder with all below it. It returns false where there is no such thing.
func (r *reader) link(from, target, how string) bool {
	on := path.Join(from, target)
	if strings.HasPrefix(on, "../") || on == ".." || !r.files[on] && !r.folders[on] {
		return false
	}
	// What stands below is no exception: it may be another service's.
	r.edges = append(r.edges, affected.Edge{From: from, On: on, Deep: true, How: how})
	return true
}

func compact(edges []affected.Edge) []affected.Edge {
	slices.SortFunc(edges, func(a, b affected.Edge) int {
		return strings.Compare(a.From+"\x00"+a.On+"\x00"+a.How, b.From+"\x00"+b.On+"\x00"+b.How)
	})
	return slices.Compact(edges)
}
