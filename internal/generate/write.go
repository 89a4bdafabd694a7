package generate

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// Files returns everything that is generated from root/standard, by path
// relative to root.
func Files(root string) (map[string][]byte, error) {
	std, err := Load(root)
	if err != nil {
		return nil, err
	}
	files := Pages(std)
	registry, err := Registry(std)
	if err != nil {
		return nil, err
	}
	files["internal/registry/registry.gen.go"] = registry
	described, err := manifestFiles(root)
	if err != nil {
		return nil, err
	}
	maps.Copy(files, described)
	return files, nil
}

// Stale returns the generated files that differ from what they should be,
// those that are missing, and pages whose expectation is gone.
func Stale(root string) ([]string, error) {
	files, err := Files(root)
	if err != nil {
		return nil, err
	}
	var stale []string
	for path, want := range files {
		if got, err := os.ReadFile(filepath.Join(root, path)); err != nil || !bytes.Equal(got, want) {
			stale = append(stale, path)
		}
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "standard", "*", "*.md"))
	if err != nil {
		return nil, err
	}
	for _, page := range pages {
		path, err := filepath.Rel(root, page)
		if err != nil {
			return nil, err
		}
		if _, found := files[filepath.ToSlash(path)]; !found {
			stale = append(stale, path+" (no such expectation)")
		}
	}
	sort.Strings(stale)
	return stale, nil
}

// Write brings every generated file up to date and returns the paths of those
// that changed.
func Write(root string) ([]string, error) {
	files, err := Files(root)
	if err != nil {
		return nil, err
	}
	var changed []string
	for path, want := range files {
		full := filepath.Join(root, path)
		if got, err := os.ReadFile(full); err == nil && bytes.Equal(got, want) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return nil, fmt.Errorf("write %s: %w", path, err)
		}
		if err := os.WriteFile(full, want, 0o644); err != nil {
			return nil, fmt.Errorf("write %s: %w", path, err)
		}
		changed = append(changed, path)
	}
	sort.Strings(changed)
	return changed, nil
}

// Scaffold makes the folder of a new expectation with a definition, a check
// and one case to fill in. It never overwrites.
func Scaffold(root, id string) ([]string, error) {
	section, name, found := strings.Cut(id, "/")
	if !found || section == "" || name == "" || strings.ToLower(id) != id || strings.Contains(name, "/") {
		return nil, fmt.Errorf("%q is no id; write it as section/name in lower case", id)
	}
	std, err := Load(root)
	if err != nil {
		return nil, err
	}
	folder := filepath.Join("standard", section, name)
	files := map[string]string{
		"check.go":            checkTemplate,
		"testdata/pass.txtar": caseTemplate,
		"expectation.yaml":    fmt.Sprintf(expectationTemplate, len(std.Expectations)+1),
	}
	if exists(filepath.Join(root, folder, "expectation.yaml")) {
		delete(files, "expectation.yaml") // defined before it is checked
	}
	var made []string
	for file, text := range files {
		path := filepath.Join(folder, file)
		if exists(filepath.Join(root, path)) {
			return made, fmt.Errorf("%s exists already", path)
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, path)), 0o755); err != nil {
			return made, fmt.Errorf("scaffold %s: %w", id, err)
		}
		text = strings.NewReplacer("PACKAGE", strings.ReplaceAll(name, "-", ""), "ID", id).Replace(text)
		if err := os.WriteFile(filepath.Join(root, path), []byte(text), 0o644); err != nil {
			return made, fmt.Errorf("scaffold %s: %w", id, err)
		}
		made = append(made, path)
	}
	sort.Strings(made)
	return made, nil
}

const expectationTemplate = `title: A quality in two or three words
order: %d
claim: >-
  One sentence in the present tense that can be judged.
why: |
  How services fail without it.
severity: major
effort: {close: edit, start: write}
rungs:
  configured: >-
    What in the repository counts as evidence.
asks: {tier1: configured, tier2: configured, tier3: configured}
needs: [workloads]
close: |
  What to do.
settle: >-
  What would settle an unknown.
rules:
  a-rule: {says: What is wrong when it fails., close: What to do in one line.}
references:
  - {title: A source, url: "https://example.com"}
`

const checkTemplate = `// Package PACKAGE checks the expectation ID.
package PACKAGE

import (
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/verdict"
)

// Check passes a workload when ...
func Check(in expect.Input) (out verdict.Findings) {
	for _, w := range in.Here.Workloads {
		out.Unclear(w.Ref, "a-rule", "%s is not judged yet", w.Name)
	}
	return out
}
`

const caseTemplate = `Why this case exists, in one line.

-- deploy.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers: [{name: web, image: "example.com/web:1.0.0"}]
-- want.findings --
`
