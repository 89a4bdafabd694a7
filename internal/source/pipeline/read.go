// Package pipeline reads what runs before a merge and what deploys: workflows of
// GitHub Actions, pipelines of GitLab, CircleCI and Azure, Jenkinsfiles, and what
// the git host demands of branches, where that is code. It runs nothing and asks
// nobody.
package pipeline

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/deeds"
	"seaworthy.dev/seaworthy/internal/fact"
)

// maxFile bounds a file of a pipeline, and of what it runs.
const maxFile = 1 << 20

// Input is what there is to read.
type Input struct {
	// Root is the root of the repository on disk, Shown how paths below it start
	// in reports.
	Root, Shown string
	// Below is the judged folder, relative to the root; empty where that is the
	// root itself.
	Below string
	// Files of each engine, relative to the root. Of GitHub's only those at the
	// root run.
	Workflows, GitLab, CircleCI, Azure, Jenkins, Settings []string
	// Modules are folders with a build file of their own, Images those with a
	// Dockerfile.
	Modules, Images []string
}

// Any reports whether there is something to read.
func (in Input) Any() bool {
	return len(in.Workflows)+len(in.GitLab)+len(in.CircleCI)+len(in.Azure)+len(in.Jenkins)+len(in.Settings) > 0
}

// Output is what was read.
type Output struct {
	// Set is nil where there is nothing.
	Set         *fact.Set
	Problems    []fact.Problem
	Assumptions []string
	Files       int
}

// reader holds what is open during a run.
type reader struct {
	in   Input
	root *os.Root
	book *deeds.Book
	set  *fact.Set
	out  *Output
	// texts are the files that were read, makefiles and so on what is parsed of
	// them.
	texts     map[string]*string
	makefiles map[string]*makefile
	packages  map[string]*packageFile
	workflows map[string]*workflow
}

// Read reads every pipeline.
func Read(in Input) Output {
	var out Output
	root, err := os.OpenRoot(in.Root)
	if err != nil {
		return out
	}
	defer root.Close()
	r := &reader{in: in, root: root, book: deeds.New(), out: &out,
		set:   &fact.Set{Bundle: ".", Rung: fact.Configured, ProductionLike: true},
		texts: map[string]*string{}, makefiles: map[string]*makefile{}, packages: map[string]*packageFile{}, workflows: map[string]*workflow{}}
	var engines []string
	for _, engine := range []struct {
		name  string
		files []string
		read  func(string)
	}{
		{"github-actions", in.Workflows, r.github},
		{"gitlab-ci", in.GitLab, r.gitlab},
		{"circleci", in.CircleCI, r.circleci},
		{"azure-pipelines", in.Azure, r.azure},
		{"jenkins", in.Jenkins, r.jenkins},
	} {
		for _, file := range engine.files {
			out.Files++
			r.guarded(file, engine.read)
		}
		if len(engine.files) > 0 {
			engines = append(engines, engine.name)
		}
	}
	for _, file := range in.Settings {
		r.guarded(file, r.rules)
	}
	if in.Below == "" { // from below, the rest of the repository is not seen
		for _, dir := range in.Images {
			r.set.Units = append(r.set.Units, &fact.Unit{Ref: fact.Ref{Subject: "image of " + dir, Location: fact.Location{File: r.shown(dir)}}, Dir: dir, Image: true, Module: slices.Contains(in.Modules, dir)})
		}
		for _, dir := range in.Modules {
			if !slices.Contains(in.Images, dir) {
				r.set.Units = append(r.set.Units, &fact.Unit{Ref: fact.Ref{Subject: "module " + dir, Location: fact.Location{File: r.shown(dir)}}, Dir: dir, Module: true})
			}
		}
	}
	r.below(engines)
	if len(engines) > 0 || len(r.set.BranchRules) > 0 || len(r.set.Coverage.Holes) > 0 {
		r.set.Source = strings.Join(engines, ", ")
		if r.set.Source == "" {
			r.set.Source = "git-host"
		}
		r.set.Coverage.Sort()
		out.Set = r.set
	}
	return out
}

// guarded reads one file; what a library cannot take costs that file and not the
// run.
func (r *reader) guarded(file string, read func(string)) {
	defer func() {
		if recover() != nil {
			r.lost(fact.Location{File: r.shown(file)}, "cannot be read: the reader broke on it; check its syntax with the engine's own linter")
		}
	}()
	read(file)
}

// shown is how a path below the root is written in reports.
func (r *reader) shown(file string) string {
	if r.in.Shown == "" {
		return file
	}
	return path.Join(r.in.Shown, file)
}

// lost records something that was not read and may hold pipelines.
func (r *reader) lost(at fact.Location, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	r.out.Problems = append(r.out.Problems, fact.Problem{Location: at, Message: message})
	why, _, _ := strings.Cut(message, "; ")
	r.hole(at, path.Base(at.File)+" "+why)
}

// hole records that pipelines may be missing, without a problem of its own.
func (r *reader) hole(at fact.Location, why string) {
	r.set.Coverage.Holes = append(r.set.Coverage.Holes, fact.Hole{Kinds: []fact.Kind{fact.Pipelines}, Why: why, Location: at})
}

// text returns a file of the repository; false where it is not there, or no text
// of a sensible size. Links out of the repository are not followed.
func (r *reader) text(name string) (string, bool) {
	name = path.Clean(name)
	if known, found := r.texts[name]; found {
		if known == nil {
			return "", false
		}
		return *known, true
	}
	r.texts[name] = nil
	if !fs.ValidPath(name) {
		return "", false
	}
	info, err := r.root.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
		return "", false
	}
	file, err := r.root.Open(name)
	if err != nil {
		return "", false
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFile))
	if err != nil || slices.Contains(data[:min(len(data), 1024)], 0) {
		return "", false
	}
	whole := strings.TrimPrefix(string(data), "\ufeff")
	r.texts[name] = &whole
	return whole, true
}

// is reports whether a path of the repository is a folder or a file.
func (r *reader) is(name string) bool {
	name = path.Clean(name)
	if !fs.ValidPath(name) {
		return false
	}
	_, err := r.root.Stat(name)
	return err == nil
}

// below keeps the pipelines that may run for the judged folder, where that is not
// the root, and says so.
func (r *reader) below(engines []string) {
	if r.in.Below == "" || len(engines) == 0 {
		return
	}
	r.out.Assumptions = append(r.out.Assumptions, "pipelines are those at the root of the git repository ("+orHere(r.in.Shown)+")")
	var left []string
	r.set.Pipelines = slices.DeleteFunc(r.set.Pipelines, func(p *fact.Pipeline) bool {
		if len(p.Paths) == 0 || slices.ContainsFunc(p.Paths, func(pattern string) bool { return mayMatch(pattern, r.in.Below) }) {
			return false
		}
		left = append(left, p.File)
		return true
	})
	if len(left) > 0 {
		r.out.Assumptions = append(r.out.Assumptions, "not judged, because their paths do not touch this folder: "+strings.Join(left[:min(5, len(left))], ", "))
	}
}

func orHere(folder string) string {
	if folder == "" {
		return "."
	}
	return folder
}

// mayMatch reports whether a pattern of paths can match something in a folder.
func mayMatch(pattern, folder string) bool {
	literal := pattern
	if at := strings.IndexAny(pattern, "*?[{"); at >= 0 {
		literal = pattern[:at]
	}
	folder += "/"
	return !strings.HasPrefix(pattern, "!") && (strings.HasPrefix(literal, folder) || strings.HasPrefix(folder, literal))
}
