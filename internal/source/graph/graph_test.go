package graph

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// read writes an archive's files into a folder and returns the edges, a line each:
// "FROM > ON how", with ON/** where everything below it counts.
func read(t *testing.T, archive string) (string, *Graph) {
	t.Helper()
	root := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(root, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	g, err := Read(root)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range g.Edges {
		on := e.On
		if e.Deep {
			on += "/**"
		}
		fmt.Fprintf(&b, "%s > %s %s\n", e.From, on, e.How)
	}
	return strings.TrimSpace(b.String()), g
}

func TestGraph(t *testing.T) {
	for name, c := range map[string]struct{ archive, want string }{
		"Go modules joined by a workspace and by a replacement": {`
-- go.work --
use (./a ./b)
-- a/go.mod --
module example.com/a

replace example.com/c/v2 => ../c
-- a/go.sum --
-- a/a.go --
package a

import (
	"fmt"

	_ "example.com/a/in"
	"example.com/b"
	_ "example.com/c/v2/deep"
	_ "example.com/else"
)

//go:embed page.html
var page string
-- a/in/in.go --
package in
-- b/go.mod --
module example.com/b
-- b/b.go --
package b
-- c/deep/c.go --
package c
-- a/vendor/x/x.go --
package x
`, `a > a/** embedded by
a > a/go.mod/** required by
a > a/go.sum/** required by
a > a/in imported by
a > a/vendor/** imported by
a > b imported by
a > c/deep imported by
a > go.work/** required by
a/in > a/go.mod/** required by
a/in > a/go.sum/** required by
a/in > a/vendor/** imported by
a/in > go.work/** required by
b > b/go.mod/** required by
b > go.work/** required by
c/deep > go.work/** required by`},
		"overlays, whatever field names the file": {`
-- overlay/kustomization.yaml --
resources: [../base, "https://github.com/x/y//z", own.yaml]
components: [../parts/tls]
configMapGenerator: [{name: a, files: ["key=../shared/key.txt", ../../outside]}]
patches: [{path: ../patches/p.yaml, target: {kind: Deployment}}]
-- overlay/own.yaml --
-- base/kustomization.yaml --
-- parts/tls/kustomization.yaml --
-- shared/key.txt --
-- patches/p.yaml --
`, `overlay > base/** included by
overlay > overlay/own.yaml/** included by
overlay > parts/tls/** included by
overlay > patches/p.yaml/** included by
overlay > shared/key.txt/** included by`},
		"images are built where a compose file says, else where their files are": {`
-- compose.yaml --
services:
  web: {build: {context: ., dockerfile: web/Dockerfile}, env_file: [shared/web.env]}
  db: {image: "postgres:17"}
-- web/Dockerfile --
FROM golang:1.26 AS build
COPY --chown=1:1 go.mod lib/ \
     ./
COPY ["web", "/x"]
ADD https://example.com/x /x
FROM scratch
COPY --from=build /x /x
-- lib/lib.go --
-- go.mod --
-- shared/web.env --
-- api/Dockerfile --
FROM scratch
COPY . .
-- job/Dockerfile --
FROM scratch
COPY lib/*.go /src/
`, `. > go.mod/** copied by
. > lib/** copied by
. > shared/web.env/** used by
. > web/** copied by
. > web/Dockerfile/** built by
api > api/** copied by
job > lib/** copied by
web > go.mod/** copied by
web > lib/** copied by
web > web/** copied by`},
		"charts and Terraform modules of the repository": {`
-- charts/a/Chart.yaml --
dependencies:
  - {name: b, repository: "file://../b"}
  - {name: c, repository: "https://charts.example.com"}
-- charts/b/Chart.yaml --
-- infra/prod/main.tf --
module "net" { 
  source = "../modules/net"
}
module "far" {
  source = "git::https://example.com/x"
}
-- infra/modules/net/main.tf --
`, `charts/a > charts/b/** a dependency of
infra/prod > infra/modules/net/** called by`},
		"npm workspaces": {`
-- package.json --
{"workspaces": ["packages/*"]}
-- packages/ui/package.json --
{"name": "@acme/ui"}
-- packages/shop/package.json --
{"name": "shop", "dependencies": {"@acme/ui": "workspace:*", "react": "19"}, "devDependencies": {"tool": "file:../../tool"}}
-- tool/package.json --
{"name": "tool"}
-- broken/package.json --
{
`, `packages/shop > packages/ui/** used by
packages/shop > tool/** used by`},
	} {
		t.Run(name, func(t *testing.T) {
			if got, g := read(t, c.archive); got != c.want || len(g.Problems) > 0 {
				t.Errorf("got\n%s\nwant\n%s\nproblems: %v", got, c.want, g.Problems)
			}
		})
	}
}

// TestUnread: what cannot be read may depend on anything, so it does.
func TestUnread(t *testing.T) {
	got, g := read(t, "-- go.mod --\nmodule example.com/a\n-- x/a.go --\npackage (\n-- x/testdata/bad.go --\npackage (\n-- k/kustomization.yaml --\nresources: [\n")
	for _, want := range []string{"x > ./** perhaps used by", "k > ./** perhaps used by"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q in\n%s", want, got)
		}
	}
	if len(g.Problems) != 2 {
		t.Errorf("problems: %v", g.Problems)
	}
	if _, err := Read(filepath.Join(t.TempDir(), "gone")); err == nil {
		t.Error("a folder that is not there is read")
	}
}
