package assess

import (
	"slices"

	"seaworthy.dev/seaworthy/internal/registry"
	"seaworthy.dev/seaworthy/internal/source/manifest"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

// Land says which services a repository holds, and what of it belongs to each.
type Land struct{ services territory }

// Survey reads the manifests below a path. The error is for a path that is not
// there.
func Survey(path string) (*Land, error) {
	tree, err := repo.Walk(path)
	if err != nil {
		return nil, err
	}
	read := manifest.Read(manifest.Tree{Root: tree.Root, Shown: tree.Shown}, tree.Files[repo.Services], registry.All())
	return &Land{read.Services}, nil
}

// Names lists the services; it is empty where no manifest describes one.
func (l *Land) Names() []string {
	var out []string
	for _, s := range l.services {
		out = append(out, s.Name)
	}
	return out
}

// Folder returns where the manifest of a service stands, relative to the path.
func (l *Land) Folder(i int) string { return l.services[i].Folder }

// Owns reports whether a file or folder, by its path below the surveyed one,
// belongs to a service, whatever kind of file it is.
func (l *Land) Owns(i int, rel string) bool {
	if rel == l.services[i].Folder || rel == "." {
		return rel == l.services[i].Folder
	}
	for how := ofAnything; how <= ofUnits; how++ {
		if slices.Contains(l.services.of(rel, how), i) {
			return true
		}
	}
	return false
}
