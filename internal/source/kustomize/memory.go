package kustomize

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// memory is the file system that a build sees: the files of a request, and no
// way to change them. Kustomize's own refuses names with spaces or an @.
type memory struct {
	files   map[string][]byte
	folders map[string][]string // what each folder holds
}

func newMemory(files map[string][]byte) *memory {
	m := &memory{files: make(map[string][]byte, len(files)), folders: map[string][]string{"/": nil}}
	for name, data := range files {
		name = path.Join(mount, name)
		m.files[name] = data
		m.add(name)
	}
	for _, names := range m.folders {
		slices.Sort(names)
	}
	return m
}

// add enters a file or folder into those around it.
func (m *memory) add(name string) {
	folder := path.Dir(name)
	if _, known := m.folders[folder]; !known {
		m.add(folder)
	}
	m.folders[folder] = append(m.folders[folder], path.Base(name))
}

// errReadOnly answers whatever would change files or needs more than them.
var errReadOnly = errors.New("the file system can only be read")

func clean(name string) string { return path.Clean(filepath.ToSlash(name)) }

// Create refuses.
func (m *memory) Create(string) (filesys.File, error) { return nil, errReadOnly }

// Mkdir refuses.
func (m *memory) Mkdir(string) error { return errReadOnly }

// MkdirAll refuses.
func (m *memory) MkdirAll(string) error { return errReadOnly }

// RemoveAll refuses.
func (m *memory) RemoveAll(string) error { return errReadOnly }

// WriteFile refuses.
func (m *memory) WriteFile(string, []byte) error { return errReadOnly }

// Open refuses; a build reads whole files.
func (m *memory) Open(string) (filesys.File, error) { return nil, errReadOnly }

// Walk refuses; a build reads what it names.
func (m *memory) Walk(string, filepath.WalkFunc) error { return errReadOnly }

// IsDir reports whether a folder has that name.
func (m *memory) IsDir(name string) bool {
	_, found := m.folders[clean(name)]
	return found
}

// ReadDir returns what a folder holds, sorted.
func (m *memory) ReadDir(name string) ([]string, error) {
	names, found := m.folders[clean(name)]
	if !found {
		return nil, fmt.Errorf("'%s' doesn't exist", name)
	}
	return slices.Clone(names), nil
}

// CleanedAbs splits a path into a folder and a file in it.
func (m *memory) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	name = clean(name)
	if m.IsDir(name) {
		return filesys.ConfirmedDir(filepath.FromSlash(name)), "", nil
	}
	if _, found := m.files[name]; !found {
		return "", "", fmt.Errorf("'%s' doesn't exist", name)
	}
	return filesys.ConfirmedDir(filepath.FromSlash(path.Dir(name))), path.Base(name), nil
}

// Exists reports whether a file or folder has that name.
func (m *memory) Exists(name string) bool {
	_, found := m.files[clean(name)]
	return found || m.IsDir(name)
}

// Glob returns the files that match a pattern, sorted.
func (m *memory) Glob(pattern string) ([]string, error) {
	var out []string
	for name := range m.files {
		found, err := path.Match(clean(pattern), name)
		if err != nil {
			return nil, err
		}
		if found {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out, nil
}

// ReadFile returns a file.
func (m *memory) ReadFile(name string) ([]byte, error) {
	data, found := m.files[clean(name)]
	if !found {
		return nil, fmt.Errorf("'%s' doesn't exist", name)
	}
	return slices.Clone(data), nil
}
