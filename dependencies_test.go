package seaworthy

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestDependencies: every direct dependency has its sentence, and no sentence
// has lost its dependency.
func TestDependencies(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	direct := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(string(mod), -1) {
		direct[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`(?m)^(?:tool |\t)(honnef\.co/go/tools)`).FindAllStringSubmatch(string(mod), -1) {
		direct[m[1]] = true
	}
	if len(direct) < 10 {
		t.Fatalf("only %d direct dependencies were found in go.mod", len(direct))
	}
	for module := range direct {
		if !strings.Contains(string(page), "`"+module+"`") {
			t.Errorf("docs/dependencies.md has no sentence on %s", module)
		}
	}
	for _, m := range regexp.MustCompile("`([a-z0-9.-]+\\.[a-z]+/[^`]+)`").FindAllStringSubmatch(string(page), -1) {
		if !direct[m[1]] {
			t.Errorf("docs/dependencies.md speaks of %s, which is no direct dependency", m[1])
		}
	}
}
