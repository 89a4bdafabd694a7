package assess

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"seaworthy.dev/seaworthy/internal/source/repo"
	"seaworthy.dev/seaworthy/internal/source/terraform"
)

// terraformReader reads Terraform and OpenTofu.
func terraformReader(ctx context.Context, tree *repo.Tree, _ Options) reading {
	in := terraform.Tree{Files: tree.Files[repo.Terraform], Open: opener(tree), Show: tree.Show}
	for _, f := range tree.Manifests {
		if strings.HasSuffix(strings.ToLower(f.Path), ".json") {
			in.JSON = append(in.JSON, f.Path)
		}
	}
	r := terraform.Read(ctx, in)
	return reading{sets: r.Sets, problems: r.Problems, assumptions: r.Assumptions, files: r.Files}
}

// opener reads files below the tree's root. Links that lead out of it are not
// followed.
func opener(tree *repo.Tree) func(rel string, limit int) ([]byte, error) {
	root, err := filepath.EvalSymlinks(tree.Root)
	if err != nil {
		root = tree.Root
	}
	return func(rel string, limit int) ([]byte, error) {
		real, err := filepath.EvalSymlinks(tree.Join(rel))
		if err != nil {
			return nil, reason(err)
		}
		inside, err := filepath.Rel(root, real)
		if err != nil || !filepath.IsLocal(inside) {
			return nil, errors.New("it is a link out of the tree, which is not followed")
		}
		file, err := os.Open(real)
		if err != nil {
			return nil, reason(err)
		}
		defer file.Close()
		info, err := file.Stat()
		switch {
		case err != nil:
			return nil, reason(err)
		case !info.Mode().IsRegular():
			return nil, errors.New("it is no file")
		case info.Size() > int64(limit):
			return nil, fmt.Errorf("it has %d MB, and more than %d MB are not read", info.Size()>>20, limit>>20)
		}
		return io.ReadAll(io.LimitReader(file, int64(limit)))
	}
}

// reason drops the path from a file system error, since the place is said
// anyway.
func reason(err error) error {
	if path := (*os.PathError)(nil); errors.As(err, &path) {
		return path.Err
	}
	return err
}
