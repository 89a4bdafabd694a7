package fact

import (
	"fmt"
	"time"
)

// Leaked is a secret that stands in a file of the tree, or in a past revision
// of one. Its value is never kept.
type Leaked struct {
	// Ref's subject is the file; its line is known only in the tree.
	Ref
	// Rule is gitleaks' name for what was recognised, Smell says it in words,
	// for instance "an aws-access-token".
	Rule, Smell string
	// Path is the file's path from the top of the repository, Line where the
	// secret stands in it, in the tree or in that revision.
	Path string
	Line int
	// Guessed is true where only a person can tell whether it is a secret.
	Guessed bool
	// Aside is true for files that explain or test.
	Aside bool
	// Commit brought it first, on Since (its author's date). Both are empty where
	// the history was not read, or has it not.
	Commit string
	Since  time.Time
	// First is the fingerprint of the place at which that commit brought it.
	First string
	// StillThere is true where it stands in the tree.
	StillThere bool
	// Digest is the same for the same value, within one run: it is salted with a
	// number that nobody keeps.
	Digest string
	// HiddenBy names the exception of the tree's own that leaves it out:
	// .gitleaks.toml, .gitleaksignore or an inline comment; empty for none.
	HiddenBy string
}

// Fingerprint names the leak as gitleaks does: commit:file:rule:line, without
// the commit where none is known.
func (l *Leaked) Fingerprint() string {
	if l.First != "" {
		return l.First
	}
	place := fmt.Sprintf("%s:%s:%d", l.Path, l.Rule, l.Line)
	if l.Commit == "" {
		return place
	}
	return l.Commit + ":" + place
}

// LeakScan says how far files or their history were searched for secrets.
type LeakScan struct {
	Ref
	// History is true for past revisions, false for the tree.
	History bool
	// Files counts the files that were searched, or their versions; Commits the
	// revisions.
	Files, Commits int
	// Unread says why some of it was not searched; empty where all was. Absent
	// is true where there is none to search.
	Unread string
	Absent bool
}
