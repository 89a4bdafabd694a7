package git

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// Age is when a file was changed last, and when the rest of its folder was.
type Age struct {
	// File and Code are zero where Unknown says why.
	File, Code time.Time
	// Unknown ends "the age cannot be told, for ...".
	Unknown string
}

// noCode are the files whose changes change nothing that a page describes: other
// pages, and the versions of what others wrote.
var noCode = []string{
	".", ":(exclude,icase)*.md", ":(exclude,icase)*.mdx", ":(exclude,icase)*.rst", ":(exclude,icase)*.adoc", ":(exclude,icase,top)docs/*", ":(exclude,icase)LICENSE*",
	":(exclude)*go.sum", ":(exclude)*go.mod", ":(exclude)*.lock", ":(exclude)*package-lock.json", ":(exclude)*package.json", ":(exclude)*pnpm-lock.yaml",
	":(exclude)*requirements*.txt", ":(exclude,top).github/*", ":(exclude,top).gitignore",
}

// Ages tells of files below a folder when each was changed last, and when the code
// beside them was, as far as this clone knows. It asks for at most a few seconds.
func Ages(ctx context.Context, dir string, files []string) map[string]Age {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	out := map[string]Age{}
	all := func(unknown string) map[string]Age {
		for _, f := range files {
			out[f] = Age{Unknown: unknown}
		}
		return out
	}
	if _, err := run(ctx, dir, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"); err != nil {
		return all("it stands in no git repository that holds a commit")
	}
	shallow := isShallow(ctx, dir)
	code, _, err := last(ctx, dir, noCode...)
	if err != nil {
		return all("git does not say when the code was changed: " + err.Error())
	}
	for _, f := range files {
		out[f] = age(ctx, dir, f, code, shallow)
	}
	return out
}

func age(ctx context.Context, dir, file string, code time.Time, shallow bool) Age {
	kept, err := run(ctx, dir, "rev-parse", "--verify", "--quiet", "HEAD:./"+file)
	if err != nil {
		return Age{Unknown: "it is not committed yet"}
	}
	if now, err := run(ctx, dir, "hash-object", "--no-filters", "--", file); err == nil && strings.TrimSpace(now) != strings.TrimSpace(kept) {
		return Age{File: code, Code: code} // changed since every commit
	}
	at, first, err := last(ctx, dir, ":(literal)"+file)
	switch {
	case err != nil:
		return Age{Unknown: "git does not say when it was changed: " + err.Error()}
	case at.IsZero():
		return Age{Unknown: "git does not say when it was changed"}
	case shallow && first:
		return Age{Unknown: "this clone is too shallow to know when it was changed (`git fetch --unshallow`; in actions/checkout `fetch-depth: 0`)"}
	}
	return Age{File: at, Code: code}
}

// last returns when one of the paths was changed last; first is true where that
// commit has no parent in this clone.
func last(ctx context.Context, dir string, paths ...string) (at time.Time, first bool, err error) {
	out, err := run(ctx, dir, append([]string{"log", "-1", "--format=%ct %P", "--no-show-signature", "--"}, paths...)...)
	if err != nil {
		return at, false, err
	}
	seconds, parents, _ := strings.Cut(strings.TrimSpace(out), " ")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return at, false, nil // never
	}
	return time.Unix(n, 0).UTC(), strings.TrimSpace(parents) == "", nil
}
