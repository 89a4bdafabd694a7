// Package compose reads compose files: merged, extended and included as docker
// compose does it, but only within the tree, without a network and without
// anybody's environment.
package compose

import (
	"fmt"
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Bounds on what is read: compose files are written by hand.
const (
	MaxFile     = 1 << 20
	maxFiles    = 100
	maxServices = 500
)

// Project is a list of files that are deployed together, later ones over
// earlier ones. Paths are relative to the tree's root.
type Project struct {
	Files []string
	// Read returns a file of the tree; the error says why it cannot be read.
	Read func(rel string) ([]byte, error)
	// Kept reports whether the repository keeps a file of that path.
	Kept func(rel string) bool
	// Show returns how a path is written in reports.
	Show func(rel string) string
	// Build returns what the Dockerfile of that path builds, or nil.
	Build func(rel string) *fact.ImageBuild
}

// Reading is what a project yields.
type Reading struct {
	Facts    fact.Set
	Problems []fact.Problem
	// Mounts says which service mounts its own source over its image, as
	// developers do; empty where none does.
	Mounts string
	// Idle lists services that only start when their profile is asked for.
	Idle []string
}

// root stands for the tree's root in paths that compose-go makes absolute.
const root = "/@tree@"

type reader struct {
	Project
	out   *Reading
	nodes []source // in the order of merging
	loads int
	// seen holds problems that were reported, for files may be read twice.
	seen map[fact.Problem]bool
	dir  string // of the first file
	// names are images that are known to be built from a Dockerfile.
	names []named
}

// source is one document with its place in the order of merging.
type source struct {
	doc  decode.Document
	node *decode.Node
}

// Read reads a project.
func Read(p Project) (out Reading) {
	r := &reader{Project: p, out: &out, seen: map[fact.Problem]bool{}, dir: path.Dir(p.Files[0])}
	defer func() {
		if v := recover(); v != nil { // the library is not ours
			r.lost(fact.Location{File: p.Show(p.Files[0])}, "cannot be read: its reader gave up (%v)", v)
		}
	}()
	dict := map[string]any{}
	for _, file := range p.Files {
		model, resets, ok := r.file(file, nil)
		if !ok {
			continue
		}
		forget(dict, resets)
		dict = r.merge(dict, model, file)
	}
	if services, _ := dict["services"].(map[string]any); len(services) == 0 {
		if len(out.Problems) == 0 {
			r.problem(fact.Location{File: p.Show(p.Files[0]), Line: 1}, "has no services, so nothing is run from it")
		}
		return out
	}
	project := r.project(dict)
	if project == nil {
		return out
	}
	r.facts(project)
	for _, n := range r.names {
		n.build.Names = append(n.build.Names, n.image)
	}
	out.Facts.Coverage.Sort()
	return out
}

func (r *reader) problem(at fact.Location, format string, args ...any) {
	p := fact.Problem{Location: at, Message: fmt.Sprintf(format, args...)}
	if !r.seen[p] {
		r.seen[p] = true
		r.out.Problems = append(r.out.Problems, p)
	}
}

// lost reports what could not be read, and that facts of these kinds may be
// missing; of any kind where none is named.
func (r *reader) lost(at fact.Location, format string, args ...any) {
	r.problem(at, format, args...)
	says, _, _ := strings.Cut(fmt.Sprintf(format, args...), "; did you mean")
	r.hole(at, path.Base(at.File)+" could not be read whole: "+says)
}

func (r *reader) hole(at fact.Location, why string, kinds ...fact.Kind) {
	if len(kinds) == 0 {
		kinds = []fact.Kind{fact.Workloads, fact.Services, fact.Policies, fact.Secrets, fact.Settings, fact.Backups, fact.Images, fact.Storage}
	}
	r.out.Facts.Coverage.Holes = append(r.out.Facts.Coverage.Holes, fact.Hole{Kinds: kinds, Location: at, Why: why})
}

// at returns the place of a key, as the last file that writes it does; of the
// nearest key above it where none does.
func (r *reader) at(keys ...string) fact.Location {
	for n := len(keys); n > 0; n-- {
		for i := len(r.nodes) - 1; i >= 0; i-- {
			s := r.nodes[i]
			node := s.node
			for _, key := range keys[:n-1] {
				node = decode.Child(node, key)
			}
			if key := decode.KeyOf(node, keys[n-1]); key != nil {
				return s.doc.At(key)
			}
		}
	}
	return fact.Location{File: r.Show(r.Files[0])}
}

// item returns the place of an element of a list, or that of the list.
func (r *reader) item(index int, keys ...string) fact.Location {
	for i := len(r.nodes) - 1; i >= 0; i-- {
		s := r.nodes[i]
		node := s.node
		for _, key := range keys {
			node = decode.Child(node, key)
		}
		if found := decode.Dig(node, index); found != nil {
			return s.doc.At(found)
		}
	}
	return r.at(keys...)
}
