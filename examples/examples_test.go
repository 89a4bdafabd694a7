// Package examples_test holds the two example services to what their pages
// claim, as far as that can be seen in their files.
package examples_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// object is a decoded Kubernetes object.
type object = map[string]any

// objects returns the documents of a YAML stream, empty ones left out.
func objects(t *testing.T, name string, stream []byte) (all []object) {
	t.Helper()
	decoder := yaml.NewDecoder(bytes.NewReader(stream))
	for {
		var o object
		err := decoder.Decode(&o)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if o != nil {
			all = append(all, o)
		}
	}
}

// folder returns the objects of a folder's YAML files.
func folder(t *testing.T, name string) (all []object) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(name, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s holds no manifests: %v", name, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, objects(t, file, content)...)
	}
	return all
}

// at follows keys into an object; nil where one is missing.
func at(value any, keys ...string) any {
	for _, key := range keys {
		fields, _ := value.(object)
		value = fields[key]
	}
	return value
}

// text is at for a value that should be a string.
func text(value any, keys ...string) string {
	s, _ := at(value, keys...).(string)
	return s
}

// Everything but templates is YAML, also what is wrong on purpose.
func TestManifestsParse(t *testing.T) {
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".yaml" || filepath.Base(filepath.Dir(name)) == "templates" {
			return err
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var patch []any // a JSON patch is a list
		if yaml.Unmarshal(content, &patch) != nil {
			objects(t, name, content)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestReadyObjectsNameTheirOwner(t *testing.T) {
	for _, o := range folder(t, "ready/deploy") {
		if got := text(o, "metadata", "labels", "owner"); got != "team-storefront" {
			t.Errorf("%s %s belongs to %q", o["kind"], text(o, "metadata", "name"), got)
		}
	}
}

// Whoever is paged finds the page that the alert names, with the alert on it and
// the three answers that it promises.
func TestEveryAlertHasItsRunbook(t *testing.T) {
	const prefix = "https://git.corp.internal/storefront/shop/-/blob/main/"
	alerts := 0
	for _, o := range folder(t, "ready/chart/files") {
		groups, _ := at(o, "groups").([]any)
		for _, group := range groups {
			rules, _ := at(group, "rules").([]any)
			for _, rule := range rules {
				name := text(rule, "alert")
				if name == "" {
					continue
				}
				alerts++
				if s := text(rule, "labels", "severity"); s != "critical" && s != "warning" {
					t.Errorf("%s has severity %q, which docs/slo.md does not define", name, s)
				}
				path, ok := strings.CutPrefix(text(rule, "annotations", "runbook_url"), prefix)
				page, err := os.ReadFile(filepath.Join("ready", path))
				if !ok || err != nil {
					t.Errorf("%s: runbook %q: %v", name, path, err)
					continue
				}
				for _, part := range []string{"`" + name + "`", "\n## What to check\n", "\n## What to try\n", "\n## When to escalate\n"} {
					if !strings.Contains(string(page), part) {
						t.Errorf("%s: %s lacks %q", name, path, strings.TrimSpace(part))
					}
				}
			}
		}
	}
	if alerts == 0 {
		t.Error("no alerts found")
	}
}
