package assess

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/derive/bundles"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/pipeline"
	"seaworthy.dev/seaworthy/internal/source/repo"
)

// readPipelines reads the pipelines of the repository. A host runs those at the
// repository's root alone: for a folder below it they are looked for there.
func readPipelines(_ context.Context, tree *repo.Tree, _ Options) reading {
	var out reading
	if tree.Single {
		return out
	}
	in, aside := pipelinesOf(tree)
	if !in.Any() {
		if root, below := gitRoot(tree.Root); root != "" && below != "" {
			in = above(tree, root, below)
		}
	}
	if len(aside) > 0 {
		slices.Sort(aside)
		out.assumptions = append(out.assumptions, "not read, because a host runs only the pipelines at the root of its repository: "+list(aside))
	}
	holes := runners(tree, &out)
	if !in.Any() {
		if len(holes) > 0 {
			out.sets = []*fact.Set{{Bundle: ".", Source: unreadSource, Rung: fact.Configured, ProductionLike: true, Coverage: fact.Coverage{Holes: holes}}}
		}
		return out
	}
	got := pipeline.Read(in)
	if got.Set != nil {
		got.Set.Coverage.Holes = append(got.Set.Coverage.Holes, holes...)
		out.sets = append(out.sets, got.Set)
	}
	out.problems, out.files = append(out.problems, got.Problems...), got.Files
	out.assumptions = append(out.assumptions, got.Assumptions...)
	return out
}

// runners says which pipelines are those of hosts whose files are not read, and
// returns what is missing by that.
func runners(tree *repo.Tree, out *reading) (holes []fact.Hole) {
	for _, name := range tree.Files[repo.UnreadRunners] {
		at := fact.Location{File: tree.Show(name)}
		says := "is for " + repo.RunnerOf(name) + ", which is not read"
		out.problems = append(out.problems, fact.Problem{Location: at, Message: says + ", so what it tests and deploys is not judged; delete it if nothing runs it any more"})
		holes = append(holes, fact.Hole{Kinds: []fact.Kind{fact.Pipelines}, Location: at, Why: path.Base(name) + " " + says})
	}
	return holes
}

// pipelinesOf sorts the tree's files by what runs them, and lists workflows that
// nobody runs where they stand.
func pipelinesOf(tree *repo.Tree) (in pipeline.Input, aside []string) {
	in = pipeline.Input{Root: tree.Root, Shown: tree.Shown}
	for _, file := range tree.Files[repo.Workflows] {
		switch {
		case path.Dir(file) == ".github/workflows":
			in.Workflows = append(in.Workflows, file)
		case strings.HasSuffix(path.Dir(file), "/.github/workflows"):
			aside = append(aside, tree.Show(file))
		}
	}
	for _, file := range tree.Files[repo.GitLab] {
		switch {
		case file == ".gitlab-ci.yml":
			in.GitLab = append(in.GitLab, file)
		case path.Base(file) == ".gitlab-ci.yml":
			aside = append(aside, tree.Show(file))
		}
	}
	for _, file := range tree.Files[repo.CircleCI] {
		switch dir := path.Dir(file); {
		case dir == ".circleci" && strings.HasPrefix(path.Base(file), "config."):
			in.CircleCI = append(in.CircleCI, file)
		case strings.HasSuffix(dir, "/.circleci"):
			aside = append(aside, tree.Show(file))
		}
	}
	for _, file := range tree.Files[repo.AzurePipelines] {
		if !bundles.Aside(path.Dir(file)) {
			in.Azure = append(in.Azure, file)
		}
	}
	for _, file := range tree.Files[repo.Jenkins] {
		if !bundles.Aside(path.Dir(file)) {
			in.Jenkins = append(in.Jenkins, file)
		}
	}
	for _, file := range tree.Files[repo.HostSettings] {
		if strings.HasPrefix(file, ".github/") {
			in.Settings = append(in.Settings, file)
		}
	}
	for _, file := range tree.Files[repo.Modules] {
		if !bundles.Aside(path.Dir(file)) {
			in.Modules = append(in.Modules, path.Dir(file))
		}
	}
	for _, file := range tree.Files[repo.Dockerfiles] {
		if !bundles.Aside(path.Dir(file)) {
			in.Images = append(in.Images, path.Dir(file))
		}
	}
	slices.Sort(in.Modules)
	slices.Sort(in.Images)
	in.Modules, in.Images = slices.Compact(in.Modules), slices.Compact(in.Images)
	return in, aside
}

// gitRoot returns the root of the git repository that holds a folder, and the
// folder's path below it; empty where there is none.
func gitRoot(folder string) (root, below string) {
	dir, err := filepath.Abs(folder)
	if err != nil {
		return "", ""
	}
	top := dir
	for range 64 {
		if _, err := os.Stat(filepath.Join(top, ".git")); err == nil {
			rel, err := filepath.Rel(top, dir)
			if err != nil || rel == "." {
				return top, ""
			}
			return top, filepath.ToSlash(rel)
		}
		up := filepath.Dir(top)
		if up == top {
			return "", ""
		}
		top = up
	}
	return "", ""
}

// above lists the pipelines at the root of the repository to which the judged
// folder belongs. Nothing else is looked at there.
func above(tree *repo.Tree, root, below string) pipeline.Input {
	up := strings.Repeat("../", strings.Count(below, "/")+1)
	in := pipeline.Input{Root: root, Shown: path.Join(tree.Shown, up), Below: below, Modules: []string{below}}
	for _, place := range []struct {
		dir  string
		into *[]string
		fits func(string) bool
	}{
		{".github/workflows", &in.Workflows, yaml},
		{".", &in.GitLab, func(n string) bool { return n == ".gitlab-ci.yml" }},
		{".circleci", &in.CircleCI, func(n string) bool { return strings.HasPrefix(n, "config.") && yaml(n) }},
		{".", &in.Azure, func(n string) bool { return strings.HasPrefix(n, "azure-pipelines") && yaml(n) }},
		{".", &in.Jenkins, func(n string) bool { return n == "Jenkinsfile" }},
		{".github", &in.Settings, func(n string) bool { return n == "settings.yml" || n == "settings.yaml" }},
		{".github/rulesets", &in.Settings, func(n string) bool { return yaml(n) || path.Ext(n) == ".json" }},
	} {
		entries, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(place.dir)))
		if err != nil {
			continue // most repositories have one engine
		}
		for _, e := range entries {
			if e.Type().IsRegular() && place.fits(e.Name()) {
				*place.into = append(*place.into, path.Join(place.dir, e.Name()))
			}
		}
	}
	return in
}

func yaml(name string) bool { return path.Ext(name) == ".yml" || path.Ext(name) == ".yaml" }
