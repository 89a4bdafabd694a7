package kustomize

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// tree reads files below the judged folder and nothing else.
type tree struct {
	root *os.Root
	real string // the folder on disk with every link resolved
}

func openTree(name string) (*tree, error) {
	real, err := filepath.EvalSymlinks(name)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	root, err := os.OpenRoot(real)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	return &tree{root: root, real: real}, nil
}

// Why a path cannot be used, as the end of a sentence that starts with it.
var (
	errAbove   = errors.New("leads out of the judged folder, so it is not read; judge a folder that holds both")
	errLink    = errors.New("is a link out of the judged folder and is not followed")
	errMissing = errors.New("is not there")
	errSpecial = errors.New("is neither a file nor a folder")
)

// find follows links and returns where a path really stands, relative to the
// judged folder.
func (t *tree) find(rel string) (string, fs.FileInfo, error) {
	if outside(rel) {
		return "", nil, errAbove
	}
	real, err := filepath.EvalSymlinks(filepath.Join(t.real, filepath.FromSlash(rel)))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil, errMissing
	case err != nil:
		return "", nil, fmt.Errorf("cannot be opened: %w", plain(err))
	}
	inside, err := filepath.Rel(t.real, real)
	if inside = filepath.ToSlash(inside); err != nil || outside(inside) {
		return "", nil, errLink
	}
	info, err := t.root.Stat(filepath.FromSlash(inside))
	switch {
	case err != nil:
		return "", nil, fmt.Errorf("cannot be opened: %w", plain(err))
	case !info.IsDir() && !info.Mode().IsRegular():
		return "", nil, errSpecial
	}
	return inside, info, nil
}

// read returns a file of at most so many bytes. The path is one that find
// returned.
func (t *tree) read(rel string, limit int64) ([]byte, error) {
	file, err := t.root.Open(filepath.FromSlash(rel))
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", plain(err))
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot be read: %w", plain(err))
	case int64(len(data)) > limit:
		return nil, fmt.Errorf("is larger than %d KiB, so it is not read", limit>>10)
	}
	return data, nil
}

// names returns what a folder holds, sorted; nothing if it cannot be read.
func (t *tree) names(rel string) []string {
	folder, err := t.root.Open(filepath.FromSlash(rel))
	if err != nil {
		return nil
	}
	defer folder.Close()
	entries, _ := folder.ReadDir(maxFiles) // what was read until an error counts
	var out []string
	for _, e := range entries {
		if !e.IsDir() {
			out = append(out, e.Name())
		}
	}
	return out
}

func outside(rel string) bool {
	return rel == ".." || strings.HasPrefix(rel, "../") || path.IsAbs(rel)
}

// within reports whether a path is a folder or stands in it.
func within(rel, folder string) bool {
	return folder == "." || rel == folder || strings.HasPrefix(rel, folder+"/")
}

// relative returns the path that leads from one folder to another, both
// relative to the judged folder.
func relative(from, to string) string {
	rel, err := filepath.Rel(filepath.FromSlash(from), filepath.FromSlash(to))
	if err != nil {
		return to
	}
	return filepath.ToSlash(rel)
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
