package bundles

import "testing"

// TestAside tells folders that explain or test from applications that are
// called so.
func TestAside(t *testing.T) {
	for path, want := range map[string]bool{
		"docs/web.yaml": true, "deploy/examples/web": true, "test": true, "e2e-tests/web": true, "charts/web/testdata": true, "Examples": true,
		"deploy": false, "latest": false, "contest/web": false, "apps/docs": false, "services/test/deploy": false, "": false,
		"apps/docs/examples": true,
	} {
		if got := Aside(path); got != want {
			t.Errorf("Aside(%q) = %v", path, got)
		}
	}
}
