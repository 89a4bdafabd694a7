package repo

import (
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Kept reports whether the repository keeps a regular file at a path below the
// root: it is there, no link leads to it, and git does not ignore it.
func (t *Tree) Kept(rel string) bool {
	rel = path.Clean(rel)
	if path.IsAbs(rel) || rel == ".." || strings.HasPrefix(rel, "../") {
		return false
	}
	root, err := filepath.EvalSymlinks(t.Root)
	if err != nil {
		return false
	}
	rules := parentIgnores(root)
	steps := strings.Split(rel, "/")
	for i := range steps {
		folder, here := strings.Join(steps[:i], "/"), strings.Join(steps[:i+1], "/")
		rules.push(t.Join(folder), folder)
		info, err := os.Lstat(t.Join(here))
		last := i == len(steps)-1
		if err != nil || info.Mode()&os.ModeSymlink != 0 || info.IsDir() == last || last && !info.Mode().IsRegular() || rules.match(here, !last) {
			return false
		}
	}
	return true
}

// Within reports whether a path below the root is a regular file of the tree
// that no link leads to, whatever git ignores.
func (t *Tree) Within(rel string) bool {
	rel = path.Clean(rel)
	if path.IsAbs(rel) || rel == ".." || strings.HasPrefix(rel, "../") {
		return false
	}
	steps := strings.Split(rel, "/")
	for i := range steps {
		info, err := os.Lstat(t.Join(strings.Join(steps[:i+1], "/")))
		if err != nil || info.Mode()&os.ModeSymlink != 0 || i == len(steps)-1 && !info.Mode().IsRegular() {
			return false
		}
	}
	return true
}
