package repo

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// tree writes a txtar archive into an empty folder.
func tree(t *testing.T, archive string) string {
	t.Helper()
	root := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(root, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func walk(t *testing.T, root string) *Tree {
	t.Helper()
	found, err := Walk(root)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func paths(found *Tree) []string {
	var out []string
	for _, f := range found.Manifests {
		out = append(out, f.Path)
	}
	return out
}

// TestWalk tells manifests from charts, kustomizations, other people's folders
// and what git ignores.
func TestWalk(t *testing.T) {
	t.Parallel()
	root := tree(t, `
-- .git/HEAD --
ref: refs/heads/main
-- .git/info/exclude --
excluded.yaml
-- .gitignore --
*.local.yaml
/out/
!keep.local.yaml
-- deploy/web.yaml --
-- deploy/.gitignore --
secret.yaml
-- deploy/secret.yaml --
-- deploy/secret.yaml.txt --
-- deploy/objects.json --
-- a.local.yaml --
-- keep.local.yaml --
-- excluded.yaml --
-- out/rendered.yaml --
-- nested/out/kept.yml --
-- node_modules/x/deploy.yaml --
-- vendor/x/deploy.yaml --
-- package.json --
-- chart/Chart.yaml --
-- chart/values.yaml --
-- chart/values-prod.yaml --
-- chart/templates/web.yaml --
-- chart/crds/crd.yaml --
-- chart/ci/test-values.yaml --
-- chart/charts/sub/Chart.yaml --
-- chart/charts/sub/templates/x.yaml --
-- chart/docs/example.yaml --
-- overlay/kustomization.yaml --
-- overlay/patch.yaml --
-- old/Kustomization --
`)
	found := walk(t, root)
	want := []string{"deploy/objects.json", "deploy/web.yaml", "keep.local.yaml", "nested/out/kept.yml", "overlay/patch.yaml", "chart/docs/example.yaml"}
	slices.Sort(want)
	if got := paths(found); !slices.Equal(got, want) {
		t.Errorf("manifests\n got %q\nwant %q", got, want)
	}
	if want := []string{"chart"}; !slices.Equal(found.Charts, want) {
		t.Errorf("charts: got %q, want %q", found.Charts, want)
	}
	if want := []string{"old", "overlay"}; !slices.Equal(found.Kustomizations, want) {
		t.Errorf("kustomizations: got %q, want %q", found.Kustomizations, want)
	}
	if len(found.Problems) > 0 {
		t.Errorf("problems: %v", found.Problems)
	}
}

// TestWalkBelowRepository applies the ignore files of the folders above, which
// git would apply too.
func TestWalkBelowRepository(t *testing.T) {
	t.Parallel()
	root := tree(t, `
-- .git/HEAD --
-- .gitignore --
team/app/generated/
*.tmp.yaml
-- team/.gitignore --
app/private.yaml
-- team/app/web.yaml --
-- team/app/private.yaml --
-- team/app/x.tmp.yaml --
-- team/app/generated/y.yaml --
`)
	if got, want := paths(walk(t, filepath.Join(root, "team", "app"))), []string{"web.yaml"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := paths(walk(t, filepath.Join(root, "team", "app", "generated"))), []string{"y.yaml"}; !slices.Equal(got, want) {
		t.Errorf("a folder that is named must be read though git ignores it: got %q, want %q", got, want)
	}
}

// TestLinks follows no link: not out of the tree, not in circles.
func TestLinks(t *testing.T) {
	t.Parallel()
	outside := tree(t, "-- secret.yaml --\n")
	root := tree(t, "-- a/web.yaml --\n")
	for link, target := range map[string]string{
		"a/loop":       ".",
		"a/up":         "..",
		"inside.yaml":  "a/web.yaml",
		"out.yaml":     filepath.Join(outside, "secret.yaml"),
		"outside":      outside,
		"nowhere.yaml": "missing.yaml",
		"nowhere.txt":  "missing.txt",
		"self.yaml":    "self.yaml",
	} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	found := walk(t, root)
	if got, want := paths(found), []string{"a/web.yaml"}; !slices.Equal(got, want) {
		t.Errorf("manifests: got %q, want %q", got, want)
	}
	var reported []string
	for _, p := range found.Problems {
		reported = append(reported, filepath.Base(p.File))
	}
	slices.Sort(reported)
	if want := []string{"nowhere.yaml", "out.yaml", "outside", "self.yaml"}; !slices.Equal(reported, want) {
		t.Errorf("problems: got %q, want %q", reported, want)
	}
	if len(found.Holes) != len(found.Problems) {
		t.Errorf("%d holes for %d problems: what was not followed may hold objects", len(found.Holes), len(found.Problems))
	}
}

// TestSingleFile takes a file by its name, whatever its folder holds.
func TestSingleFile(t *testing.T) {
	t.Parallel()
	root := tree(t, "-- a.yaml --\n-- b.yaml --\n")
	found := walk(t, filepath.Join(root, "a.yaml"))
	if got, want := paths(found), []string{"a.yaml"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := Walk(filepath.Join(root, "c.yaml")); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("got %v, want an error that says that the file is not there", err)
	}
}

// TestPartOfMore: a file that means nothing alone is no manifest, and says what
// to judge instead.
func TestPartOfMore(t *testing.T) {
	t.Parallel()
	root := tree(t, "-- chart/Chart.yaml --\n-- chart/templates/web/a.yaml --\n-- overlay/kustomization.yaml --\n-- templates/a.yaml --\n-- infra/main.tf --\n")
	for name, want := range map[string]string{"chart/Chart.yaml": "chart", "chart/templates/web/a.yaml": "chart", "overlay/kustomization.yaml": "overlay", "templates/a.yaml": "", "infra/main.tf": "infra"} {
		found := walk(t, filepath.Join(root, filepath.FromSlash(name)))
		switch {
		case want == "":
			if len(found.Manifests) != 1 || len(found.Problems) != 0 {
				t.Errorf("%s: got %+v", name, found)
			}
		case len(found.Manifests) != 0 || len(found.Holes) != 1 || !strings.HasSuffix(found.Problems[0].Message, "is a part of "+filepath.ToSlash(filepath.Join(root, want))+" and means nothing alone; judge that folder"):
			t.Errorf("%s: got %+v", name, found)
		}
	}
}

// TestRead reports what is too large or cannot be opened, and passes over data
// that is no manifest.
func TestRead(t *testing.T) {
	t.Parallel()
	root := tree(t, `
-- web.yaml --
# a licence
---
a: 1
---
b: 2
-- data.json --
{"some": "data"}
-- object.json --
{"apiVersion": "v1", "kind": "Pod"}
`)
	for name, line := range map[string]string{"huge.yaml": "a: b\n", "huge.json": `"x", `, "huge-objects.json": `"apiVersion", "kind", `} {
		file, err := os.Create(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		for range 40 {
			fmt.Fprint(file, strings.Repeat(line, (1<<20)/len(line)))
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	found := walk(t, root)
	for _, tt := range []struct {
		file    string
		docs    int
		problem string
	}{
		{"web.yaml", 2, ""},
		{"data.json", 0, ""},
		{"object.json", 1, ""},
		{"huge.yaml", 0, "files above 32 MB are not read"},
		{"huge.json", 0, ""},
		{"huge-objects.json", 0, "files above 32 MB are not read"},
		{"missing.yaml", 0, "no such file"},
	} {
		docs, problem, hole := found.Read(File{Path: tt.file}, new(bytes.Buffer))
		if len(docs) != tt.docs {
			t.Errorf("%s: got %d documents, want %d", tt.file, len(docs), tt.docs)
		}
		if (problem == nil) != (tt.problem == "") || (hole == nil) != (problem == nil) {
			t.Errorf("%s: got problem %v and hole %v, want %q", tt.file, problem, hole, tt.problem)
		} else if problem != nil && !strings.Contains(problem.Message, tt.problem) {
			t.Errorf("%s: got %q, want %q", tt.file, problem.Message, tt.problem)
		}
	}
}

// TestNamedLikeOthers takes a file for what is in it where its name stands for two
// things: a register or a catalog, or the objects of a program that is called so.
func TestNamedLikeOthers(t *testing.T) {
	t.Parallel()
	found := walk(t, tree(t, `
-- cortex.yaml --
# the store of metrics
apiVersion: apps/v1
kind: Deployment
-- a/cortex.yaml --
openapi: 3.0.1
info: {x-cortex-tag: shop}
-- risks.yaml --
apiVersion: v1
kind: ConfigMap
-- a/risks.yaml --
apiVersion: seaworthy.dev/v1
kind: RiskRegister
-- catalog-info.yaml --
apiVersion: backstage.io/v1alpha1
kind: Component
-- entity.datadog.yaml --
apiVersion: v3
kind: service
-- score.yaml --
apiVersion: score.dev/v1b1
-- b/risks.yaml --
-- compass.yml --
configVersion: 1
`))
	if got, want := paths(found), []string{"cortex.yaml", "risks.yaml"}; !slices.Equal(got, want) {
		t.Errorf("manifests: got %q, want %q", got, want)
	}
	if got, want := found.Files[Registers], []string{"a/risks.yaml", "b/risks.yaml"}; !slices.Equal(got, want) {
		t.Errorf("registers: got %q, want %q", got, want)
	}
	if got := len(found.Files[Catalogs]); got != 5 {
		t.Errorf("catalogs: got %q", found.Files[Catalogs])
	}
}
