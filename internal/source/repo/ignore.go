package repo

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
)

// ignores is git's stack of ignore patterns: those of the folders above, then
// those of the folder itself. Later ones win.
type ignores struct {
	patterns []gitignore.Pattern
	// above are the names of the folders between the repository's root and
	// the judged one: patterns are written relative to their own folder.
	above []string
}

// parentIgnores collects the patterns of the folders above, up to the root of
// the git repository, and those of .git/info/exclude. Outside a repository,
// or if the judged folder is itself ignored, none count.
func parentIgnores(root string) ignores {
	root, err := filepath.Abs(root)
	if err != nil {
		return ignores{}
	}
	top := root
	for range 64 {
		if _, err := os.Stat(filepath.Join(top, ".git")); err == nil {
			break
		}
		up := filepath.Dir(top)
		if up == top {
			return ignores{}
		}
		top = up
	}
	rel, err := filepath.Rel(top, root)
	if err != nil {
		return ignores{}
	}
	var in ignores
	in.read(filepath.Join(top, ".git", "info", "exclude"), nil)
	if rel == "." {
		return in
	}
	steps := strings.Split(filepath.ToSlash(rel), "/")
	for i := range steps {
		in.read(filepath.Join(append([]string{top}, append(append([]string(nil), steps[:i]...), ".gitignore")...)...), steps[:i])
	}
	for i := range steps {
		if (&ignores{patterns: in.patterns}).match(strings.Join(steps[:i+1], "/"), true) {
			return ignores{above: steps}
		}
	}
	in.above = steps
	return in
}

// push adds the patterns of a folder and returns the mark for pop.
func (in *ignores) push(folder, rel string) int {
	mark := len(in.patterns)
	domain := append([]string(nil), in.above...)
	if rel != "" {
		domain = append(domain, strings.Split(rel, "/")...)
	}
	in.read(filepath.Join(folder, ".gitignore"), domain)
	return mark
}

func (in *ignores) pop(mark int) { in.patterns = in.patterns[:mark] }

func (in *ignores) read(file string, domain []string) {
	data, err := os.ReadFile(file)
	if err != nil {
		return // most folders above have none
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		if line := lines.Text(); strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#") {
			in.patterns = append(in.patterns, gitignore.ParsePattern(line, domain))
		}
	}
}

// match reports whether git would ignore the path.
func (in *ignores) match(rel string, dir bool) bool {
	if len(in.patterns) == 0 {
		return false
	}
	steps := append(append(make([]string, 0, 16), in.above...), strings.Split(rel, "/")...)
	for i := len(in.patterns) - 1; i >= 0; i-- {
		if result := in.patterns[i].Match(steps, dir); result != gitignore.NoMatch {
			return result == gitignore.Exclude
		}
	}
	return false
}
