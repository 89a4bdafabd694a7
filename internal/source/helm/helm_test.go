package helm

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/child"
	"seaworthy.dev/seaworthy/internal/fact"
)

var update = flag.Bool("update", false, "rewrite the want section of every case")

// TestMain lets the test binary render charts in a process of its own.
func TestMain(m *testing.M) {
	if child.Serve(map[string]child.Handler{Job: Handle}) {
		return
	}
	flag.Parse()
	os.Exit(m.Run())
}

// patient are limits that no machine is too slow for.
func patient() child.Limits { return child.Limits{Deadline: 5 * time.Minute, Memory: Memory} }

// write puts the files of an archive into an empty folder.
func write(t *testing.T, archive *txtar.Archive) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range archive.Files {
		file := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func renderWith(t *testing.T, w *child.Worker, dir string, v Variant) Rendering {
	t.Helper()
	c := Chart{Dir: filepath.Join(dir, "chart"), Root: dir, Shown: "chart", KubeVersion: fact.Version{Major: 1, Minor: 37}}
	got, err := Render(t.Context(), w, c, v)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestCharts renders the chart of each case in all its variants, and compares
// every line with the line of the template that it is attributed to.
func TestCharts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if strings.TrimSpace(string(archive.Comment)) == "" {
				t.Fatal("the first line must say why the case exists")
			}
			want := ""
			if last := len(archive.Files) - 1; archive.Files[last].Name == "want" {
				want = string(archive.Files[last].Data)
				archive.Files = archive.Files[:last]
			}
			dir := write(t, archive)
			w := child.New(Job, patient())
			defer w.Close()
			var got strings.Builder
			for _, v := range Variants(filepath.Join(dir, "chart")) {
				r := renderWith(t, w, dir, v)
				show(&got, v, r)
				checkLines(t, dir, r)
				var again strings.Builder
				show(&again, v, renderWith(t, w, dir, v))
				if !strings.HasSuffix(got.String(), again.String()) {
					t.Errorf("two renderings of %q differ:\n%s", v.Name, again.String())
				}
			}
			if got.String() == want {
				return
			}
			if !*update {
				t.Errorf("got\n%s\nwant\n%s", got.String(), want)
				return
			}
			archive.Files = append(archive.Files, txtar.File{Name: "want", Data: []byte(got.String())})
			if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// show writes a rendering: each line of each document after the line of the
// template that it comes from.
func show(b *strings.Builder, v Variant, r Rendering) {
	fmt.Fprintf(b, "# variant %q\n", v.Name)
	if r.Library {
		b.WriteString("library\n")
	}
	for _, d := range r.Documents {
		fmt.Fprintf(b, "## %s\n", d.File)
		for i, line := range strings.Split(strings.TrimSuffix(string(d.Data), "\n"), "\n") {
			at := "="
			if d.Lines != nil {
				at = fmt.Sprint(d.Lines(i + 1))
			}
			fmt.Fprintf(b, "%3s|%s\n", at, strings.TrimSuffix(line, "\r"))
		}
	}
	for _, p := range r.Problems {
		fmt.Fprintf(b, "problem %s:%d:%d %s\n", p.File, p.Line, p.Column, p.Message)
	}
	for _, h := range r.Withheld {
		fmt.Fprintf(b, "withheld %s %s %s %s: %s\n", h.File, h.APIVersion, h.Kind, h.Name, strings.Join(h.APIs, " "))
	}
	for _, h := range r.Holes {
		fmt.Fprintf(b, "hole %s:%d %s\n", h.File, h.Line, h.Why)
	}
}

// embeds matches actions that write text which stands elsewhere.
var embeds = regexp.MustCompile(`\b(?:include|template|block|tpl|toYaml)\b`)

// checkLines compares without being told what to expect: a line of the output
// that stands in the template in the same words, and only once, must be
// attributed to it; and no line may be beyond the template's end.
func checkLines(t *testing.T, dir string, r Rendering) {
	t.Helper()
	for _, d := range r.Documents {
		if d.Lines == nil {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(d.File)))
		if err != nil {
			continue // in an archive
		}
		source := strings.Split(string(data), "\n")
		count, where := map[string]int{}, map[string]int{}
		for i, line := range source {
			line = strings.TrimSpace(line)
			count[line]++
			where[line] = i + 1
		}
		for i, line := range strings.Split(string(d.Data), "\n") {
			line = strings.TrimSpace(line)
			got := d.Lines(i + 1)
			if got < 0 || got > len(source) {
				t.Errorf("%s: line %d is beyond the template", d.File, got)
			}
			if line != "" && count[line] == 1 && got > 0 && got != where[line] && !embeds.MatchString(source[got-1]) {
				t.Errorf("%s: %q is attributed to line %d, it stands at %d", d.File, line, got, where[line])
			}
		}
	}
}
