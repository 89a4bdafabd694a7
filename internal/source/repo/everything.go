package repo

import (
	"io/fs"
	"os"
	"path/filepath"
)

// Everything lists every file of the tree, by path relative to the root: what
// git ignores, what others wrote and what links lead to are not of the tree.
// complete is false where there are more files than are walked. What cannot be
// opened, the walk itself reported.
func (t *Tree) Everything() (files []string, complete bool) {
	if t.only != "" {
		return []string{t.only}, true
	}
	real, err := filepath.EvalSymlinks(t.Root)
	if err != nil {
		return nil, false
	}
	ignores, complete := parentIgnores(real), true
	var folder func(rel string)
	folder = func(rel string) {
		entries, _ := os.ReadDir(t.Join(rel))
		for _, e := range entries {
			if e.Name() == ".gitignore" {
				defer ignores.pop(ignores.push(t.Join(rel), rel))
			}
		}
		for _, e := range entries {
			below := e.Name()
			if rel != "" {
				below = rel + "/" + below
			}
			switch {
			case len(files) >= maxFiles:
				complete = false
				return
			case e.Type()&fs.ModeSymlink != 0 || ignores.match(below, e.IsDir()):
			case e.IsDir():
				if !Skipped(e.Name()) {
					folder(below)
				}
			case e.Type().IsRegular():
				files = append(files, below)
			}
		}
	}
	folder("")
	return files, complete
}
