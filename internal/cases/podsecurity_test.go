package cases

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/assess"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/registry"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// TestPodSecurityFixtures puts the fixtures of the official evaluator through
// the whole path, from file to verdict: each that Kubernetes refuses must fail
// a rule of its level, each that it accepts none.
func TestPodSecurityFixtures(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/pod-security-admission").Output()
	if err != nil {
		t.Fatalf("find the fixtures: %v", err)
	}
	root := filepath.Join(strings.TrimSpace(string(out)), "test", "testdata")
	hardening := find(t, "security/hardening")
	for _, level := range []string{"baseline", "restricted"} {
		version := newest(t, filepath.Join(root, level))
		for _, kind := range []string{"pass", "fail"} {
			files, err := filepath.Glob(filepath.Join(root, level, "v"+version.String(), kind, "*.yaml"))
			if err != nil || len(files) == 0 {
				t.Fatalf("no fixtures for %s/%s of %s (%v)", level, kind, version, err)
			}
			right := 0
			for _, file := range files {
				prefix := "pss-baseline-"
				if level == "restricted" {
					prefix = "pss-"
				}
				broken := breaks(t, hardening, file, version, prefix)
				if (len(broken) > 0) == (kind == "fail") {
					right++
					continue
				}
				t.Errorf("%s/%s/%s: failing rules %v", level, kind, filepath.Base(file), broken)
			}
			t.Logf("%s %s %s: %d of %d judged as Kubernetes does", level, version, kind, right, len(files))
		}
	}
}

// breaks judges one fixture and returns the failing rules with the prefix.
func breaks(t *testing.T, e *expect.Expectation, file string, version fact.Version, prefix string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "pod.yaml"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	services, err := assess.Path(t.Context(), folder, assess.Options{
		Tier: 3, Expectations: []*expect.Expectation{e}, AsOf: asOf, Settings: expect.Settings{KubeVersion: version},
	})
	if err != nil {
		t.Fatal(err)
	}
	service := services[0]
	if len(service.Problems) > 0 {
		t.Errorf("%s: %v", file, service.Problems)
	}
	var rules []string
	findings := service.Verdicts[0].Findings
	if len(findings) == 0 {
		t.Errorf("%s: nothing was judged", file)
	}
	for i := range findings {
		if f := findings[i]; f.Outcome == verdict.Fail && strings.HasPrefix(f.Rule, prefix) {
			if _, found := e.Rule(f.Rule); !found {
				t.Errorf("rule %q is not described in expectation.yaml", f.Rule)
			}
			rules = append(rules, f.Rule)
		}
	}
	return rules
}

func find(t *testing.T, id string) *expect.Expectation {
	t.Helper()
	for _, e := range registry.All() {
		if e.ID == id {
			return e
		}
	}
	t.Fatalf("there is no expectation %s", id)
	return nil
}

// newest returns the highest version among the folder's entries.
func newest(t *testing.T, folder string) fact.Version {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatalf("read the fixtures: %v", err)
	}
	var best fact.Version
	for _, entry := range entries {
		if v, err := fact.ParseVersion(entry.Name()); err == nil && best.Before(v) {
			best = v
		}
	}
	return best
}
