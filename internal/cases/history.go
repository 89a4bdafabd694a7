package cases

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"golang.org/x/tools/txtar"
)

// committed matches the files of past revisions: commit-1/a.yaml is a.yaml in
// the first commit, and what a commit holds is all that there is in it. Commits
// are a day apart and begin on 1 March 2026; commit-0 is of a year before. The case's other files are the tree.
var committed = regexp.MustCompile(`^commit-(\d)/(.+)$`)

// commits writes the git history of a case; without past revisions there is no
// repository. Revisions from a number on, where it is not zero, are those of a
// shallow clone.
func commits(folder string, files []txtar.File, shallow int) error {
	revisions := map[int]map[string][]byte{}
	for _, f := range files {
		if m := committed.FindStringSubmatch(f.Name); m != nil {
			n := int(m[1][0] - '0')
			if revisions[n] == nil {
				revisions[n] = map[string][]byte{}
			}
			revisions[n][m[2]] = f.Data
		}
	}
	if len(revisions) == 0 {
		return nil
	}
	git := filepath.Join(folder, ".git")
	store := filesystem.NewStorage(osfs.New(git), cache.NewObjectLRUDefault())
	if err := store.Init(); err != nil {
		return fmt.Errorf("make a repository: %w", err)
	}
	w := writer{store: store}
	var parent plumbing.Hash
	first := 1
	if revisions[0] != nil {
		first = 0
	}
	for n := first; revisions[n] != nil; n++ {
		day := time.Date(2026, 3, n, 12, 0, 0, 0, time.UTC).Unix()
		if n == 0 { // long before the others
			day = time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC).Unix()
		}
		text := fmt.Sprintf("tree %s\n", w.tree(revisions[n]))
		if n > first {
			text += fmt.Sprintf("parent %s\n", parent)
		}
		text += fmt.Sprintf("author Ada <ada@example.com> %d +0000\ncommitter Ada <ada@example.com> %d +0000\n\nRevision %d\n", day, day, n)
		hash := w.object(plumbing.CommitObject, []byte(text))
		if n == shallow && n > first {
			w.fail(os.WriteFile(filepath.Join(git, "shallow"), []byte(hash.String()+"\n"), 0o644))
			w.fail(os.Remove(filepath.Join(git, "objects", parent.String()[:2], parent.String()[2:])))
		}
		parent = hash
	}
	w.fail(os.WriteFile(filepath.Join(git, "HEAD"), []byte("ref: refs/heads/main\n"), 0o644))
	w.fail(os.WriteFile(filepath.Join(git, "refs", "heads", "main"), []byte(parent.String()+"\n"), 0o644))
	return w.err
}

// writer writes objects until something fails.
type writer struct {
	store *filesystem.Storage
	err   error
}

func (w *writer) fail(err error) {
	if w.err == nil && err != nil {
		w.err = fmt.Errorf("write a history: %w", err)
	}
}

func (w *writer) object(kind plumbing.ObjectType, data []byte) plumbing.Hash {
	o := &plumbing.MemoryObject{}
	o.SetType(kind)
	_, err := o.Write(data)
	w.fail(err)
	hash, err := w.store.SetEncodedObject(o)
	w.fail(err)
	return hash
}

// tree writes a folder of files by their paths.
func (w *writer) tree(files map[string][]byte) plumbing.Hash {
	below := map[string]map[string][]byte{}
	entries := map[string]string{} // by the name that git sorts by
	for name, data := range files {
		first, rest, deeper := strings.Cut(name, "/")
		if !deeper {
			hash := w.object(plumbing.BlobObject, data)
			entries[name] = "100644 " + name + "\x00" + string(hash[:])
			continue
		}
		if below[first] == nil {
			below[first] = map[string][]byte{}
		}
		below[first][rest] = data
	}
	for name, part := range below {
		hash := w.tree(part)
		entries[name+"/"] = "40000 " + name + "\x00" + string(hash[:])
	}
	var names []string
	for name := range entries {
		names = append(names, name)
	}
	slices.Sort(names)
	var b bytes.Buffer
	for _, name := range names {
		b.WriteString(entries[name])
	}
	return w.object(plumbing.TreeObject, b.Bytes())
}
