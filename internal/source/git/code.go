package git

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// programs are the endings of files that are run or built; what else changes does
// not make the results of tests void.
var programs = strings.Fields("go py js jsx mjs cjs ts tsx java kt kts scala groovy rb rs cs fs vb php c cc cpp h hpp m swift ex exs erl clj sql proto sh lua dart")

// Code tells of which revision results are.
type Code struct {
	dir   string
	paths []string
	// Unknown ends "it cannot be told, for ..."; empty where it can.
	Unknown string
	// Head is the revision that is checked out, Changed when a program of it changed
	// last and Commit by which one.
	Head, Commit string
	Changed      time.Time
}

// CodeOf asks git about the programs below paths, relative to a folder.
func CodeOf(ctx context.Context, dir string, paths []string) *Code {
	c := &Code{dir: dir}
	for _, p := range paths {
		for _, ext := range programs {
			if p == "." {
				c.paths = append(c.paths, ":(glob)**/*."+ext)
			} else {
				c.paths = append(c.paths, ":(glob)"+p+"/**/*."+ext)
			}
		}
	}
	head, err := run(ctx, dir, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	if err != nil {
		c.Unknown = "no git repository tells when the programs changed last"
		return c
	}
	c.Head = strings.TrimSpace(head)
	out, err := run(ctx, dir, append([]string{"log", "-1", "--format=%H %ct", "--no-show-signature", "--"}, c.paths...)...)
	if err != nil {
		c.Unknown = "git does not say when the programs changed last: " + err.Error()
		return c
	}
	commit, seconds, _ := strings.Cut(strings.TrimSpace(out), " ")
	if d, err := time.ParseDuration(seconds + "s"); err == nil {
		c.Commit, c.Changed = commit, time.Unix(int64(d/time.Second), 0).UTC()
	}
	c.uncommitted(ctx)
	return c
}

// uncommitted takes programs into account that changed since the last commit.
func (c *Code) uncommitted(ctx context.Context) {
	out, err := run(ctx, c.dir, append([]string{"diff", "--name-only", "-z", "--relative", "--no-ext-diff", "--no-textconv", "HEAD", "--"}, c.paths...)...)
	if err != nil {
		return
	}
	names := strings.Split(out, "\x00")
	for _, name := range names[:min(len(names), 50)] {
		if name == "" || c.same(ctx, name) {
			continue
		}
		if info, err := os.Stat(filepath.Join(c.dir, filepath.FromSlash(name))); err == nil && info.ModTime().After(c.Changed) {
			c.Changed, c.Commit = info.ModTime().UTC(), ""
		}
	}
}

// same reports whether a file is what the last commit holds, whatever git's index
// says of it.
func (c *Code) same(ctx context.Context, name string) bool {
	kept, err := run(ctx, c.dir, "rev-parse", "--verify", "--quiet", "HEAD:./"+name)
	if err != nil {
		return false
	}
	now, err := run(ctx, c.dir, "hash-object", "--no-filters", "--", name)
	return err == nil && strings.TrimSpace(now) == strings.TrimSpace(kept)
}

// Brought returns the commit that brought a file last, and when; both are empty for
// a file that git does not keep.
func (c *Code) Brought(ctx context.Context, file string) (commit string, at time.Time) {
	if c.Head == "" {
		return "", at
	}
	out, err := run(ctx, c.dir, "log", "-1", "--format=%H %ct", "--no-show-signature", "--", ":(literal)"+file)
	if err != nil {
		return "", at
	}
	commit, seconds, _ := strings.Cut(strings.TrimSpace(out), " ")
	if d, err := time.ParseDuration(seconds + "s"); err == nil && commit != "" {
		return commit, time.Unix(int64(d/time.Second), 0).UTC()
	}
	return "", at
}

// Since lists programs that differ between a revision and the one that is checked
// out; known is false where this clone does not hold it.
func (c *Code) Since(ctx context.Context, revision string) (changed []string, known bool) {
	if strings.HasPrefix(c.Head, revision) {
		return nil, true
	}
	if _, err := run(ctx, c.dir, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}"); err != nil {
		return nil, false
	}
	out, err := run(ctx, c.dir, append([]string{"diff", "--name-only", "-z", "--relative", "--no-renames", "--no-ext-diff", "--no-textconv", revision, "HEAD", "--"}, c.paths...)...)
	if err != nil {
		return nil, false
	}
	for _, name := range strings.Split(out, "\x00") {
		if name != "" {
			changed = append(changed, name)
		}
	}
	return changed, true
}
