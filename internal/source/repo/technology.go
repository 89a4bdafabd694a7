package repo

import (
	"path"
	"strings"
)

// Technology is what a file is written for, as its name tells.
type Technology string

// The technologies whose files are known by name. Manifests are those that may
// hold Kubernetes objects; everything else that is not listed is Other.
const (
	Manifests      Technology = "kubernetes"
	Terraform      Technology = "terraform"
	Dockerfiles    Technology = "dockerfile"
	Compose        Technology = "compose"
	Units          Technology = "systemd"
	Procfiles      Technology = "procfile"
	Workflows      Technology = "github-actions" // workflows and composite actions
	GitLab         Technology = "gitlab-ci"
	CircleCI       Technology = "circleci"
	AzurePipelines Technology = "azure-pipelines"
	Jenkins        Technology = "jenkins"
	Services       Technology = "seaworthy"
	Registers      Technology = "risks" // risk registers
	Scans          Technology = "sarif" // logs of scanners
	Catalogs       Technology = "catalog"
	CodeOwners     Technology = "codeowners"
	HostSettings   Technology = "git-host"   // branch protection as code
	Modules        Technology = "module"     // build files: what is built and tested for itself
	Pages          Technology = "document"   // Markdown and the like
	Unread         Technology = "unread"     // what deploys by a tool whose files are not read
	UnreadRunners  Technology = "runner"     // pipelines of hosts whose files are not read
	Rules          Technology = "prometheus" // files of alert rules, as far as their names tell
	Migrations     Technology = "migration"  // what may be a migration of a store, or belong to its tool
	StoreSettings  Technology = "settings"   // where tools and frameworks name their store
	Jsonnet        Technology = "jsonnet"    // programs that write dashboards, among other things
	Other          Technology = ""
)

// Classify tells a file's technology by its path.
func Classify(rel string) Technology {
	dir, name := path.Split(rel)
	lower := strings.ToLower(name)
	ext := path.Ext(lower)
	yaml := ext == ".yaml" || ext == ".yml"
	stem := strings.TrimSuffix(lower, ext)
	in := func(folder string) bool { return dir == folder+"/" || strings.HasSuffix(dir, "/"+folder+"/") }
	switch {
	case strings.HasSuffix(lower, ".tf"), strings.HasSuffix(lower, ".tf.json"), ext == ".tofu", strings.HasSuffix(lower, ".tofu.json"),
		ext == ".tfvars", strings.HasSuffix(lower, ".tfvars.json"), lower == ".terraform.lock.hcl", lower == "terragrunt.hcl", ext == ".tfstate", strings.HasSuffix(lower, ".tfstate.backup"):
		return Terraform
	case isDockerfile(lower):
		return Dockerfiles
	case yaml && (stem == "compose" || stem == "docker-compose" || strings.HasPrefix(stem, "compose.") || strings.HasPrefix(stem, "docker-compose.") || strings.HasPrefix(stem, "docker-compose-")):
		return Compose
	case ext == ".service", ext == ".timer", ext == ".socket", strings.HasSuffix(dir, ".service.d/") && ext == ".conf":
		return Units
	case name == "Procfile" || strings.HasPrefix(name, "Procfile."):
		return Procfiles
	case yaml && in(".github/workflows"), yaml && stem == "action":
		return Workflows
	case yaml && (stem == ".gitlab-ci" || strings.HasSuffix(stem, ".gitlab-ci") || strings.HasPrefix(dir, ".gitlab/") || strings.Contains(dir, "/.gitlab/")):
		return GitLab
	case yaml && in(".circleci"):
		return CircleCI
	case yaml && strings.HasPrefix(stem, "azure-pipelines"), yaml && in(".azure-pipelines"):
		return AzurePipelines
	case name == "Jenkinsfile" || strings.HasPrefix(name, "Jenkinsfile."), ext == ".jenkinsfile":
		return Jenkins
	case yaml && stem == "seaworthy":
		return Services
	case yaml && stem == "risks":
		return Registers
	case yaml && (stem == "catalog-info" || stem == "score" || strings.HasSuffix(stem, ".score") || stem == "compass" || stem == "cortex" || stem == "opslevel" ||
		stem == "service.datadog" || stem == "entity.datadog"):
		return Catalogs
	case name == "CODEOWNERS" && (dir == "" || dir == ".github/" || dir == ".gitlab/" || dir == "docs/"):
		return CodeOwners
	case yaml && stem == "settings" && in(".github"), yaml && in(".github/rulesets"), ext == ".json" && in(".github/rulesets"):
		return HostSettings
	case ext == ".jsonnet", ext == ".libsonnet":
		return Jsonnet
	case ext == ".rules":
		return Rules
	case ext == ".sarif", strings.HasSuffix(lower, ".sarif.json"):
		return Scans
	case isModule(name):
		return Modules
	}
	if RunnerOf(rel) != "" {
		return UnreadRunners
	}
	if _, _, found := ToolOf(rel); found {
		return Unread
	}
	if IsManifest(rel) && !noManifest(name) {
		return Manifests
	}
	switch ext {
	case ".md", ".markdown", ".mdx", ".rst", ".adoc", ".asciidoc":
		return Pages
	}
	return aboutStores(dir, name)
}

// isDockerfile reports whether a name in lower case is that of a Dockerfile and
// not of a program, a text or a template that is about one.
func isDockerfile(name string) bool {
	for _, word := range []string{"dockerfile", "containerfile"} {
		rest, found := strings.CutPrefix(name, word)
		if rest == "" && found || strings.HasSuffix(name, "."+word) {
			return true
		}
		if !found || !strings.ContainsAny(rest[:1], "._-") {
			continue
		}
		switch path.Ext(rest) {
		case ".dockerignore", ".yaml", ".yml", ".json", ".toml", ".md", ".txt", ".rst", ".html", ".go", ".py", ".js", ".ts", ".rb", ".rs", ".java", ".sh",
			".lua", ".vim", ".php", ".cs", ".snap", ".lock", ".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".template", ".erb", ".in", ".m4", ".gotmpl", ".orig", ".bak", ".swp", ".patch":
			continue
		}
		return true
	}
	return false
}

// isModule reports whether a file of that name says how the folder is built.
func isModule(name string) bool {
	switch name {
	case "go.mod", "package.json", "pom.xml", "build.gradle", "build.gradle.kts", "Cargo.toml", "pyproject.toml", "setup.py", "composer.json", "Gemfile", "mix.exs":
		return true
	}
	return path.Ext(name) == ".csproj"
}
