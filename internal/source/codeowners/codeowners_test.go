package codeowners

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// owners returns who owns a path, as "PATTERN=OWNERS" for each line that decides.
func owners(r *Rules, file string) string {
	var out []string
	for _, c := range r.Claims([]string{file}, "CODEOWNERS") {
		out = append(out, c.Of+"="+strings.Join(c.Owners, ","))
	}
	return strings.Join(out, " ")
}

// TestGitHub: the last line that matches wins, a line without owners takes the
// file away, and paths that start without a slash count as git's ignore files do.
func TestGitHub(t *testing.T) {
	r := &Rules{host: GitHub}
	r.Parse([]byte("\xef\xbb\xbf* @acme/all # everyone\n\n# comment\n*.tf @acme/infra\n/deploy/ @acme/web joe@acme.com\n/deploy/local/\napps/ @octocat\ndocs/*  @acme/docs\nwith\\ space/ @acme/s\n"), "CODEOWNERS")
	for file, want := range map[string]string{
		"main.go":               "*=@acme/all",
		"deploy/web.yaml":       "/deploy/=@acme/web,joe@acme.com",
		"x/deploy/web.yaml":     "*=@acme/all",
		"deploy/local/web.yaml": "=",
		"x/apps/a.yaml":         "apps/=@octocat",
		"docs/a.md":             "docs/*=@acme/docs",
		"docs/b/a.md":           "*=@acme/all",
		"with space/a":          `with\ space/=@acme/s`,
	} {
		if got := owners(r, file); got != want {
			t.Errorf("%s belongs to %q, want %q", file, got, want)
		}
	}
	if len(r.Problems) > 0 {
		t.Errorf("problems: %v", r.Problems)
	}
	if c := r.Claims([]string{"deploy/web.yaml", "apps/a"}, ""); len(c) != 2 || c[0].Team != "web" || len(c[0].People) != 1 || c[0].Line != 5 || c[1].Team != "" || c[0].AllFiles != 2 {
		t.Errorf("claims: %+v %+v", c[0], c[1])
	}
}

// TestGitLab: every section decides on its own, and gives its owners to entries
// that name none.
func TestGitLab(t *testing.T) {
	r := &Rules{host: GitLab}
	r.Parse([]byte("* @all\n[Database][2] @dba\nmigrations/\n*.sql @sql/experts/best\n^[Docs]\n/docs/ @@maintainer\n[DATABASE]\n/last/ @last\n"), "CODEOWNERS")
	for file, want := range map[string]string{
		"a/migrations/x.go": "*=@all migrations/=@dba",
		"migrations/x.sql":  "*=@all *.sql=@sql/experts/best",
		"docs/a":            "*=@all /docs/=@@maintainer",
		"last/migrations/x": "*=@all /last/=@last",
	} {
		if got := owners(r, file); got != want {
			t.Errorf("%s belongs to %q, want %q", file, got, want)
		}
	}
	if len(r.Problems) > 0 || len(r.sections) != 3 {
		t.Errorf("%v problems: %v", r, r.Problems)
	}
}

// TestLinesThatAreNone: each is reported with its line, is a hole, and leaves the
// others standing.
func TestLinesThatAreNone(t *testing.T) {
	r := &Rules{host: GitHub}
	r.Parse([]byte("* @acme/all\n*** @acme/a\n/a/ team-a\n[Section] @acme/b\n!/x @acme/x\n"), "CODEOWNERS")
	if got := owners(r, "a/b"); got != "*=@acme/all" {
		t.Errorf("belongs to %s", got)
	}
	var lines []string
	for _, p := range r.Problems {
		lines = append(lines, fmt.Sprint(p.Line))
	}
	if got := strings.Join(lines, " "); got != "2 3 4 5" || len(r.Holes) != 4 {
		t.Errorf("problems at lines %s: %v", got, r.Problems)
	}
}

// TestFind: the first place of the host counts, for the whole repository.
func TestFind(t *testing.T) {
	write := func(dir string, names ...string) string {
		for _, n := range names {
			file := filepath.Join(dir, n)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte("* @a/b\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	hub := write(t.TempDir(), ".git/HEAD", "docs/CODEOWNERS", "CODEOWNERS", "services/a/x")
	place, ok := Find(filepath.Join(hub, "services", "a"))
	if !ok || place.Rel != "CODEOWNERS" || place.Top != hub || place.Host != GitHub {
		t.Errorf("found %+v", place)
	}
	if r := Load(place, "../../CODEOWNERS"); len(r.Problems) != 1 || r.Problems[0].File != "../../docs/CODEOWNERS" {
		t.Errorf("problems: %v", r.Problems)
	}
	write(hub, ".github/CODEOWNERS")
	if place, _ := Find(hub); place.Rel != ".github/CODEOWNERS" {
		t.Errorf("found %+v", place)
	}
	if place, _ := Find(write(t.TempDir(), ".gitlab/CODEOWNERS", ".gitlab-ci.yml")); place.Host != GitLab {
		t.Errorf("found %+v", place)
	}
	none := t.TempDir()
	if err := os.Symlink(filepath.Join(hub, "CODEOWNERS"), filepath.Join(none, "CODEOWNERS")); err != nil {
		t.Fatal(err)
	}
	if place, ok := Find(none); ok {
		t.Errorf("a link was followed: %+v", place)
	}
}

// TestManyLines: what is looked at is bounded, and evenly spread.
func TestManyLines(t *testing.T) {
	r := &Rules{host: GitHub}
	r.Parse([]byte(strings.Repeat("/a/ @acme/x\n", maxRules+10)), "CODEOWNERS")
	if len(r.Holes) != 1 || len(r.Problems) != 1 || r.Problems[0].Line != maxRules+1 {
		t.Errorf("%d holes, problems %v", len(r.Holes), r.Problems)
	}
	files := make([]string, 1000)
	for i := range files {
		files[i] = fmt.Sprintf("b/%d", i)
	}
	claims := r.Claims(files, "CODEOWNERS")
	if want := maxComparisons / maxRules; len(claims) != 1 || claims[0].AllFiles != want || claims[0].Files != want {
		t.Errorf("claims %+v", claims)
	}
	if got := fmt.Sprint(spread([]string{"a", "b", "c", "d", "e"}, 2)); got != "[a c]" {
		t.Errorf("spread: %s", got)
	}
}

// FuzzParse: no file crashes it, and every line is a rule, a heading, blank or a
// problem.
func FuzzParse(f *testing.F) {
	f.Add([]byte("* @a/b\n[S][2] @c\nd/ e@f.gh\n"), true)
	f.Add([]byte("\\\n/ @\n***\n^[x"), false)
	f.Fuzz(func(t *testing.T, data []byte, lab bool) {
		r := &Rules{host: GitHub}
		if lab {
			r.host = GitLab
		}
		r.Parse(data, "CODEOWNERS")
		r.Claims([]string{"a", "a/b/c.yaml"}, "CODEOWNERS")
		for _, p := range r.Problems {
			if p.Line < 1 {
				t.Errorf("no line: %v", p)
			}
		}
	})
}
