package kustomize

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	yaml "go.yaml.in/yaml/v3"
	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/child"
	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

var update = flag.Bool("update", false, "rewrite want in every case")

// TestCases renders the trees below testdata. Each case's first line says why
// it exists; its section "want" shows the plan and, for each root, the objects
// with the line of every scalar ("-" where it is not known). Files whose name
// ends in " -> target" become links.
func TestCases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
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
			if len(strings.TrimSpace(string(archive.Comment))) == 0 {
				t.Fatal("the first line must say why the case exists")
			}
			root, want := unpack(t, archive)
			got := show(t, root)
			if again := show(t, root); again != got {
				t.Errorf("two runs differ:\n%s\n---\n%s", got, again)
			}
			if got == want {
				return
			}
			if *update {
				rewrite(t, name, archive, got)
				return
			}
			t.Errorf("got\n%s\nwant\n%s", got, want)
		})
	}
}

func unpack(t *testing.T, archive *txtar.Archive) (root, want string) {
	t.Helper()
	root = filepath.Join(t.TempDir(), "judged")
	for _, f := range archive.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		name, target, link := strings.Cut(f.Name, " -> ")
		at := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if link {
			err = os.Symlink(target, at)
		} else {
			err = os.WriteFile(at, f.Data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root, want
}

func rewrite(t *testing.T, name string, archive *txtar.Archive, got string) {
	t.Helper()
	kept := archive.Files[:0:0]
	for _, f := range archive.Files {
		if f.Name != "want" {
			kept = append(kept, f)
		}
	}
	archive.Files = append(kept, txtar.File{Name: "want", Data: []byte(got)})
	if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// kustomizations finds the folders as the walk of a repository does.
func kustomizations(t *testing.T, root string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(root, func(name string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && slices.Contains(fileNames(), e.Name()) {
			rel, _ := filepath.Rel(root, filepath.Dir(name))
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// show plans and renders a folder and writes all of it down.
func show(t *testing.T, root string) string {
	t.Helper()
	plan, err := Read(root, "", kustomizations(t, root))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(plan.Consumed)) {
		fmt.Fprintf(&b, "consumed %s\n", name)
	}
	for _, name := range plan.Components {
		fmt.Fprintf(&b, "component %s\n", name)
	}
	for _, name := range plan.Manifests {
		fmt.Fprintf(&b, "manifest %s\n", name)
	}
	problems(&b, plan.Problems)
	w := child.New(Job, Limits())
	defer w.Close()
	for _, r := range plan.Roots {
		fmt.Fprintf(&b, "root %s bundle=%s variant=%s\n", r.Folder, r.Bundle, r.Variant)
		out, err := plan.Render(t.Context(), w, r)
		if err != nil {
			t.Fatal(err)
		}
		problems(&b, out.Problems)
		for _, h := range out.Holes {
			fmt.Fprintf(&b, "hole %s %s\n", place(h.Location), h.Why)
		}
		for _, doc := range out.Documents {
			node, problem := doc.Parse()
			if problem != nil {
				t.Fatal(problem)
			}
			text := func(path ...any) string { return decode.Text(decode.Dig(node, path...)) }
			fmt.Fprintf(&b, "%s %s/%s %s\n", place(doc.At(node)), text("kind"), text("metadata", "name"), text("metadata", "namespace"))
			leaves(&b, doc, node, "")
		}
	}
	return b.String()
}

func problems(b *strings.Builder, list []fact.Problem) {
	for _, p := range list {
		fmt.Fprintf(b, "problem %s %s\n", place(p.Location), p.Message)
	}
}

func place(at fact.Location) string {
	switch {
	case at.Line == 0:
		return at.File + ":-"
	case at.Column == 0:
		return fmt.Sprintf("%s:%d", at.File, at.Line)
	}
	return fmt.Sprintf("%s:%d:%d", at.File, at.Line, at.Column)
}

func leaves(b *strings.Builder, doc decode.Document, n *decode.Node, at string) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			leaves(b, doc, n.Content[i+1], strings.TrimPrefix(at+"."+n.Content[i].Value, "."))
		}
	case yaml.SequenceNode:
		for i, item := range n.Content {
			leaves(b, doc, item, fmt.Sprintf("%s[%d]", at, i))
		}
	default:
		line := "-"
		if where := doc.At(n); where.Line > 0 {
			line = fmt.Sprint(where.Line)
		}
		if at != "apiVersion" && at != "kind" {
			fmt.Fprintf(b, "  %s %s: %s\n", line, at, n.Value)
		}
	}
}
