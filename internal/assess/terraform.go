package assess

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/source/repo"
	"seaworthy.dev/seaworthy/internal/source/terraform"
)

// terraformReader reads Terraform and OpenTofu.
func terraformReader(ctx context.Context, tree *repo.Tree, o Options) reading {
	open := inside(tree)
	in := terraform.Tree{Files: tree.Files[repo.Terraform], Show: tree.Show}
	in.Given = varFiles(o.land)
	in.Stream = func(rel string) (io.ReadCloser, error) {
		file, _, err := open(rel)
		return file, err
	}
	in.Open = func(rel string, limit int) ([]byte, error) {
		file, size, err := open(rel)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		if size > int64(limit) {
			return nil, fmt.Errorf("it has %d MB, and more than %d MB are not read", size>>20, limit>>20)
		}
		return io.ReadAll(io.LimitReader(file, int64(limit)))
	}
	for _, f := range tree.Manifests {
		if strings.HasSuffix(strings.ToLower(f.Path), ".json") {
			in.JSON = append(in.JSON, f.Path)
		}
	}
	in.Head = func(rel string) []byte { return head(tree.Join(rel)) }
	for _, f := range tree.Manifests {
		in.Templates = append(in.Templates, f.Path)
	}
	r := terraform.Read(ctx, in)
	return reading{sets: r.Sets, problems: r.Problems, assumptions: r.Assumptions, files: r.Files}
}

// varFiles returns, by root, the choices of variable files that manifests name.
func varFiles(land territory) map[string][][]string {
	out := map[string][][]string{}
	for _, s := range land {
		for _, t := range s.Sources.Terraform {
			var files []string
			for _, v := range t.VarFiles {
				files = append(files, path.Join(t.Dir, v))
			}
			if len(files) > 0 && !slices.ContainsFunc(out[t.Dir], func(other []string) bool { return slices.Equal(other, files) }) {
				out[t.Dir] = append(out[t.Dir], files)
			}
		}
	}
	return out
}

// inside opens files below the tree's root. Links that lead out of it are not
// followed.
func inside(tree *repo.Tree) func(rel string) (file *os.File, size int64, err error) {
	root, err := filepath.EvalSymlinks(tree.Root)
	if err != nil {
		root = tree.Root
	}
	return func(rel string) (*os.File, int64, error) {
		real, err := filepath.EvalSymlinks(tree.Join(rel))
		if err != nil {
			return nil, 0, reason(err)
		}
		below, err := filepath.Rel(root, real)
		if err != nil || !filepath.IsLocal(below) {
			return nil, 0, errors.New("it is a link out of the tree, which is not followed")
		}
		info, err := os.Stat(real) // before it is opened: a pipe would block
		switch {
		case err != nil:
			return nil, 0, reason(err)
		case !info.Mode().IsRegular():
			return nil, 0, errors.New("it is no file")
		}
		file, err := os.Open(real)
		if err != nil {
			return nil, 0, reason(err)
		}
		return file, info.Size(), nil
	}
}

// head returns the first bytes of a file, or none.
func head(name string) []byte {
	file, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer file.Close()
	out := make([]byte, 2048)
	n, err := io.ReadFull(file, out)
	if err != nil && n == 0 {
		return nil
	}
	return out[:n]
}

// reason drops the path from a file system error, since the place is said
// anyway.
func reason(err error) error {
	if path := (*os.PathError)(nil); errors.As(err, &path) {
		return path.Err
	}
	return err
}
