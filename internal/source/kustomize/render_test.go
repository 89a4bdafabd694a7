package kustomize

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"seaworthy.dev/seaworthy/internal/child"
)

// write puts files below a new folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		at := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func plan(t *testing.T, root, shown string) *Plan {
	t.Helper()
	p, err := Read(root, shown, kustomizations(t, root))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// services returns n objects that do nothing.
func services(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: s%d\n", i)
	}
	return b.String()
}

// long returns one object of 15 MiB.
func long(name string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\ndata:\n  long: " + strings.Repeat("x", 15<<20) + "\n"
}

// TestLostChild shows that a root that outgrows its memory costs that root and
// not the next one.
func TestLostChild(t *testing.T) {
	t.Parallel()
	root := write(t, map[string]string{
		"large/kustomization.yaml": "resources: [a.yaml, b.yaml]\n",
		"large/a.yaml":             long("a"),
		"large/b.yaml":             long("b"),
		"small/kustomization.yaml": "resources: [one.yaml]\n",
		"small/one.yaml":           services(1),
	})
	p := plan(t, root, "shop")
	w := child.New(Job, child.Limits{Deadline: Deadline, Memory: 64 << 20})
	defer w.Close()
	large, err := p.Render(t.Context(), w, p.Roots[0])
	if err != nil {
		t.Fatal(err)
	}
	if len(large.Documents) != 0 || len(large.Problems) != 1 || len(large.Holes) != 1 {
		t.Fatalf("got %d documents, problems %v, holes %v", len(large.Documents), large.Problems, large.Holes)
	}
	if got := large.Problems[0]; got.File != "shop/large/kustomization.yaml" || !strings.Contains(got.Message, "rendering it needed more than 64 MiB") {
		t.Errorf("got %+v", got)
	}
	small, err := p.Render(t.Context(), w, p.Roots[1])
	if err != nil || len(small.Documents) != 1 || len(small.Problems) != 0 {
		t.Fatalf("after a lost child: got %+v, %v", small, err)
	}
	if at := small.Documents[0].At(small.Documents[0].Root); at.File != "shop/small/one.yaml" || at.Line != 2 {
		t.Errorf("got %v", at)
	}
}

// TestDeadline shows that time is bounded, and that the caller's own end of
// patience is no problem of the root.
func TestDeadline(t *testing.T) {
	t.Parallel()
	root := write(t, map[string]string{"kustomization.yaml": "resources: [one.yaml]\n", "one.yaml": services(1)})
	p := plan(t, root, "")
	w := child.New(Job, child.Limits{Deadline: time.Nanosecond, Memory: Memory})
	defer w.Close()
	out, err := p.Render(t.Context(), w, p.Roots[0])
	if err != nil || len(out.Problems) != 1 || !strings.Contains(out.Problems[0].Message, "took longer than") {
		t.Errorf("got %+v, %v", out, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Render(ctx, w, p.Roots[0]); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was cancelled", err)
	}
}

// TestExplosion refuses a small tree that stands for a million objects.
func TestExplosion(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for i := range 20 {
		for _, side := range []string{"a", "b"} {
			files[fmt.Sprintf("%s%d/kustomization.yaml", side, i)] = fmt.Sprintf("namePrefix: %s\nresources: [../a%d, ../b%d]\n", side, i+1, i+1)
		}
	}
	files["a20/kustomization.yaml"] = "namePrefix: a\nresources: [one.yaml]\n"
	files["b20/kustomization.yaml"] = "namePrefix: b\nresources: [one.yaml]\n"
	files["a20/one.yaml"], files["b20/one.yaml"] = services(1), services(1)
	p := plan(t, write(t, files), "")
	w := child.New(Job, Limits())
	defer w.Close()
	for _, r := range p.Roots {
		out, err := p.Render(t.Context(), w, r)
		if err != nil || len(out.Documents) > 0 || len(out.Holes) == 0 {
			t.Errorf("%s: got %d documents, holes %v, %v", r.Folder, len(out.Documents), out.Holes, err)
		}
	}
	if len(p.Problems) == 0 || !strings.Contains(p.Problems[0].Message, "so it is not rendered") {
		t.Errorf("got %v", p.Problems)
	}
}

// TestAtTheSameTime renders one plan with several workers.
func TestAtTheSameTime(t *testing.T) {
	t.Parallel()
	files := map[string]string{"base/kustomization.yaml": "resources: [one.yaml]\n", "base/one.yaml": services(3)}
	for i := range 4 {
		files[fmt.Sprintf("overlays/o%d/kustomization.yaml", i)] = fmt.Sprintf("resources: [../../base]\nnamePrefix: o%d-\n", i)
	}
	p := plan(t, write(t, files), "")
	var wait sync.WaitGroup
	for _, r := range p.Roots {
		wait.Go(func() {
			w := child.New(Job, Limits())
			defer w.Close()
			out, err := p.Render(t.Context(), w, r)
			if err != nil || len(out.Documents) != 3 {
				t.Errorf("%s: got %+v, %v", r.Folder, out, err)
			}
		})
	}
	wait.Wait()
}

// TestSealed asks the child itself for what must never be fetched or started,
// as if the planning had overlooked it.
func TestSealed(t *testing.T) {
	t.Parallel()
	w := child.New(Job, Limits())
	defer w.Close()
	for _, resource := range []string{"https://127.0.0.1:1/x.yaml", "https://example.invalid/org/repo//x?ref=v1", "git@example.invalid:org/repo.git", "file:///tmp/org/repo"} {
		var out response
		err := w.Do(t.Context(), request{Folder: ".", Files: map[string][]byte{"kustomization.yaml": []byte("resources:\n- " + resource + "\n")}}, &out)
		var failed *child.Failure
		if !errors.As(err, &failed) || failed.Lost {
			t.Fatalf("%s: got %v, want a refusal", resource, err)
		}
		if got := explain(failed.Reason, "."); !strings.Contains(got, "not fetched") {
			t.Errorf("%s: got %q for %q", resource, got, failed.Reason)
		}
	}
}

// TestRemote tells addresses from paths.
func TestRemote(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"https://example.com/x.yaml":            true,
		"HTTP://example.com/x.yaml":             true,
		"ssh://git@example.com/x":               true,
		"git@github.com:org/repo":               true,
		"github.com/org/repo/deploy?ref=v1":     true,
		"git::https://example.com/org/repo.git": true,
		"oci://example.com/x":                   true,
		"file:///srv/repo":                      true,
		"org-1234@github.com/org/repo":          true,
		"../base?ref=main":                      true,
		"../base":                               false,
		"base/web.yaml":                         false,
		"./github.com/base":                     false,
		"web@2.yaml":                            false,
	} {
		if got := isRemote(text); got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}
