package git

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// most bounds what a revision may write: a tree of manifests has some megabytes.
const (
	mostFiles = 200_000
	mostBytes = 2 << 30
)

// Export writes the files of a revision that stand below a folder of the working
// tree into another folder, as git keeps them: without filters, links, or
// submodules. It returns the commit.
func Export(ctx context.Context, dir, revision, into string) (commit string, err error) {
	root, err := Root(ctx, dir)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(revision, "-") || revision == "" {
		return "", mendable("%q names no commit", revision)
	}
	commit, err = run(ctx, root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		if isShallow(ctx, root) {
			return "", mendable("this shallow clone has no %s; fetch it (in actions/checkout `fetch-depth: 0`)", revision)
		}
		return "", mendable("there is no commit %s here; fetch it, or name another", revision)
	}
	commit = strings.TrimSpace(commit)
	below, err := inside(root, dir)
	if err != nil {
		return "", err
	}
	args := []string{"ls-tree", "-r", "-z", "--full-tree", commit}
	if below != "." {
		args = append(args, "--", below)
	}
	list, err := run(ctx, root, args...)
	if err != nil {
		return "", fmt.Errorf("list the files of %s: %w", revision, err)
	}
	var files []blob
	for _, line := range strings.Split(list, "\x00") {
		head, name, found := strings.Cut(line, "\t")
		fields := strings.Fields(head)
		if !found || len(fields) != 3 || fields[1] != "blob" || fields[0] == "120000" {
			continue
		}
		rel, err := filepath.Rel(below, filepath.FromSlash(name))
		if err != nil || !filepath.IsLocal(rel) {
			continue
		}
		files = append(files, blob{id: fields[2], path: rel})
	}
	if len(files) > mostFiles {
		return "", fmt.Errorf("%s has %d files below %s; more than %d are not written", revision, len(files), below, mostFiles)
	}
	return commit, write(ctx, root, files, into)
}

type blob struct{ id, path string }

// inside returns a folder's path below the top of its working tree.
func inside(root, dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return "", err
	}
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return "", err
	}
	return filepath.Rel(root, abs)
}

// write asks one git for all contents, in order.
func write(ctx context.Context, root string, files []blob, into string) error {
	var ids bytes.Buffer
	for _, f := range files {
		fmt.Fprintln(&ids, f.id)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := exec.CommandContext(ctx, "git", "-C", root, "--no-optional-locks", "cat-file", "--batch")
	cmd.Env = append(cmd.Environ(), "GIT_TERMINAL_PROMPT=0", "LC_ALL=C", "GIT_NO_LAZY_FETCH=1")
	cmd.Stdin = &ids
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	err = unpack(bufio.NewReaderSize(pipe, 1<<16), files, into)
	if err != nil {
		cancel() // it would wait for a reader
	}
	if end := cmd.Wait(); err == nil {
		err = end
	}
	return err
}

func unpack(in *bufio.Reader, files []blob, into string) error {
	var total int64
	for _, f := range files {
		head, err := in.ReadString('\n')
		if err != nil {
			return fmt.Errorf("read %s: %w", f.path, err)
		}
		fields := strings.Fields(head)
		if len(fields) != 3 {
			return fmt.Errorf("git does not have the content of %s", f.path)
		}
		size, err := strconv.ParseInt(fields[2], 10, 64)
		if err != nil {
			return err
		}
		if total += size; total > mostBytes {
			return fmt.Errorf("the revision has more than %d MiB", mostBytes>>20)
		}
		name := filepath.Join(into, f.path)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return err
		}
		out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		if _, err = io.CopyN(out, in, size); err == nil {
			_, err = in.Discard(1)
		}
		if end := out.Close(); err == nil {
			err = end
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", f.path, err)
		}
	}
	return nil
}
