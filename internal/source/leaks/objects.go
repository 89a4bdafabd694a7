package leaks

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	objectcache "github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// maxBlob bounds the versions of files that are searched.
const maxBlob = 16 << 20

// errMissing says that an object is not in this clone.
var errMissing = errors.New("is not in this clone")

// errLarge says that an object is too large to be searched.
var errLarge = errors.New("is too large")

// objects reads what a repository holds. It runs nothing, and neither fetches
// nor follows what the repository's configuration says. One serves one worker.
type objects struct {
	stores []*filesystem.Storage
}

// open opens the objects of a repository, and those that it borrows from others
// on this machine.
func (r *repository) open() *objects {
	o := &objects{}
	// Those of others are asked first: what go-git does not find in the own ones
	// it looks for in all others anew, each time.
	text, _ := readSmall(filepath.Join(r.shared, "objects", "info", "alternates"))
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") && len(o.stores) < 8 {
			o.add(filepath.Dir(absolute(filepath.Join(r.shared, "objects"), line)))
		}
	}
	o.add(r.shared)
	return o
}

func (o *objects) add(folder string) {
	o.stores = append(o.stores, filesystem.NewStorageWithOptions(osfs.New(folder), objectcache.NewObjectLRU(32<<20), filesystem.Options{
		ExclusiveAccess: true, KeepDescriptors: true, LargeObjectThreshold: maxBlob,
	}))
}

func (o *objects) close() {
	for _, s := range o.stores {
		_ = s.ObjectStorage.Close()
	}
}

// read returns an object's content. Whatever is wrong with it is an error.
func (o *objects) read(hash plumbing.Hash, kind plumbing.ObjectType, buffer *bytes.Buffer) (data []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			data, err = nil, fmt.Errorf("cannot be read (%v)", p)
		}
	}()
	for _, s := range o.stores {
		object, err := s.EncodedObject(kind, hash)
		if errors.Is(err, plumbing.ErrObjectNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("cannot be read: %w", err)
		}
		from, err := object.Reader()
		if err != nil {
			return nil, fmt.Errorf("cannot be read: %w", err)
		}
		defer from.Close()
		buffer.Reset()
		size := int64(maxBlob)
		if object.Size() > size {
			size = 8000 // enough to tell whether it is text
		}
		if _, err := buffer.ReadFrom(io.LimitReader(from, size)); err != nil {
			return nil, fmt.Errorf("cannot be read: %w", err)
		}
		if object.Size() > maxBlob {
			return buffer.Bytes(), errLarge
		}
		return buffer.Bytes(), nil
	}
	return nil, errMissing
}

// commit is a revision.
type commit struct {
	hash, tree plumbing.Hash
	parents    []plumbing.Hash
	when       time.Time // its author's date
	committed  int64
}

// parseCommit reads a commit's head.
func parseCommit(hash plumbing.Hash, data []byte) *commit {
	c := &commit{hash: hash}
	for line := range bytes.Lines(data) {
		line = bytes.TrimRight(line, "\n")
		if len(line) == 0 {
			break
		}
		name, value, _ := strings.Cut(string(line), " ")
		switch name {
		case "tree":
			c.tree = plumbing.NewHash(value)
		case "parent":
			c.parents = append(c.parents, plumbing.NewHash(value))
		case "author":
			c.when = dateOf(value)
		case "committer":
			c.committed = dateOf(value).Unix()
		}
	}
	return c
}

// dateOf reads the end of "Name <address> seconds zone".
func dateOf(signature string) time.Time {
	var seconds int64
	rest := signature[strings.LastIndexByte(signature, '>')+1:]
	_, _ = fmt.Sscan(rest, &seconds)
	return time.Unix(seconds, 0).UTC()
}

// entry is what a folder of a revision holds.
type entry struct {
	mode, name string
	hash       plumbing.Hash
}

// parseTree reads a folder of a revision.
func parseTree(data []byte) (out []entry, err error) {
	for len(data) > 0 {
		space, end := bytes.IndexByte(data, ' '), bytes.IndexByte(data, 0)
		if space < 0 || end < space || len(data) < end+21 {
			return out, errors.New("is no tree")
		}
		e := entry{mode: string(data[:space]), name: string(data[space+1 : end])}
		copy(e.hash[:], data[end+1:])
		out = append(out, e)
		data = data[end+21:]
	}
	return out, nil
}

// tips lists what the repository's references name: branches, tags, what was
// fetched, stashed, and checked out here or in other checkouts.
func (r *repository) tips(o *objects) (out []plumbing.Hash, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("its references cannot be read (%v)", p)
		}
	}()
	heads := []string{filepath.Join(r.own, "HEAD"), filepath.Join(r.shared, "HEAD")}
	others, _ := filepath.Glob(filepath.Join(r.shared, "worktrees", "*", "HEAD"))
	for _, name := range append(heads, others...) {
		if text, err := os.ReadFile(name); err == nil && plumbing.IsHash(strings.TrimSpace(string(text))) {
			out = append(out, plumbing.NewHash(strings.TrimSpace(string(text))))
		}
	}
	references, err := o.stores[len(o.stores)-1].IterReferences()
	if err != nil {
		return nil, fmt.Errorf("its references cannot be read: %w", err)
	}
	defer references.Close()
	err = references.ForEach(func(ref *plumbing.Reference) error {
		if ref.Type() == plumbing.HashReference {
			out = append(out, ref.Hash())
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("its references cannot be read: %w", err)
	}
	return out, nil
}
