package helm

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Variant is a chart's values with others laid over them.
type Variant struct {
	// Name is the file's path within the chart, or says who installs the
	// chart; empty for a chart whose values.yaml is all it has.
	Name string
	// Files are the paths of the files laid over values.yaml, in order, from
	// the chart's folder. They may lead out of it and not out of the tree.
	Files []string
	// Values are mappings in YAML laid over the files, Sets single values
	// laid over all; where they are wrong is said at Place.
	Values []string
	Sets   []Set
	Place  fact.Location
	// Release is the release's name; empty for that of the chart.
	Release string
}

// Set is one value as Helm's command line takes it; Text keeps one that looks
// like a number a text.
type Set struct {
	Name, Value string
	Text        bool
}

// with is the end of a message on what fails in this variant.
func (v Variant) with() string {
	if v.Name == "" {
		return ""
	}
	return " (with " + v.Name + ")"
}

var valuesFile = regexp.MustCompile(`^(?:values[-._].+|.+[-._]values)\.ya?ml$`)

// valuesFolders hold a values file for each environment.
var valuesFolders = []string{"values", "environments", "envs", "env"}

// Variants lists the variants of a chart: its values.yaml alone, and with each
// other values file of its folder. Files in ci/ are left out: they are values
// for the chart's own tests.
func Variants(dir string) []Variant {
	var files []string
	for _, e := range regular(dir) {
		if valuesFile.MatchString(e) {
			files = append(files, e)
		}
	}
	for _, folder := range valuesFolders {
		below := filepath.Join(dir, folder)
		for _, e := range regular(below) {
			if isYAML(e) && holdsValues(filepath.Join(below, e)) {
				files = append(files, path.Join(folder, e))
			}
		}
		for _, sub := range folders(below) {
			for _, e := range regular(filepath.Join(below, sub)) {
				if isYAML(e) && holdsValues(filepath.Join(below, sub, e)) {
					files = append(files, path.Join(folder, sub, e))
				}
			}
		}
	}
	if len(files) == 0 {
		return []Variant{{}}
	}
	sort.Strings(files)
	out := []Variant{{Name: "values.yaml"}}
	for _, f := range files {
		out = append(out, Variant{Name: f, Files: []string{f}})
	}
	return out
}

func isYAML(name string) bool {
	ext := path.Ext(name)
	return ext == ".yaml" || ext == ".yml"
}

// holdsValues tells values from manifests that stand in the same folder. A
// broken file counts as values, so that it is reported.
func holdsValues(file string) bool {
	info, err := os.Stat(file)
	if err != nil || info.Size() > maxValues {
		return false
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	docs := decode.Split("", data)
	for _, d := range docs {
		if h := d.Head(); h.Kind != "" && h.APIVersion != "" {
			return false
		}
		if root, problem := d.Parse(); problem == nil && root != nil && !decode.IsMapping(root) {
			return false
		}
	}
	return len(docs) > 0
}

func regular(dir string) []string {
	return names(dir, func(t fs.FileMode) bool { return t.IsRegular() })
}
func folders(dir string) []string { return names(dir, func(t fs.FileMode) bool { return t.IsDir() }) }

func names(dir string, want func(fs.FileMode) bool) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // most charts have no such folder
	}
	var out []string
	for _, e := range entries {
		if want(e.Type()) {
			out = append(out, e.Name())
		}
	}
	return out
}
