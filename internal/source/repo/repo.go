// Package repo finds what a repository holds: manifests, charts and
// kustomizations. It honours git's ignore files, stays inside the tree, and
// reports what it leaves out.
package repo

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// maxFiles bounds the walk: the largest public repository known to us has
// about 150,000 files.
const maxFiles = 500_000

// maxTold bounds what is read of a file to see whose it is.
const maxTold = 1 << 20

// Tree is what was found below a path.
type Tree struct {
	// Root is the folder on disk; Shown is how the user named it, and what
	// places in reports start with ("" for the working directory).
	Root, Shown string
	// Single is true where the user named one file and not a folder.
	Single bool
	// Manifests lists files that may hold Kubernetes objects, by path
	// relative to Root, sorted. Files of charts are not among them.
	Manifests []File
	// Files lists what is written for other technologies, by path relative to
	// Root, sorted.
	Files map[Technology][]string
	// Charts lists folders with a Chart.yaml that no other chart contains.
	Charts []string
	// Kustomizations lists folders with a kustomization file.
	Kustomizations []string
	// Results lists files whose names let them hold what tools left behind.
	Results  []string
	Problems []fact.Problem
	// Holes lists what was not read though it may hold objects.
	Holes []fact.Hole

	only string // the one file that the user named
}

// File is a file of the tree. Path is relative to the root, with slashes.
type File struct {
	Path string
}

// Show returns how a path below the root is written in reports.
func (t *Tree) Show(rel string) string {
	if t.Shown == "" {
		return rel
	}
	return path.Join(t.Shown, rel)
}

// Join returns the place of a path below the root on disk.
func (t *Tree) Join(rel string) string { return filepath.Join(t.Root, filepath.FromSlash(rel)) }

// Walk looks through a folder, or takes a single file. The error is for a path
// that is not there; everything below it that cannot be read is a problem.
func Walk(name string) (*Tree, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, plain(err))
	}
	shown := filepath.ToSlash(filepath.Clean(name))
	if !info.IsDir() {
		dir := path.Dir(shown)
		t := &Tree{Root: filepath.Dir(name), Shown: dir, Single: true, only: filepath.Base(name)}
		if dir == "." {
			t.Shown = ""
		}
		if whole := partOf(name); whole != "" {
			(&walker{tree: t}).unread(filepath.Base(name), "is a part of %s and means nothing alone; judge that folder", filepath.ToSlash(whole))
			return t, nil
		}
		(&walker{tree: t}).single(filepath.Base(name))
		return t, nil
	}
	if shown == "." {
		shown = ""
	}
	t := &Tree{Root: name, Shown: shown}
	real, err := filepath.EvalSymlinks(name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, plain(err))
	}
	w := walker{tree: t, real: real, ignores: parentIgnores(real)}
	w.folder("", false)
	sort.Slice(t.Manifests, func(i, j int) bool { return t.Manifests[i].Path < t.Manifests[j].Path })
	for _, files := range t.Files {
		sort.Strings(files)
	}
	sort.Strings(t.Charts)
	sort.Strings(t.Kustomizations)
	return t, nil
}

// partOf returns the folder of the chart or the kustomization that a file is a
// part of; empty for a file that stands for itself.
func partOf(name string) string {
	dir, base := filepath.Split(filepath.Clean(name))
	dir = filepath.Clean(dir)
	if isKustomization(base) || base == "Chart.yaml" {
		return dir
	}
	if Classify(base) == Terraform && !strings.HasPrefix(path.Ext(base), ".tfstate") && !strings.Contains(base, ".tfstate.") {
		return dir // a module is all that stands in its folder
	}
	for range 8 { // templates may stand in folders of their own
		if filepath.Base(dir) == "templates" {
			chart := filepath.Dir(dir)
			if info, err := os.Stat(filepath.Join(chart, "Chart.yaml")); err == nil && !info.IsDir() {
				return chart
			}
		}
		dir = filepath.Dir(dir)
	}
	return ""
}

type walker struct {
	tree    *Tree
	real    string // the root with every link resolved
	ignores ignores
	files   int
}

// Skipped reports whether folders of that name hold other people's files or none
// of the service's own.
func Skipped(name string) bool {
	switch name {
	case ".git", "node_modules", "vendor", ".terraform", ".svn", ".hg", "__pycache__", ".venv", ".seaworthy":
		return true
	}
	return false
}

func (w *walker) folder(rel string, inChart bool) {
	entries, err := os.ReadDir(w.tree.Join(rel))
	if err != nil {
		w.unread(rel, "cannot be opened: %v", plain(err))
	}
	chart := false
	for _, e := range entries {
		chart = chart || e.Name() == "Chart.yaml" && !e.IsDir()
		if e.Name() == ".gitignore" {
			defer w.ignores.pop(w.ignores.push(w.tree.Join(rel), rel))
		}
	}
	if chart && !inChart {
		w.tree.Charts = append(w.tree.Charts, dot(rel))
	}
	for _, e := range entries {
		name := e.Name()
		below := name
		if rel != "" {
			below = rel + "/" + name
		}
		if w.files++; w.files == maxFiles {
			w.unread(rel, "is where reading stopped: the tree has more than %d files; name a smaller path", maxFiles)
		}
		if w.files >= maxFiles || w.ignores.match(below, e.IsDir()) {
			continue
		}
		switch {
		case e.Type()&fs.ModeSymlink != 0:
			w.link(below)
		case e.IsDir():
			if Skipped(name) {
				continue
			}
			// A chart's own folders hold templates and other charts.
			own := chart && (name == "templates" || name == "charts" || name == "crds" || name == "ci")
			if own || inChart {
				if name != "charts" {
					continue
				}
				w.folder(below, true)
				continue
			}
			w.folder(below, false)
		case !e.Type().IsRegular() || inChart:
		case isKustomization(name):
			w.tree.Kustomizations = append(w.tree.Kustomizations, dot(rel))
		case chart && (name == "Chart.yaml" || name == "Chart.lock" || strings.HasPrefix(name, "values") || name == "values.schema.json"):
		default:
			w.file(below)
		}
	}
}

func dot(rel string) string {
	if rel == "" {
		return "."
	}
	return rel
}

func isKustomization(name string) bool {
	return name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization"
}

// IsManifest reports whether a file's name lets it hold Kubernetes objects.
func IsManifest(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

// noManifests are files of well-known tools that never hold objects and are
// often large.
func noManifest(name string) bool {
	switch name {
	case "package.json", "package-lock.json", "tsconfig.json", "composer.json", "composer.lock", "pnpm-lock.yaml", "yarn.lock", "renovate.json":
		return true
	}
	return false
}

func (w *walker) file(rel string) {
	if MayHoldResults(rel) {
		w.tree.Results = append(w.tree.Results, rel)
	}
	t := Classify(rel)
	if (t == Registers || t == Catalogs) && w.holdsObjects(rel) {
		t = Manifests // named like one, such as the deployment of Cortex in cortex.yaml
	}
	if t == Unread && !w.deploys(rel) {
		if t = Other; IsManifest(rel) && !noManifest(path.Base(rel)) {
			t = Manifests
		}
	}
	switch t {
	case Other:
	case Manifests:
		w.tree.Manifests = append(w.tree.Manifests, File{Path: rel})
	default:
		if w.tree.Files == nil {
			w.tree.Files = map[Technology][]string{}
		}
		w.tree.Files[t] = append(w.tree.Files[t], rel)
	}
}

// objectVersion is what the API version of a Kubernetes object looks like.
var objectVersion = regexp.MustCompile(`^(?:[a-z0-9.-]+/)?v[12](?:(?:alpha|beta)[0-9]+)?$`)

// holdsObjects reports whether a file whose name stands for something else holds
// Kubernetes objects after all: those who describe services use groups of their
// own, or none.
func (w *walker) holdsObjects(rel string) bool {
	docs, _, _ := w.tree.Read(File{Path: rel}, new(bytes.Buffer))
	for _, d := range docs {
		h := d.Head()
		group, _, _ := strings.Cut(h.APIVersion, "/")
		if h.Kind != "" && objectVersion.MatchString(h.APIVersion) && !slices.Contains([]string{"backstage.io", "seaworthy.dev", "score.dev"}, group) {
			return true
		}
	}
	return false
}

// deploys reports whether a file that is called like that of a tool holds what
// the tool reads.
func (w *walker) deploys(rel string) bool {
	_, content, _ := ToolOf(rel)
	if content == nil {
		return !IsManifest(rel) || !w.holdsObjects(rel)
	}
	data, err := w.tree.Content(rel, maxTold)
	return err == nil && content.Match(data) && !(IsManifest(rel) && w.holdsObjects(rel))
}

// single takes the one file that the user named: what its name does not tell is
// taken for a manifest.
func (w *walker) single(name string) {
	if w.file(name); len(w.tree.Files) == 0 && len(w.tree.Manifests) == 0 {
		w.tree.Manifests = []File{{Path: name}}
	}
}

// link reports links that lead out of the tree or nowhere. One that stays
// inside needs no following, for its target is read under its own name; only a
// Terraform module lacks something without it.
func (w *walker) link(rel string) {
	target, err := filepath.EvalSymlinks(w.tree.Join(rel))
	switch {
	case err != nil && (errors.Is(err, fs.ErrNotExist) || !IsManifest(rel)):
		if IsManifest(rel) {
			w.unread(rel, "is a link to something that is not there")
		}
	case err != nil:
		w.unread(rel, "is a link that cannot be followed: %v", plain(err))
	default:
		inside, err := filepath.Rel(w.real, target)
		if err == nil && inside != ".." && !strings.HasPrefix(inside, ".."+string(filepath.Separator)) {
			if Classify(rel) == Terraform { // a module is all that stands in its folder
				w.file(rel)
			}
			return
		}
		info, err := os.Stat(target)
		if err == nil && (info.IsDir() || IsManifest(rel)) {
			w.unread(rel, "is a link out of the tree, which is not followed; copy the file or name its folder as a path of its own")
		}
	}
}

// unread records a place that may hold objects and was not read.
func (w *walker) unread(rel, format string, args ...any) {
	at := fact.Location{File: w.tree.Show(dot(rel))}
	message := fmt.Sprintf(format, args...)
	w.tree.Problems = append(w.tree.Problems, fact.Problem{Location: at, Message: message})
	says, _, _ := strings.Cut(message, "; ") // without the remedy
	w.tree.Holes = append(w.tree.Holes, fact.Hole{Location: at, Why: path.Base(at.File) + " " + says})
}

// plain drops the operation and the path from a file system error, since the
// place is said anyway.
func plain(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
