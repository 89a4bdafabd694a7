package generate

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"seaworthy.dev/seaworthy/internal/fact"
)

var root = filepath.Join("..", "..")

// TestNothingIsStale fails when the registry or a page differs from what the
// folders under standard/ say.
func TestNothingIsStale(t *testing.T) {
	stale, err := Stale(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range stale {
		t.Errorf("%s is stale: run `make generate`", path)
	}
}

// TestStaleNotices: a change in a definition makes its page, the registry and
// nothing else stale.
func TestStaleNotices(t *testing.T) {
	copied := t.TempDir()
	for _, folder := range []string{"standard", "docs", "internal/registry", "internal/manifest", "internal/risk", "internal/overlay"} {
		if err := os.CopyFS(filepath.Join(copied, folder), os.DirFS(filepath.Join(root, folder))); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(copied, "standard", "docs", "ownership", "expectation.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, regexp.MustCompile(`(?m)^title: .*$`).ReplaceAll(text, []byte("title: Another title")), 0o644); err != nil {
		t.Fatal(err)
	}
	stale, err := Stale(copied)
	if err != nil {
		t.Fatal(err)
	}
	want := "docs/standard/README.md docs/standard/docs/ownership.md internal/registry/registry.gen.go"
	if got := strings.Join(stale, " "); got != want {
		t.Errorf("stale: %s; want %s", got, want)
	}
}

// TestStandard holds the definitions to the rules of the standard: 68 in 17
// sections, in order, each complete, with the rungs asked for by tier as the
// standard's rule says.
func TestStandard(t *testing.T) {
	std, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(std.Sections) != 17 || len(std.Expectations) != 68 {
		t.Fatalf("%d expectations in %d sections; want 68 in 17", len(std.Expectations), len(std.Sections))
	}
	for i := range std.Expectations {
		d := &std.Expectations[i]
		if d.Order != i+1 {
			t.Errorf("%s has order %d; want %d", d.ID, d.Order, i+1)
		}
		for name, missing := range map[string]bool{
			"title": d.Title == "", "claim": d.Claim == "", "why": d.Why == "", "close": d.Close == "", "settle": d.Settle == "", "references": len(d.References) == 0,
			"needs, though it is checked": d.Package != "" && len(d.Needs) == 0 && !d.Last,
			"rules, though it is checked": d.Package != "" && len(d.Rules) == 0,
		} {
			if missing {
				t.Errorf("%s has no %s", d.ID, name)
			}
		}
		for tier := 1; tier <= 3; tier++ {
			if got, want := d.Asked(tier), asked(d, tier); got != want {
				t.Errorf("%s asks for %s at tier %d; the rule says %s", d.ID, got, tier, want)
			}
		}
		for _, r := range d.Rules {
			if r.Says == "" {
				t.Errorf("%s#%s does not say what it means", d.ID, r.Name)
			}
		}
	}
}

// asked is the rule: tier 1 the highest rung; tier 2 observed, or the highest
// below it; tier 3 configured, or the lowest; and never below the floor.
func asked(d *Definition, tier int) fact.Rung {
	lowest, highest := d.Rungs[0].Rung, d.Rungs[len(d.Rungs)-1].Rung
	want := highest
	switch tier {
	case 2:
		want = lowest
		for _, r := range d.Rungs {
			if r.Rung <= fact.Observed {
				want = r.Rung
			}
		}
	case 3:
		want = lowest
		if d.Has(fact.Configured) {
			want = fact.Configured
		}
	}
	return max(want, d.Floor)
}

// TestScaffold makes a new expectation that loads, and never overwrites.
func TestScaffold(t *testing.T) {
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "standard", "scaling"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "standard", "scaling", "section.yaml"), []byte("title: Scaling\npurpose: To scale.\norder: 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Scaffold(folder, "scaling/new-quality"); err != nil {
		t.Fatal(err)
	}
	std, err := Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(std.Expectations) != 1 || std.Expectations[0].ID != "scaling/new-quality" || std.Expectations[0].Package != "newquality" {
		t.Errorf("got %+v", std.Expectations)
	}
	if _, err := Registry(std); err != nil {
		t.Error(err)
	}
	if _, err := Scaffold(folder, "scaling/new-quality"); err == nil {
		t.Error("a second time must not overwrite")
	}
	for _, id := range []string{"scaling", "Scaling/X", "a/b/c", "/x"} {
		if _, err := Scaffold(folder, id); err == nil {
			t.Errorf("%q is no id", id)
		}
	}
}

// TestLoadMistakes names file and line of what is wrong in a definition.
func TestLoadMistakes(t *testing.T) {
	for mistake, want := range map[string]string{
		"title: x\ntitel: y":                "titel is no field",
		"severity: grave":                   `"grave" is no severity`,
		"severity: minor\nrungs: {seen: x}": "rungs must be among",
		"severity: minor\nrungs: {configured: x}\nasks: {tier1: proven}": "asks.tier1 must be one of",
		"severity: minor\nneeds: [magic]":                                `"magic" is no kind of fact`,
		"title: [":                                                       "is not valid YAML",
	} {
		folder := t.TempDir()
		path := filepath.Join(folder, "standard", "a", "b", "expectation.yaml")
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(mistake), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(folder); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "expectation.yaml") {
			t.Errorf("%q: got %v; want an error with the file that says %q", mistake, err, want)
		}
	}
}

// TestLimits: every number that a check asks for is a threshold of its own
// expectation, and none is named for nothing.
func TestLimits(t *testing.T) {
	std, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	asks := regexp.MustCompile(`in\.Limit\("([^"]+)"\)`)
	for i := range std.Expectations {
		d := &std.Expectations[i]
		files, err := filepath.Glob(filepath.Join(root, "standard", filepath.FromSlash(d.ID), "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		asked := map[string]bool{}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range asks.FindAllStringSubmatch(string(source), -1) {
				asked[m[1]] = true
			}
		}
		for _, threshold := range d.Thresholds {
			if threshold.Name != "" && d.Package != "" && !asked[threshold.Name] {
				t.Errorf("%s: no check asks for the threshold %q", d.ID, threshold.Name)
			}
			delete(asked, threshold.Name)
		}
		for name := range asked {
			t.Errorf("%s: the check asks for %q, which is no threshold of expectation.yaml", d.ID, name)
		}
	}
}
