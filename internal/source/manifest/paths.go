package manifest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"path/filepath"
	"strings"
)

// resolve returns a path of the manifest relative to the root: paths start at
// its folder, or at the root where they start with a slash. Missing says what is
// wrong where nothing is there.
func (r *reader) resolve(text string) (rel, missing string) {
	rel = r.below(text)
	switch {
	case rel == ".." || strings.HasPrefix(rel, "../"):
		return rel, fmt.Sprintf("%s, which leads out of the judged path; judge the folder that holds both", text)
	case strings.ContainsAny(rel, "*?["):
		return rel, "" // a glob
	}
	_, err := r.disk.Stat(filepath.FromSlash(rel))
	switch {
	case err == nil:
		return rel, ""
	case errors.Is(err, fs.ErrNotExist):
		return rel, fmt.Sprintf("%s, which is not there%s", text, r.nearest(rel))
	}
	return rel, fmt.Sprintf("%s, which cannot be read", text)
}

// modules reports whether a folder holds files of Terraform, or a plan of it.
func (r *reader) modules(dir string) bool {
	folder, err := r.disk.Open(filepath.FromSlash(dir))
	if err != nil {
		return true // a glob, which is not followed here
	}
	defer folder.Close()
	entries, err := folder.ReadDir(10_000)
	for _, e := range entries {
		switch name := strings.ToLower(e.Name()); {
		case strings.HasSuffix(name, ".tf"), strings.HasSuffix(name, ".tofu"), strings.HasSuffix(name, ".json"), strings.HasSuffix(name, ".hcl"):
			return true
		}
	}
	return err != nil && !errors.Is(err, io.EOF)
}

// below returns the path relative to the root, whether there is anything or not.
func (r *reader) below(text string) string {
	if rooted, found := strings.CutPrefix(text, "/"); found {
		return path.Clean(rooted)
	}
	return path.Join(path.Dir(r.file), text)
}

// nearest returns " (did you mean ...?)" with what is there and almost called so.
func (r *reader) nearest(rel string) string {
	dir, name := path.Dir(rel), path.Base(rel)
	for dir != "." {
		if _, err := r.disk.Stat(filepath.FromSlash(dir)); err == nil {
			break
		}
		dir, name = path.Dir(dir), path.Base(dir)
	}
	folder, err := r.disk.Open(filepath.FromSlash(dir))
	if err != nil {
		return ""
	}
	defer folder.Close()
	entries, err := folder.ReadDir(10_000)
	if err != nil {
		return ""
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	hint := near(name, names)
	if hint == "" || dir == "." {
		return hint
	}
	return strings.Replace(hint, "did you mean ", "did you mean "+dir+"/", 1)
}

// link returns what is wrong with a link to an artefact; empty where it leads
// somewhere. URLs are not asked.
func (r *reader) link(text string) (missing string) {
	if isURL(text) {
		if u, err := url.Parse(text); err != nil || u.Host == "" {
			return fmt.Sprintf("%q, which is no URL", text)
		}
		return ""
	}
	text, _, _ = strings.Cut(text, "#")
	_, missing = r.resolve(text)
	return missing
}
