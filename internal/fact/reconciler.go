package fact

import (
	"path"
	"strings"
)

// Reconciler applies a place in a repository to the world, again and again.
type Reconciler struct {
	Ref
	Namespace, Name string
	// Kind as the platform spells it: Application, Kustomization, HelmRelease.
	Kind string
	// Engine is argo-cd or flux.
	Engine string
	// Repository and Revision say what is applied; Path is the folder in it,
	// Chart the name of a chart instead.
	Repository, Revision, Path, Chart string
	RevisionAt                        Location
	// Source names the object that holds repository and revision (Flux).
	SourceKind, SourceNamespace, SourceName string
	// Pinned is true where Revision is a commit, a tag, or an exact version.
	Pinned bool
	// Templated is true where a generator fills the revision or path in.
	Templated bool
	// Overrides is true where values, patches or a prefix make something else
	// of the same path.
	Overrides bool
	// Destination is the cluster that it writes to, with the namespace; the
	// cluster is empty where it is the reconciler's own.
	Destination string
	// Automated is true where it applies without a person.
	Automated bool
	// Corrects tells whether a manual change is put back: yes, warn, no.
	Corrects string
	// Interval in seconds between two looks; 0 where the installation decides.
	Interval   int
	IntervalAt Location
	// Ignores lists differences that it is told not to see.
	Ignores   []Ignored
	Suspended bool
	// At is where the way of applying is written.
	At Location
}

// Ignored is a difference that a reconciler is told not to see.
type Ignored struct {
	// Kind of object, "*" or empty for every kind.
	Kind string
	// Field is a path into the object.
	Field string
	At    Location
}

// Broad reports whether the field holds most of what an object declares.
func (i Ignored) Broad() bool {
	switch strings.Trim(strings.ReplaceAll(strings.TrimSuffix(i.Field, "[]?"), ".", "/"), "/?") {
	case "", "spec", "spec/template", "spec/template/spec", "spec/template/spec/containers":
		return true
	}
	return false
}

// RepoSource says which revision of a repository a reconciler follows.
type RepoSource struct {
	Ref
	Kind, Namespace, Name string
	Repository, Revision  string
	Pinned, Suspended     bool
	RevisionAt            Location
}

// Title names the reconciler together with its kind.
func (r *Reconciler) Title() string { return r.Kind + " " + r.Name }

// Place is what it applies, for a reader: a folder of the repository, a chart,
// or another object that holds it.
func (r *Reconciler) Place() string {
	switch p := path.Clean(r.Path); {
	case r.Chart != "":
		return "chart " + r.Chart
	case r.Path == "" && r.SourceName != "":
		return r.SourceKind + " " + r.SourceName
	case p == "." || p == "/":
		return "the root of its repository"
	default:
		return p
	}
}

// Rooted reports whether it applies a repository from its root, which says
// nothing about which repository that is.
func (r *Reconciler) Rooted() bool {
	p := path.Clean("/" + r.Path)
	return r.Chart == "" && p == "/"
}

// folder is the path that is applied, as far as it is known, without slashes
// around it; empty where there is none. Of a path that a generator completes,
// what stands before the gap counts. Charts and the root of a repository say
// nothing about a folder.
func (r *Reconciler) folder() string {
	if r.Chart != "" {
		return ""
	}
	p, _, gap := strings.Cut(r.Path, "{{")
	if gap {
		p = p[:strings.LastIndexByte(p, '/')+1]
	}
	if p = strings.Trim(path.Clean(p), "/"); p == "." {
		return ""
	}
	return p
}

// within reports whether the steps of p stand one after the other in one of the
// folders: then whoever applies p applies the folder. Folders carry the path
// that the user gave, so p may start anywhere in it.
func within(p string, folders ...string) bool {
	for _, folder := range folders {
		for from := 0; ; {
			at := strings.Index(folder[from:], p)
			if at < 0 {
				break
			}
			at += from
			end := at + len(p)
			if (at == 0 || folder[at-1] == '/') && (end == len(folder) || folder[end] == '/') {
				return true
			}
			from = at + 1
		}
	}
	return false
}

// Holds reports whether something in the set stands where the reconciler's
// path leads: then it applies this repository and no other.
func (s *Set) Holds(r *Reconciler) bool {
	p := r.folder()
	if p == "" {
		return false
	}
	if within(p, s.folders()...) {
		return true
	}
	last := "" // objects of a folder mostly stand together
	for _, o := range s.Objects {
		if o.File == last {
			continue
		}
		last = o.File
		if within(p, folderOf(o.File)) {
			return true
		}
	}
	return false
}

// folders returns where the set stands. An overlay's files may come from
// elsewhere, and its folder is its variant's.
func (s *Set) folders() []string {
	if s.Variant == "" {
		return []string{s.Bundle}
	}
	return []string{s.Bundle, path.Join(s.Bundle, s.Variant)}
}

// folderOf returns the folder of a file, whose path is clean already.
func folderOf(file string) string { return file[:max(0, strings.LastIndexByte(file, '/'))] }

// Covering returns the first reconciler that applies the workload's folder or
// the set's, or nil.
func (s *Set) Covering(all []*Set, w *Workload) *Reconciler { return s.covering(all, w.File) }

// Uncovered returns what could not be read in a plain folder that no reconciler
// applies, and may be a workload.
func (s *Set) Uncovered(all []*Set) (h Hole, found bool) {
	for _, h := range s.Coverage.Holes {
		if s.Source == "kube" && h.Touches(Workloads) && s.covering(all, h.File) == nil {
			return h, true
		}
	}
	return Hole{}, false
}

func (s *Set) covering(all []*Set, file string) *Reconciler {
	folders := append(s.folders(), folderOf(file))
	for _, other := range all {
		for _, r := range other.Reconcilers {
			if p := r.folder(); p != "" && within(p, folders...) {
				return r
			}
		}
	}
	return nil
}

// ReconcilersIn returns every reconciler of the sets once, in the order in which
// they stand.
func ReconcilersIn(all []*Set) []*Reconciler {
	var out []*Reconciler
	seen := map[*Reconciler]bool{}
	for _, s := range all {
		for _, r := range s.Reconcilers {
			if !seen[r] {
				seen[r] = true
				out = append(out, r)
			}
		}
	}
	return out
}

// SourceOf returns the object that holds a reconciler's revision, or nil.
func SourceOf(all []*Set, r *Reconciler) *RepoSource {
	for _, s := range all {
		for _, src := range s.Sources {
			if src.Kind == r.SourceKind && src.Name == r.SourceName && src.Namespace == r.SourceNamespace {
				return src
			}
		}
	}
	return nil
}
