// Package git asks git which files a change touches. It runs the git program,
// which alone knows every form of repository (shallow, partial, sparse, worktrees,
// SHA-256) and whose version made it; it changes nothing and fetches nothing, and
// programs that a repository's settings name are not started.
package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Change is what differs between a base and the working tree.
type Change struct {
	// Root is the top of the working tree.
	Root string
	// Base names what was compared with, Commit is that commit: where the two
	// lines of history part, or the base itself where Note says so.
	Base, Commit string
	// Files lists what was changed, added, removed or is not tracked yet, by path
	// from the root, sorted.
	Files []string
	// Note says why more counts as changed than need be; empty mostly.
	Note string
}

// Error is something that the user can mend; its text says how.
type Error struct{ Says string }

func (e *Error) Error() string { return e.Says }

func mendable(format string, args ...any) error { return &Error{fmt.Sprintf(format, args...)} }

// Root returns the top of the working tree around a folder.
func Root(ctx context.Context, dir string) (string, error) {
	root, err := run(ctx, dir, "rev-parse", "--show-toplevel")
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "", mendable("git is not installed, and it alone knows what has changed; name the changed files with --changed FILE")
	case err != nil:
		return "", mendable("%s is in no git repository (%v); name the changed files with --changed FILE", dir, err)
	}
	return filepath.Clean(strings.TrimSuffix(root, "\n")), nil
}

// Compare returns what differs between the working tree and the commit where it
// parted from the base. An empty base means the branch that origin shows first.
func Compare(ctx context.Context, dir, base string) (*Change, error) {
	root, err := Root(ctx, dir)
	if err != nil {
		return nil, err
	}
	c := &Change{Root: root, Base: base}
	if c.Base == "" {
		if c.Base, err = first(ctx, root); err != nil {
			return nil, err
		}
	}
	if strings.HasPrefix(c.Base, "-") {
		return nil, mendable("%q names no commit", c.Base)
	}
	shallow := isShallow(ctx, root)
	tip, err := run(ctx, root, "rev-parse", "--verify", "--quiet", "--end-of-options", c.Base+"^{commit}")
	if err != nil {
		if shallow {
			return nil, mendable("this shallow clone has no %s; fetch it (`git fetch origin %s`; in actions/checkout `fetch-depth: 0`)", c.Base, strings.TrimPrefix(c.Base, "origin/"))
		}
		if strings.ContainsAny(c.Base, "~^@") {
			return nil, mendable("there is no commit %s here: the history is shorter; name another with --base", c.Base)
		}
		return nil, mendable("there is no commit %s here; fetch it (`git fetch origin %s`) or name another with --base", c.Base, strings.TrimPrefix(c.Base, "origin/"))
	}
	tip = strings.TrimSpace(tip)
	parted, err := run(ctx, root, "merge-base", tip, "HEAD")
	switch c.Commit = strings.TrimSpace(parted); {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err == nil && c.Commit != "":
	case shallow:
		c.Commit = tip
		c.Note = fmt.Sprintf("this clone is too shallow to see where the change parted from %s, so what changed there since counts as well (in actions/checkout: `fetch-depth: 0`)", c.Base)
	default:
		c.Commit = tip
		c.Note = fmt.Sprintf("HEAD and %s have no commit in common, so everything in which they differ counts", c.Base)
	}
	for _, args := range [][]string{
		{"diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=none", c.Commit, "--"},
		{"ls-files", "-z", "--others", "--exclude-standard"},
	} {
		out, err := run(ctx, root, args...)
		if err != nil {
			return nil, fmt.Errorf("git %s: %w", args[0], err)
		}
		for _, file := range strings.Split(out, "\x00") {
			if file != "" {
				c.Files = append(c.Files, path.Clean(file))
			}
		}
	}
	slices.Sort(c.Files)
	c.Files = slices.Compact(c.Files)
	return c, nil
}

// first returns the branch that origin's HEAD names.
func first(ctx context.Context, root string) (string, error) {
	if ref, err := run(ctx, root, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"); err == nil {
		return strings.TrimSpace(ref), nil
	}
	for _, ref := range []string{"origin/main", "origin/master"} {
		if _, err := run(ctx, root, "rev-parse", "--verify", "--quiet", "refs/remotes/"+ref); err == nil {
			return ref, nil
		}
	}
	return "", mendable("nothing here says which branch the change goes to; name it with --base, as in --base origin/main, or let git ask (`git remote set-head origin --auto`)")
}

func isShallow(ctx context.Context, root string) bool {
	out, err := run(ctx, root, "rev-parse", "--is-shallow-repository")
	return err == nil && strings.TrimSpace(out) == "true"
}

// run runs git and returns what it prints. The settings keep it from starting
// programs that the repository's own settings name, and from taking locks.
func run(ctx context.Context, dir string, args ...string) (string, error) {
	args = append([]string{"-C", dir, "--no-optional-locks", "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false"}, args...)
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Env = append(cmd.Environ(), "GIT_TERMINAL_PROMPT=0", "LC_ALL=C", "GIT_NO_LAZY_FETCH=1")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		if says, _, _ := strings.Cut(strings.TrimSpace(errs.String()), "\n"); says != "" {
			return "", errors.New(strings.TrimPrefix(says, "fatal: "))
		}
		return "", err
	}
	return out.String(), nil
}
