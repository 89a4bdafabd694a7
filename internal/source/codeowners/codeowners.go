// Package codeowners reads CODEOWNERS as GitHub and GitLab do: the file of the
// first of their places, the last matching line of a section wins.
package codeowners

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/hmarr/codeowners"

	"seaworthy.dev/seaworthy/internal/derive/owner"
	"seaworthy.dev/seaworthy/internal/fact"
)

// GitHub reads no file above 3 MB. The number of lines and of comparisons bounds
// the time that a hostile file takes.
const (
	maxFile        = 3 << 20
	maxRules       = 20_000
	maxComparisons = 2_000_000
)

// Host is the git host by whose rules the file is read.
type Host string

// The hosts. A file of neither place is read as GitHub does.
const (
	GitHub Host = "github"
	GitLab Host = "gitlab"
)

// Place is where a repository keeps its file.
type Place struct {
	// Top is the repository's root, or the judged folder outside of one.
	Top string
	// Rel is the file below it, with slashes.
	Rel  string
	Host Host
	// Shadowed lists files that the host does not read, because of this one.
	Shadowed []string
}

// Find returns the file that counts for a folder: that of the git repository
// around it. ok is false where there is none.
func Find(dir string) (place Place, ok bool) {
	top, err := filepath.Abs(dir)
	if err != nil {
		return Place{}, false
	}
	place = Place{Top: root(top), Host: GitHub}
	has := func(rel string) bool {
		info, err := os.Lstat(filepath.Join(place.Top, filepath.FromSlash(rel)))
		return err == nil && info.Mode().IsRegular()
	}
	places := []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"}
	if has(".gitlab/CODEOWNERS") && !has(".github/CODEOWNERS") || has(".gitlab-ci.yml") && !folder(filepath.Join(place.Top, ".github")) {
		place.Host = GitLab
		places = []string{"CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"}
	}
	for _, rel := range places {
		switch {
		case !has(rel):
		case place.Rel == "":
			place.Rel = rel
		default:
			place.Shadowed = append(place.Shadowed, rel)
		}
	}
	return place, place.Rel != ""
}

// root returns the folder with .git, or the folder itself outside of git.
func root(dir string) string {
	for at, steps := dir, 0; steps < 64; steps++ {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		up := filepath.Dir(at)
		if up == at {
			break
		}
		at = up
	}
	return dir
}

func folder(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && info.IsDir()
}

// Rules are the lines of a file.
type Rules struct {
	host     Host
	sections []*section
	Problems []fact.Problem
	// Holes say what could not be read, all of kind Owners.
	Holes []fact.Hole
}

// section is a part of the file in which one line wins on its own; GitHub has
// only one.
type section struct {
	name   string
	owners []string // of entries that name none
	rules  []rule
}

type rule struct {
	pattern codeowners.Rule
	text    string
	owners  []string
	at      fact.Location
}

// Load reads the file of a place; shown is how reports name it.
func Load(place Place, shown string) *Rules {
	r := &Rules{host: place.Host}
	file, err := os.Open(filepath.Join(place.Top, filepath.FromSlash(place.Rel)))
	if err != nil {
		r.lose(fact.Location{File: shown}, "cannot be read: %v", reason(err))
		return r
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	switch {
	case err != nil:
		r.lose(fact.Location{File: shown}, "cannot be read: %v", reason(err))
	case len(data) > maxFile:
		r.lose(fact.Location{File: shown}, "is larger than %d MB, so GitHub reads none of it; use patterns of folders", maxFile>>20)
	default:
		r.Parse(data, shown)
	}
	for _, rel := range place.Shadowed {
		says := fmt.Sprintf("counts for nobody, because %s comes first; keep one of the two", place.Rel)
		r.Problems = append(r.Problems, fact.Problem{Location: fact.Location{File: path.Join(strings.TrimSuffix(shown, place.Rel), rel)}, Message: says})
	}
	return r
}

func reason(err error) error {
	if at, ok := err.(*fs.PathError); ok {
		return at.Err
	}
	return err
}

// lose records something that could not be read.
func (r *Rules) lose(at fact.Location, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	r.Problems = append(r.Problems, fact.Problem{Location: at, Message: message})
	says, _, _ := strings.Cut(message, "; ")
	r.Holes = append(r.Holes, fact.Hole{Kinds: []fact.Kind{fact.Owners}, Location: at, Why: path.Base(at.File) + " " + says})
}

var heading = regexp.MustCompile(`^\^?\[([^\]]+)\](?:\[\d+\])?(?:\s+(.*))?$`)

// Parse reads the lines of a file.
func (r *Rules) Parse(data []byte, shown string) {
	if r.host == "" {
		r.host = GitHub
	}
	current := &section{}
	r.sections = append(r.sections, current)
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	rules := 0
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		at := fact.Location{File: shown, Line: i + 1, Column: 1}
		if line == "" || line[0] == '#' {
			continue
		}
		if m := heading.FindStringSubmatch(line); m != nil && (r.host == GitLab || strings.HasPrefix(line, "^") || m[2] != "" || !strings.ContainsAny(m[1], "*-")) {
			if r.host == GitHub {
				r.lose(at, "starts a section, which GitLab knows and GitHub does not; GitHub leaves the line out")
				continue
			}
			current = r.section(m[1], strings.Fields(m[2]))
			continue
		}
		if rules++; rules > maxRules {
			r.lose(at, "is where reading stopped: the file has more than %d patterns; use patterns of folders", maxRules)
			return
		}
		parsed, err := r.rule(line)
		if err != nil {
			r.lose(at, "%v (the git host leaves the line out)", err)
			continue
		}
		parsed.at = at
		if len(parsed.owners) == 0 {
			parsed.owners = current.owners
		}
		current.rules = append(current.rules, parsed)
	}
}

// section returns the section of that name, new or known; names do not tell
// capitals apart.
func (r *Rules) section(name string, owners []string) *section {
	for _, s := range r.sections[1:] {
		if strings.EqualFold(s.name, name) {
			if len(owners) > 0 {
				s.owners = owners
			}
			return s
		}
	}
	s := &section{name: name, owners: owners}
	r.sections = append(r.sections, s)
	return s
}

// anyOwner takes whatever names somebody: GitLab has roles and nested groups.
func anyOwner(text string) (codeowners.Owner, error) {
	if !strings.HasPrefix(text, "@") && !owner.IsAddress(text) || text == "@" {
		return codeowners.Owner{}, codeowners.ErrNoMatch
	}
	return codeowners.Owner{Value: text}, nil
}

func (r *Rules) rule(line string) (out rule, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("cannot be read: %v", p)
		}
	}()
	text := line
	if r.host == GitLab && !strings.HasPrefix(line, "/") && !strings.HasPrefix(line, "*") {
		text = "**/" + line // without a slash in front, a path counts in every folder
	}
	list, err := codeowners.ParseFile(strings.NewReader(text), codeowners.WithOwnerMatchers([]codeowners.OwnerMatcher{codeowners.OwnerMatchFunc(anyOwner)}))
	if err != nil {
		return out, errors.New(wrong(err.Error()))
	}
	if len(list) != 1 {
		return out, fmt.Errorf("is no line of owners")
	}
	if strings.Trim(list[0].RawPattern(), "/") == "" {
		return out, fmt.Errorf("is no line of owners: a slash alone names no path; write * for every file")
	}
	out.pattern, out.text = list[0], list[0].RawPattern()
	if text != line {
		out.text = strings.TrimPrefix(out.text, "**/")
	}
	for _, o := range list[0].Owners {
		out.owners = append(out.owners, o.Value)
	}
	return out, nil
}

var (
	badOwner     = regexp.MustCompile(`invalid owner format '([^']*)'`)
	badCharacter = regexp.MustCompile(`unexpected character '(.)'`)
)

// wrong says in our words what the library says of a line.
func wrong(says string) string {
	if m := badOwner.FindStringSubmatch(says); m != nil {
		return fmt.Sprintf("names the owner %s; write @organisation/team, @user or an address", m[1])
	}
	if m := badCharacter.FindStringSubmatch(says); m != nil {
		return fmt.Sprintf("has a %s in its pattern, where it cannot stand; CODEOWNERS has neither ranges nor negation, so write the paths out", m[1])
	}
	return "is no line of owners: " + strings.TrimPrefix(says, "line 1: ")
}
