package bundles

import "testing"

// TestAside tells folders that explain or test from applications that are
// called so.
func TestAside(t *testing.T) {
	for path, want := range map[string]bool{
		"docs/web.yaml": true, "deploy/examples/web": true, "test": true, "e2e-tests/web": true, "charts/web/testdata": true, "Examples": true,
		"deploy": false, "latest": false, "contest/web": false, "apps/docs": false, "services/test/deploy": false, "": false,
		"apps/docs/examples": true, "hack/minio": true, "services/hack": false,
	} {
		if got := Aside(path); got != want {
			t.Errorf("Aside(%q) = %v", path, got)
		}
	}
}

// TestTested tells what only tests read from environments that are called so.
func TestTested(t *testing.T) {
	for path, want := range map[string]bool{
		"loader/testdata/web": true, "parser/testfiles": true, "tests/snapshots": true, "rules/Application/testdata": true, "web/testdata2": true, "test/e2e/web": true, "chart/__snapshot__": true,
		"examples": false, "docs/web": false, "overlays/test": false, "services/test": false, "latest": false, "": false,
	} {
		if got := Tested(path); got != want {
			t.Errorf("Tested(%q) = %v", path, got)
		}
	}
}
