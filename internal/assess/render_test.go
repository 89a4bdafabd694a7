package assess

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"seaworthy.dev/seaworthy/internal/source/repo"
)

// TestVariantsAreBounded: of too many values files, production's are tried
// first, so that what is judged does not depend on the alphabet.
func TestVariantsAreBounded(t *testing.T) {
	root := t.TempDir()
	names := []string{"Chart.yaml", "values.yaml", "values-prod.yaml", "values-staging.yaml"}
	for i := range maxVariants {
		names = append(names, fmt.Sprintf("values-a%d.yaml", i))
	}
	for _, n := range names {
		if err := os.WriteFile(filepath.Join(root, n), []byte("a: 1\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	list := variants(&repo.Tree{Root: root}, ".", Options{})
	has := func(name string) bool {
		return slices.ContainsFunc(list, func(r rendering) bool { return r.variant == name })
	}
	if len(list) != maxVariants || list[0].variant != "values-prod.yaml" || !has("values.yaml") || has("values-staging.yaml") {
		t.Errorf("%d variants are tried, from %s on; staging: %v", len(list), list[0].variant, has("values-staging.yaml"))
	}
}
