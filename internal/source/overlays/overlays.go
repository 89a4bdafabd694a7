// Package overlays reads an organisation's overlays of the standard from a
// folder that the judged team does not own.
package overlays

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/expect"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/overlay"
)

// Read returns the overlays among the YAML files of a folder, in the order of
// the files' names. The problems say what is wrong with them; then no overlay
// should be used, for the rest would be a standard that nobody wrote. The error
// is for a folder that cannot be read.
func Read(dir string, standard []*expect.Expectation) ([]*overlay.Overlay, []fact.Problem, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		if pathErr := new(fs.PathError); errors.As(err, &pathErr) {
			err = pathErr.Err
		}
		return nil, nil, fmt.Errorf("read the policy %s: %w", dir, err)
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
	var out []*overlay.Overlay
	var problems []fact.Problem
	for _, entry := range entries {
		name := entry.Name()
		if ext := filepath.Ext(name); entry.IsDir() || ext != ".yaml" && ext != ".yml" {
			continue
		}
		file := filepath.ToSlash(filepath.Join(dir, name))
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			problems = append(problems, fact.Problem{Location: fact.Location{File: file}, Message: fmt.Sprintf("cannot be read: %v", err)})
			continue
		}
		for _, doc := range decode.Split(file, data) {
			root, problem := doc.Parse()
			if problem != nil {
				problems = append(problems, *problem)
				continue
			}
			if kind := decode.Text(decode.Child(root, "kind")); !overlay.Is(root) {
				if api := decode.Text(decode.Child(root, "apiVersion")); kind == "" && strings.HasPrefix(api, "seaworthy.dev/") {
					problems = append(problems, fact.Problem{Location: doc.At(root), Message: "says no kind; an overlay of the standard is `kind: " + overlay.Kind + "`"})
				}
				continue
			}
			read, wrong := overlay.Read(&doc, root, standard)
			problems = append(problems, wrong...)
			if read != nil {
				out = append(out, read)
			}
		}
	}
	return out, problems, nil
}
