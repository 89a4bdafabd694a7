// Package manifest reads the service manifests of a tree: what people declare of
// their services. It is strict, for a misspelt key would silently declare
// nothing; and what it cannot read leaves a hole, so that nothing rests on it.
package manifest

import (
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	form "seaworthy.dev/seaworthy/internal/manifest"
)

// maxSize bounds a manifest: the largest that a person writes has some thousand
// lines.
const maxSize = 1 << 20

// Service is one service as its manifest describes it.
type Service struct {
	fact.Ref
	// Name is its own, or its folder's where it has none that can be read.
	Name, Description string
	// Tier is 0 where none is written.
	Tier                   int
	Owner, Contact, OnCall string
	// Folder is that of its file, relative to the root; "." for the root. Alone is
	// true where the file holds no other service.
	Folder  string
	Alone   bool
	Sources Sources
	// Registries and KubeVersion are what images and manifests must keep to.
	Registries  []string
	KubeVersion fact.Version
	Declared    fact.Declarations
	// Holes lists what could not be read of the declarations.
	Holes []fact.Hole
	// Unused lists the parts that are read and that nothing judges yet.
	Unused []string
}

// Reading is what the manifests of a tree say.
type Reading struct {
	Services []*Service
	Problems []fact.Problem
}

// Tree is where the manifests and what they name stand.
type Tree struct {
	// Root is the folder on disk, Shown what places in reports start with.
	Root, Shown string
}

func (t Tree) show(rel string) string {
	if t.Shown == "" {
		return rel
	}
	return path.Join(t.Shown, rel)
}

// Read reads the manifests, given by their paths below the root. The standard
// tells which expectations there are.
func Read(tree Tree, files []string, standard []*expect.Expectation) Reading {
	var out Reading
	disk, err := os.OpenRoot(tree.Root)
	if err != nil {
		for _, f := range files {
			at := fact.Location{File: tree.show(f)}
			out.Problems = append(out.Problems, fact.Problem{Location: at, Message: fmt.Sprintf("cannot be read: %v", err)})
		}
		return out
	}
	defer disk.Close()
	for _, f := range files {
		r := &reader{tree: tree, disk: disk, file: f, standard: standard}
		r.read()
		out.Services = append(out.Services, r.services...)
		out.Problems = append(out.Problems, r.problems...)
	}
	out.Problems = append(out.Problems, distinguish(out.Services)...)
	return out
}

// distinguish reports services of one name, and tells them apart by their
// folders.
func distinguish(services []*Service) (problems []fact.Problem) {
	first := map[string]*Service{}
	for _, s := range services {
		other, twice := first[s.Name]
		if !twice {
			first[s.Name] = s
			continue
		}
		problems = append(problems, fact.Problem{Location: s.Location, Message: fmt.Sprintf("the service %s is described in %s already; give each service a name of its own", s.Name, place(other.Location))})
		s.Name += fmt.Sprintf(" (%s)", place(s.Location))
		first[s.Name] = s
	}
	return problems
}

func place(at fact.Location) string {
	if at.Line == 0 {
		return at.File
	}
	return fmt.Sprintf("%s:%d", at.File, at.Line)
}

// reader reads one file.
type reader struct {
	tree     Tree
	disk     *os.Root
	file     string
	standard []*expect.Expectation

	services []*Service
	problems []fact.Problem

	// Of the document in work:
	doc     decode.Document
	service *Service
	// broken is true once something is written in a way that cannot be read.
	broken bool
	// left is how many more of its values are looked at.
	left int
}

func (r *reader) read() {
	data, err := r.load()
	if err != nil {
		r.lost(fact.Location{File: r.tree.show(r.file)}, "cannot be read: "+err.Error())
		return
	}
	docs := decode.Split(r.tree.show(r.file), data)
	if len(docs) == 0 {
		r.lost(fact.Location{File: r.tree.show(r.file)}, "is empty; `seaworthy init` writes one that is not")
		return
	}
	for _, doc := range docs {
		r.guarded(doc, len(docs) == 1)
	}
}

// guarded reads a document; one that no reader was written for costs itself and
// not the run.
func (r *reader) guarded(doc decode.Document, alone bool) {
	before := len(r.services)
	defer func() {
		if p := recover(); p != nil {
			r.services = r.services[:before]
			r.lost(fact.Location{File: doc.File, Line: doc.Line}, fmt.Sprintf("cannot be read: %v", p))
		}
	}()
	r.document(doc, alone)
}

func (r *reader) load() ([]byte, error) {
	f, err := r.disk.Open(filepath.FromSlash(r.file))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err == nil && len(data) > maxSize {
		err = fmt.Errorf("it is larger than %d MiB", maxSize>>20)
	}
	return data, err
}

// lost records a service of which nothing could be read.
func (r *reader) lost(at fact.Location, message string) {
	s := r.blank(at)
	s.Alone = true
	r.problems = append(r.problems, fact.Problem{Location: at, Message: message})
	says, _, _ := strings.Cut(message, "; ")
	s.hole(at, says)
	r.services = append(r.services, s)
}

// blank is a service of which nothing but its file is known.
func (r *reader) blank(at fact.Location) *Service {
	folder := path.Dir(r.file)
	name := path.Base(folder)
	if folder == "." {
		name = path.Base(filepath.ToSlash(absolute(r.tree.Root)))
	}
	return &Service{Ref: fact.Ref{Subject: "Service " + name, Location: at}, Name: name, Folder: folder}
}

func absolute(name string) string {
	if abs, err := filepath.Abs(name); err == nil {
		return abs
	}
	return name
}

func (s *Service) hole(at fact.Location, why string) {
	s.Holes = append(s.Holes, fact.Hole{Kinds: []fact.Kind{fact.Manifest}, Location: at, Why: path.Base(at.File) + " " + why})
}

func (r *reader) document(doc decode.Document, alone bool) {
	root, problem := doc.Parse()
	switch {
	case problem != nil:
		r.lost(problem.Location, problem.Message)
		r.services[len(r.services)-1].Alone = alone
		return
	case root == nil:
		return // a document of comments
	case !decode.IsMapping(root):
		r.lost(doc.At(root), "is "+decode.Shape(root)+" but must be a service; `seaworthy init` writes one")
		return
	}
	r.doc, r.broken = doc, false
	s := r.blank(doc.At(root))
	s.Alone = alone
	r.service = s
	r.services = append(r.services, s)
	r.left = most
	left := most
	spread(root, serviceType, &left)
	var in form.Service
	for _, m := range decode.Into(root, &in, true) {
		message := m.Message
		if m.Kind == decode.DuplicateKey {
			message, _, _ = strings.Cut(message, ";")
		}
		r.wrong(m.Node, "%s", message)
	}
	r.check(root, serviceType, "")
	r.fill(root, &in)
	if r.broken {
		// What is vouched for might stand in what could not be read, or be
		// bounded by it: none of it counts until all of it can.
		s.Declared.Attestations, s.Declared.Nones, s.Declared.Shared, s.Declared.Cost = nil, nil, nil, nil
		s.Declared.RegionExceptions = nil
		if at := decode.Dig(root, "spec", "rollout"); at != nil {
			s.Declared.Rollout = nil
			s.Holes = append(s.Holes, fact.Hole{Kinds: []fact.Kind{fact.Rollouts}, Location: r.doc.At(at), Why: path.Base(doc.File) + " cannot be read whole"})
		}
	}
}

// wrong reports something that is written in a way that cannot be read.
func (r *reader) wrong(n *decode.Node, format string, args ...any) {
	r.broken = true
	at, message := r.doc.At(n), fmt.Sprintf(format, args...)
	r.problems = append(r.problems, fact.Problem{Location: at, Message: message})
	says, _, _ := strings.Cut(message, "; ")
	r.service.hole(at, "cannot be read whole: "+says)
}

// mistaken reports something that can be read and does not count.
func (r *reader) mistaken(n *decode.Node, format string, args ...any) {
	r.problems = append(r.problems, fact.Problem{Location: r.doc.At(n), Message: fmt.Sprintf(format, args...)})
}
