package pipeline

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"seaworthy.dev/seaworthy/internal/fact"
)

// read writes an archive into an empty folder and reads its pipelines.
func read(t *testing.T, archive string) Output {
	t.Helper()
	in := Input{Root: t.TempDir()}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(in.Root, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasPrefix(f.Name, ".github/workflows/"):
			in.Workflows = append(in.Workflows, f.Name)
		case f.Name == ".gitlab-ci.yml":
			in.GitLab = append(in.GitLab, f.Name)
		case f.Name == ".circleci/config.yml":
			in.CircleCI = append(in.CircleCI, f.Name)
		case f.Name == "azure-pipelines.yml":
			in.Azure = append(in.Azure, f.Name)
		case f.Name == "Jenkinsfile":
			in.Jenkins = append(in.Jenkins, f.Name)
		case strings.HasPrefix(f.Name, ".github/") && !strings.HasPrefix(f.Name, ".github/actions"):
			in.Settings = append(in.Settings, f.Name)
		case filepath.Base(f.Name) == "package.json":
			in.Modules = append(in.Modules, filepath.Dir(f.Name))
		}
	}
	return Read(in)
}

// says writes what was read, one line a deed: job, occasions, kind, tool, and what
// is wrong with it.
func says(out Output) string {
	var b strings.Builder
	if out.Set != nil {
		for _, p := range out.Set.Pipelines {
			for _, j := range p.Jobs {
				for _, s := range j.Steps {
					for _, d := range s.Deeds {
						fmt.Fprintf(&b, "%s [%s] %s %s", j.Name, occasionsOf(s.When), d.Kind, d.Tool)
						if d.Via != "" {
							fmt.Fprintf(&b, " by %s", d.Via)
						}
						if why := fact.Softened(j, s, &d); why != "" {
							fmt.Fprintf(&b, " soft: %s", why)
						}
						fmt.Fprintf(&b, " :%d\n", d.At.Line)
					}
					for _, o := range s.Opaque {
						fmt.Fprintf(&b, "%s ? %s: %s\n", j.Name, o.What, o.Why)
					}
				}
			}
		}
		for _, h := range out.Set.Coverage.Holes {
			fmt.Fprintf(&b, "hole :%d %s\n", h.Line, h.Why)
		}
	}
	return b.String()
}

func occasionsOf(o fact.Occasions) string {
	var out []string
	for _, one := range []struct {
		is   bool
		name string
	}{{o.Merge, "merge"}, {o.MergePrivileged, "privileged"}, {o.Push, "push"}, {o.AnyBranch, "any"}, {o.Tag, "tag"}, {o.Schedule, "schedule"}, {o.Manual, "manual"}, {o.Called, "called"}} {
		if one.is {
			out = append(out, one.name)
		}
	}
	return strings.Join(out, " ")
}

// TestRead: what is read of pipelines where the cases of the standard do not
// reach.
func TestRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, files, want string }{
		{"occasions of a workflow", `
-- .github/workflows/a.yml --
on:
  push: {branches: [main], tags: ['v*']}
  pull_request: {branches: [main]}
  schedule: [{cron: '0 3 * * 1'}]
  workflow_dispatch:
jobs:
  all: {runs-on: x, steps: [{run: go vet ./...}]}
  main: {runs-on: x, if: "github.ref == 'refs/heads/main'", steps: [{run: go vet ./...}]}
  merged: {runs-on: x, if: "github.event_name == 'push' && github.ref == 'refs/heads/master'", steps: [{run: go vet ./...}]}
  tag: {runs-on: x, if: "startsWith(github.ref, 'refs/tags/')", steps: [{run: go vet ./...}]}
  proposal: {runs-on: x, if: "${{ github.event_name == 'pull_request' }}", steps: [{run: go vet ./...}]}
  not: {runs-on: x, if: "github.event_name != 'pull_request' && github.event_name != 'schedule'", steps: [{run: go vet ./...}]}
  step: {runs-on: x, steps: [{if: "github.event_name == 'schedule'", run: go vet ./...}]}
  off: {runs-on: x, if: "${{ false }}", steps: [{run: go vet ./...}]}
  other: {runs-on: x, if: "github.ref == 'refs/heads/develop'", steps: [{run: go vet ./...}]}
`, `all [merge push tag schedule manual] lint go vet :7
main [push schedule manual] lint go vet :8
merged [push] lint go vet :9
tag [tag manual] lint go vet :10
proposal [merge] lint go vet :11
not [push tag manual] lint go vet :12
step [schedule] lint go vet :13
other [manual] lint go vet :15
`},
		{"an event and a job that are not there", `
-- .github/workflows/a.yml --
on: pull_reqest
jobs:
  a: {runs-on: x, needs: [b], steps: [{run: go vet ./...}]}
`, "hole :1 a.yml there is no event `pull_reqest`: `pull_request` is the nearest known one\nhole :3 a.yml job a needs b, which is not there\n"},
		{"stages, jobs and keys of rules of GitLab that are not there", `
-- .gitlab-ci.yml --
stages: [test, deploy]
lint:
  stage: tset
  script: [golangci-lint run]
deploy:
  stage: deploy
  needs: [lnt, {job: other, optional: true}, {pipeline: x, job: y}]
  rules: [{if: $CI_COMMIT_TAG, wen: manual}]
  script: [kubectl apply -f deploy]
verify: {stage: .post, script: [make smoke]}
`, "lint [push any tag schedule manual called] lint golangci-lint :4\ndeploy [tag called] deploy kubectl apply :9\nverify ? make smoke: no Makefile was found for it\n" +
			"hole :3 .gitlab-ci.yml the stage tset of job lint is none of the stages (test, deploy), did you mean test?\n" +
			"hole :7 .gitlab-ci.yml job deploy names lnt under `needs`, which is no job here, did you mean lint?\n" +
			"hole :8 .gitlab-ci.yml there is no key `wen` in a rule: `when` is the nearest known one\n"},
		{"what a pipeline of GitLab includes from elsewhere may hold any stage", `
-- .gitlab-ci.yml --
include: [{project: a/b, file: c.yml}]
lint: {stage: style, needs: [prepare], script: [golangci-lint run]}
`, "lint [push any tag schedule manual called] lint golangci-lint :2\nhole :1 the pipeline includes the project a/b c.yml, which is not read\n"},
		{"matrix", `
-- .github/workflows/a.yml --
on: pull_request
jobs:
  a:
    runs-on: x
    strategy: {matrix: {target: [lint, vet], include: [{target: style}], go: ['1.26']}}
    steps: [{run: "make ${{ matrix.target }} GO=${{ matrix.go }}"}, {run: "make ${{ inputs.x }}"}]
-- Makefile --
lint: ; echo
lint:
	golangci-lint run
vet:
	go vet ./...
style:
	shellcheck x
`, `a [merge] lint golangci-lint by make lint :6
a [merge] lint go vet by make vet :6
a [merge] lint shellcheck by make style :6
a ? make ${{ ... }}: its target is filled in elsewhere
`},
		{"anchors", `
-- .github/workflows/a.yml --
on: pull_request
jobs:
  a:
    runs-on: x
    steps: &steps
      - run: go vet ./...
  b: {runs-on: x, steps: *steps}
`, `a [merge] lint go vet :6
b [merge] lint go vet :6
`},
		{"reusable workflows in a circle", `
-- .github/workflows/a.yml --
on: pull_request
jobs:
  a: {uses: ./.github/workflows/b.yml}
-- .github/workflows/b.yml --
on: workflow_call
jobs:
  lint: {runs-on: x, steps: [{run: go vet ./...}]}
  again: {uses: ./.github/workflows/b.yml}
`, `a / lint [merge] lint go vet :3
lint [called] lint go vet :3
again / lint [called] lint go vet :3
hole :4 b.yml calls ./.github/workflows/b.yml in a circle or more than 10 deep
hole :4 b.yml calls ./.github/workflows/b.yml in a circle or more than 10 deep
`},
		{"a composite action that uses itself, and one that is not there", `
-- .github/workflows/a.yml --
on: pull_request
jobs:
  a: {runs-on: x, steps: [{uses: ./.github/actions/a}, {uses: ./.github/actions/gone}]}
-- .github/actions/a/action.yml --
runs:
  using: composite
  steps:
    - {run: go vet ./..., shell: bash}
    - uses: ./.github/actions/a
`, `a [merge] lint go vet :4
a ? ./.github/actions/gone: no action.yml was found there
`},
		{"make: recursion, patterns, other files, missing targets", `
-- .github/workflows/a.yml --
on: pull_request
jobs:
  a: {runs-on: x, steps: [{run: make check}, {run: make gone}, {run: make -C sub lint}, {run: make style}]}
-- Makefile --
include common.mk
TOOLS := $(CURDIR)/bin
check: check lint
	-@$(TOOLS)/kubeconform deploy
	$(MAKE) -C sub lint
	@files=$$(gofmt -l .); if [ -n "$$files" ]; then exit 1; fi
%: common-% ;
-- common.mk --
common-style:
	staticcheck ./...
lint:
	go vet ./...
-- sub/Makefile --
lint: ; 
	golangci-lint run \
	  ./...
`, "a [merge] lint go vet by make check :3\na [merge] schema check kubeconform by make check soft: `-` in front of it in the rule of check :3\na [merge] lint golangci-lint by make check, make lint :3\na [merge] lint gofmt by make check :3\na ? make gone: its rule comes from a pattern or from another file\na [merge] lint golangci-lint by make lint :3\na [merge] lint staticcheck by make style :3\n"},
		{"scripts of package.json that call each other", `
-- .github/workflows/a.yml --
on: pull_request
jobs:
  a: {runs-on: x, steps: [{run: npm run check}, {run: yarn --cwd web lint, working-directory: .}]}
-- package.json --
{"scripts": {"check": "npm run check && npm run lint", "lint": "eslint ."}}
-- web/package.json --
{"scripts": {"lint": "prettier --check ."}}
`, `a [merge] lint eslint by npm run check, npm run lint :3
a [merge] lint prettier by npm run lint :3
`},
		{"formatted and compared", `
-- .github/workflows/a.yml --
on: pull_request
jobs:
  a: {runs-on: x, steps: [{run: "gofmt -w . && git diff --exit-code"}, {run: "go generate ./... && git diff --exit-code"}]}
`, "a [merge] lint gofmt and git diff :3\n"},
		{"links and paths out of the repository are not followed", `
-- .github/workflows/a.yml --
on: pull_request
jobs:
  a: {runs-on: x, steps: [{run: ../../../etc/lint.sh}, {run: bash /etc/profile}, {uses: ./../../x}]}
`, `a ? ../../../etc/lint.sh: ../../../etc/lint.sh is not among the files
a ? ./../../x: no action.yml was found there
`},
		{"extends in a circle, includes in a circle", `
-- .gitlab-ci.yml --
include: [{local: a.yml}]
lint: {extends: .a, script: [go vet ./...]}
-- a.yml --
include: [{local: .gitlab-ci.yml}]
.a: {extends: .b}
.b: {extends: .a, allow_failure: true}
`, "lint [push any tag schedule manual called] lint go vet soft: `allow_failure` :2\n"},
		{"rules of GitLab", `
-- .gitlab-ci.yml --
mr: {script: [go vet ./...], rules: [{if: '$CI_MERGE_REQUEST_IID'}]}
branch: {script: [go vet ./...], rules: [{if: '$CI_COMMIT_BRANCH && $CI_COMMIT_BRANCH != $CI_DEFAULT_BRANCH'}]}
never: {script: [go vet ./...], rules: [{if: '$CI_COMMIT_TAG', when: never}, {if: '$CI_COMMIT_BRANCH == "main"'}]}
tag: {script: [go vet ./...], rules: [{if: '$CI_COMMIT_TAG =~ /^v\d+/'}]}
nightly: {script: [go vet ./...], rules: [{if: '$CI_PIPELINE_SOURCE == "schedule"'}]}
old: {script: [go vet ./...], only: [merge_requests, main]}
older: {script: [go vet ./...], only: [master], when: manual}
paths: {script: [go vet ./...], rules: [{if: '$CI_PIPELINE_SOURCE == "merge_request_event"', changes: [x/**]}]}
`, "mr [merge called] lint go vet :1\nbranch [any manual called] lint go vet :2\nnever [push schedule manual called] lint go vet :3\ntag [tag called] lint go vet :4\nnightly [schedule called] lint go vet :5\nold [merge push] lint go vet :6\nolder [push] lint go vet soft: `when: manual` allows failure by default :7\npaths [merge called] lint go vet :8\n"},
		{"broken files do not keep the others from being read", `
-- .github/workflows/a.yml --
on: pull_request
jobs:
  a: {runs-on: x, steps: [{run: go vet ./...}]}
-- .github/workflows/b.yml --
on: [
-- .gitlab-ci.yml --
a: {script: [x]
`, `a [merge] lint go vet :3
hole :1 b.yml could not parse as YAML: did not find expected node content
hole :1 .gitlab-ci.yml is not valid YAML: did not find expected ',' or '}'
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := says(read(t, c.files)); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// TestAnchorsThatExplode: a small file that stands for millions of values is
// refused, not expanded.
func TestAnchorsThatExplode(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("on: pull_request\nenv:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, "  a%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), i-1)
	}
	b.WriteString("jobs:\n  a: {runs-on: x, steps: [{run: go vet}]}\n")
	got := read(t, "-- .github/workflows/a.yml --\n"+b.String())
	if len(got.Problems) != 1 || !strings.Contains(got.Problems[0].Message, "anchors") {
		t.Errorf("got %v", got.Problems)
	}
}

// FuzzRead: whatever stands in the files, reading ends.
func FuzzRead(f *testing.F) {
	f.Add("on: push\njobs: {a: {runs-on: x, steps: [{run: make}]}}", "a:\n\tb\n", "a: {script: [x], rules: [{if: '$A == \"b\" && ('}]}", "pipeline { stages { stage('x') { steps { sh '''x''' } } } }")
	f.Fuzz(func(t *testing.T, workflow, makefile, gitlab, jenkins string) {
		in := Input{Root: t.TempDir(), Workflows: []string{"w.yml"}, GitLab: []string{"g.yml"}, CircleCI: []string{"g.yml"}, Azure: []string{"g.yml"}, Jenkins: []string{"j"}, Settings: []string{"g.yml"}}
		for name, text := range map[string]string{"w.yml": workflow, "Makefile": makefile, "g.yml": gitlab, "j": jenkins} {
			if err := os.WriteFile(filepath.Join(in.Root, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		Read(in)
	})
}
