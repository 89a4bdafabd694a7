package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"seaworthy.dev/seaworthy/internal/report"
)

// readBaseline opens the report to compare with; nil where none is asked for.
func readBaseline(name string) (*report.Baseline, error) {
	if name == "" {
		return nil, nil
	}
	file, err := os.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, usage("--baseline: %s is not there; `seaworthy check -o json=%s` writes one, on the branch to compare with", name, name)
	case err != nil:
		return nil, usage("--baseline: %v", err)
	}
	defer file.Close()
	b, err := report.ReadBaseline(file, name)
	if err != nil {
		return nil, usage("--baseline: %v", err)
	}
	return b, nil
}

// linkBase says where the files of this folder are shown, as the variables of
// GitHub's and GitLab's pipelines tell; empty elsewhere.
func linkBase(s Streams) string {
	base, root := "", ""
	switch {
	case s.Env("GITHUB_REPOSITORY") != "" && s.Env("GITHUB_SHA") != "":
		base, root = s.Env("GITHUB_SERVER_URL")+"/"+s.Env("GITHUB_REPOSITORY")+"/blob/"+s.Env("GITHUB_SHA")+"/", s.Env("GITHUB_WORKSPACE")
	case s.Env("CI_PROJECT_URL") != "" && s.Env("CI_COMMIT_SHA") != "":
		base, root = s.Env("CI_PROJECT_URL")+"/-/blob/"+s.Env("CI_COMMIT_SHA")+"/", s.Env("CI_PROJECT_DIR")
	default:
		return ""
	}
	here, err := os.Getwd()
	if err != nil || root == "" {
		return base
	}
	rel, err := filepath.Rel(root, here)
	switch {
	case err != nil || rel == "..", strings.HasPrefix(rel, ".."+string(filepath.Separator)):
		return ""
	case rel == ".":
		return base
	}
	return base + filepath.ToSlash(rel) + "/"
}
