package cases

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/child"
	"seaworthy.dev/seaworthy/internal/registry"
	"seaworthy.dev/seaworthy/internal/verdict"
)

var update = flag.Bool("update", false, "rewrite want.findings in every case")

// TestCases runs every case of the standard, and refuses an expectation whose
// cases lack a pass, a fail or an unknown, or whose findings use a rule that
// expectation.yaml does not describe.
func TestCases(t *testing.T) {
	root := filepath.Join("..", "..", "standard")
	known := map[string]bool{}
	for _, e := range registry.All() {
		known[e.ID] = true
		if e.Check == nil {
			continue
		}
		t.Run(e.ID, func(t *testing.T) {
			t.Parallel()
			files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(e.ID), "testdata", "*.txtar"))
			if err != nil {
				t.Fatal(err)
			}
			var pass, fail, unknown bool
			used := map[string]bool{}
			for _, file := range files {
				t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
					c, err := Load(file)
					if err != nil {
						t.Fatal(err)
					}
					v, got, err := c.Run(t.Context(), t.TempDir(), e)
					if err != nil {
						t.Fatal(err)
					}
					for i := range v.Findings {
						f := v.Findings[i]
						used[f.Rule] = true
						pass = pass || f.Outcome == verdict.Pass
						fail = fail || f.Outcome == verdict.Fail
						if _, found := e.Rule(f.Rule); !found {
							t.Errorf("rule %q is not described in expectation.yaml", f.Rule)
						}
					}
					unknown = unknown || v.State == verdict.Unknown
					if got == c.Want() {
						return
					}
					if *update {
						if err := c.Update(got); err != nil {
							t.Fatal(err)
						}
						return
					}
					t.Errorf("%s: findings differ (-update rewrites them)\n%s", file, Diff(c.Want(), got))
				})
			}
			if !pass || !fail || !unknown {
				t.Errorf("cases must show a pass, a fail and an unknown; they show pass=%v fail=%v unknown=%v", pass, fail, unknown)
			}
			for _, r := range e.Rules {
				if !used[r.Name] {
					t.Errorf("no case shows rule %q", r.Name)
				}
			}
		})
	}
	files, err := filepath.Glob(filepath.Join(root, "*", "*", "testdata", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		id, _ := filepath.Rel(root, filepath.Dir(filepath.Dir(file)))
		if !known[filepath.ToSlash(id)] {
			t.Errorf("%s belongs to no expectation", file)
		}
	}
}

// TestMain lets the test binary render charts in a process of its own.
func TestMain(m *testing.M) {
	if child.Serve(assess.Jobs()) {
		return
	}
	flag.Parse()
	os.Exit(m.Run())
}
