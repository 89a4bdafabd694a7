package compose

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/fact"
)

// read reads files of an archive as one project: the named ones in their order,
// or the first one.
func read(t *testing.T, archive string, files ...string) Reading {
	t.Helper()
	a := txtar.Parse([]byte(archive))
	find := func(rel string) ([]byte, error) {
		for _, f := range a.Files {
			if f.Name == rel {
				return f.Data, nil
			}
		}
		return nil, errors.New("there is no such file in the tree")
	}
	if len(files) == 0 {
		files = []string{a.Files[0].Name}
	}
	return Read(Project{
		Files: files, Read: find, Show: func(rel string) string { return rel },
		Kept: func(rel string) bool { _, err := find(rel); return err == nil }, Build: func(string) *fact.ImageBuild { return nil },
	})
}

func said(r Reading) string {
	var b strings.Builder
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "%s:%d %s\n", p.File, p.Line, p.Message)
	}
	return b.String()
}

func workload(r Reading, name string) *fact.Workload { return r.Facts.Workload("", "", name) }

// TestBadInput: what docker compose would refuse is said with its place, and the
// rest is read all the same.
func TestBadInput(t *testing.T) {
	for name, tt := range map[string]struct {
		archive string
		says    []string
		reads   string
	}{
		"broken YAML":       {"-- compose.yaml --\nservices:\n  web: {image: a\n", []string{"compose.yaml:", "is not valid YAML"}, ""},
		"unknown key":       {"-- compose.yaml --\nservices:\n  web:\n    image: nginx:1.29.1\n    enviroment: {A: b}\n", []string{"compose.yaml:4 enviroment is no key of services.web; did you mean environment?"}, "web"},
		"unknown deep key":  {"-- compose.yaml --\nservices:\n  web:\n    image: nginx:1.29.1\n    deploy: {resources: {limit: {cpus: '1'}}}\n", []string{"limit is no key of services.web.deploy.resources; did you mean limits?"}, "web"},
		"unknown top key":   {"-- compose.yaml --\nservices: {web: {image: a}}\nvolume: {}\n", []string{"volume is no key of a compose file; did you mean volumes?"}, "web"},
		"wrong type":        {"-- compose.yaml --\nservices:\n  web:\n    image: nginx:1.29.1\n    ports: 8080\n  db: {image: a}\n", []string{"compose.yaml:4 services.web.ports must be a list"}, "db"},
		"service is a text": {"-- compose.yaml --\nservices:\n  web: nginx\n  db: {image: a}\n", []string{"services.web must be a mapping"}, "db"},
		"services a list":   {"-- compose.yaml --\nservices:\n- web\n", []string{"services is a list but must be a mapping"}, ""},
		"first version":     {"-- compose.yaml --\nweb: {image: nginx}\n", []string{"has its services at the top level"}, ""},
		"a list":            {"-- compose.yaml --\n- web\n", []string{"is a list, but a compose file is a mapping"}, ""},
		"extends itself":    {"-- compose.yaml --\nservices:\n  a: {extends: b, image: x}\n  b: {extends: a, image: y}\n", []string{"extends itself by way of"}, "a"},
		"extends nothing":   {"-- compose.yaml --\nservices:\n  a: {extends: c, image: x}\n", []string{"compose.yaml:2 service a extends c, which is no service of compose.yaml"}, "a"},
		"extends elsewhere": {"-- compose.yaml --\nservices:\n  a: {extends: {file: ../../etc/x.yaml, service: b}, image: x}\n", []string{"but it is outside the tree"}, "a"},
		"extends missing":   {"-- compose.yaml --\nservices:\n  a: {extends: {file: base.yaml, service: b}, image: x}\n", []string{"compose.yaml:2 service a extends b of base.yaml, but there is no such file in the tree"}, "a"},
		"includes itself":   {"-- compose.yaml --\ninclude: [other.yaml]\nservices: {a: {image: x}}\n-- other.yaml --\ninclude: [compose.yaml]\nservices: {b: {image: y}}\n", []string{"includes itself by way of compose.yaml"}, "b"},
		"includes remote":   {"-- compose.yaml --\ninclude: ['https://example.com/x.yaml', oci://x/y, /etc/passwd, ../../x.yaml]\nservices: {a: {image: x}}\n", []string{"it stands elsewhere and is not fetched", "it is outside the tree"}, "a"},
		"names nothing": {"-- compose.yaml --\nservices:\n  web:\n    image: a\n    depends_on: [dbb]\n    networks: [frnt]\n    volumes: ['dta:/x', './y:/y', '/z']\n    secrets: [pw]\n  db: {image: a}\nnetworks: {front: {}}\nvolumes: {data: {}}\n", []string{
			"compose.yaml:4 service web names the service dbb, which is not there, and docker compose refuses the project; did you mean db?",
			"the network frnt, which is not there, and docker compose refuses the project; did you mean front?", "the volume dta,", "the secret pw, which is not there, and docker compose refuses the project; add it at the top level or mend the name",
		}, "web"},
		"empty":        {"-- compose.yaml --\n", []string{"has no services"}, ""},
		"many aliases": {"-- compose.yaml --\nx-a: &a [1,1,1,1,1,1,1,1,1,1]\nx-b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nx-c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nx-d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\nx-e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nservices: {a: {image: x, command: [*e,*e,*e]}}\n", []string{"once its aliases are followed"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, tt.archive)
			for _, want := range tt.says {
				if !strings.Contains(said(got), want) {
					t.Errorf("got\n%swant %q", said(got), want)
				}
			}
			if tt.reads != "" && workload(got, tt.reads) == nil {
				t.Errorf("service %s is lost", tt.reads)
			}
			if tt.reads == "" && name != "empty" && got.Facts.Coverage.Complete(fact.Workloads) {
				t.Error("what is lost leaves no hole")
			}
		})
	}
}

// TestPutTogether: files are merged, extended and included as docker compose
// does it, and paths stay those of their own files.
func TestPutTogether(t *testing.T) {
	got := read(t, `
-- compose.yaml --
x-base: &base
  restart: always
include:
- parts/extra.yaml
services:
  web:
    <<: *base
    image: nginx:1.29.1
    ports: ["8080:80"]
    environment: {A: one, B: two}
    healthcheck: {test: ["CMD", "true"], interval: 5s}
  api:
    extends: {file: parts/base.yaml, service: api}
    image: registry.example.com/api:1.0.0
-- compose.prod.yaml --
services:
  web:
    ports: !override ["80:80"]
    environment: {B: three}
    healthcheck: !reset null
    stop_grace_period: 1m30s
-- parts/extra.yaml --
services:
  db: {image: "postgres:17.2", volumes: ["./data:/data"]}
-- parts/base.yaml --
services:
  api:
    user: "1000"
    env_file: [api.env]
-- parts/api.env --
LOG=1
`, "compose.yaml", "compose.prod.yaml")
	if len(got.Problems) > 0 {
		t.Fatal(said(got))
	}
	web, api, db := workload(got, "web"), workload(got, "api"), workload(got, "db")
	if web == nil || api == nil || db == nil {
		t.Fatalf("services are lost: %d", len(got.Facts.Workloads))
	}
	c := web.Containers[0]
	if len(c.Ports) != 1 || c.Ports[0].Host != 80 || len(c.Env) != 2 || c.Readiness != nil || web.Grace != 90 || web.GraceAt.File != "compose.prod.yaml" || web.Recovery.Restarts != "always" {
		t.Errorf("web: ports %v, %d variables, check %v, grace %d (%s), restarts %s", c.Ports, len(c.Env), c.Readiness, web.Grace, web.GraceAt.File, web.Recovery.Restarts)
	}
	if a := api.Containers[0]; a.User != "1000" || len(a.Env) != 1 || a.Env[0].At.File != "parts/api.env" {
		t.Errorf("api: user %q, variables %v", a.User, a.Env)
	}
	if db.Volumes[0].HostPath != "parts/data" {
		t.Errorf("db mounts %s", db.Volumes[0].HostPath)
	}
}

// TestOpenValues: what a variable without a default decides is not known, and
// keeps nothing else from being read.
func TestOpenValues(t *testing.T) {
	got := read(t, `
-- compose.yaml --
services:
  web:
    image: registry.example.com/web:${TAG:-1.0.0}
    ports: ["${PORT}:8080", "${BIND:-127.0.0.1}:${P:-81}:81", "127.0.0.1:${Q}:82", "${WHOLE}"]
    deploy: {replicas: "${N}"}
    cpus: "${CPUS}"
    environment: {A: "$$HOME", B: "${C:?must be set}", D: "${E:-${F:-deep}}"}
    volumes: ["${DATA}:/data", "~/.aws:/root/.aws"]
`)
	if len(got.Problems) > 0 {
		t.Fatal(said(got))
	}
	w := workload(got, "web")
	if w == nil {
		t.Fatal("the service is lost")
	}
	if c := w.Containers[0]; c.Image.Tag != "1.0.0" || len(c.Ports) != 3 || c.Ports[1].HostIP != "127.0.0.1" || c.Ports[1].Host != 81 || c.Ports[2].HostIP != "127.0.0.1" {
		t.Errorf("image %s, ports %+v", c.Image.Raw, c.Ports)
	}
	if got.Facts.Coverage.Complete(fact.Workloads) {
		t.Error("an open number of replicas leaves no hole")
	}
	for _, v := range w.Volumes {
		if strings.HasPrefix(v.HostPath, "/root") {
			t.Errorf("somebody's home is looked up: %s", v.HostPath)
		}
	}
}

// TestInterpolate puts defaults in and nothing else.
func TestInterpolate(t *testing.T) {
	for text, want := range map[string]string{
		"plain": "plain", "$A": "${A}", "${A}": "${A}", "${A:-b}": "b", "${A-b}": "b", "${A:+b}": "", "${A:?no}": "${A}", "$$A": "$A", "$": "$", "a$1": "a$1",
		"${A:-${B:-c}}x": "cx", "${A:-${B}}": "${B}", "${A": "${A", "x${A:-}y": "xy",
	} {
		if got := interpolate(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// FuzzRead: no input ends the reader.
func FuzzRead(f *testing.F) {
	f.Add("services:\n  a: {image: x, ports: ['80'], extends: b}\n")
	f.Add("include: [compose.yaml]\nservices: {a: {build: ., environment: [A=b]}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		data := []byte(text)
		got := Read(Project{
			Files: []string{"compose.yaml"}, Show: func(rel string) string { return rel }, Kept: func(string) bool { return false },
			Read: func(string) ([]byte, error) { return data, nil },
		})
		if len(got.Facts.Workloads) == 0 && len(got.Problems) == 0 && len(got.Idle) == 0 {
			t.Error("nothing was read and nothing is said")
		}
	})
}
