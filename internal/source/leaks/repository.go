package leaks

import (
	"os"
	"path/filepath"
	"strings"
)

// repository is where the history of a tree is kept.
type repository struct {
	// top is the folder that the repository is about, below the judged one's
	// path in it, empty for the top itself.
	top, below string
	// own is the folder of what belongs to this checkout, shared that of what
	// all checkouts have in common: objects and references.
	own, shared string
	// unread says why it cannot be read; empty where it can.
	unread string
}

// openRepository looks for the repository that a folder belongs to; nil where
// there is none.
func openRepository(root string) *repository {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil
	}
	if real, err = filepath.Abs(real); err != nil {
		return nil
	}
	r := &repository{top: real}
	for range 64 {
		info, err := os.Lstat(filepath.Join(r.top, ".git"))
		if err == nil {
			if rel, err := filepath.Rel(r.top, real); err == nil && rel != "." {
				r.below = filepath.ToSlash(rel)
			}
			r.locate(info.IsDir())
			return r
		}
		up := filepath.Dir(r.top)
		if up == r.top {
			return nil
		}
		r.top = up
	}
	return nil
}

// locate finds the folders. In further checkouts and in submodules .git is a
// file that leads elsewhere: it is followed only where the other side knows this
// folder too, so that a stranger's file leads nowhere.
func (r *repository) locate(folder bool) {
	r.own = filepath.Join(r.top, ".git")
	if !folder {
		text, err := readSmall(r.own)
		target, found := strings.CutPrefix(strings.TrimSpace(string(text)), "gitdir: ")
		if err != nil || !found {
			r.unread = ".git is a file that names no repository"
			return
		}
		marker := r.own
		r.own = absolute(r.top, target)
		if back, err := readSmall(filepath.Join(r.own, "gitdir")); (err != nil || absolute(r.own, strings.TrimSpace(string(back))) != marker) && !r.submodule() {
			r.unread = ".git leads to " + target + ", which does not know this folder"
			return
		}
	}
	r.shared = r.own
	if text, err := readSmall(filepath.Join(r.own, "commondir")); err == nil {
		r.shared = absolute(r.own, strings.TrimSpace(string(text)))
	}
	if info, err := os.Stat(filepath.Join(r.shared, "objects")); err != nil || !info.IsDir() {
		r.unread = ".git holds no objects"
		return
	}
	r.format()
}

// submodule reports whether the repository stands among the modules of one above.
func (r *repository) submodule() bool {
	for dir := filepath.Dir(r.top); ; dir = filepath.Dir(dir) {
		if strings.HasPrefix(r.own, filepath.Join(dir, ".git", "modules")+string(filepath.Separator)) {
			return true
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

// format looks for forms of repositories that are not read yet.
func (r *repository) format() {
	text, err := readSmall(filepath.Join(r.shared, "config"))
	if err != nil {
		return
	}
	for line := range strings.Lines(strings.ToLower(string(text))) {
		name, value, _ := strings.Cut(line, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		switch {
		case name == "objectformat" && value == "sha256":
			r.unread = "its objects are named by SHA-256, which is not read yet"
		case name == "refstorage" && value != "files":
			r.unread = "its references are kept as " + value + ", which is not read yet"
		}
	}
}

func absolute(from, name string) string {
	if !filepath.IsAbs(name) {
		name = filepath.Join(from, name)
	}
	return filepath.Clean(name)
}
